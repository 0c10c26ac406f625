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

test('a stopped principal is refused, and let in again', async () => {
  const { secret } = await ledger.json('keys', 'create', 'till', '--role', 'viewer')
  const whoami = async () => (await ledger.run('whoami', '--key', String(secret))).code
  expect(await whoami()).toBe(0)
  await ledger.run('principals', 'disable', 'till')
  expect(await whoami()).not.toBe(0)
  await ledger.run('principals', 'enable', 'till')
  expect(await whoami()).toBe(0)
})
