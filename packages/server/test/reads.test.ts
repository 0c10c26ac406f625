import { expect, test } from 'vitest'

import { BOOKS, type Call, openWallet, PAYMENT, testServer, WALLET } from './harness.ts'

interface Row {
  readonly address: string
  readonly number: string
}

/** All rows of a list, page by page. */
async function allPages(call: Call, path: string): Promise<{ rows: Row[]; pages: number }> {
  const rows: Row[] = []
  let pages = 0
  let cursor = ''
  do {
    const { status, json } = await call('GET', `${path}${cursor}`)
    expect(status).toBe(200)
    rows.push(...json.data)
    pages++
    expect(json.has_more).toBe(json.next_cursor !== null)
    cursor = json.has_more ? `&cursor=${json.next_cursor}` : ''
  } while (cursor !== '')
  return { rows, pages }
}

const open = (address: string, rest: object = {}) => ({
  ...{ operation: 'create_account', address, asset: 'EUR/2', ...rest },
})

async function openMany(call: Call): Promise<void> {
  const commands = [
    ...Array.from({ length: 25 }, (_, index) => open(`users:${index}:wallet`)),
    ...Array.from({ length: 5 }, (_, index) => open(`users:1:pot:${index}`, { asset: 'USD/2' })),
    ...[open('usersx'), open('tree:top'), open('tree:child', { parent: 'tree:top' })],
  ]
  const { json } = await call('POST', '/v1/batches', { commands })
  expect(json.refused).toBe(0)
}

test('accounts are listed newest first, or by prefix in order of address', async () => {
  const { call } = await testServer()
  await openMany(call)
  const all = await allPages(call, '/v1/accounts?limit=10')
  expect(all.rows.map(({ address }) => address).slice(0, 2)).toEqual(['tree:child', 'tree:top'])
  expect([all.rows.length, all.pages]).toEqual([33, 4])
  const users = await allPages(call, '/v1/accounts?prefix=users&limit=10')
  expect([users.rows.length, users.pages]).toEqual([30, 3])
  // Segment by segment: all of `users:1` comes before `users:10`.
  const addresses = users.rows.map(({ address }) => address.replaceAll(':', ' '))
  expect([...addresses].sort()).toEqual(addresses)
  const one = await allPages(call, '/v1/accounts?prefix=users:1&limit=4')
  expect(one.rows.map(({ address }) => address)).toEqual([
    ...['users:1:pot:0', 'users:1:pot:1', 'users:1:pot:2', 'users:1:pot:3', 'users:1:pot:4'],
    'users:1:wallet',
  ])
  const dollars = await allPages(call, '/v1/accounts?prefix=users:&asset=USD/2&limit=2')
  expect(dollars.rows.length).toBe(5)
  const children = await call('GET', '/v1/accounts?parent=tree:top')
  expect(children.json.data.map(({ address }: Row) => address)).toEqual(['tree:child'])
  expect((await call('GET', '/v1/accounts?asset=XXX/9')).json.data).toEqual([])
})

test('a cursor carries its filters, and belongs to one list', async () => {
  const { call } = await testServer()
  await openMany(call)
  const { json } = await call('GET', '/v1/accounts?prefix=users&limit=10')
  const cursor = `cursor=${json.next_cursor}`
  const next = await call('GET', `/v1/accounts?limit=10&${cursor}`)
  expect(next.json.data[0].address.startsWith('users:')).toBe(true)
  const same = await call('GET', `/v1/accounts?prefix=users&limit=10&${cursor}`)
  expect(same.text).toBe(next.text)
  for (const path of [
    `/v1/accounts?prefix=tree&${cursor}`,
    `/v1/accounts/users:1:wallet/entries?${cursor}`,
    `/v1/balances?${cursor}`,
    `/v1/accounts?cursor=${json.next_cursor.replace(/^./, (first: string) => (first === 'A' ? 'B' : 'A'))}`,
  ]) {
    expect([path, (await call('GET', path)).json.code]).toEqual([path, 'invalid_cursor'])
  }
})

test('totals add up by address segment and asset', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await call('POST', '/v1/transfers', { ...PAYMENT, amount: '300' })
  const { json } = await call('GET', '/v1/balances')
  const groups = json.data.map(({ group, balance }: Record<string, string>) => [group, balance])
  expect(groups).toEqual([
    ...[
      ['merchants', '300'],
      ['platform', '0'],
      ['users', '9700'],
      ['world', '-10000'],
    ],
  ])
  const empty = await call('GET', '/v1/balances?prefix=&group_by=1')
  expect(empty.json).toEqual(json)
  const whole = await call('GET', '/v1/balances?group_by=0')
  expect(whole.json.data).toMatchObject([{ group: '', accounts: '4', balance: '0' }])
  const pages = await allPages(call, '/v1/balances?limit=3')
  expect([pages.rows.length, pages.pages]).toEqual([4, 2])
})

/** Three bookings with value dates, the last of them back-dated. */
async function bookThree(call: Call): Promise<void> {
  await openWallet(call)
  const book = (amount: string, day: string, metadata: object) =>
    call('POST', '/v1/transfers', {
      ...{ ...PAYMENT, amount, metadata },
      effective_at: `2026-03-${day}T12:00:00Z`,
    })
  await book('100', '10', { note: '=SUM(A1)', quote: 'a "b", c' })
  await book('200', '20', {})
  await book('300', '15', {})
}

test('entries by value date are in order of that, with the running balance of that', async () => {
  const { call } = await testServer()
  await bookThree(call)
  const path = `/v1/accounts/${BOOKS}/entries`
  const shown = async (query: string): Promise<string[][]> => {
    const { json } = await call('GET', `${path}?${query}`)
    return json.data.map((entry: Record<string, string>) => [entry['amount'], entry['balance']])
  }
  expect(await shown('by=ledger')).toEqual([
    ['300', '600'],
    ['200', '300'],
    ['100', '100'],
  ])
  expect(await shown('by=effective')).toEqual([
    ['200', '600'],
    ['300', '400'],
    ['100', '100'],
  ])
  const period = 'by=effective&from=2026-03-11T00:00:00Z&to=2026-03-20T00:00:00Z'
  expect(await shown(period)).toEqual([['300', '400']])
  expect(await shown('direction=debit')).toEqual([])
  expect(await shown('code=10&limit=2')).toEqual([
    ['300', '600'],
    ['200', '300'],
  ])
  const pages = await allPages(call, `${path}?by=effective&limit=2`)
  expect([pages.rows.length, pages.pages]).toEqual([3, 2])
})

test('a balance is known at every moment, by both times', async () => {
  const { call } = await testServer()
  await bookThree(call)
  const at = async (query: string) => {
    const { json } = await call('GET', `/v1/accounts/${BOOKS}/balance?${query}`)
    return [json.balances.balance, json.entries]
  }
  expect(await at('')).toEqual(['600', '3'])
  expect(await at('at=2026-03-15T12:00:00Z&by=effective')).toEqual(['400', '2'])
  expect(await at('at=2026-03-01T00:00:00Z&by=effective')).toEqual(['0', '0'])
  expect(await at('at=2020-01-01T00:00:00Z')).toEqual(['0', '0'])
  const { json } = await call('GET', `/v1/accounts/${WALLET}/balance?at=2099-01-01T00:00:00Z`)
  expect(json.balances).toMatchObject({ balance: '9400', available: '9400' })
})

test('all links of a chain are shown when asked, holds included', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { json: hold } = await call('POST', '/v1/holds', PAYMENT)
  await call('POST', `/v1/holds/${hold.id}/capture`, { amount: '1000' })
  const { json } = await call('GET', `/v1/accounts/${WALLET}/entries?kind=all`)
  expect(json.data.map(({ kind, amount }: Record<string, string>) => [kind, amount])).toEqual([
    ...[
      ['captured', '1000'],
      ['held', '2500'],
      ['posted', '10000'],
    ],
  ])
  expect(json.data[1].balances).toMatchObject({ debits_pending: '2500', available: '7500' })
})

test('a statement opens, lists and closes', async () => {
  const { call } = await testServer()
  await bookThree(call)
  const query = 'by=effective&from=2026-03-11T00:00:00Z&to=2026-04-01T00:00:00Z'
  const { json } = await call('GET', `/v1/accounts/${BOOKS}/statement?${query}`)
  expect(json).toMatchObject({
    ...{ object: 'statement', account: BOOKS, asset: 'EUR/2', by: 'effective' },
    opening: { at: '2026-03-11T00:00:00.000000000Z', balance: '100' },
    entries: [
      { amount: '300', balance: '400' },
      { amount: '200', balance: '600' },
    ],
    closing: { at: '2026-04-01T00:00:00.000000000Z', balance: '600' },
    totals: { entries: '2', debits: '0', credits: '500' },
  })
})

test('a statement as CSV runs no formula', async () => {
  const { call } = await testServer()
  await bookThree(call)
  const { text, headers } = await call('GET', `/v1/accounts/${BOOKS}/statement?format=csv`)
  expect(headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/)
  const lines = text.split('\r\n')
  expect(lines[0]).toBe(
    'row,number,effective_at,timestamp,direction,amount,balance,asset,counterparty,code,transfer_id,metadata,request_id',
  )
  expect(lines.length).toBe(1 + 1 + 3 + 1 + 1)
  expect(lines[1]).toMatch(/^opening,,,,,,0,EUR\/2,,,,,$/)
  expect(lines[2]).toContain('"{""note"":""=SUM(A1)"",""quote"":""a \\""b\\"", c""}"')
  for (const line of lines) expect(line).not.toMatch(/(^|,)"?[=+@]/)
  expect(lines[5]).toMatch(/^closing,,,2026-[^,]+,,,600,EUR\/2,,,,,$/)
})

test('a statement of thousands of entries comes whole', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const commands = Array.from({ length: 2_500 }, () => ({
    ...{ operation: 'create_transfer', ...PAYMENT, amount: '1' },
  }))
  await call('POST', '/v1/batches?balances=false', { commands })
  const { json } = await call('GET', `/v1/accounts/${BOOKS}/statement`)
  expect(json.entries.length).toBe(2_500)
  expect(json.totals).toEqual({ entries: '2500', debits: '0', credits: '2500' })
  const numbers = json.entries.map(({ number }: Row) => Number(number))
  expect(numbers).toEqual(Array.from({ length: 2_500 }, (_, index) => index + 1))
})

test('a saved request shows what was asked and every record that it caused', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const commands = [
    { operation: 'create_transfer', ...PAYMENT, reference: 'r' },
    { operation: 'create_transfer', ...PAYMENT, amount: '999999' },
    { operation: 'create_account', address: 'a:b', asset: 'EUR/2' },
    { operation: 'change_account', account: WALLET, limit: '5' },
    { operation: 'register_asset', asset: 'PTS/0' },
  ]
  const { json: batch } = await call(
    'POST',
    '/v1/batches',
    { commands },
    { 'idempotency-key': 'k' },
  )
  const { json } = await call('GET', `/v1/requests/${batch.request_id}`)
  expect(json).toMatchObject({
    ...{ operation: 'createBatch', idempotency_key: 'k', record_count: '5', source: '127.0.0.1' },
    body: { references: { '0': 'r' } },
    records: [
      { operation: 'create_transfer', status: 'created', debit_account: WALLET, amount: '2500' },
      { status: 'exceeds_credits', account: WALLET, needed: '999999', available: '7500' },
      { operation: 'create_account', account: 'a:b' },
      { operation: 'change_limit', status: 'changed', account: WALLET },
      { operation: 'register_asset', id: null },
    ],
  })
})

test('assets are those of ISO 4217, then the registered ones', async () => {
  const { call } = await testServer()
  expect((await call('POST', '/v1/assets', { asset: 'EUR/2' })).json.code).toBe('asset_built_in')
  expect((await call('POST', '/v1/assets', { asset: 'PTS/0' })).json.number).toBe(1000)
  expect((await call('POST', '/v1/assets', { asset: 'GEM/3', number: 1000 })).json.code).toBe(
    'exists_with_different_name',
  )
  expect((await call('POST', '/v1/assets', { asset: 'PTS/0', number: 2000 })).json.code).toBe(
    'name_taken',
  )
  const { json } = await call('GET', '/v1/assets')
  expect(json.data.at(-1)).toMatchObject({ asset: 'PTS/0', number: 1000, built_in: false })
  expect(json.data.find(({ asset }: { asset: string }) => asset === 'EUR/2').number).toBe(978)
  const points = { debit_account: 'world', credit_account: 'p:1', amount: '5', asset: 'PTS/0' }
  const { json: moved } = await call('POST', '/v1/transfers', { ...points, open_missing: true })
  expect(moved).toMatchObject({ debit_account: 'world:PTS-0', asset: 'PTS/0' })
})
