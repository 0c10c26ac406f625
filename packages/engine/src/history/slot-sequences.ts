/** Sequences of events of a kind, by account: what an index over rare events is made of. In order of sequence. */
import { SEGMENT_ROWS, segmentOf } from './segments.ts'
import { SlotLinks } from './slot-links.ts'

/** Slot and sequence, both as f64, little-endian. */
const SAVED_BYTES = 16

export class SlotSequences {
  readonly #links = new SlotLinks()
  readonly #sequences: Float64Array[] = []
  readonly #slots: Uint32Array[] = []

  add(slot: number, sequence: number): void {
    const row = this.#links.count
    const at = row % SEGMENT_ROWS
    segmentOf(this.#sequences, row, () => new Float64Array(SEGMENT_ROWS))[at] = sequence
    segmentOf(this.#slots, row, () => new Uint32Array(SEGMENT_ROWS))[at] = slot
    this.#links.add(slot)
  }

  /** Of one account, newest first. */
  *newestFirst(slot: number): Generator<number> {
    for (const row of this.#links.rows(slot)) yield this.#sequenceOf(row)
  }

  #sequenceOf(row: number): number {
    return this.#sequences[Math.floor(row / SEGMENT_ROWS)]?.[row % SEGMENT_ROWS] ?? 0
  }

  save(): Uint8Array {
    const bytes = new DataView(new ArrayBuffer(this.#links.count * SAVED_BYTES))
    for (let row = 0; row < this.#links.count; row++) {
      const slot = this.#slots[Math.floor(row / SEGMENT_ROWS)]?.[row % SEGMENT_ROWS] ?? 0
      bytes.setFloat64(row * SAVED_BYTES, slot, true)
      bytes.setFloat64(row * SAVED_BYTES + 8, this.#sequenceOf(row), true)
    }
    return new Uint8Array(bytes.buffer)
  }

  /** @param bytes what `save` gave. @param throughSequence later ones are left out: they will be told again. */
  static load(bytes: Uint8Array, throughSequence: number): SlotSequences {
    const rows = new SlotSequences()
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at < bytes.length; at += SAVED_BYTES) {
      const sequence = view.getFloat64(at + 8, true)
      if (sequence <= throughSequence) rows.add(view.getFloat64(at, true), sequence)
    }
    return rows
  }
}
