/** Group buffers: where the engine encodes a frame's body, and what is sealed and written from. */
import { FRAME_HEADER_BYTES, bodyBytesMax } from './limits.ts'

/**
 * One group of events that becomes one frame. Taken from the writer, filled, and handed back by
 * `writeInline`, `submit` or `giveBack`; after that its bytes belong to the writer.
 */
export class Group {
  readonly index: number
  /** The whole buffer. The body begins at `FRAME_HEADER_BYTES`, which is a multiple of 8. */
  readonly bytes: Buffer
  readonly view: DataView
  /** The part of the buffer that is for the body: offset 0 here is offset 0 of the body. */
  readonly body: Buffer
  readonly bodyBytesMax: number
  /** Sequence of the group's first event; for a group without events, of the next one. */
  firstSequence = 0
  /** Number of events. */
  count = 0
  /** Length of the body in bytes. */
  bodyBytes = 0

  constructor(index: number, memory: SharedArrayBuffer) {
    this.index = index
    this.bytes = Buffer.from(memory)
    this.view = new DataView(memory)
    this.bodyBytesMax = bodyBytesMax(memory.byteLength)
    this.body = this.bytes.subarray(FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + this.bodyBytesMax)
  }

  reset(): void {
    this.firstSequence = 0
    this.count = 0
    this.bodyBytes = 0
  }
}
