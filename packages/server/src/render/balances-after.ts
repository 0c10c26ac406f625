/** Balances right after an event, of both its accounts, by address. */
import type { RecordCursor } from '@tallystick/ledger'

import type { KnownAccount } from '../known-accounts.ts'
import type { Book } from './book.ts'
import { availableText, balancesText } from './text.ts'

export function sideText(
  book: Book,
  record: RecordCursor,
  side: 'debit' | 'credit',
  account: KnownAccount,
): string {
  const balances = record.side(side)
  if (account.limits === undefined) return balancesText(balances, 'null')
  const limit = book.limits.at(account, record.sequence, record.timestamp)
  return balancesText(balances, availableText(account.limits, limit, balances))
}

/** `"address":{…}` of both sides, worlds last: they are what nobody asks for. */
export function balancesAfterText(
  book: Book,
  record: RecordCursor,
  debit: KnownAccount,
  credit: KnownAccount,
): string {
  const debitText = `"${debit.address}":${sideText(book, record, 'debit', debit)}`
  const creditText = `"${credit.address}":${sideText(book, record, 'credit', credit)}`
  return debit.address.startsWith('world:')
    ? `{${creditText},${debitText}}`
    : `{${debitText},${creditText}}`
}
