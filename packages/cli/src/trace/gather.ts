/** Asks the server for a trace: first what the name is, then the requests, then what belongs to their records. */
import {
  type Account,
  type LaterEvent,
  type LedgerRecord,
  NotFound,
  type SavedRequest,
  type Tallystick,
} from '@tallystick/sdk'
import { ExitCode } from '../exit-code.ts'
import { CommandError } from '../failure.ts'
import type { Origin, Trace, TracedRecord, TracedRequest, TraceKind } from './trace.ts'

/** Later events of one record that are fetched. */
const LATER_MAX = 50
const ADDRESS = /^[A-Za-z0-9_.-]{1,64}(:[A-Za-z0-9_.-]{1,64}){0,15}$/
const REQUEST_ID = /^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$/
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export interface TraceBounds {
  /** What the name is; undefined: whatever fits. */
  readonly as: TraceKind | undefined
  /** Requests of an account. */
  readonly requests: number
  /** Records of each request; the one that was asked for is always among them. */
  readonly records: number
}

/** @throws CommandError `not_found` */
export async function gather(
  tally: Tallystick,
  asked: string,
  bounds: TraceBounds,
): Promise<Trace> {
  const { as } = bounds
  const kinds = as === undefined ? kindsOf(asked) : [as]
  for (const kind of kinds) {
    const trace = await FINDERS[kind](tally, asked, bounds)
    if (trace !== undefined) return trace
  }
  const what = kinds.join(' or ')
  throw new CommandError(`There is no ${what} "${asked}" here.`, ExitCode.notFound, 'not_found')
}

/** What a name can be, the likeliest first. */
function kindsOf(asked: string): readonly TraceKind[] {
  if (REQUEST_ID.test(asked)) return ['request', 'reference']
  if (ID.test(asked)) return ['transfer', 'reference']
  return ADDRESS.test(asked) ? ['account', 'reference'] : ['reference']
}

type Finder = (tally: Tallystick, asked: string, bounds: TraceBounds) => Promise<Trace | undefined>

const FINDERS: Readonly<Record<TraceKind, Finder>> = {
  request: async (tally, asked, bounds) => {
    const request = await found(tally.requests.get(asked))
    if (request === undefined) return undefined
    return traceOf(asked, 'request', [await follow(tally, request, bounds, () => false)])
  },
  transfer: (tally, asked, bounds) => ofTransfer(tally, { asked, id: asked }, 'transfer', bounds),
  account: ofAccount,
  reference: async (tally, asked, bounds) => {
    const id = await idOfReference(tally, asked)
    if (id === undefined) return undefined
    return ofTransfer(tally, { asked, id }, 'reference', bounds)
  },
}

function traceOf(
  asked: string,
  foundAs: TraceKind,
  requests: readonly TracedRequest[],
  more: Partial<Trace> = {},
): Trace {
  const none = { transferId: null, account: null, hasMore: false }
  return { object: 'trace', asked, foundAs, ...none, requests, ...more }
}

async function ofTransfer(
  tally: Tallystick,
  { asked, id }: { readonly asked: string; readonly id: string },
  foundAs: TraceKind,
  bounds: TraceBounds,
): Promise<Trace | undefined> {
  const [summary] = await tally.requests.list({ transfer: id }).toArray(1)
  if (summary === undefined) return undefined
  const request = await tally.requests.get(summary.id)
  const traced = await follow(tally, request, bounds, (record) => record.id === id)
  return traceOf(asked, foundAs, [traced], { transferId: id })
}

/** A reference is unique per kind: a transfer’s, a transaction’s and a hold’s of one name are three things. */
async function idOfReference(tally: Tallystick, reference: string): Promise<string | undefined> {
  for (const kind of [tally.transfers, tally.transactions, tally.holds]) {
    const row = await kind.findByReference(reference)
    if (row !== undefined) return row.id
  }
  return undefined
}

async function ofAccount(
  tally: Tallystick,
  asked: string,
  bounds: TraceBounds,
): Promise<Trace | undefined> {
  const account = await found<Account>(tally.accounts.get(asked))
  if (account === undefined) return undefined
  const limit = Math.min(bounds.requests + 1, 1_000)
  const rows = await tally.requests.list({ account: asked, limit }).toArray(bounds.requests + 1)
  const requests: TracedRequest[] = []
  for (const { id } of rows.slice(0, bounds.requests)) {
    const request = await tally.requests.get(id)
    requests.push(await follow(tally, request, bounds, (record) => isAbout(record, asked)))
  }
  const hasMore = rows.length > bounds.requests
  return traceOf(asked, 'account', requests, { account, hasMore })
}

function isAbout(record: LedgerRecord, address: string): boolean {
  const { account, debitAccount, creditAccount } = record
  return [account, debitAccount, creditAccount].includes(address)
}

/** As many records as are wanted, those that were asked for first, in the order of the log. */
async function follow(
  tally: Tallystick,
  request: SavedRequest,
  { records: most }: TraceBounds,
  isAsked: (record: LedgerRecord) => boolean,
): Promise<TracedRequest> {
  const asked = request.records.filter(isAsked).slice(0, most)
  const rest = request.records.filter((record) => !asked.includes(record))
  const shown = new Set([...asked, ...rest.slice(0, most - asked.length)])
  const records: TracedRecord[] = []
  for (const record of request.records) {
    if (shown.has(record)) records.push(await withLinks(tally, record))
  }
  return { ...request, records }
}

async function withLinks(tally: Tallystick, record: LedgerRecord): Promise<TracedRecord> {
  const { id, pendingId, kind } = record
  if (kind === undefined || id === null) return record
  if (typeof pendingId === 'string') {
    const { requestId } = await tally.transfers.get(pendingId)
    const of: Origin = { transferId: pendingId, requestId }
    return { ...record, of }
  }
  const later: LaterEvent[] = await tally.transfers.events(id).toArray(LATER_MAX + 1)
  if (later.length <= LATER_MAX) return { ...record, later: later.reverse() }
  return { ...record, later: later.slice(0, LATER_MAX).reverse(), laterHasMore: true }
}

/** undefined: there is no such thing, or nothing can be of that name. */
async function found<Row>(asked: Promise<Row>): Promise<Row | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}
