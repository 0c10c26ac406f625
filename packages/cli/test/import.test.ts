import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleBank } from '../src/sample/bank.ts'
import { ended, RunningLedger } from './running-ledger.ts'

let ledger: RunningLedger

beforeEach(async () => {
  ledger = await RunningLedger.start()
})

afterEach(() => ledger.stop())

function writeSample(to: RunningLedger, rows: number): void {
  const accounts = Math.ceil(rows / 40)
  writeFileSync(to.path('bookings.csv'), [...sampleBank({ rows, accounts, seed: 7 })].join(''))
}

const IMPORT = ['import', 'bookings.csv', '--map', 'bank']
const CHECKED = [...IMPORT, '--check-balance', 'balance_after', '--tolerance', '0.80']

test('a bank is imported, its balances agree, and a second import changes nothing', async () => {
  writeSample(ledger, 3_000)
  const first = await ledger.run(...CHECKED)
  expect(first.stderr).not.toContain('refused')
  expect(first.stdout).toMatch(
    /^3,000 of 3,000 rows {2}█{20} {2}[\d,]+ rows\/s {3}0 refused {3}largest difference 0\.\d0 CZK\n$/,
  )
  const hash = await ledger.contentHash()
  expect(await ledger.json(...CHECKED)).toMatchObject({
    rows: 3_000,
    created: 0,
    existed: 3_000,
    refused: 0,
    accounts_opened: 0,
    accounts_refused: [],
    check: { rows: 3_000, missing: 0 },
  })
  expect(await ledger.contentHash()).toBe(hash)
  expect(await ledger.json('totals', '--group-by', '0')).toMatchObject({ balance: '0' })
  expect(existsSync(ledger.path('bookings.csv.import.json'))).toBe(false)
})

test('a dry run says the same and sends nothing', async () => {
  writeSample(ledger, 500)
  const dry = await ledger.json(...CHECKED, '--dry-run')
  expect(dry).toMatchObject({ created: 500, dry_run: true, check: { rows: 500, missing: 0 } })
  expect(ledger.server.ledger.lastSequence).toBe(0)
  expect(await ledger.json(...CHECKED)).toMatchObject({ created: 500, check: dry['check'] })
})

test('a difference beyond the tolerance ends with 1', async () => {
  writeSample(ledger, 200)
  const text = readFileSync(ledger.path('bookings.csv'), 'utf8')
  const wrong = text.replace(/^(.*\n.*,credit,cash_deposit,)([\d.]+),[\d.]+/, '$1$2,999999.00')
  writeFileSync(ledger.path('bookings.csv'), wrong)
  const { code, stderr } = await ledger.run(...CHECKED)
  expect(code).toBe(1)
  expect(stderr).toContain('Row 1 differs most')
})

test('refused rows are reported in a file that can be mended', async () => {
  const rows = ['no,wallet,amount', '1,a,10.00', '2,a,ten', '3,a,-15.00', '4,b,5.00', '5,,5.00', '']
  writeFileSync(ledger.path('rows.csv'), rows.join('\r\n'))
  const map = {
    name: 'wallets',
    id: 'no',
    asset: 'EUR/2',
    account: { address: 'wallets:{wallet}', flags: ['debits_must_not_exceed_credits'] },
    counterparty: 'world',
    amount: 'amount',
    direction: 'sign',
  }
  writeFileSync(ledger.path('map.json'), JSON.stringify(map))
  const { code, stdout, stderr } = await ledger.run('import', 'rows.csv', '--map', 'map.json')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^2 of 5 rows .* 3 refused\n$/)
  expect(stderr).toContain('1 exceeds_credits')
  const report = readFileSync(ledger.path('rows.csv.refused.csv'), 'utf8').trim().split('\n')
  expect(report[0]).toBe('row,reason,detail,no,wallet,amount')
  expect(report.slice(1).map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
    '2 invalid_amount',
    '3 exceeds_credits',
    '5 no_account',
  ])
})

/** Killed as soon as one batch has its answer, and there are more to come. */
async function importKilled(): Promise<void> {
  const child = ledger.spawn(...IMPORT)
  const result = ended(child)
  while (!existsSync(ledger.path('bookings.csv.import.json'))) {
    expect(child.exitCode).toBeNull()
    await sleep(1)
  }
  child.kill('SIGKILL')
  await result
  expect(child.signalCode).toBe('SIGKILL')
}

test.each([
  [[], 'existed'],
  [['--resume'], 'skipped'],
])('killed in the middle and run again %j, it is as if whole', async (how, passedOver) => {
  writeSample(ledger, 40_000)
  await importKilled()
  const again = await ledger.json(...CHECKED, ...how)
  expect(again).toMatchObject({ rows: 40_000, refused: 0, check: { rows: 40_000, missing: 0 } })
  expect(Number(again['created']) + Number(again['existed'])).toBe(40_000)
  expect(Number(again[passedOver])).toBeGreaterThan(7_000)
  const whole = await RunningLedger.start()
  writeSample(whole, 40_000)
  expect((await whole.run(...IMPORT)).code).toBe(0)
  expect(await ledger.contentHash()).toBe(await whole.contentHash())
  await whole.stop()
})
