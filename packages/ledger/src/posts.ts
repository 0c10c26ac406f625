/** Decides post and void: the hold first, then what it hands on (docs/decisions/0002, 6 and 12 to 14). */
import { checkPostOverflow, isInClosedPeriod } from './allowance.ts'
import { COMMAND_SIZE, CommandField, commandBytes, type PackedBatch } from './batch.ts'
import { Operation } from './command.ts'
import { AccountFlags, TransferFlags } from './flags.ts'
import { Hold32, Hold64, type OpenHold } from './holds.ts'
import { U128_MAX } from './limits.ts'
import { Memory, readU128 } from './memory.ts'
import { big, setBig } from './limbs.ts'
import { type Mover, R } from './move.ts'
import { MovedForm, RecordCursor } from './record.ts'
import type { Resolver } from './resolved.ts'
import type { State } from './state.ts'
import { TransferStatus } from './status.ts'

/** What is known of the hold that is named: from its row while it is open, from the book when it is not. */
interface Named extends Omit<OpenHold, 'id' | 'deadline'> {
  /** -1: it is open no longer, and `remaining` is its first amount. */
  readonly row: number
}

const { postPendingTransfer, partial, closingDebit, closingCredit } = TransferFlags

export class Posts {
  readonly #state: State
  readonly #resolver: Resolver
  readonly #mover: Mover
  readonly #record = new RecordCursor(Memory.allocate(64))

  constructor(state: State, resolver: Resolver, mover: Mover) {
    this.#state = state
    this.#resolver = resolver
    this.#mover = mover
  }

  decide(
    batch: PackedBatch,
    index: number,
    event: { sequence: number; named: number },
  ): TransferStatus {
    if (event.named <= 0) return TransferStatus.pendingTransferNotFound
    const hold = this.#named(event.named)
    if (hold === undefined) return TransferStatus.pendingTransferNotPending
    const differs = this.#differs(batch, index, hold)
    if (differs !== TransferStatus.created) return differs
    const at = index * COMMAND_SIZE
    const flags = batch.memory.u16[(at + CommandField.flags) >>> 1] as number
    const isPost = (flags & postPendingTransfer) !== 0
    const asked = readU128(batch.memory, at + CommandField.amount)
    const amount = asked === (isPost ? U128_MAX : 0n) ? hold.remaining : asked
    if (amount > hold.remaining) return TransferStatus.exceedsPendingTransferAmount
    if (!isPost && amount < hold.remaining) return TransferStatus.pendingTransferHasDifferentAmount
    const resolved = this.#resolved(hold, index)
    if (resolved !== TransferStatus.created) return resolved
    this.#begin(batch, index, hold)
    const refused = this.#checkAccounts(hold, isPost, amount)
    if (refused !== TransferStatus.created) return refused
    this.#amounts(hold, { flags, amount, asked })
    this.#mover.apply(event.sequence)
    this.#settle(hold, event.sequence)
    return TransferStatus.created
  }

  #named(sequence: number): Named | undefined {
    const { holds } = this.#state
    const row = holds.find(sequence)
    if (row < 0) return this.#fromBook(sequence)
    return { ...holds.view(row), row }
  }

  #fromBook(sequence: number): Named | undefined {
    const record = this.#resolver.read(sequence, this.#record)
    if ((record.flags & TransferFlags.pending) === 0) return undefined
    const { debitSlot, creditSlot, asset, code, flags, amount } = record
    return {
      ...{ row: -1, sequence, debitSlot, creditSlot, asset, code, flags, amount },
      captured: 0n,
      remaining: amount,
    }
  }

  #differs(batch: PackedBatch, index: number, hold: Named): TransferStatus {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    if (this.#isOther(memory, at + CommandField.debitAccountId, hold.debitSlot)) {
      return TransferStatus.pendingTransferHasDifferentDebitAccountId
    }
    if (this.#isOther(memory, at + CommandField.creditAccountId, hold.creditSlot)) {
      return TransferStatus.pendingTransferHasDifferentCreditAccountId
    }
    const asset = memory.u32[(at + CommandField.asset) >>> 2] as number
    if (asset !== 0 && asset !== hold.asset) return TransferStatus.pendingTransferHasDifferentAsset
    const code = memory.u16[(at + CommandField.code) >>> 1] as number
    if (code !== 0 && code !== hold.code) return TransferStatus.pendingTransferHasDifferentCode
    return TransferStatus.created
  }

  #isOther(memory: Memory, offset: number, slot: number): boolean {
    const asked = readU128(memory, offset)
    return asked !== 0n && asked !== this.#state.accounts.id(slot)
  }

  /** Why a hold takes no more: what ended it, or its deadline. */
  #resolved(hold: Named, index: number): TransferStatus {
    const { holds, ids } = this.#state
    if (hold.row >= 0) {
      const deadline = holds.deadlineOf(hold.row)
      const now = this.#mover.move.r[R.timestamp] as bigint
      const isDue = deadline !== 0n && now >= deadline
      return isDue ? TransferStatus.pendingTransferExpired : TransferStatus.created
    }
    const touch = ids.newestTouch(hold.sequence) || (this.#resolver.touches[index] as number)
    const record = this.#resolver.read(touch, this.#record)
    if (record.kind === Operation.releaseHold) return TransferStatus.pendingTransferExpired
    return (record.flags & postPendingTransfer) !== 0
      ? TransferStatus.pendingTransferAlreadyPosted
      : TransferStatus.pendingTransferAlreadyVoided
  }

  /** Fills the move but for its amounts: what the request left out is the hold's. */
  #begin(batch: PackedBatch, index: number, hold: Named): void {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    const { move } = this.#mover
    const { r } = move
    move.kind = Operation.createTransfer
    move.flags = memory.u16[(at + CommandField.flags) >>> 1] as number
    move.debitSlot = hold.debitSlot
    move.creditSlot = hold.creditSlot
    move.asset = hold.asset
    move.code = hold.code
    move.timeout = 0
    move.pendingSequence = hold.sequence
    move.form = MovedForm.pending
    if (readU128(memory, at + CommandField.debitAccountId) === 0n)
      move.form |= MovedForm.inheritedDebit
    if (readU128(memory, at + CommandField.creditAccountId) === 0n)
      move.form |= MovedForm.inheritedCredit
    if (memory.u32[(at + CommandField.asset) >>> 2] === 0) move.form |= MovedForm.inheritedAsset
    if (memory.u16[(at + CommandField.code) >>> 1] === 0) move.form |= MovedForm.inheritedCode
    if (memory.u32[(at + CommandField.metadataLength) >>> 2] === 0) {
      move.form |= MovedForm.inheritedMetadata
    } else {
      move.form |= MovedForm.metadata
      move.metadata = commandBytes(batch, index, CommandField.metadataOffset)
    }
    r[R.id] = memory.u64[at >>> 3] as bigint
    r[R.id + 1] = memory.u64[(at >>> 3) + 1] as bigint
    r[R.pendingId] = memory.u64[(at + CommandField.pendingId) >>> 3] as bigint
    r[R.pendingId + 1] = memory.u64[((at + CommandField.pendingId) >>> 3) + 1] as bigint
    r[R.effectiveAsked] = memory.u64[(at + CommandField.effectiveAt) >>> 3] as bigint
  }

  #checkAccounts(hold: Named, isPost: boolean, amount: bigint): TransferStatus {
    const { accounts } = this.#state
    const { r } = this.#mover.move
    if (isInClosedPeriod(this.#state, this.#mover.move)) {
      return TransferStatus.effectiveAtInClosedPeriod
    }
    if (!isPost) return TransferStatus.created
    const { closed } = AccountFlags
    if ((accounts.flags(hold.debitSlot) & closed) !== 0)
      return TransferStatus.debitAccountAlreadyClosed
    if ((accounts.flags(hold.creditSlot) & closed) !== 0)
      return TransferStatus.creditAccountAlreadyClosed
    const { debitSlot, creditSlot } = hold
    return checkPostOverflow(this.#state, {
      ...{ debitSlot, creditSlot, amount, isPending: false, timeout: 0 },
      timestamp: r[R.timestamp] as bigint,
    })
  }

  #amounts(hold: Named, ask: { flags: number; amount: bigint; asked: bigint }): void {
    const { move } = this.#mover
    const { r } = move
    const isPost = (ask.flags & postPendingTransfer) !== 0
    const keepsRest = (ask.flags & partial) !== 0
    const released = keepsRest ? ask.amount : hold.remaining
    setBig(r, R.amount, ask.amount)
    setBig(r, R.addPending, 0n)
    setBig(r, R.subPending, released)
    setBig(r, R.addPosted, isPost ? ask.amount : 0n)
    setBig(r, R.captured, hold.captured + (isPost ? ask.amount : 0n))
    setBig(r, R.remaining, hold.remaining - released)
    if (ask.asked === ask.amount) return
    setBig(r, R.requested, ask.asked)
    move.form |= MovedForm.requested
  }

  /** The hold as it is after the event: less of it, or none. */
  #settle(hold: Named, sequence: number): void {
    const { holds, ids, undo } = this.#state
    const { r } = this.#mover.move
    if (undo.recording) undo.touch(hold.sequence)
    ids.touch(hold.sequence, sequence)
    if (big(r, R.remaining) === 0n) return this.close(hold.row)
    if (undo.recording) undo.hold(hold.row)
    holds.rows.touch(hold.row)
    const words = holds.row64(hold.row)
    const base = holds.base64(hold.row)
    for (let i = 0; i < 2; i++) {
      words[base + Hold64.captured + i] = r[R.captured + i] as bigint
      words[base + Hold64.remaining + i] = r[R.remaining + i] as bigint
    }
  }

  /** The hold is open no longer; accounts that it had closed are open again. */
  close(row: number): void {
    const { accounts, holds, undo } = this.#state
    const { flags, debitSlot, creditSlot } = this.#closing(row)
    if ((flags & closingDebit) !== 0) accounts.reopenByTransfer(debitSlot)
    if ((flags & closingCredit) !== 0) accounts.reopenByTransfer(creditSlot)
    if (undo.recording) undo.holdLeft(row)
    holds.leave(row)
    holds.give(row)
  }

  #closing(row: number): { flags: number; debitSlot: number; creditSlot: number } {
    const { holds } = this.#state
    const halves = holds.row32(row)
    const at = holds.base32(row)
    return {
      flags: (halves[at + Hold32.codeAndFlags] as number) >>> 16,
      debitSlot: halves[at + Hold32.debitSlot] as number,
      creditSlot: halves[at + Hold32.creditSlot] as number,
    }
  }
}
