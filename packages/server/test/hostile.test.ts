import { expect, test } from 'vitest'

import { openWallet, PAYMENT, ROOT_KEY, testServer, WALLET } from './harness.ts'
import { untouched } from './untouched.ts'

/** `[what is tried, fields of a transfer, status, code]` */
const TRANSFERS: readonly (readonly [string, object, number, string])[] = [
  ['sets a balance', { balance: '1' }, 400, 'unknown_field'],
  ['sets its sequence', { sequence: '1' }, 400, 'unknown_field'],
  ['sets its owner', { owner: 'me' }, 400, 'unknown_field'],
  ['sets its timestamp', { timestamp: '2026-01-01T00:00:00Z' }, 400, 'unknown_field'],
  ['amount 0', { amount: '0' }, 400, 'amount_must_not_be_zero'],
  ['no debit account', { debit_account: undefined }, 400, 'missing_field'],
  ['its own request id', { request_id: 'req_1' }, 400, 'unknown_field'],
  ['a status', { status: 'created' }, 400, 'unknown_field'],
  ['flags of the ledger', { flags: ['linked'] }, 400, 'unknown_field'],
  ['another writing of amount', { Amount: '1' }, 400, 'unknown_field'],
  ['toString', { toString: 1 }, 400, 'unknown_field'],
  ['both sides the same', { credit_account: WALLET }, 422, 'accounts_must_be_different'],
  ['asset of others', { asset: 'USD/2' }, 422, 'transfer_must_have_the_same_asset_as_accounts'],
  ['asset unknown', { asset: 'XYZ/2' }, 422, 'asset_not_found'],
  ['asset of another scale', { asset: 'EUR/4' }, 422, 'asset_not_found'],
  ['code 0', { code: 0 }, 400, 'invalid_field'],
  ['code 65536', { code: 65_536 }, 400, 'invalid_field'],
  ['code as text', { code: '10' }, 400, 'invalid_field'],
  ['code 1.5', { code: 1.5 }, 400, 'invalid_field'],
  ['address with a space', { debit_account: 'a b' }, 400, 'invalid_field'],
  ['address with a look-alike', { debit_account: 'usеrs:1042:wallet' }, 400, 'invalid_field'],
  [
    'address with a zero-width space',
    { debit_account: 'users:1042\u200b:wallet' },
    400,
    'invalid_field',
  ],
  ['address in full width', { debit_account: 'ｕsers:1042:wallet' }, 400, 'invalid_field'],
  ['address with a line feed behind', { debit_account: `${WALLET}\n` }, 400, 'invalid_field'],
  [
    'address of 17 segments',
    { debit_account: Array.from({ length: 17 }, () => 'a').join(':') },
    400,
    'invalid_field',
  ],
  ['address with an empty segment', { debit_account: 'users::wallet' }, 400, 'invalid_field'],
  [
    'address in another case',
    { debit_account: 'Users:1042:wallet' },
    422,
    'debit_account_not_found',
  ],
  ['address of SQL', { debit_account: "users' OR '1'='1" }, 400, 'invalid_field'],
  ['address of a path', { debit_account: '../../etc/passwd' }, 400, 'invalid_field'],
  ['address __proto__', { debit_account: '__proto__' }, 422, 'debit_account_not_found'],
  ['address constructor', { debit_account: 'constructor' }, 422, 'debit_account_not_found'],
  ['address with NUL', { debit_account: 'users\0' }, 400, 'invalid_field'],
  ['address ..', { debit_account: '..' }, 400, 'invalid_field'],
  ['world of another asset', { debit_account: 'world:USD-2' }, 422, 'debit_account_not_found'],
  ['year 275760', { effective_at: '275760-09-13T00:00:00Z' }, 400, 'invalid_field'],
  ['a leap second', { effective_at: '2026-12-31T23:59:60Z' }, 400, 'invalid_field'],
  ['the time 0', { effective_at: '1970-01-01T00:00:00Z' }, 400, 'invalid_time'],
  ['before 1970', { effective_at: '1969-12-31T23:59:59Z' }, 400, 'invalid_field'],
  ['after u64', { effective_at: '2554-12-31T00:00:00Z' }, 400, 'invalid_time'],
  ['a time as a number', { effective_at: 1_767_225_600 }, 400, 'invalid_field'],
  ['30 February', { effective_at: '2026-02-30T00:00:00Z' }, 400, 'invalid_time'],
  ['time zone', { effective_at: '2026-02-03T00:00:00+01:00' }, 400, 'invalid_field'],
  ['id that is none', { id: '1' }, 400, 'invalid_field'],
  ['id in full width', { id: '０19aa3c5-7d2e-7c41-9b0e-3f6a52d81c07' }, 400, 'invalid_field'],
  ['id in braces', { id: '{019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07}' }, 400, 'invalid_field'],
  ['id of ones', { id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }, 422, 'id_must_not_be_int_max'],
  ['id in upper case', { id: '019AA3C5-7D2E-7C41-9B0E-3F6A52D81C07' }, 400, 'invalid_field'],
  [
    ...(['id of zeros', { id: '00000000-0000-0000-0000-000000000000' }, 422] as const),
    'id_must_not_be_zero',
  ],
  [
    ...([
      'id and reference',
      { id: '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07', reference: 'r' },
    ] as const),
    ...([400, 'id_and_reference'] as const),
  ],
  ['reference with a line feed', { reference: 'a\nb' }, 400, 'invalid_field'],
  ['private metadata', { metadata: { private: 1 } }, 400, 'reserved_field'],
  ['constructor in metadata', { metadata: { a: { constructor: 1 } } }, 400, 'reserved_field'],
  ['metadata as a list', { metadata: [] }, 400, 'invalid_field'],
  ['a reference beyond ASCII', { reference: 'ордер' }, 400, 'invalid_field'],
  ['a reference of 256', { reference: 'x'.repeat(256) }, 400, 'invalid_field'],
  [
    '__proto__ in metadata',
    { metadata: JSON.parse('{"__proto__":{"a":1}}') },
    400,
    'reserved_field',
  ],
  ['prototype in metadata', { metadata: { prototype: 1 } }, 400, 'reserved_field'],
  ['half a surrogate in a name', { metadata: { '\udc00': 1 } }, 400, 'invalid_field'],
  ['half a surrogate', { metadata: { a: '\ud800' } }, 400, 'invalid_field'],
  ['NUL in metadata', { metadata: { a: 'x\0' } }, 400, 'invalid_field'],
  ['a number that is rounded', { metadata: { a: 2 ** 60 } }, 400, 'invalid_field'],
  ['5,000 bytes of metadata', { metadata: { a: 'x'.repeat(5_000) } }, 400, 'metadata_too_large'],
  [
    ...(['a card number', { metadata: { note: 'pay 4111 1111 1111 1111' } }, 422] as const),
    'card_number_refused',
  ],
]

test.each(TRANSFERS)('a transfer with %s gets %j %i %s', async (_what, fields, status, code) => {
  const server = await testServer()
  const { call } = server
  await openWallet(call)
  for (const path of ['/v1/transfers', '/v1/transfers?dry_run=true']) {
    const reply = await untouched(server, () => call('POST', path, { ...PAYMENT, ...fields }))
    expect([path, reply.status, reply.json.code]).toEqual([path, status, code])
    expect(reply.json.request_id).toMatch(/^req_/)
  }
})

test.each([
  ['no key', {}],
  ['an empty key', { authorization: '' }],
  ['another scheme', { authorization: `Basic ${ROOT_KEY}` }],
  ['a wrong key', { authorization: `Bearer ${ROOT_KEY.replace('0', '1')}` }],
  ['a longer key', { authorization: `Bearer ${ROOT_KEY}0` }],
  ['a shorter key', { authorization: `Bearer ${ROOT_KEY.slice(0, -1)}` }],
])('with %s everything but the open routes is 401, with one body', async (_what, headers) => {
  const { url } = await testServer()
  const bodies = new Set<string>()
  const paths = ['/v1/accounts', '/v1/accounts/nobody', '/v1/transfers?reference=a', '/metrics']
  for (const path of paths) {
    const reply = await fetch(url + path, { headers })
    expect(reply.status).toBe(401)
    expect(reply.headers.get('www-authenticate')).toContain('Bearer')
    const { request_id, instance, ...rest } = (await reply.json()) as Record<string, unknown>
    void [request_id, instance]
    bodies.add(JSON.stringify(rest))
  }
  expect(bodies.size).toBe(1)
  for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs']) {
    expect((await fetch(url + path, { headers })).status).toBe(200)
  }
})

test('an account that only looks like a world is refused', async () => {
  const { call } = await testServer()
  for (const address of ['world', 'world:USD-2', 'world:mine']) {
    const reply = await call('POST', '/v1/accounts', { address, asset: 'EUR/2' })
    expect([address, reply.status, reply.json.param]).toEqual([address, 400, 'address'])
  }
})

test('accounts that are called like parts of JavaScript are accounts like all others', async () => {
  const { call } = await testServer()
  await openWallet(call)
  for (const address of ['__proto__', 'constructor', 'toString', 'hasOwnProperty:__proto__']) {
    const opened = await call('POST', '/v1/accounts', { address, asset: 'EUR/2' })
    expect([address, opened.status]).toEqual([address, 201])
    const body = { ...PAYMENT, amount: '7', credit_account: address }
    const { json } = await call('POST', '/v1/transfers', body)
    expect(Object.getOwnPropertyDescriptor(json.balances, address)?.value.balance).toBe('7')
    expect((await call('GET', `/v1/accounts/${address}`)).json.balances.balance).toBe('7')
  }
})

const CARD = '4111111111111111'
const NOTE = { metadata: { lines: [{ note: `pay ${CARD} now` }] } }

/** `[where a card number stands, method, path, body, field that is named]` */
const CARDS: readonly (readonly [string, 'POST' | 'PATCH', string, object, string])[] = [
  ['a transfer', 'POST', '/v1/transfers', { ...PAYMENT, ...NOTE }, 'metadata.lines[0].note'],
  ['a hold', 'POST', '/v1/holds', { ...PAYMENT, ...NOTE }, 'metadata.lines[0].note'],
  [
    'an account',
    'POST',
    '/v1/accounts',
    { address: 'a', asset: 'EUR/2', ...NOTE },
    'metadata.lines[0].note',
  ],
  ['a changed account', 'PATCH', `/v1/accounts/${WALLET}`, NOTE, 'metadata.lines[0].note'],
  [
    'an increment',
    'POST',
    `/v1/accounts/${WALLET}/increments`,
    { amount: '1', ...NOTE },
    'metadata.lines[0].note',
  ],
  [
    ...(['a posting', 'POST', '/v1/transactions'] as const),
    {
      postings: [
        { source: WALLET, destination: 'merchants:books', amount: '1', asset: 'EUR/2', ...NOTE },
      ],
    },
    'postings[0].metadata.lines[0].note',
  ],
  [
    ...(['a batch', 'POST', '/v1/batches'] as const),
    { commands: [{ operation: 'create_transfer', ...PAYMENT, ...NOTE }] },
    'commands[0].metadata.lines[0].note',
  ],
]

test.each(CARDS)('a card number in the metadata of %s is refused by name', async (...row) => {
  const [, method, path, body, field] = row
  const server = await testServer()
  await openWallet(server.call)
  const { status, json } = await untouched(server, () => server.call(method, path, body))
  expect([status, json.code, json.param]).toEqual([422, 'card_number_refused', field])
  expect(json.detail).toContain('--allow-card-numbers')
})

test('what looks like a card number is taken as a name, and everywhere where the setting allows it', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await call('POST', '/v1/accounts', { address: `cards:${CARD}`, asset: 'EUR/2' })
  const named = { ...PAYMENT, credit_account: `cards:${CARD}`, reference: CARD, amount: '1' }
  expect((await call('POST', '/v1/transfers', named)).status).toBe(201)
  const id = '41111111-1111-4111-8111-411111111111'
  const keyed = { 'idempotency-key': CARD }
  expect((await call('POST', '/v1/transfers', { ...PAYMENT, amount: '1', id }, keyed)).status).toBe(
    201,
  )
  const open = await testServer({ allowCardNumbers: true })
  await openWallet(open.call)
  expect((await open.call('POST', '/v1/transfers', { ...PAYMENT, ...NOTE })).status).toBe(201)
})
