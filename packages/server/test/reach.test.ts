/** Questions and reports of a partner, whose rights reach a part of the accounts, over HTTP. */
import { expect, test } from 'vitest'

import { type Call, callerOf, type Reply, ROOT_KEY } from './harness.ts'
import { grantee } from './keys.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

const ACCOUNTS = [
  ...['partners:acme', 'partners:acme:till', 'partners:acme:fees', 'partners:acmes', 'shop'],
  ...['partners:evil:till', 'partners:evil:books'],
]
const SCOPES = ['accounts:read', 'transfers:read', 'entries:read', 'holds:read', 'reports:read']

interface Started {
  readonly url: string
  readonly call: Call
  /** Every scope of reading, on addresses. */
  readonly readerOf: (name: string, addresses: string[], scopes?: string[]) => Promise<Call>
}

const move = (debit: string, credit: string, amount: number): object => ({
  ...{ debit_account: debit, credit_account: credit },
  ...{ amount: `${amount}`, asset: 'EUR/2', code: 10 },
})

async function start(): Promise<Started> {
  const args = places(scratchDirectory()).slice(0, -2)
  const url = await urlOf(startProcess(args, { TALLY_ROOT_KEY: ROOT_KEY }))
  const call = callerOf(url)
  await expect
    .poll(async () => (await call('GET', '/v1/read-models')).json.status, { timeout: 60_000 })
    .toBe('following')
  for (const address of ACCOUNTS) {
    const parent = address === 'partners:acme:till' ? 'partners:acme' : null
    await call('POST', '/v1/accounts', { address, asset: 'EUR/2', code: 100, parent })
  }
  for (let round = 0; round < 3; round++) {
    for (const [index, debit] of ACCOUNTS.entries()) {
      const credit = ACCOUNTS[(index + 1 + round) % ACCOUNTS.length]!
      await call('POST', '/v1/transfers', move(debit, credit, 100 * (round + 1) + index))
    }
  }
  await call('POST', '/v1/holds', move('shop', 'partners:acme:till', 70))
  await call('POST', '/v1/holds', move('shop', 'partners:evil:till', 9_000))
  const last = await call('GET', '/v1/accounts/shop')
  const min = { 'ledger-min-sequence': last.headers.get('ledger-sequence') ?? '' }
  expect((await call('POST', '/v1/accounts/query', {}, min)).status).toBe(200)
  return {
    ...{ url, call },
    readerOf: async (name, addresses, scopes = SCOPES) =>
      (await grantee({ url, call }, name, { scopes, addresses })).call,
  }
}

type Row = Record<string, unknown>

const rowsOf = ({ status, json }: Reply): Row[] => {
  expect(status, `answered ${JSON.stringify(json)}`).toBe(200)
  return json.data as Row[]
}

const isOwn = (address: unknown): boolean => /^partners:acme(:|$)/.test(String(address))

/** As it is shown to one who sees the partner's accounts: balances of others are left out. */
function shown(row: Row): Row {
  const { balances } = row
  if (row['object'] === 'account' || row['object'] === 'entry') return row
  const own = Object.entries(balances as Row).filter(([address]) => isOwn(address))
  return { ...row, balances: Object.fromEntries(own) }
}

const RESOURCES = [
  ['accounts', ['address']],
  ['transfers', ['debit_account', 'credit_account']],
  ['entries', ['account']],
  ['holds', ['debit_account', 'credit_account']],
] as const

test('a partner asks for its own part: rows, lists by filter, reports, pages', async () => {
  const { call, readerOf } = await start()
  const partner = await readerOf('acme', ['partners:acme:*'])
  const nobody = await readerOf('nobody', ['elsewhere:*'])
  for (const [resource, sides] of RESOURCES) {
    const filter = resource === 'holds' ? undefined : { field: 'code', in: [10, 100] }
    const all = rowsOf(await call('POST', `/v1/${resource}/query`, { filter, limit: 1000 }))
    const expected = all.filter((row) => sides.some((side) => isOwn(row[side]))).map(shown)
    expect(expected.length).toBeGreaterThan(0)
    expect(expected.length).toBeLessThan(all.length)
    const body = { filter, limit: 1000 }
    expect(rowsOf(await partner('POST', `/v1/${resource}/query`, body))).toEqual(expected)
    const text = resource === 'holds' ? 'status=pending' : 'code=10,100'
    const list = `/v1/${resource}?limit=1000&filter=${encodeURIComponent(text)}`
    expect(rowsOf(await partner('GET', list))).toEqual(expected)
    // Page by page it is the same, in as many pages as the own rows make.
    const paged: Row[] = []
    for (let cursor: unknown; cursor !== null;) {
      const page = await partner('POST', `/v1/${resource}/query`, {
        ...{ filter, limit: 2 },
        ...(cursor === undefined ? {} : { cursor }),
      })
      paged.push(...rowsOf(page))
      cursor = page.json.next_cursor
    }
    expect(paged).toEqual(expected)
    expect(rowsOf(await nobody('POST', `/v1/${resource}/query`, body))).toEqual([])
    expect(rowsOf(await nobody('GET', list))).toEqual([])
  }
})

test('another’s accounts look as if they were not there, whatever is asked about them, and another’s cursor is none', async () => {
  const { call, readerOf } = await start()
  const partner = await readerOf('acme', ['partners:acme:*'])
  const till = await readerOf('till', ['partners:acme:till'])
  for (const address of ['partners:evil:till', 'partners:ghost']) {
    const said = async (resource: string, filter: object): Promise<unknown> => {
      const { status, json } = await partner('POST', `/v1/${resource}/query`, { filter })
      return { status, ...json }
    }
    const none = { status: 200, data: [], has_more: false, next_cursor: null }
    expect(await said('accounts', { field: 'address', eq: address })).toEqual(none)
    expect(await said('accounts', { field: 'address', prefix: address })).toEqual(none)
    expect(await said('entries', { field: 'account', eq: address })).toEqual(none)
  }
  // A parent that is not seen is no parent, in the answer and in the question.
  const filter = { field: 'parent', eq: 'partners:acme' }
  expect(rowsOf(await partner('POST', '/v1/accounts/query', { filter }))).toHaveLength(1)
  expect(rowsOf(await till('POST', '/v1/accounts/query', { filter }))).toEqual([])
  // A cursor is its caller's own.
  const other = await readerOf('evil', ['partners:evil:*'])
  const { json } = await partner('POST', '/v1/transfers/query', { limit: 2 })
  const { json: list } = await partner('GET', '/v1/transfers?limit=2')
  for (const each of [other, call]) {
    const body = { limit: 2, cursor: json.next_cursor }
    const refused = await each('POST', '/v1/transfers/query', body)
    expect([refused.status, refused.json.code]).toEqual([400, 'invalid_cursor'])
    const url = await each('GET', `/v1/transfers?cursor=${list.next_cursor}`)
    expect([url.status, url.json.code]).toEqual([400, 'invalid_cursor'])
  }
  // Of the ledger's own list it carries the prefix, which is looked at as if it were asked for.
  const { json: plain } = await call('GET', '/v1/accounts?prefix=partners&limit=1')
  const next = await partner('GET', `/v1/accounts?cursor=${plain.next_cursor}`)
  expect([next.status, next.json.code]).toEqual([403, 'forbidden'])
})

async function report(by: Call, path: string): Promise<{ rows: Row[]; addresses: unknown }> {
  const { status, json } = await by('GET', `/v1/reports/${path}`)
  expect(status, `answered ${JSON.stringify(json)}`).toBe(200)
  return json as { rows: Row[]; addresses: unknown }
}

test('reports count the partner’s accounts alone, and say so', async () => {
  const { call, readerOf } = await start()
  const partner = await readerOf('acme', ['partners:acme:*'])
  const nobody = await readerOf('nobody', ['elsewhere:*'])
  const day = new Date().toISOString().slice(0, 10)
  const after = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const period = `from=${day}T00:00:00Z&to=${after}T00:00:00Z`
  const paths = [
    ...['balances?group_by=16', `balances?group_by=16&at=${after}T00:00:00Z`],
    ...[`turnover?from=${day}&to=${after}&group_by=16`, `top-movers?asset=EUR/2&${period}`],
  ]
  for (const path of paths) {
    const all = await report(call, path)
    expect(all.addresses).toBeNull()
    const own = await report(partner, path)
    const expected = all.rows.filter((row) => isOwn(row['group'] ?? row['address']))
    expect(own.rows).toEqual(expected)
    expect(own.addresses).toEqual(['partners:acme:*'])
    expect(own.rows).toHaveLength(3)
    expect((await report(nobody, path)).rows).toEqual([])
  }
  expect((await report(partner, 'aged-holds')).rows).toMatchObject([
    { holds: '1', remaining: '70' },
  ])
  expect((await report(call, 'aged-holds')).rows).toMatchObject([{ holds: '2', remaining: '9070' }])
  const beyond = await report(partner, 'balances?prefix=partners&group_by=1')
  expect(beyond.rows).toMatchObject([{ group: 'partners', accounts: '3' }])
})
