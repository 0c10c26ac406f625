/** Lines that move money: transfer, post, void, reverse. */
import { type CreateTransfer, Operation, TransferFlags, U128_MAX } from '@tallystick/ledger'
import { readMetadata } from './value-text.ts'
import type { Words } from './words.ts'

export const TRANSFER_WORDS: Readonly<Record<string, number>> = {
  linked: TransferFlags.linked,
  pending: TransferFlags.pending,
  post_pending: TransferFlags.postPendingTransfer,
  void_pending: TransferFlags.voidPendingTransfer,
  balancing_debit: TransferFlags.balancingDebit,
  balancing_credit: TransferFlags.balancingCredit,
  closing_debit: TransferFlags.closingDebit,
  closing_credit: TransferFlags.closingCredit,
  partial: TransferFlags.partial,
  reversal: TransferFlags.reversal,
}

/** Which accounts a transfer of this text had: posts and reversals need not say them again. */
export type KnownTransfers = Map<bigint, { readonly debit: bigint; readonly credit: bigint }>

type Fields = Partial<Omit<CreateTransfer, 'operation'>>

/** `transfer T1 A B 500 pending timeout=5` */
export function parseTransfer(words: Words): CreateTransfer {
  return complete(words, {
    id: words.takeId('the id'),
    debitAccountId: words.takeId('the account to debit'),
    creditAccountId: words.takeId('the account to credit'),
    amount: words.takeAmount('the amount'),
    asset: 1,
    code: 1,
  })
}

/** `post T2 T1 300 partial`; without an amount all that remains. */
export function parsePost(words: Words): CreateTransfer {
  return settle(words, TransferFlags.postPendingTransfer, U128_MAX)
}

/** `void T2 T1` */
export function parseVoid(words: Words): CreateTransfer {
  return settle(words, TransferFlags.voidPendingTransfer, 0n)
}

function settle(words: Words, flags: number, everything: bigint): CreateTransfer {
  const id = words.takeId('the id')
  const pendingId = words.takeId('the hold')
  const flagged = flags | takeFlags(words)
  const amount = words.maybe()
  return complete(words, {
    id,
    pendingId,
    flags: flagged,
    amount: amount === undefined ? everything : words.amount(amount),
  })
}

/** `reverse R1 T1 100`: the accounts of T1 swapped, unless `debit=` and `credit=` say others. */
export function parseReverse(words: Words, known: KnownTransfers): CreateTransfer {
  const id = words.takeId('the id')
  const pendingId = words.takeId('the transfer to reverse')
  const original = known.get(pendingId)
  return complete(words, {
    id,
    pendingId,
    debitAccountId: original?.credit ?? 0n,
    creditAccountId: original?.debit ?? 0n,
    amount: words.takeAmount('the amount'),
    flags: TransferFlags.reversal,
    asset: 1,
    code: 1,
  })
}

function takeFlags(words: Words): number {
  let flags = words.number(words.value('flags') ?? '0')
  for (const [word, flag] of Object.entries(TRANSFER_WORDS)) if (words.has(word)) flags |= flag
  return flags
}

/** `key=value` wins over what the line's own form says. */
function complete(words: Words, given: Fields): CreateTransfer {
  const id = (key: string): bigint | undefined => maybe(words.value(key), (word) => words.id(word))
  const number = (key: string): number | undefined =>
    maybe(words.value(key), (word) => words.number(word))
  const flags = (given.flags ?? 0) | takeFlags(words)
  return {
    operation: Operation.createTransfer,
    id: id('id') ?? given.id ?? 0n,
    debitAccountId: id('debit') ?? given.debitAccountId ?? 0n,
    creditAccountId: id('credit') ?? given.creditAccountId ?? 0n,
    amount: given.amount ?? 0n,
    pendingId: id('of') ?? given.pendingId ?? 0n,
    timeout: number('timeout') ?? 0,
    asset: number('asset') ?? given.asset ?? 0,
    code: number('code') ?? given.code ?? 0,
    flags,
    effectiveAt: words.time(words.value('effective') ?? '0'),
    metadata: readMetadata(words.value('metadata') ?? ''),
  }
}

const maybe = <Value>(word: string | undefined, read: (word: string) => Value): Value | undefined =>
  word === undefined ? undefined : read(word)
