import { expect, test } from 'vitest'

import { balanceOf, type Call, FEES, openWallet, PAYMENT, testServer, WALLET } from './harness.ts'
import { untouched } from './untouched.ts'

const MOST = ((1n << 128n) - 1n).toString()

/** `[what it is, as sent, code]` */
const AMOUNTS: readonly (readonly [string, unknown, string])[] = [
  ['negative', '-1', 'invalid_field'],
  ['negative zero', '-0', 'invalid_field'],
  ['hexadecimal', '0x10', 'invalid_field'],
  ['octal', '010', 'invalid_field'],
  ['an exponent', '1e3', 'invalid_field'],
  ['a fraction', '1.5', 'invalid_field'],
  ['a comma', '1,5', 'invalid_field'],
  ['grouped', '1_000', 'invalid_field'],
  ['a bigint of JavaScript', '12n', 'invalid_field'],
  ['spaces around', ' 12 ', 'invalid_field'],
  ['a line feed behind', '12\n', 'invalid_field'],
  ['NUL behind', '12\0', 'invalid_field'],
  ['a plus sign', '+5', 'invalid_field'],
  ['nothing', '', 'invalid_field'],
  ['Arabic digits', '١٢', 'invalid_field'],
  ['full-width digits', '１２', 'invalid_field'],
  ['a superscript', '1²', 'invalid_field'],
  ['Infinity', 'Infinity', 'invalid_field'],
  ['NaN', 'NaN', 'invalid_field'],
  ['a number', 12, 'invalid_field'],
  ['a large number', 2 ** 64, 'invalid_field'],
  ['null', null, 'invalid_field'],
  ['true', true, 'invalid_field'],
  ['a list', ['12'], 'invalid_field'],
  ['an object', { amount: '12' }, 'invalid_field'],
  ['2^128', (1n << 128n).toString(), 'amount_too_large'],
  ['39 nines', '9'.repeat(39), 'amount_too_large'],
  ['40 digits', '1'.repeat(40), 'invalid_field'],
  ['60,000 digits', '1'.repeat(60_000), 'invalid_field'],
]

interface Target {
  readonly path: string
  readonly body: (amount: unknown) => object
}

const plain = (amount: unknown): object => ({ amount })
const payment = (amount: unknown): object => ({ ...PAYMENT, amount })
const batch = (amount: unknown): object => ({
  commands: [{ operation: 'create_transfer', ...PAYMENT, amount }],
})

/** Everything that takes an amount. */
async function targets(call: Call): Promise<Target[]> {
  const { json: hold } = await call('POST', '/v1/holds', PAYMENT)
  const { json: transfer } = await call('POST', '/v1/transfers', { ...PAYMENT, amount: '10' })
  const { debit_account: source, credit_account: destination, asset } = PAYMENT
  return [
    { path: '/v1/transfers', body: payment },
    { path: '/v1/transfers?dry_run=true', body: payment },
    { path: '/v1/holds', body: payment },
    { path: `/v1/accounts/${WALLET}/increments`, body: plain },
    { path: `/v1/accounts/${WALLET}/decrements`, body: plain },
    { path: `/v1/holds/${hold.id}/capture`, body: plain },
    { path: `/v1/transfers/${transfer.id}/reverse`, body: plain },
    { path: '/v1/batches', body: batch },
    {
      path: '/v1/transactions',
      body: (amount) => ({ postings: [{ source, destination, asset, amount }] }),
    },
    {
      path: '/v1/accounts',
      body: (limit) => ({
        address: 'a:b',
        asset,
        flags: ['debits_must_not_exceed_credits'],
        limit,
      }),
    },
  ]
}

test.each(AMOUNTS)(
  'an amount that is %s is refused wherever it is taken',
  async (_what, amount, code) => {
    const server = await testServer()
    const { call } = server
    await openWallet(call)
    for (const { path, body } of await targets(call)) {
      const reply = await untouched(server, () => call('POST', path, body(amount)))
      expect([path, reply.status, reply.json.code]).toEqual([path, 400, code])
      expect(reply.json.param).toMatch(/amount$|limit$/)
    }
    const line = `${JSON.stringify({ operation: 'create_transfer', ...PAYMENT, amount })}\n`
    const type = { 'content-type': 'application/x-ndjson' }
    const lines = await untouched(server, () => call('POST', '/v1/batches', line, type))
    expect([lines.status, lines.json.code]).toEqual([400, code])
  },
)

test('the largest amount comes back digit by digit, everywhere, and not one more fits', async () => {
  const server = await testServer()
  const { call } = server
  await openWallet(call)
  const body = { debit_account: 'world', credit_account: FEES, asset: 'EUR/2' }
  const room = (BigInt(MOST) - 10_000n).toString()
  const { status, json } = await call('POST', '/v1/transfers', { ...body, amount: room })
  expect([status, json.amount]).toEqual([201, room])
  expect(json.balances[FEES].balance).toBe(room)
  expect(json.balances['world:EUR-2'].balance).toBe(`-${MOST}`)
  expect(await balanceOf(call, FEES)).toBe(room)
  const { json: entries } = await call('GET', `/v1/accounts/${FEES}/entries`)
  expect([entries.data[0].amount, entries.data[0].balance]).toEqual([room, room])
  const { text } = await call('GET', `/v1/accounts/${FEES}/statement?format=csv`)
  expect(text).toContain(`credit,${room},${room},EUR/2`)
  const { json: totals } = await call('GET', '/v1/balances?group_by=0')
  expect([totals.data[0].credits_posted, totals.data[0].balance]).toEqual([MOST, '0'])
  for (const path of ['/v1/transfers', '/v1/holds']) {
    const over = await untouched(server, () => call('POST', path, { ...body, amount: '1' }))
    expect([over.status, over.json.code.split('_')[0]]).toEqual([422, 'overflows'])
  }
})
