/** Reads of accounts. */
import type { AccountsQuery } from '@tallystick/contract'
import type { AccountView } from '@tallystick/engine'

import { assertBelow } from '../access/reach.ts'
import { notFound, refuse } from '../http/refused.ts'
import { accountViewText } from '../render/account.ts'
import type { Service } from '../service.ts'
import { pageOf, pageText } from './pages.ts'
import type { Read } from './reading.ts'

/** @throws Refused 404 */
export function accountOfPath({ ledger, accounts }: Service, params: unknown): AccountView {
  const { address } = params as { address: string }
  // The id is remembered where the reader would hash the address each time.
  const account = ledger.reader.account(accounts.idOf(address))
  return account?.address === address ? account : notFound('account', 'address')
}

export const getAccount: Read = (service, _exchange, { params }) =>
  accountViewText(service.book, accountOfPath(service, params))

const LIST = 'accounts'

export const listAccounts: Read = (service, exchange, { query }) => {
  const { filters, after, limit } = pageOf(service, LIST, query as AccountsQuery)
  const { prefix, parent, asset } = filters
  assertBelow(exchange, 'accounts:read', prefix ?? '')
  const assetNumber = asset === undefined ? undefined : service.assets.find(asset)
  // An asset that nobody registered has no accounts.
  if (asset !== undefined && assetNumber === undefined)
    return pageText(service, LIST, [], undefined)
  if (after !== undefined && typeof after !== 'number') {
    return refuse('invalid_cursor', 'cursor', 'It belongs to another list.')
  }
  // One more than is shown tells whether there is a next page.
  const { accounts, next } = service.ledger.reader.accounts({
    ...(prefix === undefined || prefix === '' ? {} : { prefix: prefix.replace(/:$/, '') }),
    ...(parent === undefined ? {} : { parent: service.accounts.idOf(parent) }),
    ...(assetNumber === undefined ? {} : { asset: assetNumber }),
    ...(after === undefined ? {} : { after }),
    limit: limit + 1,
  })
  const shown = accounts.slice(0, limit)
  const last = accounts.length > limit ? shown.at(-1)?.slot : next
  const rows = shown.map((account) => accountViewText(service.book, account))
  return pageText(service, LIST, rows, last === undefined ? undefined : { filters, after: last })
}
