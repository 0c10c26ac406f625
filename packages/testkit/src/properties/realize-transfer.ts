/** Wishes for transfers become commands that mostly succeed, or fail late. */
import { type CreateTransfer, Operation, TransferFlags as Flag, U128_MAX } from '@tallystick/ledger'
import type { AccountView } from '@tallystick/scenario'
import type { Issued } from './issued.ts'
import type { AmountWish, Wish } from './wish.ts'

const NO_BYTES = new Uint8Array()
const TIMEOUTS = [0, 1, 2, 1, 3, 0, 1, 60, 5, 0xffff_ffff]
const BORDERS = [31n, 32n, 52n, 53n, 63n, 64n, 65n, 95n, 96n, 127n]

export function transferOf(issued: Issued, wish: Wish): CreateTransfer {
  const debit = issued.account(wish.one)
  const credit = wish.variant === 7 ? debit : issued.partner(debit, wish.other)
  const asset = issued.machine.account(debit)?.asset ?? 1
  return {
    operation: Operation.createTransfer,
    id: issued.newTransfer(),
    debitAccountId: debit,
    creditAccountId: credit,
    amount: amountOf(issued, wish.amount, available(issued.machine.account(debit))),
    pendingId: 0n,
    timeout: 0,
    asset: wish.variant === 8 ? asset + 1 : wish.variant === 10 ? 0 : asset,
    code: wish.variant === 11 ? 0 : 1,
    flags: Flag.none,
    effectiveAt: wish.variant % 10 === 9 ? BigInt(wish.which) : 0n,
    metadata: wish.variant % 10 === 6 ? Uint8Array.of(109, 48 + (wish.which % 3)) : NO_BYTES,
  }
}

export function holdOf(issued: Issued, wish: Wish): CreateTransfer {
  const balancing = wish.variant % 9 === 8 ? Flag.balancingDebit : Flag.none
  return {
    ...transferOf(issued, wish),
    flags: Flag.pending | balancing,
    timeout: TIMEOUTS[wish.variant % TIMEOUTS.length] ?? 0,
  }
}

const CLOSING = [Flag.closingDebit, Flag.closingCredit, Flag.closingDebit | Flag.closingCredit]

export function closingHoldOf(issued: Issued, wish: Wish): CreateTransfer {
  const hold = holdOf(issued, wish)
  const closing = CLOSING[wish.which % CLOSING.length] ?? Flag.closingDebit
  return { ...hold, flags: hold.flags | closing }
}

const BALANCING = [
  Flag.balancingDebit,
  Flag.balancingDebit,
  Flag.balancingCredit,
  Flag.balancingDebit | Flag.balancingCredit,
]

export function balancingOf(issued: Issued, wish: Wish): CreateTransfer {
  const flags = BALANCING[wish.which % BALANCING.length] ?? Flag.balancingDebit
  const transfer = transferOf(issued, wish)
  return { ...transfer, flags, amount: wish.variant % 2 === 0 ? U128_MAX : transfer.amount }
}

export function postOf(issued: Issued, wish: Wish): CreateTransfer {
  if (nothingHeld(issued, wish)) return holdOf(issued, wish)
  const settlement = settle(issued, wish)
  const partial = wish.variant % 3 === 0 ? Flag.none : Flag.partial
  const amount = wish.variant % 7 === 0 ? U128_MAX : settlement.amount
  return { ...settlement, amount, flags: Flag.postPendingTransfer | partial }
}

export function voidOf(issued: Issued, wish: Wish): CreateTransfer {
  if (nothingHeld(issued, wish)) return holdOf(issued, wish)
  const settlement = settle(issued, wish)
  const amount = wish.variant % 4 === 3 ? settlement.amount : 0n
  return { ...settlement, amount, flags: Flag.voidPendingTransfer }
}

const nothingHeld = (issued: Issued, wish: Wish): boolean =>
  wish.variant !== 12 && issued.hold(wish.which) === undefined

function settle(issued: Issued, wish: Wish): CreateTransfer {
  const hold = issued.hold(wish.which)
  const remaining = issued.machine.hold(hold?.id ?? 0n)?.remaining ?? 0n
  const says = (each: number): boolean => wish.one % 8 === each
  return {
    operation: Operation.createTransfer,
    id: issued.newTransfer(),
    debitAccountId: says(5) ? (hold?.debitAccountId ?? 0n) : wish.one === 92 ? 5n : 0n,
    creditAccountId: says(6) ? issued.account(wish.other) : 0n,
    amount: amountOf(issued, wish.amount, remaining),
    pendingId: hold?.id ?? 777n,
    timeout: wish.variant === 98 ? 1 : 0,
    asset: says(5) ? (hold?.asset ?? 0) : [90, 91].includes(wish.one) ? 9 : 0,
    code: says(5) ? (hold?.code ?? 0) : [88, 89].includes(wish.one) ? 9 : 0,
    flags: Flag.none,
    effectiveAt: wish.variant === 99 ? 5n : 0n,
    metadata: says(7) ? Uint8Array.of(109, 49) : NO_BYTES,
  }
}

export function reversalOf(issued: Issued, wish: Wish): CreateTransfer {
  const original = issued.moved(wish.which)
  if (original === undefined && wish.variant !== 12) return transferOf(issued, wish)
  const hold = issued.transfers.find(({ id }) => id === original?.pendingId)
  const of = hold ?? original
  const left = (original?.amount ?? 0n) - issued.machine.reversed(original?.id ?? 0n)
  const wrong = wish.variant === 5
  return {
    operation: Operation.createTransfer,
    id: issued.newTransfer(),
    debitAccountId: wrong ? issued.account(wish.one) : (of?.creditAccountId ?? 0n),
    creditAccountId: of?.debitAccountId ?? 0n,
    amount: amountOf(issued, wish.amount, left > 0n ? left : 0n),
    pendingId: original?.id ?? 777n,
    timeout: 0,
    asset: of?.asset ?? 1,
    code: 1,
    flags: Flag.reversal,
    effectiveAt: 0n,
    metadata: NO_BYTES,
  }
}

/** A transfer that was asked for before, as it was or with one thing changed. */
export function againOf(issued: Issued, wish: Wish): CreateTransfer {
  const before = issued.any(wish.which)
  if (before === undefined) return transferOf(issued, wish)
  const changes: readonly Partial<CreateTransfer>[] = [
    {},
    { amount: amountOf(issued, wish.amount, before.amount) },
    { amount: U128_MAX },
    { amount: 0n },
    { flags: before.flags ^ (1 << (wish.one % 10)) },
    { pendingId: issued.any(wish.one)?.id ?? 0n },
    { timeout: (before.timeout ^ 1) >>> 0 },
    { debitAccountId: issued.account(wish.one) },
    { creditAccountId: issued.account(wish.one) },
    { metadata: Uint8Array.of(109, 48) },
    { effectiveAt: 1n },
    { asset: before.asset + 1 },
    { code: before.code + 1 },
  ]
  return { ...before, ...changes[Math.max(0, (wish.variant % 16) - 3)] }
}

/** Anything goes: flags and references without meaning. */
export function oddOf(issued: Issued, wish: Wish): CreateTransfer {
  return {
    ...transferOf(issued, wish),
    id: wish.variant === 0 ? 0n : wish.variant === 1 ? U128_MAX : issued.newTransfer(),
    flags: ((wish.variant * 7919 + wish.which * 104_729) >> 3) & (wish.one < 90 ? 0x3fe : 0xfffe),
    pendingId: wish.which % 2 === 0 ? (issued.any(wish.which)?.id ?? 0n) : 0n,
    timeout: wish.other % 3 === 0 ? 1 : 0,
    code: wish.other % 11 === 10 ? 0 : 1,
  }
}

function amountOf(issued: Issued, wish: AmountWish, fitting: bigint): bigint {
  const number = BigInt(wish.number)
  const beside = number - 1n
  switch (wish.kind) {
    case 'some':
      return bounded(number * issued.scale)
    case 'fitting':
      return bounded(fitting + (beside > 1n ? 0n : beside))
    case 'border':
      return bounded((1n << (BORDERS[wish.number % BORDERS.length] ?? 64n)) + (beside % 3n) - 1n)
    case 'top':
      return U128_MAX - number * issued.scale
  }
}

const bounded = (amount: bigint): bigint =>
  amount < 0n ? 0n : amount > U128_MAX ? U128_MAX : amount

/** What the account could still debit. */
function available(view: AccountView | undefined): bigint {
  if (view === undefined) return 0n
  const left = view.creditsPosted + view.limit - view.debitsPending - view.debitsPosted
  return left > 0n ? left : 0n
}
