/** `tally export` against a server that has no read models: what its files hold, read back by DuckDB, is what the interface shows. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import { parseTime } from '@tallystick/contract'
import { type Account, type Entry, Tallystick } from '@tallystick/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ended, RunningLedger } from './running-ledger.ts'

let ledger: RunningLedger
let tally: Tallystick
let duck: DuckDBInstance

const QUOTED = { note: `it's "so", café\n=1+1`, deep: { list: [1, null, 'x'] } }
const FAR = '2400-01-01T00:00:00.000000001Z'
/** Of `busy`: enough that an export of it can be caught on its way. */
const BUSY_TRANSFERS = 24_000

interface Move {
  readonly from: string
  readonly to: string
  readonly amount: bigint
}
const naming = ({ from, to, amount }: Move) => ({
  ...{ debitAccount: from, creditAccount: to, amount, asset: 'EUR/2' },
})

/** Amounts of all lengths, holds with every end, a reversal, value dates that come late and far ahead. */
async function fill(): Promise<void> {
  const addresses = [
    'users:a',
    'users:b',
    'users:empty',
    'shop',
    'busy:1',
    'busy:2',
    'huge:x',
    'huge:y',
  ]
  for (const address of addresses) {
    const metadata = address === 'users:a' ? QUOTED : {}
    await tally.accounts.create({ address, asset: 'EUR/2', metadata })
  }
  const amounts = [1n, (1n << 53n) + 1n, (1n << 64n) + 5n, 10n ** 37n + 7n]
  for (const amount of amounts) {
    const metadata = amount === 1n ? QUOTED : {}
    await tally.transfers.create({ ...naming({ from: 'shop', to: 'users:a', amount }), metadata })
  }
  const back = naming({ from: 'users:a', to: 'users:b', amount: 250n })
  const paid = await tally.transfers.create({ ...back, effectiveAt: '2020-02-29T00:00:00.5Z' })
  await tally.transfers.reverse(paid.id, { amount: 50n })
  await tally.transfers.create({ ...back, effectiveAt: FAR })
  const held = await tally.holds.create(back)
  await tally.holds.capture(held.id, { amount: 100n, final: false, reference: 'part' })
  await tally.holds.void(held.id)
  await tally.transfers.create(naming({ from: 'huge:x', to: 'huge:y', amount: 10n ** 38n }))
  for (let sent = 0; sent < BUSY_TRANSFERS; sent += 8_000) {
    const transfers = Array.from({ length: 8_000 }, () => ({
      ...naming({ from: 'busy:1', to: 'busy:2', amount: 3n }),
      operation: 'create_transfer' as const,
    }))
    await tally.batches.createPacked(transfers)
  }
}

beforeAll(async () => {
  ledger = await RunningLedger.start()
  const key = ledger.variables['TALLY_KEY'] ?? ''
  tally = new Tallystick({ url: ledger.server.url, key, watch: false })
  duck = await DuckDBInstance.create()
  await fill()
})

afterAll(() => ledger.stop())

type Row = Record<string, DuckDBValue>

async function ask(sql: string): Promise<Row[]> {
  const connection = await duck.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRowObjects()
  } finally {
    connection.closeSync()
  }
}

const read = (file: string): Promise<Row[]> => ask(`select * from '${ledger.path(file)}'`)

/** As plain values: decimals and nanoseconds as bigints. */
function plain(row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value !== 'object' || value === null) return [name, value]
      if ('scale' in value) return [name, value.scale === 0 ? value.value : value]
      return [name, 'nanos' in value ? value.nanos : value]
    }),
  )
}

const TIMESTAMP_END = (1n << 63n) - 1n

function time(name: string, text: string): Record<string, unknown> {
  const ns = parseTime(text) ?? -1n
  return { [name]: ns < TIMESTAMP_END ? ns : null, [`${name}_ns`]: ns }
}

const metadataCell = (metadata: object): string | null =>
  Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata)

const accountRow = (account: Account): Record<string, unknown> => ({
  ...{ address: account.address, asset: account.asset, code: account.code },
  ...{ flags: account.flags.join(' '), parent: account.parent, limit: account.limit },
  ...{ subtree_limit: account.subtreeLimit, closed: account.closed },
  debits_pending: account.balances.debitsPending,
  debits_posted: account.balances.debitsPosted,
  credits_pending: account.balances.creditsPending,
  credits_posted: account.balances.creditsPosted,
  ...{ balance: account.balances.balance, entries: account.entries },
  ...time('created_at', account.createdAt),
  metadata: metadataCell(account.metadata),
})

const entryRow = (entry: Entry): Record<string, unknown> => ({
  ...{ account: entry.account, number: entry.number, direction: entry.direction },
  ...{ amount: entry.amount, balance: entry.balance, asset: 'EUR/2' },
  ...{ counterparty: entry.counterparty, code: entry.code, transfer_id: entry.transferId },
  ...{ ...time('effective_at', entry.effectiveAt), ...time('timestamp', entry.timestamp) },
  ...{ metadata: metadataCell(entry.metadata), request_id: entry.requestId },
})

test('a directory gets all three tables as Parquet, and each value is that of the interface', async () => {
  const { code, stderr } = await ledger.run(
    'export',
    'users',
    '--format',
    'parquet',
    '--out',
    'lake/',
  )
  expect([code, stderr]).toEqual([0, expect.stringContaining('3 rows in')])
  expect(readdirSync(ledger.path('lake')).toSorted()).toEqual([
    ...['accounts.parquet', 'entries.parquet', 'transfers.parquet'],
  ])
  const accounts = await tally.accounts.list({ prefix: 'users' }).toArray()
  expect((await read('lake/accounts.parquet')).map(plain)).toEqual(accounts.map(accountRow))
  const entries: Entry[] = []
  for (const { address } of accounts) {
    entries.push(...(await tally.accounts.entries(address).toArray()).reverse())
  }
  expect(entries.length).toBeGreaterThan(8)
  expect((await read('lake/entries.parquet')).map(plain)).toEqual(entries.map(entryRow))
})

test('transfers are those of the interface, each once and in order, from inside the prefix or into it', async () => {
  await ledger.run('export', 'users', '--transfers', '--format', 'parquet', '--out', 't.parquet')
  const rows = (await read('t.parquet')).map(plain)
  expect(rows.map(({ kind }) => kind)).toEqual([
    ...['posted', 'posted', 'posted', 'posted', 'posted'],
    ...['reversed', 'posted', 'held', 'captured', 'voided'],
  ])
  for (const row of rows) {
    const transfer = await tally.transfers.get(String(row['id']))
    const { kind, amount, asset, code, sequence } = transfer
    expect(row).toEqual({
      ...{ id: transfer.id, kind, amount, asset, code, sequence },
      ...{ debit_account: transfer.debitAccount, credit_account: transfer.creditAccount },
      ...{ pending_id: transfer.pendingId, request_id: transfer.requestId },
      ...{
        ...time('effective_at', transfer.effectiveAt),
        ...time('timestamp', transfer.timestamp),
      },
      metadata: metadataCell(transfer.metadata),
    })
  }
})

test('the columns are exact: whole decimals, nanoseconds, and whole numbers', async () => {
  await ledger.run('export', 'users', '--format', 'parquet', '--out', 'typed.parquet')
  const types = await ask(`describe select * from '${ledger.path('typed.parquet')}'`)
  expect(types.map((row) => `${String(row['column_name'])} ${String(row['column_type'])}`)).toEqual(
    [
      ...[
        'account VARCHAR',
        'number BIGINT',
        'effective_at TIMESTAMP_NS',
        'effective_at_ns UBIGINT',
      ],
      ...['timestamp TIMESTAMP_NS', 'timestamp_ns UBIGINT', 'direction VARCHAR'],
      ...['amount DECIMAL(38,0)', 'balance DECIMAL(38,0)', 'asset VARCHAR', 'counterparty VARCHAR'],
      ...['code INTEGER', 'transfer_id VARCHAR', 'metadata VARCHAR', 'request_id VARCHAR'],
    ],
  )
})

/** From the files alone: each account's balance and what its entries come to. */
const differing = (entries: string, accounts: string): Promise<Row[]> =>
  ask(`select a.address, a.balance, coalesce(sum(case direction when 'credit' then amount else -amount end), 0) as summed
       from '${ledger.path(accounts)}' a left join '${ledger.path(entries)}' e on e.account = a.address
       group by all having summed <> a.balance`)

test('while money moves, the entries of each account still come to the balance beside them', async () => {
  const done = new AbortController()
  const pay = async (): Promise<number> => {
    let count = 0
    for (; !done.signal.aborted; count++) {
      await tally.transfers.create(naming({ from: 'busy:2', to: 'busy:1', amount: 1n }))
    }
    return count
  }
  const paying = pay()
  const { code } = await ledger.run('export', 'busy', '--format', 'parquet', '--out', 'moving/')
  done.abort()
  expect(code).toBe(0)
  expect(await paying).toBeGreaterThan(0)
  expect(await differing('moving/entries.parquet', 'moving/accounts.parquet')).toEqual([])
  const [groups] = await ask(
    `select max(row_group_num_rows) as rows from parquet_metadata('${ledger.path('moving/entries.parquet')}')`,
  )
  expect(Number(groups?.['rows'])).toBeLessThanOrEqual(100_000)
})

test('an export of nothing has its columns and no rows', async () => {
  const { code } = await ledger.run('export', 'nobody', '--format', 'parquet', '--out', 'none/')
  expect(code).toBe(0)
  for (const table of ['accounts', 'entries', 'transfers']) {
    expect(await read(`none/${table}.parquet`)).toEqual([])
  }
  await ledger.run('export', 'nobody', '--out', 'none.csv')
  expect(readFileSync(ledger.path('none.csv'), 'utf8')).toMatch(/^account,number,[^\n]*\n$/)
})

test('an amount of 39 digits is refused with a sentence and nothing is written; as text it is whole', async () => {
  const asked = ['export', 'huge', '--format', 'parquet', '--out', 'huge.parquet'] as const
  const refused = await ledger.run(...asked)
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('--amounts text')])
  expect(readdirSync(ledger.directory).filter((name) => name.includes('huge'))).toEqual([])
  await ledger.run(...asked, '--amounts', 'text')
  const rows = await read('huge.parquet')
  expect(rows.map(({ amount, balance }) => [amount, balance])).toEqual([
    [`${10n ** 38n}`, `${-(10n ** 38n)}`],
    [`${10n ** 38n}`, `${10n ** 38n}`],
  ])
})

test('a period and the value date are kept to, in every format', async () => {
  const period = ['--from', '2020-01-01', '--to', '2021-01-01', '--by', 'effective'] as const
  await ledger.run('export', 'users', ...period, '--format', 'parquet', '--out', 'y.parquet')
  await ledger.run('export', 'users', ...period, '--out', 'y.csv')
  const rows = await read('y.parquet')
  expect(
    rows.map(({ account, amount }) => [account, plain({ amount: amount ?? null })['amount']]),
  ).toEqual([
    ['users:a', 250n],
    ['users:b', 250n],
  ])
  expect(readFileSync(ledger.path('y.csv'), 'utf8').trim().split('\n')).toHaveLength(3)
})

test('a file that is there is replaced only with --force, and no other thing ever', async () => {
  writeFileSync(ledger.path('kept.csv'), 'mine')
  const { code, stderr } = await ledger.run('export', 'users', '--out', 'kept.csv')
  expect([code, stderr]).toEqual([2, expect.stringContaining('--force replaces it')])
  expect(readFileSync(ledger.path('kept.csv'), 'utf8')).toBe('mine')
  expect((await ledger.run('export', 'users', '--out', 'kept.csv', '--force')).code).toBe(0)
  expect(readFileSync(ledger.path('kept.csv'), 'utf8')).toMatch(/^account,/)
  const device = await ledger.run('export', 'users', '--out', '/dev/null', '--force')
  expect([device.code, device.stderr]).toEqual([2, expect.stringContaining('is no file')])
})

/** What begins with the name of a file on its way. */
const unfinished = (): string[] =>
  readdirSync(ledger.directory).filter((name) => name.startsWith('.all.parquet-'))

test.each([
  ['SIGKILL', null, 1],
  ['SIGINT', 130, 0],
] as const)(
  'ended by %s on its way, nothing lies where the file would be',
  async (signal, code, left) => {
    const before = unfinished().length
    const child = ledger.spawn(
      'export',
      '--transfers',
      '--format',
      'parquet',
      '--out',
      'all.parquet',
    )
    const result = ended(child)
    await expect.poll(() => unfinished().length, { timeout: 20_000, interval: 2 }).toBe(before + 1)
    child.kill(signal)
    expect((await result).code).toBe(code)
    expect(existsSync(ledger.path('all.parquet'))).toBe(false)
    expect(unfinished()).toHaveLength(before + left)
  },
)

test('what does not go together is said', async () => {
  for (const [argv, said] of [
    [['--format', 'parquet'], 'name it with --out'],
    [['--format', 'xlsx'], 'csv, ndjson or parquet'],
    [['--amounts', 'double'], 'decimal or text'],
    [['--accounts', '--transfers'], 'Give --accounts or --transfers'],
  ] as const) {
    const { code, stderr } = await ledger.run('export', ...argv)
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)])
  }
})
