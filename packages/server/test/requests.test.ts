import { expect, test } from 'vitest'

import { EVERY_WRITE, steadyClock } from './every-write.ts'
import { BOOKS, type Call, openWallet, PAYMENT, testServer, WALLET } from './harness.ts'

interface Row {
  readonly id: string
  readonly timestamp: string
  readonly operation: string
}

const ids = (rows: readonly Row[]): string[] => rows.map(({ id }) => id)

async function listed(call: Call, query: string): Promise<Row[]> {
  const rows: Row[] = []
  let cursor = ''
  do {
    const { status, json } = await call('GET', `/v1/requests?${query}${cursor}`)
    expect(status).toBe(200)
    expect(json.searched_back_to === null).toBe(!json.has_more)
    rows.push(...json.data)
    cursor = json.has_more ? `&cursor=${json.next_cursor}` : ''
  } while (cursor !== '')
  return rows
}

test('a saved request has the answer that was given, of every kind of write, and its records', async () => {
  const { call } = await testServer({ clock: steadyClock() })
  for (const [index, [method, path, body]] of EVERY_WRITE.entries()) {
    const headers = { 'idempotency-key': `step-${index}` }
    const first = await call(method, path, body, headers)
    const { data } = (await call('GET', '/v1/requests?limit=1')).json
    const { json } = await call('GET', `/v1/requests/${data[0].id}`)
    expect(json.idempotency_key).toBe(`step-${index}`)
    expect(json.answer.status).toBe(first.status)
    // The path of a request with parameters is not kept: `instance` is what a later asker calls it.
    const { instance: _, ...expected } = first.json
    const { instance: __, ...answered } = json.answer.body
    expect(answered).toEqual(expected)
    expect(json.records).toHaveLength(Number(json.record_count))
    const sequences = json.records.map(({ sequence }: { sequence: string }) => Number(sequence))
    expect(sequences).toEqual(json.records.map((_: unknown, at: number) => sequences[0] + at))
    expect(json.records[0]).toMatchObject({ sequence: json.sequence, timestamp: json.timestamp })
  }
})

test('records say what an opening, a change, a closing and a movement were', async () => {
  const { call } = await testServer({ clock: steadyClock() })
  const seen: unknown[] = []
  for (const [method, path, body] of EVERY_WRITE) {
    await call(method, path, body)
    const { data } = (await call('GET', '/v1/requests?limit=1')).json
    const { json } = await call('GET', `/v1/requests/${data[0].id}`)
    for (const { object: _, id: __, sequence: ___, timestamp: ____, ...rest } of json.records) {
      seen.push(rest)
    }
  }
  expect(seen).toContainEqual({
    ...{ operation: 'create_account', status: 'created', account: WALLET, asset: 'EUR/2' },
    ...{ code: 100, limit: '0', subtree_limit: null, metadata: { tier: 'gold' } },
  })
  expect(seen).toContainEqual({
    ...{ operation: 'change_limit', status: 'changed', account: WALLET },
    ...{ limit: '700', limit_before: '0' },
  })
  expect(seen).toContainEqual({
    ...{ operation: 'change_metadata', status: 'changed', account: WALLET },
    metadata: { tier: 'platinum' },
  })
  expect(seen).toContainEqual({ operation: 'close_account', status: 'changed', account: BOOKS })
  expect(seen).toContainEqual({
    ...{ operation: 'close_books', status: 'changed', asset: 'EUR/2' },
    ...{ closed_until: '2025-12-31T23:59:59.000000000Z', closed_until_before: null },
  })
  expect(seen).toContainEqual({
    ...{ operation: 'create_transfer', status: 'exceeds_credits', debit_account: WALLET },
    ...{ credit_account: BOOKS, amount: '999999', account: WALLET, needed: '999999' },
    ...{ available: '7200', limit: '0' },
  })
  expect(seen).toContainEqual(
    expect.objectContaining({ kind: 'captured', amount: '1000', pending_id: expect.any(String) }),
  )
})

test('transfers, entries and accounts lead back to their requests', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { json: paid } = await call('POST', '/v1/transfers', PAYMENT)
  const { json: entries } = await call('GET', `/v1/accounts/${WALLET}/entries`)
  expect(entries.data[0]).toMatchObject({ transfer_id: paid.id, request_id: paid.request_id })
  const { json: statement } = await call('GET', `/v1/accounts/${WALLET}/statement`)
  expect(statement.entries.at(-1).request_id).toBe(paid.request_id)
  const { json: account } = await call('GET', `/v1/accounts/${WALLET}`)
  const { json: opened } = await call('GET', `/v1/requests/${account.request_id}`)
  expect(opened).toMatchObject({ operation: 'createAccount', records: [{ account: WALLET }] })
  expect(ids(await listed(call, `transfer=${paid.id}`))).toEqual([paid.request_id])
})

test('nobody asked for an expiry; its entry names the hold, whose own request is known', async () => {
  const clock = { at: 1_790_000_000_000_000_000n }
  const { call } = await testServer({
    clock: { now: () => clock.at, monotonic: () => clock.at },
  })
  await openWallet(call)
  const { json: hold } = await call('POST', '/v1/holds', { ...PAYMENT, timeout_seconds: 5 })
  clock.at += 6_000_000_000n
  await call('POST', '/v1/assets', { asset: 'PTS/0' })
  const { json } = await call('GET', `/v1/accounts/${WALLET}/entries?kind=all&limit=1`)
  expect(json.data[0]).toMatchObject({ kind: 'expired', transfer_id: hold.id, request_id: null })
  const { json: made } = await call('GET', `/v1/transfers/${hold.id}`)
  expect(made.request_id).toBe(hold.request_id)
  const { json: events } = await call('GET', `/v1/transfers/${hold.id}/events`)
  expect(events.data).toMatchObject([
    { kind: 'expired', transfer_id: null, amount: '2500', remaining: '0', request_id: null },
  ])
})

test('what became of a hold is listed, page by page', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { json: hold } = await call('POST', '/v1/holds', { ...PAYMENT, amount: '3000' })
  const requests: string[] = []
  for (const reference of ['parcel-1', 'parcel-2', 'parcel-3']) {
    const body = { amount: '700', final: false, reference }
    const { json: captured } = await call('POST', `/v1/holds/${hold.id}/capture`, body)
    const { json: capture } = await call('GET', `/v1/transfers/${captured.transfer_id}`)
    requests.push(capture.request_id)
    await call('POST', '/v1/transfers', { ...PAYMENT, amount: '1' })
  }
  await call('POST', `/v1/holds/${hold.id}/void`)
  const path = `/v1/transfers/${hold.id}/events?limit=3`
  const { json: first } = await call('GET', path)
  expect(
    first.data.map(({ kind, total, remaining }: Record<string, string>) => [
      kind,
      total,
      remaining,
    ]),
  ).toEqual([
    ['voided', '2100', '0'],
    ['captured', '2100', '900'],
    ['captured', '1400', '1600'],
  ])
  const { json: second } = await call('GET', `${path}&cursor=${first.next_cursor}`)
  expect(second.data).toMatchObject([{ amount: '700', request_id: requests[0] }])
  expect(second.has_more).toBe(false)
  const unknown = '/v1/transfers/019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07/events'
  expect((await call('GET', unknown)).status).toBe(404)
})

test('reversals of a transfer are listed with what is left of it', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { json: paid } = await call('POST', '/v1/transfers', PAYMENT)
  await call('POST', `/v1/transfers/${paid.id}/reverse`, { amount: '500' })
  await call('POST', `/v1/transfers/${paid.id}/reverse`)
  const { json } = await call('GET', `/v1/transfers/${paid.id}/events`)
  expect(json.data).toMatchObject([
    { kind: 'reversed', amount: '2000', total: '2500', remaining: '0' },
    { kind: 'reversed', amount: '500', total: '500', remaining: '2000' },
  ])
})

test('an account’s requests are those that opened, changed and moved it, refusals not among them', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await call('POST', '/v1/transfers', { ...PAYMENT, amount: '999999' })
  await call('PATCH', `/v1/accounts/${WALLET}`, { limit: '5', metadata: { a: 1 } })
  await call('POST', `/v1/accounts/${BOOKS}/close`)
  const rows = await listed(call, `account=${WALLET}&limit=1`)
  expect(rows.map(({ operation }) => operation)).toEqual([
    'changeAccount',
    'increment',
    'createAccount',
  ])
  const period = `from=${rows[1]?.timestamp}&to=${rows[0]?.timestamp}`
  expect((await listed(call, `account=${WALLET}&${period}`)).map(({ id }) => id)).toEqual([
    rows[1]?.id,
  ])
  const all = await listed(call, 'limit=2')
  expect(all).toHaveLength(7)
  expect(ids(await listed(call, 'source=127.0.0.1'))).toEqual(ids(all))
  expect(await listed(call, 'source=10.0.0.1')).toEqual([])
  expect(ids(await listed(call, 'principal=root&key_id=root'))).toEqual(ids(all))
  expect(await listed(call, 'key_id=key_01M8AJTFAFW6JRXC9YC9KDF9CM')).toEqual([])
  expect(await listed(call, 'principal=ada&source=127.0.0.1')).toEqual([])
  expect(await listed(call, 'account=nobody:here')).toEqual([])
})

test('what cannot be served is refused with a sentence', async () => {
  const { call } = await testServer()
  for (const [query, code] of [
    ['account=world', 'invalid_parameter'],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'invalid_time'],
    ['from=yesterday', 'invalid_parameter'],
    ['transfer=17', 'invalid_parameter'],
    ['source=', 'invalid_parameter'],
    ['principal=', 'invalid_parameter'],
    ['owner=root', 'unknown_parameter'],
    ['cursor=WzFd.AAAA', 'invalid_cursor'],
    ['limit=0', 'invalid_parameter'],
  ]) {
    const { json } = await call('GET', `/v1/requests?${query}`)
    expect([query, json.code]).toEqual([query, code])
    expect(json.detail).toMatch(/\w+/)
  }
})

test('a cursor of requests goes on where its page ended, whatever came in since', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { json: first } = await call('GET', `/v1/requests?account=${WALLET}&limit=1`)
  await call('POST', '/v1/transfers', PAYMENT)
  const { json: next } = await call('GET', `/v1/requests?cursor=${first.next_cursor}`)
  expect(next.data.map(({ operation }: Row) => operation)).toEqual(['createAccount'])
})
