/** `tally keys`, `principals` and what they come to. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RunningLedger } from './running-ledger.ts'

let ledger: RunningLedger

beforeAll(async () => {
  ledger = await RunningLedger.start()
})

afterAll(() => ledger.stop())

test('a principal is listed with the rate that it was given, until it has the server’s own again', async () => {
  await ledger.run('keys', 'create', 'acme', '--role', 'viewer')
  const limited = await ledger.run('principals', 'limit', 'acme', '100', '--burst', '500')
  expect(limited.stdout).toContain('acme may ask 100 times a second.')
  const { stdout } = await ledger.run('principals', 'list')
  expect(stdout).toMatch(/acme +service +enabled +100\/s, 500 at once/)
  await ledger.run('principals', 'limit', 'acme', 'default')
  expect(await ledger.json('principals', 'list')).toMatchObject({
    principals: [{ principal: 'acme', call_rate: null }],
  })
  expect((await ledger.run('principals', 'limit', 'acme', '1e3')).code).toBe(2)
})

test('a subject of an issuer is bound, listed and unbound', async () => {
  const issuer = 'https://id.example/realms/finance'
  await ledger.run('keys', 'create', 'ida', '--person', '--role', 'viewer')
  const bound = await ledger.run('identities', 'bind', issuer, 'f1f6-7', 'ida')
  expect(bound.stdout).toContain(`f1f6-7 of ${issuer} is ida.`)
  const { stdout } = await ledger.run('identities', 'list', 'ida')
  expect(stdout).toMatch(/realms\/finance +f1f6-7 +ida +oidc_[0-9A-Z]{26}/)
  expect((await ledger.run('identities', 'bind', issuer, 'x', 'nobody')).code).toBe(1)
  await ledger.run('identities', 'unbind', issuer, 'f1f6-7')
  expect(await ledger.json('identities', 'list')).toEqual({ identities: [] })
})

test('a stopped principal is refused, and let in again', async () => {
  const { secret } = await ledger.json('keys', 'create', 'till', '--role', 'viewer')
  const whoami = async () => (await ledger.run('whoami', '--key', String(secret))).code
  expect(await whoami()).toBe(0)
  await ledger.run('principals', 'disable', 'till')
  expect(await whoami()).not.toBe(0)
  await ledger.run('principals', 'enable', 'till')
  expect(await whoami()).toBe(0)
})

test('the audit shows who was turned away, as a table, as CSV and as lines, and proves it', async () => {
  const { secret } = await ledger.json('keys', 'create', 'clerk', '--role', 'viewer')
  await ledger.run('principals', 'list', '--key', String(secret))
  await ledger.run('keys', 'create', 'eve', '--role', 'viewer')
  // What is counted is written within a minute: changes of rights are there at once.
  const { stdout } = await ledger.run('audit', '--action', 'createKey', '--principal', 'root')
  expect(stdout).toMatch(/root +127\.0\.0\.1 +createKey +accepted +1/)
  const csv = await ledger.run('audit', '--result', 'accepted', '--format', 'csv')
  expect(csv.stdout.split('\n')[0]).toBe(
    'sequence,timestamp,first_at,last_at,principal,key_id,initiator,source,action,result,count,request_id',
  )
  const lines = await ledger.run('audit', '--json', '--limit', '1')
  const { sequence } = JSON.parse(lines.stdout) as { sequence: string }
  const receipt = await ledger.run('audit', 'receipt', sequence)
  expect(receipt.stdout).toContain('c2sp.org/tlog-proof@v1')
  expect((await ledger.run('audit', 'receipt', 'x')).code).toBe(2)
})

test('a command on behalf of another is held to what both may do', async () => {
  const { secret } = await ledger.json(
    ...['keys', 'create', 'front', '--role', 'cashier', '--scope', 'principals:represent'],
  )
  await ledger.run('keys', 'create', 'carl', '--role', 'viewer', '--at', 'a:*')
  const who = await ledger.json('whoami', '--key', String(secret), '--initiator', 'carl')
  expect(who).toMatchObject({ principal: 'front', initiator: 'carl' })
  expect(JSON.stringify(who['rights'])).toContain('a:*')
  expect(JSON.stringify(who['rights'])).not.toContain('transfers:debit')
})
