import { embeddedSource } from '@tallystick/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { RunningLedger } from './running-ledger.ts'

const day = (later: number): string =>
  new Date(Date.now() + later * 86_400_000).toISOString().slice(0, 10)

async function start(): Promise<RunningLedger> {
  const ledger = await RunningLedger.start({ database: embeddedSource() })
  onTestFinished(() => ledger.stop())
  await ledger.run('account', 'open', 'users:1', '--asset', 'EUR/2', '--code', '100')
  await ledger.run('account', 'open', 'shop', '--asset', 'EUR/2')
  await ledger.run('transfer', 'world', 'users:1', '1000.00')
  await ledger.run('transfer', 'users:1', 'shop', '20.50')
  await ledger.run('hold', 'users:1', 'shop', '5.00')
  await expect
    .poll(async () => (await ledger.run('query', 'holds', 'status=pending')).stdout, {
      timeout: 60_000,
    })
    .toContain('"held":"500"')
  return ledger
}

test('reports are tables for people, CSV and JSON for programs', async () => {
  const ledger = await start()
  const lines = async (...argv: string[]): Promise<string[][]> => {
    const { code, stdout, stderr } = await ledger.run('report', ...argv)
    expect([code, stderr]).toEqual([0, ''])
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/))
  }
  const period = ['--from', day(0), '--to', day(1)]
  expect(await lines('trial-balance')).toEqual([
    ...[
      ['group', 'asset', 'accounts', 'debits', 'credits', 'debits held', 'credits held', 'balance'],
    ],
    ...[['total', 'EUR/2', '3', '1,020.50', '1,020.50', '5.00', '5.00', '0.00 EUR']],
  ])
  expect((await lines('balances', '--group-by', 'code')).map((line) => line.at(-1))).toEqual([
    ...['balance', '-979.50 EUR', '979.50 EUR', '0.00 EUR'],
  ])
  expect(await lines('balances', 'users', '--at', day(-1))).toHaveLength(1)
  expect((await lines('turnover', 'shop', ...period)).at(-1)).toEqual([
    ...[day(0), day(1), 'shop', 'EUR/2', '0.00 EUR', '0.00', '20.50', '20.50 EUR'],
  ])
  expect(await lines('movers', 'users', '--asset', 'EUR/2', ...period)).toEqual([
    ['account', 'debits', 'credits'],
    ['users:1', '20.50', '1,000.00'],
  ])
  const [, held] = await lines('aged-holds')
  expect(held?.slice(0, 4)).toEqual(['EUR/2', 'under 1 day', '1', '5.00'])

  for (const argv of [
    ['trial-balance'],
    ['balances'],
    ['turnover', ...period],
    ['movers', '--asset', 'EUR/2', ...period],
    ['aged-holds'],
  ]) {
    const csv = await ledger.run('report', ...argv, '--csv')
    expect([csv.code, csv.stdout]).toEqual([0, expect.stringMatching(/^[a-z_,]+\r\n.*[\dZ]\r\n/)])
    const json = await ledger.json('report', ...argv)
    expect(json).toMatchObject({
      object: expect.stringMatching(/_report$/) as string,
      addresses: null,
    })
  }
})

test('a key that sees a part is told that the report is of that part', async () => {
  const ledger = await start()
  const grant = ['--scope', 'reports:read', '--at', 'users:*'] as const
  const { secret } = await ledger.json('keys', 'create', 'users', ...grant)
  const { stdout } = await ledger.run('report', 'trial-balance', '--key', String(secret))
  expect(stdout).toMatch(/total +EUR\/2 +1 +20\.50 +1,000\.00 +5\.00 +0\.00 +979\.50 EUR/)
  expect(stdout).toContain('Only users:*: what this key may see.')
})

test('what does not go together is said', async () => {
  const ledger = await RunningLedger.start()
  onTestFinished(() => ledger.stop())
  for (const [argv, said] of [
    [['balances', '--group-by', '17'], '--group-by takes'],
    [['turnover'], 'Give --month'],
    [['turnover', '--month', '2026-13'], 'is no month'],
    [['turnover', '--from', 'now', '--to', '2026-01-01'], 'is no day'],
    [['turnover', '--month', '2026-11', '--period', 'year'], 'day, week or month'],
    [['movers', '--month', '2026-11'], '--asset'],
    [['movers', '--asset', 'EUR/2'], 'Give --month'],
    [['aged-holds', '--csv', '--json'], 'not both'],
  ] as const) {
    const { code, stderr } = await ledger.run('report', ...argv)
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)])
  }
})
