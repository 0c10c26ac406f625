/** Where frames begin, remembered by those who walked past: who starts in the middle of a segment need not walk it from its beginning. */
import type { FrameLocation } from './reader.ts'

/** Bytes of a segment between two of them. */
const SPACING_BYTES = 1024 * 1024

export class Landmarks {
  /** In order of sequence. */
  readonly #marks: FrameLocation[] = []

  /** Takes note of a frame that was read and verified, in whatever order. */
  add(frame: FrameLocation): void {
    const before = this.#marks[this.#indexOf(frame.firstSequence)]
    const isNear =
      before?.segment === frame.segment && frame.offset - before.offset < SPACING_BYTES
    if (isNear) return
    const { segment, offset, firstSequence, count, bodyOffset, bodyBytes } = frame
    const mark = { segment, offset, firstSequence, count, bodyOffset, bodyBytes }
    this.#marks.splice(this.#indexOf(firstSequence) + 1, 0, mark)
  }

  /** The last one that begins at or before a sequence. */
  find(sequence: number): FrameLocation | undefined {
    return this.#marks[this.#indexOf(sequence)]
  }

  /** -1: none begins at or before it. */
  #indexOf(sequence: number): number {
    let low = 0
    let high = this.#marks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#marks[middle]?.firstSequence ?? 0) <= sequence) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
