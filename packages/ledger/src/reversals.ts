/** Decides what is special in a reversal: what it names, and how much of that is left to take back. */
import { COMMAND_SIZE, CommandField, type PackedBatch } from './batch.ts'
import { TransferFlags } from './flags.ts'
import { big, setBig } from './limbs.ts'
import { Memory } from './memory.ts'
import { type Mover, R } from './move.ts'
import { MovedForm, RecordCursor } from './record.ts'
import type { Resolver } from './resolved.ts'
import type { State } from './state.ts'
import { TransferStatus } from './status.ts'

const NEVER_REVERSED =
  TransferFlags.pending | TransferFlags.voidPendingTransfer | TransferFlags.reversal

export class Reversals {
  readonly #state: State
  readonly #resolver: Resolver
  readonly #mover: Mover
  readonly #record = new RecordCursor(Memory.allocate(64))

  constructor(state: State, resolver: Resolver, mover: Mover) {
    this.#state = state
    this.#resolver = resolver
    this.#mover = mover
  }

  /** Checks command `index`, whose pending id is `named`, and fills what the move refers to. */
  check(batch: PackedBatch, index: number, named: number): TransferStatus {
    const { move } = this.#mover
    const { r } = move
    if (named <= 0) return TransferStatus.reversedTransferNotFound
    const record = this.#resolver.read(named, this.#record)
    if ((record.flags & NEVER_REVERSED) !== 0) return TransferStatus.reversedTransferNotReversible
    if (record.debitSlot !== move.creditSlot || record.creditSlot !== move.debitSlot) {
      return TransferStatus.reversedTransferHasDifferentAccounts
    }
    const original = record.amount
    const touch = this.#state.ids.newestTouch(named) || (this.#resolver.touches[index] as number)
    const before = touch === 0 ? 0n : this.#resolver.read(touch, this.#record).capturedAfter
    const after = before + big(r, R.amount)
    if (after > original) return TransferStatus.exceedsReversibleAmount
    setBig(r, R.captured, after)
    setBig(r, R.remaining, 0n)
    const pending = (index * COMMAND_SIZE + CommandField.pendingId) >>> 3
    r[R.pendingId] = batch.memory.u64[pending] as bigint
    r[R.pendingId + 1] = batch.memory.u64[pending + 1] as bigint
    move.pendingSequence = named
    move.form |= MovedForm.pending
    return TransferStatus.created
  }
}
