/**
 * What accounts and subtrees allow, in exact arithmetic: overflow, limits, balancing. The fast way in
 * `transfers.ts` answers for small numbers without a parent; everything else is decided here.
 */
import { NO_PARENT, Row64 } from './accounts.ts'
import { AccountFlags, TransferFlags } from './flags.ts'
import { NANOSECONDS_PER_SECOND, U128_MAX, U64_MAX } from './limits.ts'
import { big } from './limbs.ts'
import { meeting, type Move, R, subtreeRow } from './move.ts'
import type { State } from './state.ts'
import { TransferStatus } from './status.ts'
import { Subtree64 } from './subtrees.ts'

/** What a limit said when it refused: facts for the record and the answer. */
export class Refusal {
  /** Whether a limit refused. */
  isSet = false
  /** Id of the account or ancestor: its slot may be another's when its opening was undone with the refusal. */
  account = 0n
  needed = 0n
  available = 0n
  limit = 0n
}

interface Totals {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
  readonly limit: bigint
}

/** What is to be moved, as plain numbers. */
export interface Ask {
  readonly debitSlot: number
  readonly creditSlot: number
  readonly amount: bigint
  readonly isPending: boolean
  readonly timestamp: bigint
  readonly timeout: number
}

function accountTotals(state: State, slot: number): Totals {
  const row = state.accounts.row64(slot)
  const base = state.accounts.base64(slot)
  return {
    debitsPending: big(row, base + Row64.debitsPending),
    debitsPosted: big(row, base + Row64.debitsPosted),
    creditsPending: big(row, base + Row64.creditsPending),
    creditsPosted: big(row, base + Row64.creditsPosted),
    limit: big(row, base + Row64.limit),
  }
}

function subtreeTotals(state: State, row: number): Totals {
  const { subtrees } = state
  return {
    debitsPending: subtrees.total(row, Subtree64.debitsPending),
    debitsPosted: subtrees.total(row, Subtree64.debitsPosted),
    creditsPending: subtrees.total(row, Subtree64.creditsPending),
    creditsPosted: subtrees.total(row, Subtree64.creditsPosted),
    limit: subtrees.limit(row),
  }
}

/** The first overflow or limit that refuses, in order of precedence; `created` when none does. */
export function checkAllowance(state: State, ask: Ask, refusal: Refusal): TransferStatus {
  const debit = accountTotals(state, ask.debitSlot)
  const credit = accountTotals(state, ask.creditSlot)
  const needed = ask.amount
  const overflow = checkOverflow(debit, credit, ask)
  if (overflow !== TransferStatus.created) return overflow
  if (subtreesOverflow(state, ask)) return TransferStatus.overflowsSubtree
  if (ask.amount === 0n) return TransferStatus.created
  const flags = AccountFlags
  if ((state.accounts.flags(ask.debitSlot) & flags.debitsMustNotExceedCredits) !== 0) {
    const available = roomToDebit(debit)
    const { limit } = debit
    if (refuses(refusal, { account: state.accounts.id(ask.debitSlot), needed, available, limit })) {
      return TransferStatus.exceedsCredits
    }
  }
  if ((state.accounts.flags(ask.creditSlot) & flags.creditsMustNotExceedDebits) !== 0) {
    const available = roomToCredit(credit)
    const { limit } = credit
    if (
      refuses(refusal, { account: state.accounts.id(ask.creditSlot), needed, available, limit })
    ) {
      return TransferStatus.exceedsDebits
    }
  }
  return subtreesRefuse(state, ask, refusal)
    ? TransferStatus.exceedsSubtreeLimit
    : TransferStatus.created
}

function checkOverflow(debit: Totals, credit: Totals, ask: Ask): TransferStatus {
  const { amount, isPending } = ask
  if (isPending) {
    if (debit.debitsPending + amount > U128_MAX) return TransferStatus.overflowsDebitsPending
    if (credit.creditsPending + amount > U128_MAX) return TransferStatus.overflowsCreditsPending
  } else {
    if (debit.debitsPosted + amount > U128_MAX) return TransferStatus.overflowsDebitsPosted
    if (credit.creditsPosted + amount > U128_MAX) return TransferStatus.overflowsCreditsPosted
  }
  if (debit.debitsPending + debit.debitsPosted + amount > U128_MAX) {
    return TransferStatus.overflowsDebits
  }
  if (credit.creditsPending + credit.creditsPosted + amount > U128_MAX) {
    return TransferStatus.overflowsCredits
  }
  if (deadlineOf(ask) > U64_MAX) return TransferStatus.overflowsTimeout
  return TransferStatus.created
}

export function deadlineOf(ask: { timestamp: bigint; timeout: number }): bigint {
  return ask.timeout === 0 ? 0n : ask.timestamp + BigInt(ask.timeout) * NANOSECONDS_PER_SECOND
}

/** Whether posting what was held would pass 2^128 − 1 somewhere: all that can refuse a post. */
export function checkPostOverflow(state: State, ask: Ask): TransferStatus {
  const debit = accountTotals(state, ask.debitSlot)
  const credit = accountTotals(state, ask.creditSlot)
  if (debit.debitsPosted + ask.amount > U128_MAX) return TransferStatus.overflowsDebitsPosted
  if (credit.creditsPosted + ask.amount > U128_MAX) return TransferStatus.overflowsCreditsPosted
  for (const { row, debitSide } of crossedSubtrees(state, ask)) {
    const totals = subtreeTotals(state, row)
    const posted = debitSide ? totals.debitsPosted : totals.creditsPosted
    if (posted + ask.amount > U128_MAX) return TransferStatus.overflowsSubtree
  }
  return TransferStatus.created
}

function subtreesOverflow(state: State, ask: Ask): boolean {
  for (const { row, debitSide } of crossedSubtrees(state, ask)) {
    const t = subtreeTotals(state, row)
    const used = debitSide ? t.debitsPending + t.debitsPosted : t.creditsPending + t.creditsPosted
    if (used + ask.amount > U128_MAX) return true
  }
  return false
}

function subtreesRefuse(state: State, ask: Ask, refusal: Refusal): boolean {
  for (const { row, slot, debitSide } of crossedSubtrees(state, ask)) {
    const totals = subtreeTotals(state, row)
    if (!limitsSide(state, slot, totals.limit, debitSide)) continue
    const { limit } = totals
    const available = debitSide ? roomToDebit(totals) : roomToCredit(totals)
    if (
      refuses(refusal, { account: state.accounts.id(slot), needed: ask.amount, available, limit })
    )
      return true
  }
  return false
}

/** A subtree limit binds the side that the account's own flag names. */
function limitsSide(state: State, slot: number, limit: bigint, debitSide: boolean): boolean {
  if (limit === U128_MAX) return false
  const flag = debitSide
    ? AccountFlags.debitsMustNotExceedCredits
    : AccountFlags.creditsMustNotExceedDebits
  return (state.accounts.flags(slot) & flag) !== 0
}

function refuses(
  refusal: Refusal,
  facts: { account: bigint; needed: bigint; available: bigint; limit: bigint },
): boolean {
  if (facts.needed <= facts.available) return false
  refusal.isSet = true
  refusal.account = facts.account
  refusal.needed = facts.needed
  refusal.available = facts.available
  refusal.limit = facts.limit
  return true
}

/** What may still be debited: credits posted + limit − debits pending − debits posted, not below 0. */
function roomToDebit(totals: Totals): bigint {
  return room(totals.creditsPosted + totals.limit, totals.debitsPending + totals.debitsPosted)
}

function roomToCredit(totals: Totals): bigint {
  return room(totals.debitsPosted + totals.limit, totals.creditsPending + totals.creditsPosted)
}

function room(allowed: bigint, used: bigint): bigint {
  const capped = allowed > U128_MAX ? U128_MAX : allowed
  return capped > used ? capped - used : 0n
}

/** Whether the books are closed for either account at the move's effective time. */
export function isInClosedPeriod(state: State, move: Move): boolean {
  const { accounts, books } = state
  if (books.empty) return false
  const asked = move.r[R.effectiveAsked] as bigint
  const time = asked === 0n ? (move.r[R.timestamp] as bigint) : asked
  return (
    books.closedAt(accounts, move.debitSlot, time) ||
    books.closedAt(accounts, move.creditSlot, time)
  )
}

/** Each subtree that the transfer leaves or enters: from the account upward, debit side first. */
function* crossedSubtrees(
  state: State,
  ask: { debitSlot: number; creditSlot: number },
): Generator<{ row: number; slot: number; debitSide: boolean }> {
  for (const debitSide of [true, false]) {
    const from = debitSide ? ask.debitSlot : ask.creditSlot
    const other = debitSide ? ask.creditSlot : ask.debitSlot
    const end = meeting(state, from, other)
    for (let slot = from; slot !== end && slot !== NO_PARENT; slot = state.accounts.parent(slot)) {
      const row = subtreeRow(state, slot)
      if (row >= 0) yield { row, slot, debitSide }
    }
  }
}

/** The amount of a balancing transfer: cut to what each balancing side and its ancestors allow. */
export function balancedAmount(
  state: State,
  ask: { debitSlot: number; creditSlot: number; amount: bigint; flags: number },
): bigint {
  let amount = ask.amount
  const cut = (to: bigint): void => {
    if (to < amount) amount = to
  }
  for (const debitSide of [true, false]) {
    const flag = debitSide ? TransferFlags.balancingDebit : TransferFlags.balancingCredit
    if ((ask.flags & flag) === 0) continue
    cut(ownRoom(state, debitSide ? ask.debitSlot : ask.creditSlot, debitSide))
    for (const crossed of crossedSubtrees(state, ask)) {
      if (crossed.debitSide !== debitSide) continue
      const totals = subtreeTotals(state, crossed.row)
      if (!limitsSide(state, crossed.slot, totals.limit, debitSide)) continue
      cut(debitSide ? roomToDebit(totals) : roomToCredit(totals))
    }
  }
  return amount
}

/** With the flag that limits the side: what it allows; without: the account's balance. */
function ownRoom(state: State, slot: number, debitSide: boolean): bigint {
  const totals = accountTotals(state, slot)
  const flag = debitSide
    ? AccountFlags.debitsMustNotExceedCredits
    : AccountFlags.creditsMustNotExceedDebits
  const limited = (state.accounts.flags(slot) & flag) !== 0
  const bounded = limited ? totals : { ...totals, limit: 0n }
  return debitSide ? roomToDebit(bounded) : roomToCredit(bounded)
}
