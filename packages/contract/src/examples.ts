/** Answers as the documents show them: one small story, whose numbers add up. */
import type { Account } from './accounts.ts'
import type { Asset } from './assets.ts'
import type { BalanceAt, Balances, TotalsList } from './balances.ts'
import type { Batch } from './batches.ts'
import type { Books } from './books.ts'
import type { EntryList } from './entries.ts'
import type { Hold } from './holds.ts'
import type { Health, Readiness } from './operations.ts'
import type { Problem } from './problems.ts'
import type { RequestList, SavedRequest } from './requests.ts'
import type { OperationId } from './routes.ts'
import type { Transaction } from './transactions.ts'
import type { LaterEventList, Transfer } from './transfers.ts'

const NOTHING: Balances = {
  debits_pending: '0',
  debits_posted: '0',
  credits_pending: '0',
  credits_posted: '0',
  balance: '0',
  available: '0',
}
const UNLIMITED: Balances = { ...NOTHING, available: null }

const account: Account = {
  object: 'account',
  address: 'users:1042:wallet',
  id: 'cbe964e9-4bab-a02c-027c-1b19b4971642',
  asset: 'EUR/2',
  code: 100,
  flags: ['debits_must_not_exceed_credits'],
  parent: null,
  limit: '0',
  subtree_limit: null,
  closed: false,
  balances: NOTHING,
  entries: '0',
  metadata: {},
  created_at: '2026-11-21T09:00:00.123456789Z',
  request_id: 'req_01KAHWAY4QX3M5T0N7C2E9R8V6',
}

const moved = {
  object: 'transfer',
  status: 'created',
  asset: 'EUR/2',
  code: 1,
  kind: 'posted',
  pending_id: null,
  timeout_seconds: null,
  effective_at: '2026-11-21T09:00:01.000000000Z',
  timestamp: '2026-11-21T09:00:01.000000000Z',
} as const

const topUp: Transfer = {
  ...moved,
  id: '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07',
  debit_account: 'world:EUR-2',
  credit_account: 'users:1042:wallet',
  amount: '10000',
  metadata: { why: 'top-up' },
  sequence: '5',
  request_id: 'req_01KAHWAZ9EFH0SP3HZD99DG701',
  balances: {
    'users:1042:wallet': {
      ...NOTHING,
      credits_posted: '10000',
      balance: '10000',
      available: '10000',
    },
    'world:EUR-2': { ...UNLIMITED, debits_posted: '10000', balance: '-10000' },
  },
}

const order: Transfer = {
  ...moved,
  id: '019aa3c5-91f0-7e0b-8a53-c1d0f6b2a994',
  debit_account: 'users:1042:wallet',
  credit_account: 'merchants:books',
  amount: '2500',
  code: 10,
  metadata: {},
  sequence: '6',
  request_id: 'req_01KAHWAZEHFR5RMM9BYYZ6TCEK',
  balances: {
    'users:1042:wallet': {
      ...NOTHING,
      debits_posted: '2500',
      credits_posted: '10000',
      balance: '7500',
      available: '7500',
    },
    'merchants:books': { ...UNLIMITED, credits_posted: '2500', balance: '2500' },
  },
}

const { balances: _, ...posting } = topUp
const transaction: Transaction = {
  object: 'transaction',
  id: '019aa3c6-01b4-7d10-8c5e-52a9d7c3e611',
  status: 'created',
  transfers: [
    {
      ...posting,
      id: '019aa3c6-01b4-7d10-8c5e-52a9d7c3e612',
      debit_account: 'users:1042:wallet',
      credit_account: 'merchants:books',
      amount: '900',
      metadata: { cart: 'c-7' },
      sequence: '8',
      request_id: 'req_01KAHWC1Q6HT88R99RH9PSM6SM',
    },
    {
      ...posting,
      id: '019aa3c6-01b4-7d10-8c5e-52a9d7c3e613',
      debit_account: 'users:1042:wallet',
      credit_account: 'platform:fees',
      amount: '100',
      metadata: { cart: 'c-7' },
      sequence: '9',
      timestamp: '2026-11-21T09:00:01.000000001Z',
      effective_at: '2026-11-21T09:00:01.000000001Z',
      request_id: 'req_01KAHWC1Q6HT88R99RH9PSM6SM',
    },
  ],
  metadata: { cart: 'c-7' },
  effective_at: moved.effective_at,
  timestamp: moved.timestamp,
  sequence: '8',
  request_id: 'req_01KAHWC1Q6HT88R99RH9PSM6SM',
  reference: 'order-18',
  balances: {
    'users:1042:wallet': {
      ...NOTHING,
      debits_posted: '3500',
      credits_posted: '10000',
      balance: '6500',
      available: '6500',
    },
    'merchants:books': { ...UNLIMITED, credits_posted: '3400', balance: '3400' },
    'platform:fees': { ...UNLIMITED, credits_posted: '100', balance: '100' },
  },
}

const hold: Hold = {
  object: 'hold',
  id: '019aa3c7-2f60-7a8b-b1d4-90e2c4f7a513',
  status: 'pending',
  debit_account: 'users:1042:wallet',
  credit_account: 'merchants:books',
  held: '3000',
  captured: '0',
  remaining: '3000',
  asset: 'EUR/2',
  code: 1,
  timeout_seconds: 600,
  expires_at: '2026-11-21T09:12:00.000000000Z',
  metadata: {},
  effective_at: '2026-11-21T09:02:00.000000000Z',
  timestamp: '2026-11-21T09:02:00.000000000Z',
  sequence: '10',
  request_id: 'req_01KAHWEBV0FA5V3N4GWB2FF98K',
  balances: {
    'users:1042:wallet': {
      debits_pending: '3000',
      debits_posted: '3500',
      credits_pending: '0',
      credits_posted: '10000',
      balance: '6500',
      available: '3500',
    },
    'merchants:books': {
      ...UNLIMITED,
      credits_pending: '3000',
      credits_posted: '3400',
      balance: '3400',
    },
  },
}

const entries: EntryList = {
  data: [
    {
      object: 'entry',
      account: 'users:1042:wallet',
      number: '2',
      direction: 'debit',
      amount: '2500',
      balance: '7500',
      transfer_id: order.id,
      counterparty: 'merchants:books',
      code: 10,
      effective_at: order.effective_at,
      timestamp: order.timestamp,
      metadata: {},
      request_id: order.request_id,
    },
  ],
  has_more: false,
  next_cursor: null,
}

const balance: BalanceAt = {
  object: 'balance',
  account: 'users:1042:wallet',
  asset: 'EUR/2',
  at: '2026-11-15T00:00:00.000000000Z',
  by: 'ledger',
  balances: NOTHING,
  entries: '0',
  sequence: '0',
}

const totals: TotalsList = {
  data: [
    {
      object: 'totals',
      group: 'users:1042',
      asset: 'EUR/2',
      accounts: '1',
      debits_pending: '3000',
      debits_posted: '3500',
      credits_pending: '0',
      credits_posted: '10000',
      balance: '6500',
    },
  ],
  has_more: false,
  next_cursor: null,
}

const asset: Asset = {
  object: 'asset',
  asset: 'PTS/0',
  number: 1000,
  scale: 0,
  built_in: false,
  registered_at: '2026-11-21T09:05:00.000000000Z',
}

const books: Books = {
  object: 'books',
  asset: 'EUR/2',
  account: null,
  closed_until: '2026-10-31T23:59:59.999999999Z',
  timestamp: '2026-11-21T09:06:00.000000000Z',
  sequence: '14',
  request_id: 'req_01KAHWNP0GF9WRD1D2M6K3C0VB',
}

const batch: Batch = {
  object: 'batch',
  atomic: false,
  count: 2,
  refused: 0,
  request_id: 'req_01KAHWQH8GEWKTQSV8E5G9F1AZ',
  balances: {
    'users:1043:wallet': { ...UNLIMITED, credits_posted: '500', balance: '500' },
    'world:EUR-2': { ...UNLIMITED, debits_posted: '10500', balance: '-10500' },
  },
  results: [
    {
      index: 0,
      status: 'created',
      id: '1f0e5d1b-2a63-6c0f-8f2e-91c5b7d3a480',
      sequence: '15',
      timestamp: '2026-11-21T09:07:00.000000000Z',
    },
    {
      index: 1,
      status: 'created',
      id: '019aa3cb-c110-7f27-abe7-68714f07854f',
      sequence: '16',
      timestamp: '2026-11-21T09:07:00.000000001Z',
    },
  ],
}

const summary = {
  object: 'request',
  id: order.request_id,
  status: 'done',
  operation: 'createTransfer',
  principal: 'root',
  key_id: 'root',
  source: '127.0.0.1',
  initiator: null,
  idempotency_key: 'order-17',
  received_at: '2026-11-21T09:00:00.999000000Z',
  timestamp: order.timestamp,
  sequence: order.sequence,
  digest: '5f1d7a84db00d2fce00b31a7fc73224f9b5e2e0e4f6d0c8ab8b3c9a1d2e4f607',
  record_count: '1',
} as const

const request: SavedRequest = {
  ...summary,
  body: {},
  answer: { status: 201, body: order },
  records: [
    {
      object: 'record',
      sequence: order.sequence,
      timestamp: order.timestamp,
      operation: 'create_transfer',
      status: 'created',
      id: order.id,
      debit_account: order.debit_account,
      credit_account: order.credit_account,
      amount: order.amount,
      asset: order.asset,
      code: order.code,
      kind: order.kind,
      pending_id: null,
      balances: order.balances,
    },
  ],
}

const requests: RequestList = {
  data: [summary],
  has_more: false,
  next_cursor: null,
  searched_back_to: null,
}

const laterEvents: LaterEventList = {
  data: [
    {
      object: 'transfer_event',
      kind: 'captured',
      transfer_id: '019aa3c7-6a1c-7d3e-92b8-0f4d5e6a7b8c',
      amount: '1000',
      total: '1000',
      remaining: '2000',
      timestamp: '2026-11-21T09:03:00.000000000Z',
      sequence: '11',
      request_id: 'req_01KAHWG6N0V4B8ZQ2J5C7D9E1F',
    },
  ],
  has_more: false,
  next_cursor: null,
}

const health: Health = { status: 'ok', version: '0.1.0' }
const readiness: Readiness = {
  status: 'ready',
  accounts: '4',
  sequence: '16',
  durable_sequence: '16',
  damaged: false,
}

/** A good answer of an operation; where there is none, its schema says enough. */
export const ANSWER_EXAMPLES: Readonly<Partial<Record<OperationId, object>>> = {
  createAccount: account,
  getAccount: account,
  listAccounts: { data: [account], has_more: false, next_cursor: null },
  changeAccount: { ...account, limit: '5000', balances: { ...NOTHING, available: '5000' } },
  closeAccount: { ...account, closed: true },
  reopenAccount: account,
  increment: topUp,
  createTransfer: order,
  getTransfer: topUp,
  createTransaction: transaction,
  getTransaction: transaction,
  createHold: hold,
  getHold: hold,
  captureHold: {
    ...hold,
    captured: '1000',
    remaining: '2000',
    transfer_id: '019aa3c7-6a1c-7d3e-92b8-0f4d5e6a7b8c',
    balances: {
      'users:1042:wallet': {
        debits_pending: '2000',
        debits_posted: '4500',
        credits_pending: '0',
        credits_posted: '10000',
        balance: '5500',
        available: '3500',
      },
      'merchants:books': {
        ...UNLIMITED,
        credits_pending: '2000',
        credits_posted: '4400',
        balance: '4400',
      },
    },
  },
  createBatch: batch,
  getBalance: balance,
  listEntries: entries,
  listTotals: totals,
  registerAsset: asset,
  closeBooks: books,
  getRequest: request,
  eraseSubject: { object: 'subject', subject: 'customer-17', status: 'erased' },
  listRequests: requests,
  listTransferEvents: laterEvents,
  getHealth: health,
  getReadiness: readiness,
}

/** A refusal, with all that a limit says. */
export const PROBLEM_EXAMPLE: Problem = {
  type: '/docs/errors#exceeds_credits',
  title: 'Not enough credit',
  status: 422,
  code: 'exceeds_credits',
  param: 'amount',
  detail: 'users:1042:wallet has 7500 EUR/2 available; 999999 was asked for.',
  account: 'users:1042:wallet',
  needed: '999999',
  available: '7500',
  limit: '0',
  request_id: 'req_01KAHWB3M7EWSB6PA0T2QZ4N8D',
}
