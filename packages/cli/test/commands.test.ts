import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { captured } from '../src/program.fixture.ts'
import { ended, RunningLedger } from './running-ledger.ts'

let ledger: RunningLedger

beforeAll(async () => {
  ledger = await RunningLedger.start()
  await ledger.run(
    ...['account', 'open', 'users:1042:wallet', '--asset', 'EUR/2'],
    ...['--debits-must-not-exceed-credits', '--code', '100', '--metadata', 'name=Ada'],
  )
  await ledger.run('account', 'open', 'merchants:books', '--asset', 'EUR/2')
  await ledger.run('transfer', 'world', 'users:1042:wallet', '100.00')
})

afterAll(() => ledger.stop())

test('an account is shown with its balances', async () => {
  const { stdout, code } = await ledger.run('account', 'show', 'users:1042:wallet')
  expect(code).toBe(0)
  expect(stdout).toMatch(/flags +debits_must_not_exceed_credits/)
  expect(stdout).toMatch(/metadata +\{"name":"Ada"\}/)
  expect(stdout).toMatch(/available +\d/)
})

test('a transfer moves money, and the same reference moves it once', async () => {
  const move = [
    'transfer',
    'users:1042:wallet',
    'merchants:books',
    '1.00',
    '--reference',
    'order-1',
  ]
  const first = await ledger.json(...move)
  expect(first).toMatchObject({ object: 'transfer', amount: '100', reference: 'order-1' })
  const before = await ledger.json('balance', 'merchants:books')
  const second = await ledger.json(...move)
  expect(second['id']).toBe(first['id'])
  expect(await ledger.json('balance', 'merchants:books')).toMatchObject({
    balances: before['balances'],
  })
})

test('a dry run moves nothing', async () => {
  const before = await ledger.json('balance', 'users:1042:wallet')
  const { stdout } = await ledger.run(
    'transfer',
    'users:1042:wallet',
    'merchants:books',
    '5.00',
    '--dry-run',
  )
  expect(stdout).toContain('dry run: nothing was recorded')
  expect(await ledger.json('balance', 'users:1042:wallet')).toMatchObject({
    balances: before['balances'],
  })
})

test.each([
  [['transfer', 'users:1042:wallet', 'merchants:books', '9999.00'], 1, 'exceeds_credits'],
  [['balance', 'nobody'], 5, 'not_found'],
  [['void', '019aa3c7-2f60-7a8b-b1d4-90e2c4f7a513'], 5, 'not_found'],
  [['account', 'show', 'users:1042:wallet', '--key', 'tk_root_wrong'], 3, 'unauthenticated'],
  [['account', 'open', 'a b', '--asset', 'EUR/2'], 2, 'address'],
  [['account', 'open', 'x', '--asset', 'EURO'], 2, 'asset'],
])('tally %j ends with %i and says %s', async (argv, code, why) => {
  const { code: actual, stderr } = await ledger.run(...argv)
  expect(stderr).toContain(why)
  expect(actual).toBe(code)
})

test('a refusal in JSON says what was needed and available', async () => {
  const argv = ['transfer', 'users:1042:wallet', 'merchants:books', '9999.00', '--json']
  const { stderr } = await ledger.run(...argv)
  expect(JSON.parse(stderr)).toMatchObject({
    object: 'error',
    code: 'exceeds_credits',
    account: 'users:1042:wallet',
    needed: '999900',
  })
})

test('without a server it says so and ends with 3', async () => {
  const { code, stderr } = await captured([
    'balance',
    'a',
    '--url',
    'http://127.0.0.1:9',
    '--key',
    'k',
  ])
  expect(code).toBe(3)
  expect(stderr).toContain('no answer from http://127.0.0.1:9')
})

test('a hold is captured in parts, voided, and reversed', async () => {
  const held = await ledger.json(
    'hold',
    'users:1042:wallet',
    'merchants:books',
    '30.00',
    '--timeout',
    '600',
  )
  expect(held).toMatchObject({ status: 'pending', held: '3000', timeout_seconds: 600 })
  const id = String(held['id'])
  const part = await ledger.json('capture', id, '10.00', '--keep-rest')
  expect(part).toMatchObject({ status: 'pending', captured: '1000', remaining: '2000' })
  const { stdout } = await ledger.run('capture', id, '500', '--minor')
  expect(stdout).toMatch(/captured +15.00 EUR/)
  expect((await ledger.run('void', id)).code).toBe(1)
  const back = await ledger.json('reverse', String(part['transfer_id']), '4.00')
  expect(back).toMatchObject({ kind: 'reversed', amount: '400', debit_account: 'merchants:books' })
  const other = await ledger.json('hold', 'users:1042:wallet', 'merchants:books', '1.00')
  expect(await ledger.json('void', String(other['id']))).toMatchObject({ status: 'voided' })
})

test('a statement has opening, entries and closing, as table, CSV and JSON', async () => {
  // Its first month, whichever it is by now.
  const { created_at } = await ledger.json('account', 'show', 'users:1042:wallet')
  const month = String(created_at).slice(0, 7)
  const argv = ['statement', 'users:1042:wallet', '--month', month]
  const table = await ledger.run(...argv)
  expect(table.stdout).toContain('opening balance')
  expect(table.stdout).toContain('closing balance')
  const csv = await ledger.run(...argv, '--format', 'csv')
  expect(csv.stdout).toMatch(/^row,number,effective_at/)
  const json = await ledger.json(...argv)
  expect(json).toMatchObject({ object: 'statement', opening: { balance: '0' } })
  const nothing = await ledger.json('statement', 'users:1042:wallet', '--month', '2020-01')
  expect(nothing).toMatchObject({ entries: [], closing: { balance: '0' } })
})

test('accounts are listed, and totals over all of them are zero', async () => {
  const { stdout } = await ledger.run('account', 'list', 'users', '--json')
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ address: 'users:1042:wallet' }])
  const totals = await ledger.json('totals', '--group-by', '0')
  expect(totals).toMatchObject({ asset: 'EUR/2', balance: '0' })
  expect((await ledger.run('totals')).stdout).toMatch(/users +EUR\/2 +1/)
})

test('tail shows entries of all accounts in the order of the ledger', async () => {
  const { stdout, code } = await ledger.run('tail', '--no-follow', '--lines', '1000', '--json')
  expect(code).toBe(0)
  const entries = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { timestamp: string })
  expect(entries.length).toBeGreaterThan(4)
  const times = entries.map(({ timestamp }) => timestamp)
  expect(times).toEqual([...times].sort())
})

test('tail follows until Ctrl-C', async () => {
  const child = ledger.spawn('tail', 'merchants', '--lines', '0', '--interval', '20', '--json')
  const result = ended(child)
  const seen = new Promise((resolve) => child.stdout?.once('data', resolve))
  const pay = async (): Promise<void> => {
    await ledger.run('transfer', 'users:1042:wallet', 'merchants:books', '0.01')
  }
  const timer = setInterval(() => void pay(), 200)
  await seen
  clearInterval(timer)
  child.kill('SIGINT')
  const { code, stdout } = await result
  expect(code).toBe(130)
  expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({
    account: 'merchants:books',
    direction: 'credit',
    amount: '1',
  })
})

test('export writes entries and accounts, the oldest first', async () => {
  const { stdout } = await ledger.run('export', 'users')
  const [header, first] = stdout.split('\n')
  expect(header).toMatch(/^account,number,effective_at,timestamp,direction,amount,balance/)
  expect(first).toMatch(/^users:1042:wallet,1,.*,credit,10000,10000,EUR\/2,world:EUR-2/)
  await ledger.run('export', '--accounts', '--format', 'ndjson', '--out', 'accounts.ndjson')
  const lines = readFileSync(ledger.path('accounts.ndjson'), 'utf8').trim().split('\n')
  const addresses = lines.map((line) => (JSON.parse(line) as { address: string }).address)
  expect(new Set(addresses)).toEqual(
    new Set(['merchants:books', 'users:1042:wallet', 'world:EUR-2']),
  )
})

test('accounts are changed, closed and opened again', async () => {
  await ledger.run(
    'account',
    'open',
    'users:7:wallet',
    '--asset',
    'EUR/2',
    '--debits-must-not-exceed-credits',
  )
  expect(await ledger.json('account', 'change', 'users:7:wallet', '--limit', '5.00')).toMatchObject(
    {
      limit: '500',
      balances: { available: '500' },
    },
  )
  expect(await ledger.json('account', 'close', 'users:7:wallet')).toMatchObject({ closed: true })
  expect((await ledger.run('transfer', 'world', 'users:7:wallet', '1.00')).code).toBe(1)
  expect(await ledger.json('account', 'reopen', 'users:7:wallet')).toMatchObject({ closed: false })
})
