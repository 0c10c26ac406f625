/** Lists of entries. */
import type { EntriesQuery } from '@tallystick/contract'
import type { EntryView } from '@tallystick/engine'

import { formatId, formatRequestId } from '@tallystick/contract'
import { refuse } from '../http/refused.ts'
import type { KnownAccount } from '../known-accounts.ts'
import type { Book } from '../render/book.ts'
import { availableText, balancesText, idText, metadataText, timeText } from '../render/text.ts'
import type { Service } from '../service.ts'
import { timeOf } from '../write/fields.ts'
import { accountOfPath } from './accounts.ts'
import { pageOf, pageText } from './pages.ts'
import type { Read } from './reading.ts'

/** The words of the wire for what an entry did. */
const KINDS = {
  transfer: 'posted',
  reversal: 'reversed',
  hold: 'held',
  capture: 'captured',
  void: 'voided',
  release: 'expired',
} as const

export interface Period {
  readonly from?: bigint
  readonly to?: bigint
}

/** @throws Refused `invalid_time` */
export function periodOf(query: { readonly from?: string; readonly to?: string }): Period {
  const from = query.from === undefined ? undefined : timeOf(query.from, 'from')
  const to = query.to === undefined ? undefined : timeOf(query.to, 'to')
  if (from !== undefined && to !== undefined && to < from) {
    return refuse('invalid_time', 'to', 'The period ends before it begins.')
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

export const listEntries: Read = (service, _exchange, { params, query }) => {
  const account = accountOfPath(service, params)
  const list = `entries ${account.address}`
  const { filters, after, limit } = pageOf(service, list, query as EntriesQuery)
  const { by = 'ledger', kind = 'posted', order = 'newest', direction, code } = filters
  if (after !== undefined && typeof after !== 'number') {
    return refuse('invalid_cursor', 'cursor', 'It belongs to another list.')
  }
  const filter = {
    ...{ account: account.id, ...periodOf(filters), by, kind },
    newestFirst: order === 'newest',
    ...(direction === undefined ? {} : { direction }),
    ...(code === undefined ? {} : { code }),
    ...(after === undefined ? {} : { after }),
    // One more than is shown tells whether there is a next page.
    limit: limit + 1,
  }
  const page = (): string => {
    const { entries, next } = service.ledger.reader.entries(filter)
    const shown = entries.slice(0, limit)
    const last = entries.length > limit ? shown.at(-1)?.number : next
    const own = service.accounts.bySlot(account.slot)
    const rows = shown.map((entry) =>
      entryText(service, account.address, entry, own, kind === 'all'),
    )
    return pageText(service, list, rows, last === undefined ? undefined : { filters, after: last })
  }
  const ahead = service.ledger.reader.entriesAhead(filter)
  return ahead === undefined ? page() : ahead.then(page)
}

/** null: a release, which nobody asked for. */
function requestIdText(book: Book, sequence: number): string {
  const id = requestIdOf(book, sequence)
  return id === undefined ? 'null' : `"${id}"`
}

export function requestIdOf({ reader }: Book, sequence: number): string | undefined {
  const head = reader.originOf(sequence)
  return head === undefined ? undefined : formatRequestId(head.requestId)
}

// oxlint-disable-next-line max-params -- one row of a list of thousands: no object per row
export function entryText(
  { book }: Service,
  address: string,
  entry: EntryView,
  own: KnownAccount | undefined,
  all: boolean,
): string {
  const { counterparty, counterpartyAddress, balances, timestamp, sequence } = entry
  const other = counterpartyAddress === '' ? formatId(counterparty) : counterpartyAddress
  const amount = all ? entry.amount : entry.posted
  const text = `{"object":"entry","account":"${address}","number":"${entry.number}","direction":"${entry.direction}","amount":"${amount}","balance":"${entry.balance}","transfer_id":${idText(entry.transferId)},"counterparty":"${other}","code":${entry.code},"effective_at":${timeText(entry.effectiveAt)},"timestamp":${timeText(timestamp)},${book.privacy.fields(metadataText(entry.metadata))},"request_id":${requestIdText(book, sequence)}`
  if (!all) return `${text}}`
  const limit = own?.limits === undefined ? 0n : book.limits.at(own, sequence, timestamp)
  const available = availableText(own?.limits, limit, balances)
  return `${text},"kind":"${KINDS[entry.kind]}","sequence":"${sequence}","pending_id":${entry.pendingId === 0n ? 'null' : idText(entry.pendingId)},"balances":${balancesText(balances, available)}}`
}
