/** Cuts the bytes of several indexes into slices: each piece with its index's number and its length before it. */
import { assert } from '@tallystick/money'

import { INDEX_PIECE_HEAD_BYTES } from './snapshot-format.ts'

/** An index's number, and its bytes in pieces of any length. */
export type IndexBytes = readonly [index: number, pieces: Iterable<Uint8Array>]

export class IndexPieces {
  readonly #pieces: Iterator<{ index: number; bytes: Uint8Array }>
  #index = 0
  /** What is left of the piece at hand. */
  #rest: Uint8Array = new Uint8Array(0)
  #done = false

  constructor(indexes: readonly IndexBytes[]) {
    this.#pieces = piecesOf(indexes)
    this.#next()
  }

  /** Whether everything was copied. */
  get done(): boolean {
    return this.#done
  }

  /** Copies as much as fits. @returns the bytes filled. */
  fill(into: Uint8Array): number {
    const view = new DataView(into.buffer, into.byteOffset, into.byteLength)
    let at = 0
    while (!this.#done && into.length - at > INDEX_PIECE_HEAD_BYTES) {
      const length = Math.min(this.#rest.length, into.length - at - INDEX_PIECE_HEAD_BYTES)
      view.setUint32(at, this.#index, true)
      view.setUint32(at + 4, length, true)
      into.set(this.#rest.subarray(0, length), at + INDEX_PIECE_HEAD_BYTES)
      at += INDEX_PIECE_HEAD_BYTES + length
      this.#rest = this.#rest.subarray(length)
      if (this.#rest.length === 0) this.#next()
    }
    assert(at <= into.length, 'a slice is not overfilled')
    return at
  }

  #next(): void {
    const next = this.#pieces.next()
    this.#done = next.done === true
    if (next.done === true) return
    this.#index = next.value.index
    this.#rest = next.value.bytes
  }
}

function* piecesOf(
  indexes: readonly IndexBytes[],
): Generator<{ index: number; bytes: Uint8Array }> {
  for (const [index, pieces] of indexes) {
    for (const bytes of pieces) if (bytes.length > 0) yield { index, bytes }
  }
}
