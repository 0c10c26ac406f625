import { afterAll, beforeAll, expect, test } from 'vitest'
import { RunningLedger } from './running-ledger.ts'

const WALLET = 'users:1042:wallet'
const SHOP = 'merchants:books'

let ledger: RunningLedger
let hold: Record<string, unknown>
let capture: Record<string, unknown>

beforeAll(async () => {
  ledger = await RunningLedger.start()
  const flag = '--debits-must-not-exceed-credits'
  await ledger.run('account', 'open', WALLET, '--asset', 'EUR/2', flag)
  await ledger.run('account', 'open', SHOP, '--asset', 'EUR/2')
  await ledger.run('transfer', 'world', WALLET, '100.00')
  await ledger.run('transfer', WALLET, SHOP, '25.00', '--reference', 'order-17')
  hold = await ledger.json('hold', WALLET, SHOP, '30.00', '--reference', 'parcels')
  const first = ['10.00', '--keep-rest', '--reference', 'parcel-1']
  capture = await ledger.json('capture', String(hold['id']), ...first)
  await ledger.run('void', String(hold['id']))
})

afterAll(() => ledger.stop())

/** Ids, times and hashes differ with every run. */
function plain(text: string): string {
  return text
    .replaceAll(/req_\w{26}/g, 'req_…')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'SHA-256')
}

test('a hold is traced to its request, its accounts, and all that became of it', async () => {
  const { stdout, code } = await ledger.run('trace', String(hold['id']))
  expect(code).toBe(0)
  expect(`\n${plain(stdout)}`).toMatchInlineSnapshot(`
    "
    req_…  createHold
    ├─ who        root, key root, from 127.0.0.1
    ├─ received   TIME
    ├─ decided    TIME, from sequence 6 on
    ├─ key        ID
    ├─ reference  parcels
    ├─ digest     SHA-256
    ├─ answer     201 hold pending
    └─ records    1
       └─ #6 held created  30.00 EUR  ID  ◀ asked for
          ├─ from  users:1042:wallet  balance 75.00 EUR, available 45.00 EUR, 30.00 EUR held to go
          ├─ to    merchants:books  balance 25.00 EUR, 30.00 EUR held to come
          └─ later
             ├─ #7 captured 10.00 EUR, 20.00 EUR left  TIME  ID  req_…
             └─ #8 voided 20.00 EUR  TIME  ID  req_…
    "
  `)
})

test('a capture leads back to its hold, and the hold’s request', async () => {
  const { stdout } = await ledger.run('trace', String(capture['transfer_id']))
  expect(stdout).toMatch(new RegExp(`of +${String(hold['id'])} +${String(hold['request_id'])}`))
  expect(stdout).toContain('◀ asked for')
})

test('a reference, a transfer and a request lead to the same request', async () => {
  const byReference = await ledger.json('trace', 'order-17')
  expect(byReference).toMatchObject({ object: 'trace', found_as: 'reference', asked: 'order-17' })
  const [request] = byReference['requests'] as Record<string, unknown>[]
  const byTransfer = await ledger.json('trace', String(byReference['transfer_id']))
  expect(byTransfer).toMatchObject({ found_as: 'transfer', requests: [request] })
  const byRequest = await ledger.json('trace', String(request?.['id']))
  expect(byRequest).toMatchObject({ found_as: 'request', transfer_id: null, requests: [request] })
  expect(request).toMatchObject({
    ...{ operation: 'createTransfer', principal: 'root', source: '127.0.0.1' },
    answer: { status: 201, body: { object: 'transfer', amount: '2500' } },
    records: [{ amount: '2500', later: [], balances: { [SHOP]: { balance: '2500' } } }],
  })
})

test('an account is traced through its newest requests', async () => {
  const { stdout } = await ledger.run('trace', WALLET, '--limit', '2')
  expect(stdout).toMatch(/^users:1042:wallet {2}65\.00 EUR\n├─ req_\w+ {2}voidHold/)
  expect(stdout).toContain('captureHold')
  expect(stdout).toContain('older requests: --limit shows more')
  const all = await ledger.json('trace', WALLET, '--limit', '50')
  const operations = (all['requests'] as { operation: string }[]).map(({ operation }) => operation)
  expect(operations.at(-1)).toBe('createAccount')
  expect(all['has_more']).toBe(false)
})

test('of a large request the records that were asked for are shown, and how many are not', async () => {
  const commands = Array.from({ length: 30 }, (_, index) => ({
    ...{ operation: 'create_transfer', debit_account: WALLET, credit_account: SHOP },
    ...{ amount: '1', asset: 'EUR/2', id: `019aa3c5-7d2e-7c41-9b0e-0000000000${index + 10}` },
  }))
  await fetch(`${ledger.server.url}/v1/batches`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ledger.server.rootKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ commands }),
  })
  const { stdout } = await ledger.run('trace', commands[25]?.id ?? '', '--records', '3')
  expect(stdout).toContain('200 batch: 30 commands, 0 refused')
  expect(stdout.match(/#\d+ posted/g)).toHaveLength(3)
  expect(stdout).toMatch(/0e-000000000035 {2}◀ asked for/)
  expect(stdout).toContain('27 more: --records shows them')
})

test('a refused transfer is traced to the request that was refused', async () => {
  const id = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
  const { code } = await ledger.run('transfer', WALLET, SHOP, '9999.00', '--id', id)
  expect(code).toBe(1)
  const { stdout } = await ledger.run('trace', id)
  expect(stdout).toMatch(/answer +422 exceeds_credits: users:1042:wallet has/)
  expect(stdout).toMatch(/limit +users:1042:wallet had \d+ of 999900 minor units/)
})

test('private data is shown until its subject is erased', async () => {
  const given = { subject: 'customer-17', data: { name: 'Ada Lovelace' } }
  const reply = await fetch(`${ledger.server.url}/v1/transfers`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ledger.server.rootKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      ...{ debit_account: WALLET, credit_account: SHOP, amount: '1', asset: 'EUR/2' },
      ...{ reference: 'private-1', private: given },
    }),
  })
  expect(reply.status).toBe(201)
  const before = await ledger.run('trace', 'private-1')
  expect(before.stdout).toContain('private: customer-17 {"name":"Ada Lovelace"}')
  const erased = await ledger.run('erase', 'customer-17')
  expect(erased).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('customer-17 is erased'),
  })
  const after = await ledger.run('trace', 'private-1')
  expect(after.stdout).toContain('private: erased')
  expect(after.stdout).not.toContain('Ada')
  expect(await ledger.json('erase', 'nobody')).toEqual({
    ...{ object: 'subject', subject: 'nobody', status: 'erased' },
  })
  expect((await ledger.run('erase', 'a b')).code).toBe(2)
})

test.each([
  [['trace', 'nobody:here'], 5, 'There is no account or reference "nobody:here" here.'],
  [['trace', 'req_01KAHWAZ9EFH0SP3HZD99DG701'], 5, 'There is no request or reference'],
  [['trace', '019aa3c5-7d2e-7c41-9b0e-000000000000'], 5, 'There is no transfer or reference'],
  [['trace', 'order-17', '--as', 'account'], 5, 'There is no account "order-17" here.'],
  [['trace', 'x', '--as', 'invoice'], 2, '--as must be one of'],
  [['trace', 'x', '--records', '0'], 2, '--records'],
])('tally %j ends with %i and says why', async (argv, code, why) => {
  const { code: actual, stderr } = await ledger.run(...argv)
  expect(stderr).toContain(why)
  expect(actual).toBe(code)
})

test('help shows examples', async () => {
  const { stdout } = await ledger.run('trace', '--help')
  expect(stdout).toContain('$ tally trace order-17 --as reference')
})
