import { EVENT_TYPES, type LedgerEvent } from '@tallystick/contract'
import { expect, test } from 'vitest'

import { EventReader } from './event-reader.ts'
import { BOOKS, openWallet, PAYMENT, testServer, type TestServer, WALLET } from './harness.ts'

const typesOf = (events: readonly { type: string }[]): string[] => events.map(({ type }) => type)

/** One fact of every type, in this order. */
async function everyFact({ call }: TestServer): Promise<void> {
  await openWallet(call)
  const { json: paid } = await call('POST', '/v1/transfers', { ...PAYMENT, reference: 'order-1' })
  await call('POST', `/v1/transfers/${paid.id}/reverse`, { amount: '500' })
  const hold = async (more: object = {}): Promise<string> => {
    const { json } = await call('POST', '/v1/holds', { ...PAYMENT, amount: '1000', ...more })
    return json.id
  }
  await call('POST', `/v1/holds/${await hold()}/capture`, { amount: '400' })
  await call('POST', `/v1/holds/${await hold({ metadata: { cart: 'c-7' } })}/void`)
  await call('PATCH', `/v1/accounts/${WALLET}`, { limit: '700', metadata: { level: 'gold' } })
  await call('POST', '/v1/transfers', { ...PAYMENT, amount: '99999999' })
  await call('POST', `/v1/accounts/${BOOKS}/close`)
  await call('POST', `/v1/accounts/${BOOKS}/reopen`)
  await call('POST', '/v1/assets', { asset: 'PTS/0' })
  const books = { asset: 'EUR/2', closed_until: '2020-01-01T00:00:00Z' }
  expect((await call('PUT', '/v1/books', books)).status).toBe(200)
}

test('every fact is an event of its type, in the order of the ledger, and has the shape of its schema', async () => {
  const server = await testServer()
  await everyFact(server)
  const reader = await EventReader.open(server.url, '?after=0&type=*')
  expect(reader.response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const events = await reader.take(18)
  expect(typesOf(events)).toMatchInlineSnapshot(`
    [
      "account.opened",
      "account.opened",
      "account.opened",
      "account.opened",
      "transfer.posted",
      "transfer.posted",
      "transfer.reversed",
      "hold.created",
      "hold.captured",
      "hold.created",
      "hold.voided",
      "account.limits_changed",
      "account.metadata_changed",
      "command.refused",
      "account.closed",
      "account.reopened",
      "asset.registered",
      "books.closed",
    ]
  `)
  const seen = new Set(typesOf(events))
  expect(EVENT_TYPES.filter((type) => !seen.has(type))).toEqual([
    ...['hold.expired', 'rule.fired', 'read_models.differed', 'read_models.agreed'],
  ])
  const sequences = events.map(({ sequence }) => Number(sequence))
  expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
})

test('an event says what was moved, who asked, and how both accounts stand', async () => {
  const server = await testServer()
  await openWallet(server.call)
  const reader = await EventReader.open(server.url)
  const { json: transfer } = await server.call('POST', '/v1/transfers', {
    ...PAYMENT,
    ...{ reference: 'order-1', metadata: { cart: 'c-7' } },
    private: { subject: 'customer-17', data: { name: 'Ada Lovelace' } },
  })
  const [event] = await reader.take(1)
  expect(event).toMatchObject({
    specversion: '1.0',
    type: 'transfer.posted',
    subject: transfer.id,
    time: transfer.timestamp,
    sequence: transfer.sequence,
    data: {
      transfer_id: transfer.id,
      debit: { account: WALLET, number: '2', balances: { balance: '7500' } },
      credit: { account: BOOKS, number: '1', balances: { balance: '2500' } },
      amount: '2500',
      asset: 'EUR/2',
      metadata: { cart: 'c-7' },
      private: 'withheld',
      request_id: transfer.request_id,
      reference: 'order-1',
    },
  })
})

test('a hold that ran out is told without anybody having asked', async () => {
  const server = await testServer()
  await openWallet(server.call)
  const reader = await EventReader.open(server.url, '?type=hold.*')
  const hold = { ...PAYMENT, amount: '1000', timeout_seconds: 1 }
  const { json } = await server.call('POST', '/v1/holds', hold)
  const events = await reader.take(2)
  expect(typesOf(events)).toEqual(['hold.created', 'hold.expired'])
  expect(events[1]).toMatchObject({
    subject: json.id,
    data: { hold_id: json.id, amount: '1000', remaining: '0', request_id: null },
  })
})

test('a listener goes on behind the last event that it knows, by header or by query', async () => {
  const server = await testServer()
  await everyFact(server)
  const all = await (await EventReader.open(server.url, '?after=0')).take(17)
  const middle = all[8]?.id ?? ''
  const expected = all.slice(9)
  const byHeader = await EventReader.open(server.url, '', { 'last-event-id': middle })
  expect(await byHeader.take(expected.length)).toEqual(expected)
  const byQuery = await EventReader.open(server.url, `?after=${middle}`)
  expect(await byQuery.take(expected.length)).toEqual(expected)
  const both = await EventReader.open(server.url, '?after=0', { 'last-event-id': middle })
  expect(await both.take(expected.length)).toEqual(expected)
})

test.each([
  ['type=hold.*', ['hold.created', 'hold.captured', 'hold.created', 'hold.voided']],
  ['type=account.closed,account.reopened', ['account.closed', 'account.reopened']],
  ['type=command.refused', ['command.refused']],
  ['asset=PTS/0', ['asset.registered']],
  ['reference=order-1', ['transfer.posted']],
  ['prefix=merchants:&type=account.*', ['account.opened', 'account.closed', 'account.reopened']],
  [
    `account=${WALLET}&type=transfer.*`,
    ['transfer.posted', 'transfer.posted', 'transfer.reversed'],
  ],
])('%s finds what it says', async (query, types) => {
  const server = await testServer()
  await everyFact(server)
  const whole = await EventReader.open(server.url, `?after=0&${query}`)
  expect(typesOf(await whole.take(types.length))).toEqual(types)
  // Whatever else would have come lies before this.
  await server.call('POST', `/v1/accounts/${WALLET}/close`)
  const live = await EventReader.open(server.url, '?after=0&type=*')
  await live.take(19)
  expect(whole.events).toHaveLength(types.length)
})

test('what is happening now is told to each by their filter, once', async () => {
  const server = await testServer()
  await openWallet(server.call)
  const readers = await Promise.all(
    ['', `?account=${WALLET},${BOOKS}`, '?prefix=merchants', '?account=nobody', '?prefix=user'].map(
      (query) => EventReader.open(server.url, query),
    ),
  )
  for (let index = 0; index < 3; index++) await server.call('POST', '/v1/transfers', PAYMENT)
  const [all, both, prefix] = readers
  const expected = await all?.take(3)
  expect(typesOf(expected ?? [])).toEqual(Array(3).fill('transfer.posted'))
  expect(await both?.take(3)).toEqual(expected)
  expect(await prefix?.take(3)).toEqual(expected)
  await server.close()
  for (const reader of readers) await reader.rest()
  expect(readers.map(({ events }) => events.length)).toEqual([3, 3, 3, 0, 0])
})

test.each([
  ['?after=0-9999', {}, 'invalid_parameter', 'after'],
  ['?after=1-1', {}, 'invalid_parameter', 'after'],
  ['?after=x', {}, 'invalid_parameter', 'after'],
  ['', { 'last-event-id': '0-9999' }, 'invalid_header', 'last-event-id'],
  ['', { 'last-event-id': 'x' }, 'invalid_header', 'last-event-id'],
  ['?type=money.moved', {}, 'invalid_parameter', 'type'],
  ['?account=world', {}, 'invalid_parameter', 'account'],
  ['?prefix=a//b', {}, 'invalid_parameter', 'prefix'],
  ['?colour=red', {}, 'unknown_parameter', 'colour'],
])('%s %j is refused: %s', async (query, headers, code, param) => {
  const server = await testServer()
  const { status, json } = await server.call('GET', `/v1/events${query}`, undefined, headers)
  expect({ status, code: json.code, param: json.param }).toEqual({ status: 400, code, param })
})

const FILTERS: readonly ((event: LedgerEvent) => readonly [string, boolean])[] = [
  ({ type }) => ['type=transfer.*,account.closed', /^(transfer\.|account\.closed$)/.test(type)],
  (event) => [`account=${WALLET}`, accountsOf(event).includes(WALLET)],
  (event) => ['prefix=merchants', accountsOf(event).some((each) => /^merchants(:|$)/.test(each))],
  ({ data }) => ['asset=EUR/2', 'asset' in data && data.asset === 'EUR/2'],
  ({ data }) => ['reference=order-1', 'reference' in data && data.reference === 'order-1'],
]

function accountsOf({ data }: LedgerEvent): string[] {
  const named: unknown[] = ['account', 'debit_account', 'credit_account'].map((name) =>
    Reflect.get(data, name),
  )
  const sides = 'debit' in data ? [data.debit.account, data.credit.account] : []
  return [...named, ...sides].filter((each) => typeof each === 'string')
}

test('any choice of filters lets through what a look at each event lets through, and silence says how far it is', async () => {
  const server = await testServer()
  await everyFact(server)
  const all = await (await EventReader.open(server.url, '?after=0')).take(17)
  const choices = Array.from({ length: 1 << FILTERS.length }, (_, choice) =>
    FILTERS.filter((__, index) => (choice & (1 << index)) !== 0),
  )
  const silent = await EventReader.open(server.url, '?after=0&account=nobody')
  const listeners = await Promise.all(
    choices.map(async (chosen) => {
      const query = chosen.map((filter) => filter(all[0]!)[0]).join('&')
      const reader = await EventReader.open(server.url, `?after=0&${query}`)
      const fitting = all.filter((event) => chosen.every((filter) => filter(event)[1]))
      await reader.take(fitting.length)
      return { query, reader, expected: fitting.map(({ id }) => id) }
    }),
  )
  await silent.reach(all.at(-1)?.id ?? '')
  expect(silent.events).toEqual([])
  await server.close()
  for (const { query, reader, expected } of listeners) {
    await reader.rest()
    expect([query, reader.events.map(({ id }) => id)]).toEqual([query, expected])
  }
  expect(new Set(listeners.map(({ expected }) => expected.length)).size).toBeGreaterThan(4)
})

test('without a key nobody listens', async () => {
  const server = await testServer()
  const response = await fetch(`${server.url}/v1/events`)
  expect(response.status).toBe(401)
})

test('a server that stops says so, and ends the streams at once', async () => {
  const server = await testServer()
  await openWallet(server.call)
  const reader = await EventReader.open(server.url)
  await server.close()
  const messages = await reader.rest()
  expect(messages[0]).toEqual({ name: '', id: '0-5', data: undefined })
  const last = messages.at(-1)
  expect(last?.name).toBe('closed')
  expect(JSON.parse(last?.data ?? '')).toEqual({
    code: 'unavailable',
    detail: 'The server is stopping.',
  })
})
