/**
 * Decides `create_transfer`: one guard per line in order of precedence, then the move. Posts and voids are in
 * `posts.ts`, repeated ids in `repeats.ts`, exact limits in `allowance.ts`.
 */
import { Row32 } from './accounts.ts'
import { balancedAmount, checkAllowance, isInClosedPeriod, Refusal } from './allowance.ts'
import { COMMAND_SIZE, CommandField, commandBytes, type PackedBatch } from './batch.ts'
import { Operation } from './command.ts'
import { Fetch } from './fetch.ts'
import { AccountFlags, TRANSFER_FLAGS_KNOWN, TransferFlags } from './flags.ts'
import type { Memory } from './memory.ts'
import { big, setBig } from './limbs.ts'
import { type Move, type Mover, R } from './move.ts'
import { openHold } from './open-hold.ts'
import { Posts } from './posts.ts'
import { MovedForm } from './record.ts'
import { Repeats } from './repeats.ts'
import { Reversals } from './reversals.ts'
import type { Resolver } from './resolved.ts'
import type { State } from './state.ts'
import { TransferStatus } from './status.ts'
import { isSurelyAllowed } from './small-numbers.ts'
import {
  areExclusive,
  areSameIds,
  BALANCING,
  checkShape,
  isMax,
  isZero,
  POST_OR_VOID,
} from './transfer-shape.ts'

const CLOSED = AccountFlags.closed

export class Transfers {
  readonly #state: State
  readonly #resolver: Resolver
  readonly #mover: Mover
  readonly posts: Posts
  readonly #reversals: Reversals
  readonly #repeats: Repeats
  /** Facts of the last refusal by a limit. */
  readonly refusal = new Refusal()
  /** The record that the last refusal repeats; 0 = none. */
  seen = 0
  /** The first event of the batch being applied: what came since is looked for in memory only. */
  #batchFirst = 0
  /** Accounts from this slot on were opened by the batch itself, and may be undone by it. */
  #accountsMin = 0
  readonly fetch: Fetch

  constructor(state: State, resolver: Resolver, mover: Mover) {
    this.#state = state
    this.#resolver = resolver
    this.#mover = mover
    this.posts = new Posts(state, resolver, mover)
    this.#reversals = new Reversals(state, resolver, mover)
    this.#repeats = new Repeats(state, resolver)
    this.fetch = new Fetch(state.accounts)
  }

  /** Before the first command of a batch, whose first event is `sequence`. */
  begin(sequence: number): void {
    this.#batchFirst = sequence
    this.#accountsMin = this.#state.accounts.count
  }

  /** Decides command `index` as the event `sequence`, and moves money when nothing refuses it. */
  decide(batch: PackedBatch, index: number, sequence: number): TransferStatus {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    const flags = memory.u16[(at + CommandField.flags) >>> 1] as number
    this.seen = 0
    this.refusal.isSet = false
    if ((flags & ~TRANSFER_FLAGS_KNOWN) !== 0) return TransferStatus.reservedFlag
    if (isZero(memory.u32, at >>> 2)) return TransferStatus.idMustNotBeZero
    if (isMax(memory.u32, at >>> 2)) return TransferStatus.idMustNotBeIntMax
    const seen = this.#seen(memory, index)
    if (seen !== 0) {
      this.seen = Math.abs(seen)
      if (seen < 0) return TransferStatus.idAlreadyFailed
      return this.#repeats.compare(batch, index, seen)
    }
    if (areExclusive(flags)) return TransferStatus.flagsAreMutuallyExclusive
    if ((flags & POST_OR_VOID) !== 0) return this.#postOrVoid(batch, index, sequence)
    const malformed = checkShape(memory, at, flags)
    if (malformed !== TransferStatus.created) return malformed
    return this.#onAccounts(batch, index, sequence)
  }

  /** What bears the command's id already: found by the resolver, or decided by this batch since. */
  #seen(memory: Memory, index: number): number {
    const found = this.#resolver.ids[index] as number
    if (found === 0 && this.#state.ids.vacancy(this.#resolver, index) >= 0) return 0
    return this.#find(memory, index * COMMAND_SIZE + CommandField.id, found)
  }

  /** What the resolver found, or what this batch has decided since. */
  #find(memory: Memory, offset: number, resolved: number): number {
    if (resolved !== 0) return resolved
    return this.#state.ids.findSince(this.#batchFirst, memory, offset, this.#resolver.carries)
  }

  #postOrVoid(batch: PackedBatch, index: number, sequence: number): TransferStatus {
    const at = index * COMMAND_SIZE
    const { u32 } = batch.memory
    const pending = (at + CommandField.pendingId) >>> 2
    if (isZero(u32, pending)) return TransferStatus.pendingIdMustNotBeZero
    if (isMax(u32, pending)) return TransferStatus.pendingIdMustNotBeIntMax
    if (areSameIds(u32, pending, at >>> 2)) return TransferStatus.pendingIdMustBeDifferent
    if (u32[(at + CommandField.timeout) >>> 2] !== 0) {
      return TransferStatus.timeoutReservedForPendingTransfer
    }
    const offset = at + CommandField.pendingId
    const named = this.#find(batch.memory, offset, this.#resolver.pendings[index] as number)
    return this.posts.decide(batch, index, { sequence, named })
  }

  /** The rules that ask the accounts. */
  #onAccounts(batch: PackedBatch, index: number, sequence: number): TransferStatus {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    const { accounts } = this.#state
    const { move } = this.#mover
    let debitSlot = this.fetch.debitSlots[index] as number
    let creditSlot = this.fetch.creditSlots[index] as number
    // What was not there when the stretch was fetched may have been opened since, or undone.
    if (debitSlot < 0 || debitSlot >= this.#accountsMin) {
      debitSlot = accounts.find(memory.u32, (at + CommandField.debitAccountId) >>> 2)
    }
    if (creditSlot < 0 || creditSlot >= this.#accountsMin) {
      creditSlot = accounts.find(memory.u32, (at + CommandField.creditAccountId) >>> 2)
    }
    if (debitSlot < 0) return TransferStatus.debitAccountNotFound
    if (creditSlot < 0) return TransferStatus.creditAccountNotFound
    move.debitSlot = debitSlot
    move.creditSlot = creditSlot
    const debitAsset = accounts.row32(debitSlot)[accounts.base32(debitSlot) + Row32.asset]
    const creditAsset = accounts.row32(creditSlot)[accounts.base32(creditSlot) + Row32.asset]
    if (debitAsset !== creditAsset) return TransferStatus.accountsMustHaveTheSameAsset
    const asset = memory.u32[(at + CommandField.asset) >>> 2] as number
    if (asset !== debitAsset) return TransferStatus.transferMustHaveTheSameAssetAsAccounts
    const { r } = move
    r[R.effectiveAsked] = memory.u64[(at + CommandField.effectiveAt) >>> 3] as bigint
    if (isInClosedPeriod(this.#state, move)) return TransferStatus.effectiveAtInClosedPeriod
    this.#begin(batch, index)
    if ((move.flags & TransferFlags.reversal) !== 0) {
      const offset = at + CommandField.pendingId
      const named = this.#find(memory, offset, this.#resolver.pendings[index] as number)
      const status = this.#reversals.check(batch, index, named)
      if (status !== TransferStatus.created) return status
    }
    if ((accounts.flags(debitSlot) & CLOSED) !== 0) return TransferStatus.debitAccountAlreadyClosed
    if ((accounts.flags(creditSlot) & CLOSED) !== 0)
      return TransferStatus.creditAccountAlreadyClosed
    return this.#onBalances(sequence)
  }

  /** Fills the move from the command: a posted transfer or a hold of the amount asked. */
  #begin(batch: PackedBatch, index: number): void {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    const { move } = this.#mover
    const { r } = move
    move.kind = Operation.createTransfer
    move.flags = memory.u16[(at + CommandField.flags) >>> 1] as number
    move.code = memory.u16[(at + CommandField.code) >>> 1] as number
    move.asset = memory.u32[(at + CommandField.asset) >>> 2] as number
    move.timeout = memory.u32[(at + CommandField.timeout) >>> 2] as number
    move.form = move.timeout === 0 ? 0 : MovedForm.timeout
    r[R.id] = memory.u64[at >>> 3] as bigint
    r[R.id + 1] = memory.u64[(at >>> 3) + 1] as bigint
    r[R.amount] = memory.u64[(at + CommandField.amount) >>> 3] as bigint
    r[R.amount + 1] = memory.u64[((at + CommandField.amount) >>> 3) + 1] as bigint
    if (memory.u32[(at + CommandField.metadataLength) >>> 2] !== 0) {
      move.form |= MovedForm.metadata
      move.metadata = commandBytes(batch, index, CommandField.metadataOffset)
    }
  }

  #onBalances(sequence: number): TransferStatus {
    const { move } = this.#mover
    if ((move.flags & BALANCING) !== 0) this.#balance(move)
    if (!isSurelyAllowed(this.#state.accounts, move)) {
      const status = this.#checkExact(move)
      if (status !== TransferStatus.created) return status
    }
    const { r } = move
    if (this.#state.charges.any && !this.#charge(move)) return TransferStatus.exceedsCeiling
    const isPending = (move.flags & TransferFlags.pending) !== 0
    const to = isPending ? R.addPending : R.addPosted
    const other = isPending ? R.addPosted : R.addPending
    r[to] = r[R.amount] as bigint
    r[to + 1] = r[R.amount + 1] as bigint
    r[other] = 0n
    r[other + 1] = 0n
    r[R.subPending] = 0n
    r[R.subPending + 1] = 0n
    this.#mover.apply(sequence)
    if (isPending) openHold(this.#state, move, sequence)
    else if ((move.flags & TransferFlags.reversal) !== 0)
      this.#touch(move.pendingSequence, sequence)
    return TransferStatus.created
  }

  /** The last that can refuse: what is charged here is created. @returns false: a ceiling refuses it. */
  #charge({ r, flags, debitSlot, asset }: Move): boolean {
    const { charges } = this.#state
    const moved = { debitSlot, asset, amount: big(r, R.amount), at: r[R.timestamp] as bigint }
    if (charges.refuses(moved, this.refusal)) return false
    charges.charge(flags, moved)
    return true
  }

  #balance(move: Move): void {
    const { r, debitSlot, creditSlot, flags } = move
    const asked = big(r, R.amount)
    const amount = balancedAmount(this.#state, { debitSlot, creditSlot, amount: asked, flags })
    if (amount === asked) return
    setBig(r, R.requested, asked)
    setBig(r, R.amount, amount)
    move.form |= MovedForm.requested
  }

  #checkExact(move: Move): TransferStatus {
    const { r, debitSlot, creditSlot, timeout } = move
    return checkAllowance(
      this.#state,
      {
        ...{ debitSlot, creditSlot, timeout },
        amount: big(r, R.amount),
        isPending: (move.flags & TransferFlags.pending) !== 0,
        timestamp: r[R.timestamp] as bigint,
      },
      this.refusal,
    )
  }

  #touch(sequence: number, by: number): void {
    const { ids, undo } = this.#state
    if (undo.recording) undo.touch(sequence)
    ids.touch(sequence, by)
  }
}
