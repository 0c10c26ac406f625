/** Reads of balances: of one account now or at a moment, and totals. */
import type { BalanceQuery, TotalsQuery } from '@tallystick/contract'
import type { AccountView, TotalsView } from '@tallystick/engine'
import { NO_SUBTREE_LIMIT } from '@tallystick/engine'

import { assertBelow } from '../access/reach.ts'
import { notFound } from '../http/refused.ts'
import type { KnownAccount } from '../known-accounts.ts'
import type { FourBalances } from '../render/text.ts'
import { timeText } from '../render/text.ts'
import type { Service } from '../service.ts'
import { timeOf } from '../write/fields.ts'
import { accountOfPath } from './accounts.ts'
import { pageOf, pageText } from './pages.ts'
import type { DurableText, Read } from './reading.ts'

interface Shown {
  readonly at: bigint
  readonly by: 'ledger' | 'effective'
  readonly balances: FourBalances
  readonly available: bigint | undefined
  readonly entries: bigint | number
  readonly sequence: number
  readonly subtree?: FourBalances | undefined
}

export const getBalance: Read = (service, _exchange, { params, query }) => {
  const { at, by = 'ledger' } = query as BalanceQuery
  if (at === undefined && by === 'ledger') {
    const { address } = params as { address: string }
    const known = service.accounts.find(address) ?? notFound('account', 'address')
    return durableBalance(service, known) ?? newestBalance(service, accountOfPath(service, params))
  }
  const account = accountOfPath(service, params)
  const moment = at === undefined ? service.ledger.lastTimestamp : timeOf(at, 'at')
  const { reader } = service.ledger
  const past = reader.balanceAt(account.id, moment, by)
  if (past === undefined) throw new Error('an account that was there is gone')
  const newest = reader.entries({
    ...{ account: account.id, to: moment + 1n, by, kind: 'all', newestFirst: true, limit: 1 },
  }).entries[0]
  return balanceText(account, service, {
    ...{ at: moment, by, balances: past.balances, available: past.available },
    ...{ entries: past.entryCount, sequence: newest?.sequence ?? 0 },
  })
}

/**
 * The balance as of the newest durable event, whatever is on its way to disk or half decided behind it: whoever asks for balances waits for
 * nobody's batch. undefined: only the newest state has what is to be shown.
 */
function durableBalance(service: Service, account: KnownAccount): DurableText | undefined {
  const { durableSequence: sequence, durableTimestamp: at, reader } = service.ledger
  if (reader.hasSubtree(account.slot)) return undefined
  const past = reader.balanceAfter(account.slot, sequence)
  if (past === undefined) return undefined
  const { balances, available, entryCount: entries, newestSequence } = past
  const shown = { at, by: 'ledger', balances, available, entries } as const
  return { text: balanceText(account, service, { ...shown, sequence: newestSequence }), sequence }
}

function newestBalance(service: Service, account: AccountView): string {
  const { available, entryCount: entries, newestSequence: sequence, subtree } = account
  const isAlone = account.subtreeLimit === NO_SUBTREE_LIMIT
  return balanceText(account, service, {
    ...{ at: service.ledger.lastTimestamp, by: 'ledger', balances: account },
    ...{ available, entries, sequence, subtree: subtree ?? (isAlone ? undefined : account) },
  })
}

function balanceText(
  account: Pick<AccountView, 'address' | 'asset'>,
  { assets }: Service,
  shown: Shown,
): string {
  const { at, by, balances, available, entries, sequence, subtree } = shown
  const { debitsPending, debitsPosted, creditsPending, creditsPosted } = balances
  // Holds have no value date.
  const pending = (amount: bigint): string => (by === 'effective' ? 'null' : `"${amount}"`)
  const rest = available === undefined ? 'null' : `"${available}"`
  const totals = subtree === undefined ? '' : `,"subtree":{${totalsText(subtree)}}`
  return `{"object":"balance","account":"${account.address}","asset":"${assets.text(account.asset)}","at":${timeText(at)},"by":"${by}","balances":{"debits_pending":${pending(debitsPending)},"debits_posted":"${debitsPosted}","credits_pending":${pending(creditsPending)},"credits_posted":"${creditsPosted}","balance":"${creditsPosted - debitsPosted}","available":${rest}},"entries":"${entries}","sequence":"${sequence}"${totals}}`
}

function totalsText(totals: FourBalances): string {
  const { debitsPending, debitsPosted, creditsPending, creditsPosted } = totals
  return `"debits_pending":"${debitsPending}","debits_posted":"${debitsPosted}","credits_pending":"${creditsPending}","credits_posted":"${creditsPosted}","balance":"${creditsPosted - debitsPosted}"`
}

const LIST = 'totals'

export const listTotals: Read = async (service, exchange, { query }) => {
  const { filters, after, limit } = pageOf(service, LIST, query as TotalsQuery)
  const { prefix = '', group_by: groupBy = 1 } = filters
  assertBelow(exchange, 'reports:read', prefix)
  const all = await service.ledger.totals({ prefix: prefix.replace(/:$/, ''), groupBy })
  const from = after === undefined ? 0 : all.findIndex((row) => placeOf(row) === after) + 1
  const shown = all.slice(from, from + limit)
  const rows = shown.map((row) => rowText(service, row))
  const last = shown.at(-1)
  const isMore = last !== undefined && from + limit < all.length
  return pageText(service, LIST, rows, isMore ? { filters, after: placeOf(last) } : undefined)
}

function placeOf({ group, asset }: TotalsView): string {
  return `${group} ${asset}`
}

function rowText({ assets }: Service, row: TotalsView): string {
  return `{"object":"totals","group":"${row.group}","asset":"${assets.text(row.asset)}","accounts":"${row.accounts}",${totalsText(row)}}`
}
