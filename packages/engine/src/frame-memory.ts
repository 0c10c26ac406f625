/** Frames of a stream as bodies: one `Memory` for each buffer of the reader, not one for each frame. */
import type { Frame } from '@tallystick/journal'
import { Memory } from '@tallystick/ledger'

import { BookBody } from './book-body.ts'

export class FrameMemory {
  #buffer: ArrayBufferLike | undefined
  #memory: Memory | undefined

  /** The frame's body: valid as long as the frame. */
  body(frame: Frame): BookBody {
    const { buffer, byteOffset, length } = frame.body
    if (byteOffset % 8 !== 0) {
      const copy = Memory.allocate(length)
      copy.u8.set(frame.body)
      return new BookBody(copy, 0, frame.firstSequence)
    }
    if (this.#memory === undefined || this.#buffer !== buffer) {
      this.#buffer = buffer
      this.#memory = new Memory(buffer, 0, buffer.byteLength & ~7)
    }
    return new BookBody(this.#memory, byteOffset, frame.firstSequence)
  }
}
