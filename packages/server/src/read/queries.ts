/** Questions to the read models. They find which rows fit; what a row is, the ledger itself says. */
import { createHash } from 'node:crypto'

import {
  type AccountsQuery,
  canonicalJson,
  type FoundQuery,
  type OperationId,
  type RowsParameters,
  type RowsQuery,
  type Scope,
} from '@tallystick/contract'
import {
  FilterRefused,
  filterOfText,
  type FoundRow,
  parseFilter,
  type Query,
  type QueryResource,
  type ReadModels,
  runQuery,
  type SequenceOfReference,
} from '@tallystick/read-models'

import { reachOf } from '../access/reach.ts'
import { bodyForm, jsonBody } from '../http/body.ts'
import type { Exchange } from '../http/exchange.ts'
import { referenceId } from '../http/ids.ts'
import { Refused } from '../http/refused.ts'
import { MIN_SEQUENCE_WAIT_MS_MAX } from '../limits.ts'
import { accountViewText } from '../render/account.ts'
import type { Service } from '../service.ts'
import type { Handler } from '../write/handler.ts'
import { entryText } from './entries.ts'
import { holdViewText, transferViewText } from './money.ts'
import { pageOf, pageText } from './pages.ts'
import { asked, readModelsOf } from './read-models.ts'
import { notReached } from './reading.ts'

const QUERIES: Partial<Record<OperationId, QueryResource>> = {
  queryAccounts: 'accounts',
  queryTransfers: 'transfers',
  queryEntries: 'entries',
  queryHolds: 'holds',
}

const LISTS: Partial<Record<OperationId, QueryResource>> = {
  listAccounts: 'accounts',
  findTransfers: 'transfers',
  listAllEntries: 'entries',
  findHolds: 'holds',
}

/** Of the operations that ask by a body. */
export function queryHandler(id: OperationId): Handler | undefined {
  const resource = QUERIES[id]
  if (resource === undefined) return undefined
  return (exchange) => {
    const body = (jsonBody(exchange, id, bodyForm(exchange)) ?? {}) as RowsQuery
    const { filter, sort, limit, cursor } = body
    const list = `${resource} query ${ownerOf(exchange)}`
    const asks = { resource, list, param: 'invalid_field' } as const
    // The whole filter may be longer than a cursor: that only knows it again.
    const query = createHash('sha256').update(canonicalJson({ filter, sort })).digest('base64url')
    answerRows(exchange, asks, () => {
      const page = pageOf(exchange.service, asks.list, { query, ...given({ limit, cursor }) })
      return { ...page, filter, sort }
    })
  }
}

/** Answers a list that is asked by filter. @returns false: it is none, and the ledger itself answers it. */
export function answeredByFilter(exchange: Exchange, query: unknown): boolean {
  const resource = LISTS[exchange.id]
  if (resource === undefined) return false
  const list = `${resource} filter ${ownerOf(exchange)}`
  const asks = { resource, list, param: 'invalid_parameter' } as const
  if (!isByFilter(exchange.service, asks, query as AccountsQuery & FoundQuery)) return false
  answerRows(exchange, asks, () => {
    const page = pageOf(exchange.service, asks.list, query as RowsParameters & AccountsQuery)
    const { filter: text, sort, prefix, parent, asset } = page.filters
    const conditions = [
      ...(text === undefined ? [] : [filterOfText(resource, text)]),
      ...(prefix === undefined ? [] : [{ field: 'address', prefix }]),
      ...(parent === undefined ? [] : [{ field: 'parent', eq: parent }]),
      ...(asset === undefined ? [] : [{ field: 'asset', eq: asset }]),
    ]
    return { ...page, filter: conditions.length === 0 ? undefined : { and: conditions }, sort }
  })
  return true
}

/** A cursor is its caller's own: what another was shown ends no page of his. */
const ownerOf = ({ principal }: Exchange): string => principal?.name ?? ''

/** What rows of the resource are read with. */
const SCOPES = {
  accounts: 'accounts:read',
  transfers: 'transfers:read',
  entries: 'entries:read',
  holds: 'holds:read',
} as const satisfies Record<QueryResource, Scope>

function isByFilter(
  { cursors }: Service,
  { resource, list }: Asks,
  { reference, filter, sort, cursor }: AccountsQuery & FoundQuery,
): boolean {
  if (resource !== 'accounts') return reference === undefined
  if (filter !== undefined || sort !== undefined) return true
  return cursor !== undefined && cursors.isOf(list, cursor)
}

interface Asks {
  readonly resource: QueryResource
  /** Which list its cursors belong to. */
  readonly list: string
  /** Code of a filter that has no meaning. */
  readonly param: 'invalid_field' | 'invalid_parameter'
}

interface Page {
  readonly filter: object | undefined
  readonly sort: string | undefined
  readonly after: string | number | undefined
  readonly limit: number
  /** What a cursor carries. */
  readonly filters: object
}

function answerRows(exchange: Exchange, asks: Asks, pageAsked: () => Page): void {
  const answer = async (): Promise<void> => {
    const { text, sequence } = await rowsText(exchange, asks, pageAsked)
    const token = exchange.service.tokens.write(sequence)
    exchange.answerJson(200, text, { 'ledger-sequence': token })
  }
  answer().catch((error: unknown) =>
    exchange.fail(error instanceof FilterRefused ? refusedFilter(error, asks.param) : error),
  )
}

async function rowsText(
  exchange: Exchange,
  { resource, list }: Asks,
  pageAsked: () => Page,
): Promise<{ readonly text: string; readonly sequence: number }> {
  const { service } = exchange
  const page = pageAsked()
  const { after, limit, filters } = page
  const query: Query = {
    ...given({ sort: page.sort, after: after === undefined ? undefined : String(after) }),
    ...(page.filter === undefined
      ? {}
      : { filter: parseFilter(resource, page.filter, referencesOf(exchange, resource)) }),
    // One more than is shown tells whether there is a next page.
    limit: limit + 1,
    reach: reachOf(exchange, SCOPES[resource]),
  }
  const models = readModelsOf(service)
  await waitFor(exchange, models)
  const found = await asked(async () => runQuery(models.pool, resource, query))
  const shown = found.rows.slice(0, limit)
  const last = found.rows.length > limit ? shown.at(-1) : undefined
  const rows = shown.map((row) => SHOWS[resource](service, row))
  const next = last === undefined ? undefined : { filters, after: last.key }
  return { text: pageText(service, list, rows, next), sequence: found.sequence }
}

/** The caller's own; of a transfer or of a hold. */
function referencesOf(
  { service, principal }: Exchange,
  resource: QueryResource,
): SequenceOfReference {
  const kind = resource === 'holds' ? 'hold' : 'transfer'
  return (reference) => {
    const id = referenceId(principal?.name ?? '', kind, reference)
    return service.ledger.reader.transfer(id)?.sequence
  }
}

/** As far as the reader asks. @throws Refused */
export async function waitFor(exchange: Exchange, models: ReadModels): Promise<void> {
  const token = exchange.header('ledger-min-sequence')
  if (token === undefined) return
  const sequence = exchange.service.tokens.read(token)
  if (sequence === undefined) {
    const detail = 'Ledger-Min-Sequence is not a token of this ledger.'
    throw new Refused({ code: 'precondition_failed', param: 'ledger-min-sequence', detail })
  }
  // Tables that are being made tell at once how far they are, instead of being waited for.
  if (models.state.status === 'rebuilding') return
  if (!(await models.reached(sequence, MIN_SEQUENCE_WAIT_MS_MAX))) throw notReached()
}

const SHOWS: Readonly<Record<QueryResource, (service: Service, row: FoundRow) => string>> = {
  accounts: ({ book }, { slot }) => {
    const view = book.reader.accountBySlot(slot)
    return view === undefined ? unknownRow(slot) : accountViewText(book, view)
  },
  transfers: (service, { sequence }) => {
    const view = service.ledger.reader.transferBySequence(sequence)
    return view === undefined ? unknownRow(sequence) : transferViewText(service, view)
  },
  holds: (service, { sequence }) => {
    const view = service.ledger.reader.transferBySequence(sequence)
    return view === undefined ? unknownRow(sequence) : holdViewText(service, view)
  },
  entries: (service, { slot, sequence, timestamp }) => {
    const account = service.accounts.bySlot(slot)
    if (account === undefined) return unknownRow(slot)
    const [entry] = service.ledger.reader.entries({
      ...{ account: account.id, by: 'ledger', kind: 'all', newestFirst: true, limit: 1 },
      // No two events have one time.
      ...{ from: timestamp, to: timestamp + 1n },
    }).entries
    if (entry === undefined) return unknownRow(sequence)
    return entryText(service, account.address, entry, account, true)
  },
}

function unknownRow(place: number): never {
  throw new Error(`the read models name ${place}, which the ledger does not know: make them again`)
}

export function refusedFilter(
  { reason, param, message: detail }: FilterRefused,
  invalid: Asks['param'],
): Refused {
  switch (reason) {
    case 'invalid':
      return new Refused({ code: invalid, param, detail })
    case 'no_index':
      return new Refused({ code: 'query_without_index', param, detail })
    case 'too_slow':
      return new Refused({ code: 'query_too_slow', param, detail })
  }
}

/** Without what is undefined. */
function given<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: NonNullable<Fields[Name]>
  }
}
