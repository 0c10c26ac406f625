/** Routes of transactions. */
import { TRANSACTION_BYTES_MAX } from '../limits.ts'
import {
  CreateTransaction,
  ReverseTransaction,
  Transaction,
  TransactionList,
} from '../transactions.ts'
import { IdParams, ReferenceQuery } from '../transfers.ts'
import { read, received, shows, write, wrote } from './define.ts'

const created = {
  200: wrote(Transaction, 'The same id with the same content was there before.'),
  201: wrote(Transaction, 'All postings are done.'),
  202: received,
} as const

export const transactionRoutes = {
  createTransaction: write({
    number: 50,
    method: 'POST',
    path: '/v1/transactions',
    resource: 'transactions',
    summary: 'Move several amounts, all or nothing',
    description: 'Postings of any assets, decided in order. If one is refused, none happened.',
    example: {
      path: '/transactions',
      body: {
        postings: [
          {
            source: 'users:1042:wallet',
            destination: 'merchants:books',
            amount: '900',
            asset: 'EUR/2',
          },
          {
            source: 'users:1042:wallet',
            destination: 'platform:fees',
            amount: '100',
            asset: 'EUR/2',
          },
        ],
        reference: 'order-18',
        metadata: { cart: 'c-7' },
      },
    },
    scope: ['transfers:debit', 'transfers:credit'],
    lane: 'interactive',
    body: CreateTransaction,
    bodyBytesMax: TRANSACTION_BYTES_MAX,
    answers: created,
  }),
  getTransaction: read({
    number: 51,
    method: 'GET',
    path: '/v1/transactions/{id}',
    resource: 'transactions',
    summary: 'Show a transaction',
    description: 'With all its transfers. `balances` are those right after it.',
    example: { path: '/transactions/019aa3c6-01b4-7d10-8c5e-52a9d7c3e611' },
    scope: 'transfers:read',
    reach: 'found',
    lane: 'interactive',
    params: IdParams,
    answers: { 200: shows(Transaction, 'The transaction.') },
    problems: [400, 401, 403, 404, 503],
  }),
  findTransactions: read({
    number: 52,
    method: 'GET',
    path: '/v1/transactions',
    resource: 'transactions',
    summary: 'Find a transaction by its reference',
    description: 'A list of one, or an empty one.',
    example: { path: '/transactions?reference=order-18' },
    scope: 'transfers:read',
    reach: 'found',
    lane: 'interactive',
    query: ReferenceQuery,
    answers: { 200: shows(TransactionList, 'The transaction, or none.') },
  }),
  reverseTransaction: write({
    number: 53,
    method: 'POST',
    path: '/v1/transactions/{id}/reverse',
    resource: 'transactions',
    summary: 'Take a transaction back',
    description:
      'What is left of every posting, in reverse order, all or nothing. For a part, reverse single transfers.',
    example: {
      path: '/transactions/019aa3c6-01b4-7d10-8c5e-52a9d7c3e611/reverse',
      body: { reference: 'refund-18' },
    },
    scope: 'transfers:reverse',
    lane: 'interactive',
    params: IdParams,
    body: ReverseTransaction,
    bodyOptional: true,
    answers: created,
    problems: [400, 401, 403, 404, 409, 413, 415, 422, 429, 503],
  }),
} as const
