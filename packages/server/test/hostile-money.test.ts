import { expect, test } from 'vitest'

import {
  balanceOf,
  BOOKS,
  type Call,
  FEES,
  openWallet,
  PAYMENT,
  type Reply,
  testServer,
  WALLET,
} from './harness.ts'
import { untouched } from './untouched.ts'

const SECOND = 1_000_000_000n

/** Stands still, and goes on when told: wall and monotonic time together. */
class StandingClock {
  #now = 1_800_000_000n * SECOND
  now = (): bigint => this.#now
  monotonic = (): bigint => this.#now
  advance(seconds: bigint): void {
    this.#now += seconds * SECOND
  }
}

const many = <Result>(count: number, make: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))
const succeeded = (replies: readonly Reply[]): number =>
  replies.filter(({ status }) => status < 300).length
const codesOf = (replies: readonly Reply[]): string[] => [
  ...new Set(
    replies.flatMap(({ status, json }) => (status < 300 ? [] : [`${status} ${json.code}`])),
  ),
]
const key = (name: string) => ({ 'idempotency-key': name })

/** `[what a hundred clients do at once, to what, how often it may succeed, what the others get, what the wallet has then]` */
const AT_ONCE: readonly (readonly [
  string,
  (call: Call) => Promise<(call: Call) => Promise<Reply>>,
  readonly [number, string, string],
])[] = [
  [
    'withdraw the whole balance',
    async () => (call) => call('POST', '/v1/transfers', { ...PAYMENT, amount: '10000' }),
    [1, '422 exceeds_credits', '0'],
  ],
  [
    'withdraw a third of it',
    async () => (call) => call('POST', '/v1/transfers', { ...PAYMENT, amount: '3333' }),
    [3, '422 exceeds_credits', '1'],
  ],
  [
    'hold the whole balance',
    async () => (call) => call('POST', '/v1/holds', { ...PAYMENT, amount: '10000' }),
    [1, '422 exceeds_credits', '10000'],
  ],
  [
    'capture one hold',
    async (call) => {
      const { json } = await call('POST', '/v1/holds', PAYMENT)
      return (now) => now('POST', `/v1/holds/${json.id}/capture`)
    },
    [1, '409 pending_transfer_already_posted', '7500'],
  ],
  [
    'void one hold',
    async (call) => {
      const { json } = await call('POST', '/v1/holds', PAYMENT)
      return (now) => now('POST', `/v1/holds/${json.id}/void`)
    },
    [1, '409 pending_transfer_already_voided', '10000'],
  ],
  [
    'take one transfer back',
    async (call) => {
      const { json } = await call('POST', '/v1/transfers', PAYMENT)
      return (now) => now('POST', `/v1/transfers/${json.id}/reverse`)
    },
    [1, '422 exceeds_reversible_amount', '10000'],
  ],
  [
    'take parts of one transfer back',
    async (call) => {
      const { json } = await call('POST', '/v1/transfers', PAYMENT)
      return (now) => now('POST', `/v1/transfers/${json.id}/reverse`, { amount: '1000' })
    },
    [2, '422 exceeds_reversible_amount', '9500'],
  ],
  [
    'take one transaction back',
    async (call) => {
      const postings = [BOOKS, FEES].map((destination) => ({
        ...{ source: WALLET, destination, amount: '100', asset: 'EUR/2' },
      }))
      const { json } = await call('POST', '/v1/transactions', { postings })
      return (now) => now('POST', `/v1/transactions/${json.id}/reverse`)
    },
    [1, '422 exceeds_reversible_amount', '10000'],
  ],
  [
    'open one account',
    async () => (call) => call('POST', '/v1/accounts', { address: 'a:b', asset: 'EUR/2', code: 7 }),
    [100, '', '10000'],
  ],
]

test.each(AT_ONCE)('a hundred clients %s at once', async (_what, make, [good, others, left]) => {
  const { call, ledger } = await testServer()
  await openWallet(call)
  const act = await make(call)
  const replies = await many(100, () => act(call))
  expect([succeeded(replies), codesOf(replies).join()]).toEqual([good, others])
  expect(await balanceOf(call, WALLET)).toBe(left)
  const before = await ledger.contentHash()
  expect([await act(call), await act(call)].map(({ status }) => status >= 400)).toEqual([
    ...[others !== '', others !== ''],
  ])
  expect(await ledger.contentHash()).toBe(before)
})

/** `[how it ended, what is tried then, with what body, [status, code]]` */
const ENDED: readonly (readonly [string, string, object, readonly [number, string]])[] = [
  ['capture', 'capture', {}, [409, 'pending_transfer_already_posted']],
  ['capture', 'capture', { amount: '1' }, [409, 'pending_transfer_already_posted']],
  ['capture', 'void', {}, [409, 'pending_transfer_already_posted']],
  ['void', 'capture', {}, [409, 'pending_transfer_already_voided']],
  ['void', 'capture', { amount: '2501' }, [422, 'exceeds_pending_transfer_amount']],
  ['void', 'void', {}, [409, 'pending_transfer_already_voided']],
  ['nothing', 'capture', { amount: '2501' }, [422, 'exceeds_pending_transfer_amount']],
  ['expiry before the sweep', 'capture', {}, [409, 'pending_transfer_expired']],
  ['expiry before the sweep', 'void', {}, [409, 'pending_transfer_expired']],
  ['expiry', 'capture', { amount: '1' }, [409, 'pending_transfer_expired']],
  ['expiry', 'void', {}, [409, 'pending_transfer_expired']],
]

test.each(ENDED)('a hold after %s: %s of %j moves nothing', async (end, act, body, refusal) => {
  const clock = new StandingClock()
  const server = await testServer({ clock })
  const { call } = server
  await openWallet(call)
  const { json: hold } = await call('POST', '/v1/holds', { ...PAYMENT, timeout_seconds: 600 })
  if (end === 'capture' || end === 'void') await call('POST', `/v1/holds/${hold.id}/${end}`)
  if (end.startsWith('expiry')) clock.advance(601n)
  // Any write sweeps what is due.
  if (end === 'expiry') await call('POST', '/v1/transfers', { ...PAYMENT, amount: '1' })
  const before = await balanceOf(call, BOOKS)
  const late = await call('POST', `/v1/holds/${hold.id}/${act}`, body)
  expect([late.status, late.json.code]).toEqual(refusal)
  expect(await balanceOf(call, BOOKS)).toBe(before)
  const { json: account } = await call('GET', `/v1/accounts/${WALLET}`)
  expect(account.balances.debits_pending).toBe(end === 'nothing' ? '2500' : '0')
  await untouched(server, () => call('POST', `/v1/holds/${hold.id}/${act}`, body))
})

test('a second before its deadline a hold is taken, a second after it is not', async () => {
  const clock = new StandingClock()
  const { call } = await testServer({ clock })
  await openWallet(call)
  const ask = { ...PAYMENT, amount: '100', timeout_seconds: 10 }
  const { json: one } = await call('POST', '/v1/holds', ask)
  clock.advance(9n)
  expect((await call('POST', `/v1/holds/${one.id}/capture`)).status).toBe(200)
  const { json: two } = await call('POST', '/v1/holds', ask)
  clock.advance(11n)
  const late = await call('POST', `/v1/holds/${two.id}/capture`)
  expect([late.status, late.json.code]).toEqual([409, 'pending_transfer_expired'])
  expect(await balanceOf(call, WALLET)).toBe('9900')
})

test('what is closed, or is no hold, or is no transfer, is refused and stays as it is', async () => {
  const server = await testServer()
  const { call } = server
  await openWallet(call)
  const { json: hold } = await call('POST', '/v1/holds', { ...PAYMENT, amount: '5' })
  const { json: transfer } = await call('POST', '/v1/transfers', PAYMENT)
  const { json: back } = await call('POST', `/v1/transfers/${transfer.id}/reverse`, { amount: '1' })
  await call('POST', `/v1/accounts/${FEES}/close`)
  const refused: readonly (readonly [string, object, number, string])[] = [
    ['/v1/transfers', { ...PAYMENT, credit_account: FEES }, 422, 'credit_account_already_closed'],
    ['/v1/transfers', { ...PAYMENT, debit_account: FEES }, 422, 'debit_account_already_closed'],
    ['/v1/holds', { ...PAYMENT, credit_account: FEES }, 422, 'credit_account_already_closed'],
    [`/v1/accounts/${FEES}/increments`, { amount: '1' }, 422, 'credit_account_already_closed'],
    [`/v1/accounts/${FEES}/close`, {}, 409, 'account_already_closed'],
    [`/v1/accounts/${BOOKS}/reopen`, {}, 409, 'account_not_closed'],
    [`/v1/transfers/${back.id}/reverse`, {}, 422, 'reversed_transfer_not_reversible'],
    [`/v1/transfers/${hold.id}/reverse`, {}, 422, 'reversed_transfer_not_reversible'],
    [`/v1/transfers/${transfer.id}/reverse`, { amount: '2500' }, 422, 'exceeds_reversible_amount'],
    [`/v1/holds/${transfer.id}/capture`, {}, 404, 'not_found'],
    [`/v1/holds/${transfer.id}/void`, {}, 404, 'not_found'],
  ]
  for (const [path, body, status, code] of refused) {
    const reply = await untouched(server, () => call('POST', path, body))
    expect([path, reply.status, reply.json.code]).toEqual([path, status, code])
  }
})

test('a refusal for lack of funds says what was needed, what there is and the limit, as fields', async () => {
  const server = await testServer()
  const { call } = server
  await openWallet(call)
  await call('POST', '/v1/holds', { ...PAYMENT, amount: '4000' })
  await call('PATCH', `/v1/accounts/${WALLET}`, { limit: '500' })
  const facts = { account: WALLET, needed: '6501', available: '6500', limit: '500' }
  for (const query of ['', '?dry_run=true']) {
    const path = `/v1/transfers${query}`
    const reply = await untouched(server, () => call('POST', path, { ...PAYMENT, amount: '6501' }))
    expect(reply.json).toMatchObject({ status: 422, code: 'exceeds_credits', ...facts })
  }
})

test('one name twice in one batch is one transfer; with another content it is a conflict', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const command = { operation: 'create_transfer', ...PAYMENT, reference: 'r' }
  const commands = [command, command, { ...command, amount: '1' }]
  const { status, json } = await call('POST', '/v1/batches', { commands })
  expect([status, json.results?.map((result: { status: string }) => result.status)]).toEqual([
    ...[200, ['created', 'exists', 'exists_with_different_amount']],
  ])
  expect(await balanceOf(call, WALLET)).toBe('7500')
})

test('a key is of one request: no other body, path or form gets its answer or a 500', async () => {
  const server = await testServer()
  const { call } = server
  await openWallet(call)
  await call('POST', '/v1/transfers', PAYMENT, key('k'))
  const batch = { commands: [{ operation: 'create_transfer', ...PAYMENT }] }
  const others: readonly (readonly [string, string, unknown])[] = [
    ['POST', '/v1/transfers', { ...PAYMENT, amount: '1' }],
    ['POST', '/v1/transfers', { ...PAYMENT, metadata: { a: 1 } }],
    ['POST', '/v1/transfers', { ...PAYMENT, code: 11 }],
    ['POST', '/v1/holds', PAYMENT],
    ['POST', '/v1/batches', batch],
    ['POST', '/v1/accounts', { address: 'a:b', asset: 'EUR/2' }],
    ['PATCH', `/v1/accounts/${WALLET}`, { limit: '5' }],
    ['POST', `/v1/accounts/${WALLET}/increments`, { amount: '2500' }],
    ['POST', `/v1/accounts/${WALLET}/close`, {}],
  ]
  for (const [method, path, body] of others) {
    const reply = await untouched(server, () => call(method, path, body, key('k')))
    expect([path, reply.status, reply.json.code]).toEqual([path, 422, 'idempotency_key_reused'])
  }
})
