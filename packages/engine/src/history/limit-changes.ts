/**
 * When accounts' limits changed: sequences only. A limit's own record says what it was before, so that the limit of any past
 * moment is the "before" of the first change after it, or what it is now.
 */
import { LimitField, Memory, RecordCursor } from '@tallystick/ledger'

import { SlotSequences } from './slot-sequences.ts'
import type { HistorySource } from './source.ts'

export class LimitChanges {
  readonly #changes: SlotSequences
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  constructor(changes = new SlotSequences()) {
    this.#changes = changes
  }

  /** An account's limit was changed by that event. In order of sequence. */
  add(slot: number, sequence: number): void {
    this.#changes.add(slot, sequence)
  }

  /** The limit right after the event `sequence`, of an account that was open then. */
  limitAfter(source: HistorySource, slot: number, sequence: number): bigint {
    let next = 0
    for (const changed of this.#changes.newestFirst(slot)) {
      if (changed <= sequence) break
      next = changed
    }
    if (next === 0) return source.account(slot).limit
    source.read(next, this.#cursor)
    return this.#cursor.u128(LimitField.limitBefore)
  }

  save(): Uint8Array {
    return this.#changes.save()
  }

  /** @param bytes what `save` gave. @param throughSequence later changes are left out: they will be told again. */
  static load(bytes: Uint8Array, throughSequence = Number.POSITIVE_INFINITY): LimitChanges {
    return new LimitChanges(SlotSequences.load(bytes, throughSequence))
  }
}
