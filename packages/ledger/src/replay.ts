/**
 * Folds recorded decisions into the state, without deciding again: a restart, a replica. What the record says
 * is taken as it is; `verify` is the one that asks whether it was right.
 */
import { assert } from '@tallystick/money'
import { NO_PARENT, Row64 } from './accounts.ts'
import { LIMIT_GIVEN, SUBTREE_LIMIT_GIVEN } from './batch.ts'
import { Chain } from './chain.ts'
import { closeBooks, registerAsset, setClosed, setLimit, setMetadata } from './changes.ts'
import { Operation } from './command.ts'
import { TransferFlags } from './flags.ts'
import { Hold32, Hold64 } from './holds.ts'
import { NANOSECONDS_PER_SECOND } from './limits.ts'
import { Memory, readSafe } from './memory.ts'
import { big, setBig } from './limbs.ts'
import { meeting, subtreeRow } from './move.ts'
import { openAccount, setSubtreeLimit } from './openings.ts'
import type { Posts } from './posts.ts'
import {
  AccountField,
  BooksField,
  LimitField,
  MovedField,
  MovedForm,
  movedSection,
  NO_SLOT,
  type RecordCursor,
  RecordField,
  SideField,
} from './record.ts'
import type { State } from './state.ts'
import { Subtree64 } from './subtrees.ts'
import { burnsId, type TransferStatus } from './status.ts'

export class Replay {
  readonly #state: State
  readonly #posts: Posts
  readonly #chain: Chain
  /** Where `link` writes what the record has already. */
  readonly #scratch = Memory.allocate(64)

  constructor(state: State, posts: Posts) {
    this.#state = state
    this.#posts = posts
    this.#chain = new Chain(state.accounts)
  }

  fold(record: RecordCursor): void {
    const state = this.#state
    assert(
      record.sequence === state.lastSequence + 1,
      'records are replayed in order, none left out',
    )
    assert(record.timestamp > state.lastTimestamp, 'time only grows')
    if (record.moved) this.#moved(record)
    else if (record.status === 0) this.#changed(record)
    this.foldId(record)
    state.foldEvent(record.memory.u32, record.offset >>> 2, record.sequence)
    state.lastSequence = record.sequence
    state.lastTimestamp = record.timestamp
  }

  foldId(record: RecordCursor): void {
    const { ids } = this.#state
    const { kind, status } = record
    const offset = record.offset + RecordField.id
    if (kind === Operation.createTransfer) {
      if (status === 0) ids.add(record.memory, offset, record.sequence, false)
      else if (burnsId(status as TransferStatus)) {
        ids.add(record.memory, offset, record.sequence, true)
      }
    }
    if (record.moved && (record.form & MovedForm.pending) !== 0) {
      ids.touch(record.pendingSequence, record.sequence)
    }
  }

  #moved(record: RecordCursor): void {
    this.#chain.begin(record.sequence)
    const { debitSlot, creditSlot } = record
    if (record.kind === Operation.createTransfer) {
      this.#state.transferCount++
      if (this.#state.charges.any) this.#charge(record)
    }
    const debit = this.#side(record, debitSlot, 'debit')
    const credit = this.#side(record, creditSlot, 'credit')
    this.#crossed(debitSlot, creditSlot, Subtree64.debitsPending, debit)
    this.#crossed(creditSlot, debitSlot, Subtree64.creditsPending, credit)
    if (record.kind === Operation.releaseHold) return this.#resolve(record)
    if ((record.flags & TransferFlags.pending) !== 0) return this.#hold(record)
    const refers = TransferFlags.postPendingTransfer | TransferFlags.voidPendingTransfer
    if ((record.flags & refers) !== 0) this.#resolve(record)
  }

  #charge({ flags, debitSlot, asset, amount, timestamp: at }: RecordCursor): void {
    this.#state.charges.charge(flags, { debitSlot, asset, amount, at })
  }

  /** Sets one account to what the record says. @returns by how much pending and posted of that side changed. */
  #side(
    record: RecordCursor,
    slot: number,
    which: 'debit' | 'credit',
  ): { pending: bigint; posted: bigint } {
    const { accounts } = this.#state
    accounts.rows.touch(slot)
    const row = accounts.row64(slot)
    const base = accounts.base64(slot)
    const isDebit = which === 'debit'
    const first = base + (isDebit ? Row64.debitsPending : Row64.creditsPending)
    const pending = big(row, first)
    const posted = big(row, first + 2)
    const { memory, offset } = record
    const side = offset + (isDebit ? MovedField.debitSide : MovedField.creditSide)
    const isWide = (record.form & MovedForm.wide) !== 0
    const upper = (offset + MovedField.sections + (isDebit ? 8 : 40)) >>> 3
    const lower = (side + SideField.debitsPending) >>> 3
    for (let i = 0; i < 4; i++) {
      row[base + Row64.debitsPending + i * 2] = memory.u64[lower + i] as bigint
      row[base + Row64.debitsPending + i * 2 + 1] = isWide ? (memory.u64[upper + i] as bigint) : 0n
    }
    this.#chain.link(accounts.row32(slot), accounts.base32(slot), this.#scratch.u32, 0)
    const effective = record.effectiveAt
    if (effective > (row[base + Row64.effectiveNewest] as bigint)) {
      row[base + Row64.effectiveNewest] = effective
    }
    return { pending: big(row, first) - pending, posted: big(row, first + 2) - posted }
  }

  #crossed(
    slot: number,
    other: number,
    field: number,
    change: { pending: bigint; posted: bigint },
  ): void {
    const { accounts, subtrees } = this.#state
    if (accounts.parent(slot) === NO_PARENT && subtreeRow(this.#state, slot) < 0) return
    const end = meeting(this.#state, slot, other)
    for (let at = slot; at !== end; at = accounts.parent(at)) {
      const row = subtreeRow(this.#state, at)
      if (row < 0) continue
      subtrees.change(row, field, change.pending)
      subtrees.change(row, field + 2, change.posted)
    }
  }

  #hold(record: RecordCursor): void {
    const { accounts, holds } = this.#state
    const row = holds.take()
    const words = holds.row64(row)
    const base = holds.base64(row)
    const halves = holds.row32(row)
    const at = holds.base32(row)
    const { timeout, amount, flags } = record
    words[base + Hold64.sequence] = BigInt(record.sequence)
    words[base + Hold64.deadline] =
      timeout === 0 ? 0n : record.timestamp + BigInt(timeout) * NANOSECONDS_PER_SECOND
    setBig(words, base + Hold64.id, record.id)
    setBig(words, base + Hold64.amount, amount)
    setBig(words, base + Hold64.captured, 0n)
    setBig(words, base + Hold64.remaining, amount)
    halves[at + Hold32.debitSlot] = record.debitSlot
    halves[at + Hold32.creditSlot] = record.creditSlot
    halves[at + Hold32.asset] = record.asset
    halves[at + Hold32.codeAndFlags] = (record.code | (flags << 16)) >>> 0
    halves[at + Hold32.timeout] = timeout
    holds.enter(row)
    if ((flags & TransferFlags.closingDebit) !== 0) accounts.closeByTransfer(record.debitSlot)
    if ((flags & TransferFlags.closingCredit) !== 0) accounts.closeByTransfer(record.creditSlot)
  }

  #resolve(record: RecordCursor): void {
    const { holds } = this.#state
    const section = record.offset + movedSection(record.form, MovedForm.pending)
    const row = holds.find(readSafe(record.memory, section + 16))
    assert(row >= 0, 'a hold that is captured or released is open')
    if (record.remainingAfter === 0n) return this.#posts.close(row)
    holds.rows.touch(row)
    setBig(holds.row64(row), holds.base64(row) + Hold64.captured, record.capturedAfter)
    setBig(holds.row64(row), holds.base64(row) + Hold64.remaining, record.remainingAfter)
  }

  #changed(record: RecordCursor): void {
    const state = this.#state
    switch (record.kind) {
      case Operation.createAccount:
        return this.#account(record)
      case Operation.changeLimit:
        return this.#limit(record)
      case Operation.changeMetadata:
        return setMetadata(state, record.slot, record.metadata)
      case Operation.closeAccount:
        return setClosed(state, record.slot, true)
      case Operation.reopenAccount:
        return setClosed(state, record.slot, false)
      case Operation.registerAsset:
        return registerAsset(state, record.asset, String.fromCharCode(...record.metadata))
      case Operation.closeBooks: {
        const scope = record.slot === NO_SLOT ? { asset: record.asset } : { slot: record.slot }
        return closeBooks(state, scope, record.u64(BooksField.until))
      }
      case Operation.attest:
        return
      case Operation.control:
        return state.charges.goOn(state.access.fold(record.metadata, record.timestamp))
      case Operation.rule:
        return state.rules.fold(record.metadata, record.timestamp, record.sequence)
      default:
        assert(false, `record ${record.sequence} has the unknown kind ${record.kind}`)
    }
  }

  #account(record: RecordCursor): void {
    const { accounts } = this.#state
    const { memory, offset } = record
    const hasParent = record.u128(AccountField.parent) !== 0n
    const parent = hasParent
      ? accounts.find(memory.u32, (offset + AccountField.parent) >>> 2)
      : NO_PARENT
    const length = memory.u16[(offset + AccountField.addressLength) >>> 1] as number
    const from = offset + AccountField.address
    const slot = openAccount(this.#state, {
      memory,
      idAt: (offset + RecordField.id) >>> 2,
      flags: record.flags,
      code: record.code,
      asset: record.asset,
      parent,
      limit: record.u128(AccountField.limit),
      subtreeLimit: record.u128(AccountField.subtreeLimit),
      address: memory.u8.subarray(from, from + length),
      metadata: record.metadata,
      sequence: record.sequence,
      timestamp: record.timestamp,
    })
    assert(slot === record.slot, 'accounts get their slots in order')
  }

  #limit(record: RecordCursor): void {
    if ((record.form & LIMIT_GIVEN) !== 0) {
      setLimit(this.#state, record.slot, record.u128(LimitField.limit))
    }
    const limit = record.u128(LimitField.subtreeLimit)
    const isNew = limit !== record.u128(LimitField.subtreeLimitBefore)
    if ((record.form & SUBTREE_LIMIT_GIVEN) !== 0 && isNew) {
      setSubtreeLimit(this.#state, record.slot, limit)
    }
  }
}
