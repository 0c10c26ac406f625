/** Routes of balances and history. */
import { AccountParams } from '../accounts.ts'
import { BalanceAt, BalanceQuery, TotalsList, TotalsQuery } from '../balances.ts'
import { EntriesQuery, EntryList, Statement, StatementQuery } from '../entries.ts'
import { MediaType } from '../media-types.ts'
import { read, shows } from './define.ts'

const OF_ACCOUNT = [400, 401, 403, 404, 503] as const

export const balanceRoutes = {
  getBalance: read({
    number: 30,
    method: 'GET',
    path: '/v1/accounts/{address}/balance',
    resource: 'balances',
    summary: 'Show a balance, now or at any moment',
    description:
      'With `at`: right after that moment, by ledger time or by value date. Its cost does not grow with the history.',
    example: { path: '/accounts/users:1042:wallet/balance?at=2026-11-15T00:00:00Z' },
    scope: 'balances:read',
    reach: 'address',
    lane: 'interactive',
    params: AccountParams,
    query: BalanceQuery,
    answers: { 200: shows(BalanceAt, 'The balance.') },
    problems: OF_ACCOUNT,
  }),
  listEntries: read({
    number: 31,
    method: 'GET',
    path: '/v1/accounts/{address}/entries',
    resource: 'entries',
    summary: 'List an account’s entries',
    description: 'Newest first, with the running balance.',
    example: {
      path: '/accounts/users:1042:wallet/entries?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z&limit=50',
    },
    scope: 'entries:read',
    reach: 'address',
    lane: 'interactive',
    params: AccountParams,
    query: EntriesQuery,
    answers: { 200: shows(EntryList, 'One page of entries.') },
    problems: OF_ACCOUNT,
  }),
  getStatement: read({
    number: 32,
    method: 'GET',
    path: '/v1/accounts/{address}/statement',
    resource: 'entries',
    summary: 'Statement of a period',
    description:
      'Opening balance, entries oldest first, closing balance. As CSV: a header line, then one line each; amounts in minor units. As HTML: one file that has the account’s proof inside and checks itself in any browser, offline; by ledger time, holds included.',
    example: {
      path: '/accounts/users:1042:wallet/statement?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z&format=csv',
    },
    scope: 'entries:read',
    reach: 'address',
    lane: 'bulk',
    params: AccountParams,
    query: StatementQuery,
    answers: {
      200: {
        description: 'The statement.',
        content: {
          [MediaType.json]: Statement,
          [MediaType.csv]: undefined,
          [MediaType.html]: undefined,
        },
        headers: ['Ledger-Sequence'],
      },
    },
    problems: [...OF_ACCOUNT, 422],
  }),
  listTotals: read({
    number: 33,
    method: 'GET',
    path: '/v1/balances',
    resource: 'balances',
    summary: 'Totals by address segment and asset',
    description:
      'Sums over all accounts whose address begins with `prefix`, all as of one sequence.',
    example: { path: '/balances?prefix=users&group_by=2' },
    scope: 'reports:read',
    reach: 'prefix',
    lane: 'bulk',
    query: TotalsQuery,
    answers: { 200: shows(TotalsList, 'One page of totals, in order of group and asset.') },
  }),
} as const
