import { embeddedSource } from '@tallystick/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { RunningLedger } from './running-ledger.ts'

test('the tables are held to the ledger, and made again with one command, which says how many events are in', async () => {
  const ledger = await RunningLedger.start({ database: embeddedSource() })
  onTestFinished(() => ledger.stop())
  await ledger.run('account', 'open', 'users:1042:wallet', '--asset', 'EUR/2')
  await ledger.run('transfer', 'world', 'users:1042:wallet', '100.00', '--reference', 'order-1')
  // It is refused until PostgreSQL is there.
  await expect
    .poll(() => ledger.run('check', 'read-models'), { timeout: 60_000, interval: 100 })
    .toMatchObject({ code: 0, stdout: 'They agree at event 3.\n' })
  expect(await ledger.json('check', 'read-models')).toMatchObject({ differences: [] })
  const { stdout, code } = await ledger.run('rebuild', 'read-models')
  expect(stdout).toMatch(/^3 events in \d+\.\d s\.\n$/)
  expect(code).toBe(0)
  const found = await ledger.run('query', 'accounts', 'address=users:1042:wallet')
  expect(found.stdout.trimEnd().split('\n')).toHaveLength(1)
})
