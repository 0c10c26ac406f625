import { expect, test } from 'vitest'

import { type Call, FEES, openWallet, PAYMENT, testServer, WALLET } from './harness.ts'
import { untouched } from './untouched.ts'

const ID = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'

/** `[path, code]`: all of them 400. */
const QUERIES: readonly (readonly [string, string])[] = [
  ['/v1/accounts?limit=1000000000', 'invalid_parameter'],
  ['/v1/accounts?limit=1001', 'invalid_parameter'],
  ['/v1/accounts?limit=0', 'invalid_parameter'],
  ['/v1/accounts?limit=-1', 'invalid_parameter'],
  ['/v1/accounts?limit=1e3', 'invalid_parameter'],
  ['/v1/accounts?limit=0x10', 'invalid_parameter'],
  ['/v1/accounts?limit=1.5', 'invalid_parameter'],
  ['/v1/accounts?limit=%2B5', 'invalid_parameter'],
  ['/v1/accounts?limit=%D9%A1', 'invalid_parameter'],
  ['/v1/accounts?limit=', 'invalid_parameter'],
  ['/v1/accounts?limit=1&limit=2', 'unknown_parameter'],
  ['/v1/accounts?limit[]=1', 'unknown_parameter'],
  ['/v1/accounts?order=asc', 'unknown_parameter'],
  ['/v1/accounts?__proto__=1', 'unknown_parameter'],
  ['/v1/accounts?constructor=1', 'unknown_parameter'],
  ['/v1/accounts?Limit=1', 'unknown_parameter'],
  // What no index serves is an error, and never a scan or an empty page.
  ['/v1/accounts?metadata=x', 'unknown_parameter'],
  ['/v1/accounts?balance=0', 'unknown_parameter'],
  ['/v1/accounts?code=1', 'unknown_parameter'],
  [`/v1/accounts/${WALLET}/entries?metadata=x`, 'unknown_parameter'],
  [`/v1/accounts/${WALLET}/entries?amount=1`, 'unknown_parameter'],
  ['/v1/transfers?reference=', 'invalid_parameter'],
  ['/v1/transfers?debit_account=a', 'unknown_parameter'],
  ['/v1/holds?status=pending', 'unknown_parameter'],
  ['/v1/balances?group_by=17', 'invalid_parameter'],
  ['/v1/balances?group_by=-1', 'invalid_parameter'],
  ['/v1/accounts?cursor=abc', 'invalid_cursor'],
  ['/v1/accounts?cursor=a.b.c', 'invalid_cursor'],
  ['/v1/accounts?cursor=.', 'invalid_cursor'],
  ['/v1/accounts?cursor=WzEsW119.AAAAAAAAAAAAAAAAAAAAAA', 'invalid_cursor'],
  [`/v1/accounts?cursor=${'a'.repeat(1_025)}`, 'invalid_parameter'],
  [`/v1/accounts/${WALLET}/balance?at=275760-09-13T00:00:00Z`, 'invalid_parameter'],
  [`/v1/accounts/${WALLET}/balance?at=2026-02-30T00:00:00Z`, 'invalid_time'],
  [`/v1/accounts/${WALLET}/balance?at=now`, 'invalid_parameter'],
  [`/v1/accounts/${WALLET}/balance?at=1767225600`, 'invalid_parameter'],
  [`/v1/accounts/${WALLET}/balance?by=size`, 'invalid_parameter'],
  [
    `/v1/accounts/${WALLET}/entries?from=2026-02-02T00:00:00Z&to=2026-02-01T00:00:00Z`,
    'invalid_time',
  ],
  [`/v1/accounts/${WALLET}/statement?format=xml`, 'invalid_parameter'],
  [`/v1/accounts/${WALLET}/statement?from=275760-09-13T00:00:00Z`, 'invalid_parameter'],
  ["/v1/accounts?prefix=a'%20OR%201=1", 'invalid_parameter'],
  ['/v1/accounts?prefix=%25', 'invalid_parameter'],
  ['/v1/accounts?prefix=*', 'invalid_parameter'],
  ['/v1/accounts?parent=%00', 'invalid_parameter'],
  ['/v1/accounts?asset=EUR', 'invalid_parameter'],
  ['/v1/transfers?reference=a%0d%0aSet-Cookie:%20a=b', 'invalid_parameter'],
  ['/v1/transfers/1', 'invalid_parameter'],
  [`/v1/transfers/${ID.toUpperCase()}`, 'invalid_parameter'],
  [`/v1/transfers/${ID}%20`, 'invalid_parameter'],
  ['/v1/requests/req_01KAHWAZ9EFH0SP3HZD99DG70O', 'invalid_parameter'],
  ['/v1/requests/REQ_01KAHWAZ9EFH0SP3HZD99DG701', 'invalid_parameter'],
]

test.each(QUERIES)('%s is a 400: %s', async (path, code) => {
  const server = await testServer()
  await openWallet(server.call)
  const reply = await untouched(server, () => server.call('GET', path))
  expect([reply.status, reply.json.code]).toEqual([400, code])
})

test('what does not exist is a 404, whatever it is', async () => {
  const { call } = await testServer()
  for (const path of [
    ...['/v1/accounts/nobody', '/v1/accounts/nobody/entries', '/v1/accounts/nobody/balance'],
    ...['/v1/accounts/nobody/statement', '/v1/accounts/__proto__', '/v1/accounts/constructor'],
    ...[`/v1/transfers/${ID}`, `/v1/transactions/${ID}`, `/v1/holds/${ID}`],
    ...['/v1/requests/req_01KAHWAZ9EFH0SP3HZD99DG701', '/v1/nothing', '/'],
  ]) {
    expect([path, (await call('GET', path)).status]).toEqual([path, 404])
  }
  for (const path of [`holds/${ID}/capture`, `holds/${ID}/void`, `transfers/${ID}/reverse`]) {
    expect([path, (await call('POST', `/v1/${path}`, {})).status]).toEqual([path, 404])
  }
  const other = await call('DELETE', '/v1/accounts')
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST, GET'])
})

test('a cursor goes on with its own list alone, and no bit of it can be changed', async () => {
  const server = await testServer()
  const { call } = server
  await openWallet(call)
  const refusedFor = async (path: string): Promise<void> => {
    const { status, json } = await untouched(server, () => call('GET', path))
    expect([path, status, json.code]).toEqual([path, 400, 'invalid_cursor'])
  }
  const { json } = await call('GET', '/v1/accounts?limit=1&asset=EUR/2')
  const cursor: string = json.next_cursor
  expect((await call('GET', `/v1/accounts?cursor=${cursor}`)).json.data).toHaveLength(3)
  await refusedFor(`/v1/accounts/${WALLET}/entries?cursor=${cursor}`)
  await refusedFor(`/v1/balances?cursor=${cursor}`)
  await refusedFor(`/v1/accounts?asset=USD/2&cursor=${cursor}`)
  const [body = '', mac = ''] = cursor.split('.')
  const forged = Buffer.from(body, 'base64url').toString().replace('EUR/2', 'USD/2')
  await refusedFor(`/v1/accounts?cursor=${Buffer.from(forged).toString('base64url')}.${mac}`)
  for (let at = 0; at < body.length; at += 7) {
    const other = body[at] === 'A' ? 'B' : 'A'
    await refusedFor(`/v1/accounts?cursor=${body.slice(0, at)}${other}${body.slice(at + 1)}.${mac}`)
  }
})

/** Texts that mean something to somebody: each comes back as it was. */
const TEXTS: readonly string[] = [
  "'; DROP TABLE accounts; --",
  '" OR ""="',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{7*7}} ${7*7} #{7*7}',
  '$(reboot) `reboot` | reboot',
  '%s%n%x %00 %0d%0a',
  '\r\nSet-Cookie: a=b',
  '\n{"level":"error","message":"forged"}',
  '\u001b[2J\u001b]0;title\u0007',
  '\u202egnp.exe',
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1+1',
  '=HYPERLINK("http://example.com";"x")',
  '","results":[{"index":0}',
  '✓ é ſ İ 𝄞',
]

async function book(call: Call): Promise<string[]> {
  const ids: string[] = []
  for (const text of TEXTS) {
    const metadata = { [text]: { text: [text] } }
    const { status, json } = await call('POST', '/v1/transfers', {
      ...PAYMENT,
      amount: '1',
      metadata,
    })
    expect([text, status, json.metadata]).toEqual([text, 201, metadata])
    ids.push(json.id)
  }
  return ids
}

test('texts of clients come back as they were, wherever they are shown', async () => {
  const { call, url } = await testServer()
  await openWallet(call)
  const ids = await book(call)
  const entries = (await call('GET', `/v1/accounts/${WALLET}/entries?limit=100`)).json.data
  for (const [index, text] of TEXTS.entries()) {
    const metadata = { [text]: { text: [text] } }
    expect((await call('GET', `/v1/transfers/${ids[index]}`)).json.metadata).toEqual(metadata)
    const entry = entries.find((each: { transfer_id: string }) => each.transfer_id === ids[index])
    expect(entry.metadata).toEqual(metadata)
  }
  const commands = TEXTS.map((text) => ({
    ...{ operation: 'create_transfer', ...PAYMENT, amount: '1', metadata: { text } },
  }))
  const lines = commands.map((command) => `${JSON.stringify(command)}\n`).join('')
  const type = { 'content-type': 'application/x-ndjson' }
  const { text: answered } = await call('POST', '/v1/batches', lines, type)
  expect(
    answered
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).status ?? 'summary'),
  ).toEqual([...TEXTS.map(() => 'created'), 'summary'])
  for (const path of ['/docs', '/metrics', '/openapi.json']) {
    const shown = await (await fetch(url + path, { headers: { 'x-evil': '<script>' } })).text()
    expect(shown).not.toContain('alert(1)')
  }
})

/** RFC 4180, as a spreadsheet reads it. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

test('a statement as CSV has as many cells as columns, and none of them is a formula', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await book(call)
  const { text } = await call('GET', `/v1/accounts/${WALLET}/statement?format=csv`)
  const [header = [], ...rows] = cellsOf(text)
  expect(rows.length).toBe(TEXTS.length + 3)
  for (const row of rows) {
    expect(row.length).toBe(header.length)
    for (const cell of row) expect(cell).toMatch(/^(-?\d+$|[^=+\-@\t\r]|$)/)
  }
  const shown = rows.slice(2, -1).map((row) => JSON.parse(row[header.indexOf('metadata')] ?? ''))
  expect(shown).toEqual(TEXTS.map((each) => ({ [each]: { text: [each] } })))
})

test('a problem repeats what was sent as text, and headers carry none of it', async () => {
  const { call } = await testServer()
  await openWallet(call)
  for (const text of TEXTS) {
    const reply = await call('POST', '/v1/transfers', { ...PAYMENT, [text]: 1 })
    expect([reply.status, reply.json.code]).toEqual([400, 'unknown_field'])
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff')
    expect(reply.headers.get('set-cookie')).toBeNull()
    const found = await call('GET', `/v1/accounts?prefix=${encodeURIComponent(text)}`)
    expect([text, found.status]).toEqual([text, 400])
  }
})

const byAddress = (a: Record<string, string>, b: Record<string, string>): number =>
  (a['address'] ?? '') < (b['address'] ?? '') ? -1 : 1

/** All that can be combined; empty: left out. */
const FILTERS = ['', 'users', 'users:7', 'merchants', 'nobody'].flatMap((prefix) =>
  ['', 'EUR/2', 'USD/2', 'JPY/0'].flatMap((asset) =>
    ['', FEES].map((parent) => ({ prefix, asset, parent })),
  ),
)

test.each(FILTERS)('accounts by %j are those that a look at all of them finds', async (filter) => {
  const { call } = await testServer()
  await openWallet(call)
  await call('POST', '/v1/accounts', { address: 'users:7:wallet', asset: 'USD/2' })
  await call('POST', '/v1/accounts', { address: 'users:8:wallet', asset: 'EUR/2', parent: FEES })
  const { prefix, asset, parent } = filter
  // Newest first, or by address where a prefix is asked for: the order is not what this is about.
  const found = async (query: string): Promise<Record<string, string>[]> =>
    (await call('GET', `/v1/accounts?${query}`)).json.data.sort(byAddress)
  const all = await found('limit=1000')
  const wanted = all.filter(
    (account) =>
      (prefix === '' || `${account['address']}:`.startsWith(`${prefix}:`)) &&
      (asset === '' || account['asset'] === asset) &&
      (parent === '' || account['parent'] === parent),
  )
  const pairs = Object.entries(filter).filter(([, value]) => value !== '')
  for (const query of [pairs, pairs.toReversed()]) {
    expect(await found(new URLSearchParams(query).toString())).toEqual(wanted)
  }
})
