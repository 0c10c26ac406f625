import { expect, test } from 'vitest'

import { type Call, callerOf, ROOT_KEY } from './harness.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

async function start(): Promise<Call> {
  const args = places(scratchDirectory()).slice(0, -2)
  const call = callerOf(await urlOf(startProcess(args, { TALLY_ROOT_KEY: ROOT_KEY })))
  await expect
    .poll(async () => (await call('GET', '/v1/read-models')).json.status, { timeout: 60_000 })
    .toBe('following')
  for (const user of ['users:1', 'users:2']) {
    await call('POST', '/v1/accounts', { address: user, asset: 'EUR/2', code: 100 })
    await call('POST', `/v1/accounts/${user}/increments`, { amount: '500' })
  }
  await call('POST', '/v1/holds', {
    ...{ debit_account: 'users:1', credit_account: 'users:2', amount: '100', asset: 'EUR/2' },
  })
  await call('POST', '/v1/accounts/users:1/decrements', { amount: '200' })
  return call
}

/** A date of UTC. Money may be posted on one day and asked for on the next, so what is expected holds on both sides of midnight. */
const daysFromNow = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

const sumOf = (rows: readonly Record<string, unknown>[], field: string): number =>
  rows.reduce((sum, row) => sum + Number(row[field]), 0)

test('finance gets its reports, as JSON and as CSV', async () => {
  const from = daysFromNow(-1)
  const call = await start()
  const to = daysFromNow(2)
  const last = await call('GET', '/v1/accounts/users:1')
  const headers = { 'ledger-min-sequence': last.headers.get('ledger-sequence') ?? '' }
  const report = async (path: string): Promise<Record<string, unknown>> => {
    const { status, json } = await call('GET', `/v1/reports/${path}`, undefined, headers)
    expect(status, `answered ${JSON.stringify(json)}`).toBe(200)
    return json
  }
  const trial = await report('balances?group_by=0')
  expect(trial['totals']).toMatchObject([
    { asset: 'EUR/2', accounts: '3', debits_posted: '1200', credits_posted: '1200', balance: '0' },
  ])
  const groups = await report('balances?group_by=1')
  expect(groups['rows']).toMatchObject([
    { group: 'users', accounts: '2', debits_pending: '100', balance: '800' },
    { group: 'world', balance: '-800' },
  ])
  const before = await report(`balances?at=${from}T00:00:00Z`)
  expect(before['rows']).toEqual([])
  const turnover = await report(
    `turnover?from=${from}&to=${to}&group_by=2&prefix=users:1&time_zone=UTC`,
  )
  const days = turnover['rows'] as Record<string, unknown>[]
  expect(days[0]).toMatchObject({
    ...{ from: `${from}T00:00:00.000000000Z`, group: 'users:1', opening: '0', debits: '0' },
  })
  expect(days.at(-1)).toMatchObject({ to: `${to}T00:00:00.000000000Z`, closing: '300' })
  expect([sumOf(days, 'debits'), sumOf(days, 'credits')]).toEqual([200, 500])
  const movers = await report(
    `top-movers?asset=EUR/2&from=${from}T00:00:00Z&to=${to}T00:00:00Z&prefix=users`,
  )
  expect(movers['rows']).toEqual([
    { address: 'users:1', debits: '200', credits: '500' },
    { address: 'users:2', debits: '0', credits: '500' },
  ])
  const aged = await report('aged-holds')
  expect(aged['rows']).toMatchObject([{ asset: 'EUR/2', days: '0', holds: '1', remaining: '100' }])
  const csv = await call('GET', '/v1/reports/balances?format=csv&group_by=code')
  expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
  expect(csv.text).toBe(
    [
      'asset,group,accounts,debits_pending,debits_posted,credits_pending,credits_posted,balance',
      'EUR/2,1,1,0,1000,0,200,-800',
      'EUR/2,100,2,100,200,100,1000,800',
      '',
    ].join('\r\n'),
  )
})

test('what cannot be reported is refused with a sentence', async () => {
  const call = await start()
  const refusal = async (path: string): Promise<unknown> =>
    (await call('GET', `/v1/reports/${path}`)).json
  expect(
    await refusal('turnover?from=2026-11-25&to=2026-11-26&time_zone=Mars/Olympus'),
  ).toMatchObject({ status: 400, code: 'invalid_parameter', param: 'time_zone' })
  expect(await refusal('turnover?from=2026-11-26&to=2026-11-25')).toMatchObject({ param: 'to' })
  expect(await refusal('turnover?from=2020-01-01&to=2026-01-01')).toMatchObject({
    status: 400,
    detail: 'There are more than 400 periods.',
  })
  expect(await refusal('balances?group_by=17')).toMatchObject({ code: 'invalid_parameter' })
})
