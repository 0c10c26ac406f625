import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { BOOKS, FEES, openWallet, PAYMENT, testServer, WALLET } from './harness.ts'

/** A batch in a spelling that is read byte by byte, and in one that is parsed: its last field is its default. */
function spellings(ids: readonly string[]): { plain: string; parsed: string } {
  const commands = ids.map((id) => ({ operation: 'create_transfer', id, ...PAYMENT }))
  const back = { debit_account: BOOKS, credit_account: FEES, amount: '1', asset: 'EUR/2' }
  const all = [...commands, { operation: 'create_transfer', id: randomUUID(), ...back }]
  return {
    plain: JSON.stringify({ commands: all }),
    parsed: JSON.stringify({ commands: all, atomic: false }, null, 2),
  }
}

test.each([
  ['plain', 'parsed', ''],
  ['parsed', 'plain', ''],
  ['plain', 'parsed', '?balances=false'],
  ['parsed', 'plain', '?balances=false'],
] as const)('a batch asked %s and again %s%s is one batch', async (first, again, query) => {
  const { call } = await testServer()
  await openWallet(call)
  // Of five payments the wallet covers four.
  const texts = spellings(Array.from({ length: 5 }, () => randomUUID()))
  const key = { 'idempotency-key': randomUUID() }
  const one = await call('POST', `/v1/batches${query}`, texts[first], key)
  const two = await call('POST', `/v1/batches${query}`, texts[again], key)
  expect([one.status, one.json.count, one.json.refused]).toEqual([200, 6, 1])
  expect(one.json.results[4]).toMatchObject({ status: 'exceeds_credits', account: WALLET })
  expect('balances' in one.json).toBe(query === '')
  expect([two.headers.get('idempotent-replayed'), two.text]).toEqual(['true', one.text])
  const other = texts[again].replace('"1"', '"2"')
  const three = await call('POST', `/v1/batches${query}`, other, key)
  expect([three.status, three.json.code]).toEqual([422, 'idempotency_key_reused'])
})

test('a batch of plain transfers can be tried without being done', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { plain, parsed } = spellings([randomUUID()])
  const tried = await call('POST', '/v1/batches?dry_run=true', plain)
  const again = await call('POST', '/v1/batches?dry_run=true', parsed)
  expect(tried.json).toMatchObject({ count: 2, refused: 0, dry_run: true })
  const facts = ({ results, balances }: typeof tried.json) => ({
    balances,
    statuses: results.map(({ index, status, id }: typeof tried.json) => [index, status, id]),
  })
  expect(facts(tried.json)).toEqual(facts(again.json))
})

test.each([
  ['plain', 'parsed'],
  ['parsed', 'plain'],
] as const)('a transfer asked %s and again %s is one transfer', async (first, again) => {
  const { call } = await testServer()
  await openWallet(call)
  const { code, ...others } = PAYMENT
  const texts = {
    plain: JSON.stringify(PAYMENT),
    // Its default is given, and its fields come in another order.
    parsed: JSON.stringify({ code, mode: 'exact', ...others }, null, 2),
  }
  const key = { 'idempotency-key': randomUUID() }
  const one = await call('POST', '/v1/transfers', texts[first], key)
  const two = await call('POST', '/v1/transfers', texts[again], key)
  expect([one.status, one.json.amount, one.json.code]).toEqual([201, PAYMENT.amount, code])
  expect([two.headers.get('idempotent-replayed'), two.text]).toEqual(['true', one.text])
  const other = await call('POST', '/v1/transfers', texts[again].replace('2500', '2501'), key)
  expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused'])
  // Of four payments in all the wallet covers each, of a fifth nothing is left.
  for (let payment = 2; payment <= 4; payment++) {
    expect((await call('POST', '/v1/transfers', texts[first])).status).toBe(201)
  }
  const refused = await call('POST', '/v1/transfers', texts[first])
  expect([refused.status, refused.json.available]).toEqual([422, '0'])
})

test('a plain transfer can be tried without being done', async () => {
  const { call, ledger } = await testServer()
  await openWallet(call)
  const before = await ledger.stateHash()
  const tried = await call('POST', '/v1/transfers?dry_run=true', JSON.stringify(PAYMENT))
  expect([tried.status, tried.json.dry_run, tried.json.amount]).toEqual([201, true, '2500'])
  expect(await ledger.stateHash()).toBe(before)
})
