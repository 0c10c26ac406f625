/** What is exported: accounts, entries and transfers, with their columns; and their rows, account by account, as the ledger itself lists them. */
import type { Account, EntriesQuery, Entry, Tallystick } from '@tallystick/sdk'

const PAGE_ROWS = 1_000

/** `amount` and `whole` are whole numbers, `time` is RFC 3339, `json` a text of JSON. */
type ColumnType = 'text' | 'amount' | 'whole' | 'code' | 'time' | 'boolean' | 'json'

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

/** null: there is none. */
export type Cell = string | bigint | number | boolean | null

export interface Row {
  /** As many as the table has columns. */
  readonly cells: readonly Cell[]
  /** The same as an object, in the words of the HTTP interface. */
  readonly value: object
}

export interface Asked {
  readonly tally: Tallystick
  /** Which entries: period and axis. */
  readonly query: EntriesQuery
  /** Whole leading segments; undefined: all accounts. */
  readonly prefix: string | undefined
}

export interface Table {
  readonly name: 'accounts' | 'entries' | 'transfers'
  readonly columns: readonly Column[]
  /** Columns by which the finished table is in order; undefined: as the rows come. */
  readonly order?: string
  readonly rowsOf: (account: Account, asked: Asked) => AsyncIterable<Row> | Iterable<Row>
}

/** Each account of the prefix once, as it is when it is read: what is read of its entries afterwards ends there. */
export async function* accountsOf({
  tally,
  prefix,
}: Asked): AsyncGenerator<Account, void, undefined> {
  yield* tally.accounts.list({ ...(prefix === undefined ? {} : { prefix }), limit: PAGE_ROWS })
}

interface Value<From> extends Column {
  readonly of: (from: From) => Cell
}

const value = <From>(name: string, type: ColumnType, of: (from: From) => Cell): Value<From> => ({
  name,
  type,
  of,
})

function metadataOf({ metadata }: { readonly metadata: object }): Cell {
  return Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata)
}

const ACCOUNT: readonly Value<Account>[] = [
  value('address', 'text', ({ address }) => address),
  value('asset', 'text', ({ asset }) => asset),
  value('code', 'code', ({ code }) => code),
  value('flags', 'text', ({ flags }) => flags.join(' ')),
  value('parent', 'text', ({ parent }) => parent),
  value('limit', 'amount', ({ limit }) => limit),
  value('subtree_limit', 'amount', ({ subtreeLimit }) => subtreeLimit),
  value('closed', 'boolean', ({ closed }) => closed),
  value('debits_pending', 'amount', ({ balances }) => balances.debitsPending),
  value('debits_posted', 'amount', ({ balances }) => balances.debitsPosted),
  value('credits_pending', 'amount', ({ balances }) => balances.creditsPending),
  value('credits_posted', 'amount', ({ balances }) => balances.creditsPosted),
  value('balance', 'amount', ({ balances }) => balances.balance),
  value('entries', 'whole', ({ entries }) => entries),
  value('created_at', 'time', ({ createdAt }) => createdAt),
  value('metadata', 'json', metadataOf),
]

type AssetEntry = Entry & Pick<Account, 'asset'>

const ENTRY: readonly Value<AssetEntry>[] = [
  value('account', 'text', ({ account }) => account),
  value('number', 'whole', ({ number }) => number),
  value('effective_at', 'time', ({ effectiveAt }) => effectiveAt),
  value('timestamp', 'time', ({ timestamp }) => timestamp),
  value('direction', 'text', ({ direction }) => direction),
  value('amount', 'amount', ({ amount }) => amount),
  value('balance', 'amount', ({ balance }) => balance),
  value('asset', 'text', ({ asset }) => asset),
  value('counterparty', 'text', ({ counterparty }) => counterparty),
  value('code', 'code', ({ code }) => code),
  value('transfer_id', 'text', ({ transferId }) => transferId),
  value('metadata', 'json', metadataOf),
  value('request_id', 'text', ({ requestId }) => requestId),
]

const TRANSFER: readonly Value<MovedTransfer>[] = [
  value('id', 'text', ({ id }) => id),
  value('kind', 'text', ({ kind }) => kind),
  value('debit_account', 'text', ({ debitAccount }) => debitAccount),
  value('credit_account', 'text', ({ creditAccount }) => creditAccount),
  value('amount', 'amount', ({ amount }) => amount),
  value('asset', 'text', ({ asset }) => asset),
  value('code', 'code', ({ code }) => code),
  value('pending_id', 'text', ({ pendingId }) => pendingId),
  value('effective_at', 'time', ({ effectiveAt }) => effectiveAt),
  value('timestamp', 'time', ({ timestamp }) => timestamp),
  value('sequence', 'whole', ({ sequence }) => sequence),
  value('request_id', 'text', ({ requestId }) => requestId),
  value('metadata', 'json', metadataOf),
]

const cellsOf = <From>(columns: readonly Value<From>[], from: From): Cell[] =>
  columns.map(({ of }) => of(from))

/** The oldest first, up to the entry that the account had when it was read. */
async function* entriesOf(
  account: Account,
  { tally, query }: Asked,
  special: EntriesQuery = {},
): AsyncGenerator<Entry, void, undefined> {
  if (account.entries === 0n) return
  const asked = { ...query, ...special, order: 'oldest', limit: PAGE_ROWS } as const
  for await (const entry of tally.accounts.entries(account.address, asked)) {
    if (entry.number <= account.entries) yield entry
    // By value date, older ones may follow.
    else if (query.by !== 'effective') return
  }
}

async function* entryRows(account: Account, asked: Asked): AsyncGenerator<Row, void, undefined> {
  for await (const entry of entriesOf(account, asked)) {
    const row = { ...entry, asset: account.asset }
    yield { value: row, cells: cellsOf(ENTRY, row) }
  }
}

/**
 * Each where its debited account is; with a prefix, what comes from outside where its credited account is. So each is there once, and the read models are
 * not needed. Expiries are no transfers.
 */
async function* transferRows(account: Account, asked: Asked): AsyncGenerator<Row, void, undefined> {
  const whole = asked.prefix?.replace(/:$/, '') ?? ''
  const isInside = (address: string): boolean =>
    whole === '' || address === whole || address.startsWith(`${whole}:`)
  const sides = whole === '' ? ({ direction: 'debit' } as const) : {}
  for await (const entry of entriesOf(account, asked, { kind: 'all', ...sides })) {
    if (entry.kind === 'expired') continue
    if (entry.direction === 'credit' && isInside(entry.counterparty)) continue
    const row = transferOf(entry, account.asset)
    yield { value: row, cells: cellsOf(TRANSFER, row) }
  }
}

interface MovedTransfer extends Pick<
  Entry,
  'amount' | 'code' | 'effectiveAt' | 'timestamp' | 'requestId' | 'metadata'
> {
  readonly object: 'transfer'
  readonly id: string
  readonly kind: string
  readonly debitAccount: string
  readonly creditAccount: string
  readonly asset: string
  readonly pendingId: string | null
  readonly sequence: bigint
}

function transferOf(entry: Entry, asset: string): MovedTransfer {
  const { account, counterparty, amount, code, effectiveAt, timestamp, requestId } = entry
  const { kind = 'posted', sequence = 0n, pendingId = null, metadata, transferId: id } = entry
  const [debitAccount, creditAccount] =
    entry.direction === 'debit' ? [account, counterparty] : [counterparty, account]
  return {
    ...{ object: 'transfer', id, kind, debitAccount, creditAccount, amount, asset, code },
    ...{ pendingId, effectiveAt, timestamp, sequence, requestId, metadata },
  }
}

export const TABLES = {
  accounts: {
    name: 'accounts',
    columns: ACCOUNT,
    order: 'address',
    rowsOf: (account) => [{ value: account, cells: cellsOf(ACCOUNT, account) }],
  },
  entries: { name: 'entries', columns: ENTRY, rowsOf: entryRows },
  transfers: { name: 'transfers', columns: TRANSFER, order: 'sequence', rowsOf: transferRows },
} as const satisfies Record<string, Table>
