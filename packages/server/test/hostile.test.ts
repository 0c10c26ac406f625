import { connect } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

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

/** `[what is tried, body as sent, headers, status, code]` */
const BODIES: readonly (readonly [
  string,
  string | Uint8Array,
  Record<string, string>,
  readonly [number, string],
])[] = [
  ['not JSON', '{', {}, [400, 'malformed_json']],
  ['a duplicate key', '{"amount":"1","amount":"2"}', {}, [400, 'duplicate_field']],
  ['an escaped duplicate', String.raw`{"a":1,"\u0061":2}`, {}, [400, 'duplicate_field']],
  ['a nested duplicate', '{"metadata":{"x":[{"a":1,"b":{},"a":2}]}}', {}, [400, 'duplicate_field']],
  [
    '__proto__',
    `{"__proto__":{"amount":"1"},${JSON.stringify(PAYMENT).slice(1)}`,
    {},
    [400, 'unknown_field'],
  ],
  ['200,000 levels', '['.repeat(30_000) + ']'.repeat(30_000), {}, [400, 'malformed_json']],
  [
    'invalid UTF-8',
    Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d),
    {},
    [400, 'malformed_json'],
  ],
  ['a list', '[]', {}, [400, 'invalid_field']],
  ['null', 'null', {}, [400, 'invalid_field']],
  ['nothing', '', {}, [400, 'missing_body']],
  [
    'a form',
    'a=1',
    { 'content-type': 'application/x-www-form-urlencoded' },
    [415, 'unsupported_media_type'],
  ],
  ['text', '{}', { 'content-type': 'text/plain' }, [415, 'unsupported_media_type']],
  [
    'utf-16',
    '{}',
    { 'content-type': 'application/json; charset=utf-16' },
    [415, 'unsupported_media_type'],
  ],
  ['gzip', '{}', { 'content-encoding': 'gzip' }, [415, 'unsupported_media_type']],
  ['70 KB', `{"a":"${'x'.repeat(70_000)}"}`, {}, [413, 'body_too_large']],
  [
    'a long key',
    JSON.stringify(PAYMENT),
    { 'idempotency-key': 'x'.repeat(256) },
    [400, 'invalid_header'],
  ],
  ['urgency 9', JSON.stringify(PAYMENT), { priority: 'u=9' }, [400, 'invalid_header']],
]

test.each(BODIES)('a body of %s is refused', async (_what, body, headers, refusal) => {
  const { call } = await testServer()
  const given = typeof body === 'string' ? body : new Uint8Array(body)
  const reply = await call('POST', '/v1/transfers', given, headers)
  expect([reply.status, reply.json.code]).toEqual(refusal)
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

test.each([
  ['/v1/accounts?limit=1000000000', 'invalid_parameter'],
  ['/v1/accounts?limit=0', 'invalid_parameter'],
  ['/v1/accounts?limit=1e3', 'invalid_parameter'],
  ['/v1/accounts?limit=1&limit=2', 'unknown_parameter'],
  ['/v1/accounts?order=asc', 'unknown_parameter'],
  ['/v1/accounts?cursor=abc', 'invalid_cursor'],
  ['/v1/accounts?cursor=WzEsW119.AAAAAAAAAAAAAAAAAAAAAA', 'invalid_cursor'],
  [`/v1/accounts/${WALLET}/balance?at=275760-09-13T00:00:00Z`, 'invalid_parameter'],
  [`/v1/accounts/${WALLET}/balance?at=2026-02-30T00:00:00Z`, 'invalid_time'],
  [
    `/v1/accounts/${WALLET}/entries?from=2026-02-02T00:00:00Z&to=2026-02-01T00:00:00Z`,
    'invalid_time',
  ],
  ["/v1/accounts?prefix=a'%20OR%201=1", 'invalid_parameter'],
  ['/v1/accounts/%00', 'invalid_parameter'],
  ['/v1/transfers/1', 'invalid_parameter'],
])('%s is a 400: %s', async (path, code) => {
  const { call } = await testServer()
  await openWallet(call)
  const reply = await call('GET', path)
  expect([reply.status, reply.json.code]).toEqual([400, code])
})

test('what does not exist is a 404, whatever it is', async () => {
  const { call } = await testServer()
  const id = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
  for (const path of [
    ...['/v1/accounts/nobody', '/v1/accounts/nobody/entries', '/v1/accounts/nobody/balance'],
    ...[`/v1/transfers/${id}`, `/v1/transactions/${id}`, `/v1/holds/${id}`],
    ...['/v1/requests/req_01KAHWAZ9EFH0SP3HZD99DG701', '/v1/nothing', '/'],
  ]) {
    expect([path, (await call('GET', path)).status]).toEqual([path, 404])
  }
  for (const path of [
    `/v1/holds/${id}/capture`,
    `/v1/holds/${id}/void`,
    `/v1/transfers/${id}/reverse`,
  ]) {
    expect([path, (await call('POST', path, {})).status]).toEqual([path, 404])
  }
  const other = await call('DELETE', '/v1/accounts')
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST, GET'])
})

test('a million items and a hundred megabytes are refused before they are read', async () => {
  const { url, call } = await testServer()
  const huge = await fetch(`${url}/v1/batches`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ROOT_KEY}`, 'content-type': 'application/json' },
    body: Buffer.alloc(100 * 1024 * 1024, 32),
  }).then(
    (reply) => reply.status,
    () => 413,
  )
  expect(huge).toBe(413)
  const lines = '{"operation":"close_account","account":"a"}\n'.repeat(8_191)
  const type = { 'content-type': 'application/x-ndjson' }
  const many = await call('POST', '/v1/batches', lines, type)
  expect([many.status, many.json.code]).toEqual([413, 'batch_too_large'])
})

/** Sends bytes as they are and collects what comes until the connection closes. */
function raw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (piece: string) => (text += piece))
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
    onTestFinished(() => void socket.destroy())
  })
}

const HEAD = `POST /v1/transfers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ROOT_KEY}\r\nContent-Type: application/json\r\n`

test.each([
  ['both lengths', `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['two lengths', `${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}{}{}`],
  ['no HTTP', 'hello\r\n\r\n'],
  ['headers of 20 KB', `${HEAD}X: ${'x'.repeat(20_000)}\r\n\r\n`],
])('%s: a 400, and the connection is closed', async (_what, bytes) => {
  const { url } = await testServer()
  const text = await raw(url, bytes)
  expect(text).toMatch(/^HTTP\/1\.1 400 /)
  expect(text).toContain('application/problem+json')
})

test('a client that never ends its headers is cut off, others do not notice', async () => {
  const { url, call } = await testServer()
  const slow = raw(url, 'POST /v1/transfers HTTP/1.1\r\nHost: a\r\nX-Slow: ')
  const silent = raw(url, '')
  expect((await call('GET', '/healthz')).status).toBe(200)
  expect(await slow).toMatch(/^HTTP\/1\.1 400 |^$/)
  await silent
}, 30_000)

test('texts of clients come back as they were, wherever they are shown', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const metadata = {
    sql: "'; DROP TABLE x",
    html: '<script>alert(1)</script>',
    csv: '=1+1',
    é: '✓\n',
  }
  const { json } = await call('POST', '/v1/transfers', { ...PAYMENT, metadata })
  expect(json.metadata).toEqual(metadata)
  const { json: shown } = await call('GET', `/v1/transfers/${json.id}`)
  expect(shown.metadata).toEqual(metadata)
})

test('an account that only looks like a world is refused', async () => {
  const { call } = await testServer()
  for (const address of ['world', 'world:USD-2', 'world:mine']) {
    const reply = await call('POST', '/v1/accounts', { address, asset: 'EUR/2' })
    expect([address, reply.status, reply.json.param]).toEqual([address, 400, 'address'])
  }
})

test('a client that goes away in the middle of a body leaves nothing behind', async () => {
  const { url, call } = await testServer()
  const { hostname, port } = new URL(url)
  for (let count = 0; count < 20; count++) {
    const socket = connect(Number(port), hostname)
    await new Promise<void>((resolve) => {
      socket.write(`${HEAD}Content-Length: 60000\r\n\r\n{"half":`, () => setTimeout(resolve, 5))
    })
    socket.destroy()
  }
  await expect
    .poll(async () => (await call('GET', '/metrics')).text)
    .toMatch(/^tally_body_bytes_in_flight 0$/m)
})
