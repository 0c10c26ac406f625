/**
 * When accounts' limits changed: sequences only. A limit's own record says what it was before, so that the limit of any past
 * moment is the "before" of the first change after it, or what it is now.
 */
import { LimitField, Memory, RecordCursor } from '@tallystick/ledger'

import { SEGMENT_ROWS, segmentOf } from './segments.ts'
import { SlotLinks } from './slot-links.ts'
import type { HistorySource } from './source.ts'

/** Slot and sequence, both as f64, little-endian. */
const SAVED_BYTES = 16

export class LimitChanges {
  readonly #links = new SlotLinks()
  readonly #sequences: Float64Array[] = []
  readonly #slots: Uint32Array[] = []
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  /** An account's limit was changed by that event. In order of sequence. */
  add(slot: number, sequence: number): void {
    const row = this.#links.count
    const at = row % SEGMENT_ROWS
    segmentOf(this.#sequences, row, () => new Float64Array(SEGMENT_ROWS))[at] = sequence
    segmentOf(this.#slots, row, () => new Uint32Array(SEGMENT_ROWS))[at] = slot
    this.#links.add(slot)
  }

  /** The limit right after the event `sequence`, of an account that was open then. */
  limitAfter(source: HistorySource, slot: number, sequence: number): bigint {
    let next = 0
    for (const row of this.#links.rows(slot)) {
      const changed = this.#sequenceOf(row)
      if (changed <= sequence) break
      next = changed
    }
    if (next === 0) return source.account(slot).limit
    source.read(next, this.#cursor)
    return this.#cursor.u128(LimitField.limitBefore)
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

  /** @param bytes what `save` gave. @param throughSequence later changes are left out: they will be told again. */
  static load(bytes: Uint8Array, throughSequence = Number.POSITIVE_INFINITY): LimitChanges {
    const changes = new LimitChanges()
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at < bytes.length; at += SAVED_BYTES) {
      const sequence = view.getFloat64(at + 8, true)
      if (sequence <= throughSequence) changes.add(view.getFloat64(at, true), sequence)
    }
    return changes
  }
}
