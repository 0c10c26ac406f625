/** One of every kind of write, refusals included, and a clock under which its answers are the same each time. */
import { BOOKS, FEES, PAYMENT, WALLET } from './harness.ts'

/** A clock that goes on by a second with every look, so that every answer has a time of its own. The first look is for the day's end. */
export function steadyClock() {
  let seconds = -1n
  const now = (): bigint => 1_790_000_000_123_456_789n + seconds++ * 1_000_000_000n
  return { now, monotonic: () => seconds * 1_000_000_000n }
}

const id = (last: number): string => `019aa3c5-7d2e-7c41-9b0e-${String(last).padStart(12, '0')}`

/** Every kind of answer to a write, in an order in which each makes sense. */
export const EVERY_WRITE: readonly (readonly [method: string, path: string, body: unknown])[] = [
  [
    'POST',
    '/v1/accounts',
    {
      address: WALLET,
      asset: 'EUR/2',
      code: 100,
      flags: ['debits_must_not_exceed_credits'],
      metadata: { tier: 'gold' },
    },
  ],
  ['POST', '/v1/accounts', { address: BOOKS, asset: 'EUR/2', code: 200 }],
  [
    'POST',
    '/v1/accounts',
    { address: FEES, asset: 'EUR/2', parent: BOOKS, limit: '5', closed: true },
  ],
  ['POST', '/v1/accounts', { address: BOOKS, asset: 'EUR/2', code: 200 }],
  ['POST', '/v1/accounts', { address: BOOKS, asset: 'USD/2', code: 200 }],
  ['POST', `/v1/accounts/${FEES}/reopen`, {}],
  [
    'POST',
    `/v1/accounts/${WALLET}/increments`,
    { amount: '10000', id: id(1), metadata: { why: 'top-up' } },
  ],
  ['POST', `/v1/accounts/${WALLET}/decrements`, { amount: '300', id: id(2), mode: 'up_to' }],
  ['POST', '/v1/transfers', { ...PAYMENT, id: id(3), effective_at: '2026-01-02T03:04:05.6Z' }],
  ['POST', '/v1/transfers', { ...PAYMENT, id: id(3), effective_at: '2026-01-02T03:04:05.6Z' }],
  ['POST', '/v1/transfers', { ...PAYMENT, id: id(4), amount: '999999' }],
  ['POST', '/v1/transfers', { ...PAYMENT, id: id(5), credit_account: 'nobody:here' }],
  ['POST', '/v1/transfers', { ...PAYMENT, reference: 'order-17', amount: '1' }],
  ['POST', `/v1/transfers/${id(3)}/reverse`, { id: id(6), amount: '500' }],
  ['POST', `/v1/transfers/${id(3)}/reverse`, { id: id(7), amount: '5000' }],
  [
    'POST',
    '/v1/transactions',
    {
      id: id(8),
      metadata: { cart: 'c-7' },
      postings: [
        { source: WALLET, destination: BOOKS, amount: '900', asset: 'EUR/2' },
        {
          source: WALLET,
          destination: FEES,
          amount: '100',
          asset: 'EUR/2',
          code: 9,
          metadata: { fee: true },
        },
      ],
    },
  ],
  ['POST', `/v1/transactions/${id(8)}/reverse`, { id: id(9) }],
  [
    'POST',
    '/v1/transactions',
    {
      id: id(10),
      postings: [{ source: WALLET, destination: 'none:such', amount: '900', asset: 'EUR/2' }],
    },
  ],
  ['POST', '/v1/holds', { ...PAYMENT, id: id(11), amount: '3000', timeout_seconds: 86_400 }],
  ['POST', `/v1/holds/${id(11)}/capture`, { id: id(12), amount: '1000', final: false }],
  ['POST', `/v1/holds/${id(11)}/void`, { id: id(13) }],
  ['POST', `/v1/holds/${id(11)}/capture`, { id: id(14) }],
  ['PATCH', `/v1/accounts/${WALLET}`, { limit: '700', metadata: { tier: 'platinum' } }],
  ['POST', `/v1/accounts/${BOOKS}/close`, {}],
  ['POST', `/v1/accounts/${BOOKS}/close`, {}],
  ['POST', '/v1/assets', { asset: 'PTS/0' }],
  ['PUT', '/v1/books', { asset: 'EUR/2', closed_until: '2025-12-31T23:59:59Z' }],
  ['PUT', '/v1/books', { account: 'nobody:here', closed_until: null }],
  [
    'POST',
    '/v1/batches',
    {
      commands: [
        { operation: 'reopen_account', account: BOOKS },
        { operation: 'create_transfer', ...PAYMENT, id: id(15), amount: '7' },
        { operation: 'create_transfer', ...PAYMENT, id: id(16), amount: '999999' },
      ],
    },
  ],
  [
    'POST',
    '/v1/batches?atomic=true',
    { commands: [{ operation: 'create_transfer', ...PAYMENT, id: id(17), amount: '999999' }] },
  ],
]
