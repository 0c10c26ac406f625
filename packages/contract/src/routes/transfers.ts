/** Routes of transfers: single movements, increments and decrements, reversals. */
import { AccountParams } from '../accounts.ts'
import {
  ChangeBalance,
  CreateTransfer,
  IdParams,
  LaterEventList,
  LaterEventsQuery,
  FoundQuery,
  ReverseTransfer,
  Transfer,
  TransferList,
} from '../transfers.ts'
import { read, received, shows, write, wrote } from './define.ts'

const created = {
  200: wrote(Transfer, 'The same id with the same content was there before.'),
  201: wrote(Transfer, 'Moved.'),
  202: received,
} as const
const OF_ACCOUNT = [400, 401, 403, 404, 409, 413, 415, 422, 429, 503] as const

export const transferRoutes = {
  increment: write({
    number: 40,
    method: 'POST',
    path: '/v1/accounts/{address}/increments',
    resource: 'transfers',
    summary: 'Add to a balance',
    description:
      'A transfer from the counterparty, the asset’s `world` account by default, to this account. World accounts open by themselves.',
    example: {
      path: '/accounts/users:1042:wallet/increments',
      body: { amount: '10000', metadata: { why: 'top-up' } },
    },
    scope: 'transfers:create',
    lane: 'interactive',
    params: AccountParams,
    body: ChangeBalance,
    answers: created,
    problems: OF_ACCOUNT,
  }),
  decrement: write({
    number: 41,
    method: 'POST',
    path: '/v1/accounts/{address}/decrements',
    resource: 'transfers',
    summary: 'Take from a balance',
    description:
      'A transfer from this account to the counterparty, the asset’s `world` account by default.',
    example: { path: '/accounts/users:1042:wallet/decrements', body: { amount: '300' } },
    scope: 'transfers:create',
    lane: 'interactive',
    params: AccountParams,
    body: ChangeBalance,
    answers: created,
    problems: OF_ACCOUNT,
  }),
  createTransfer: write({
    number: 42,
    method: 'POST',
    path: '/v1/transfers',
    resource: 'transfers',
    summary: 'Move an amount between two accounts',
    description: 'One debit and one credit. The answer carries both resulting balances.',
    example: {
      path: '/transfers',
      body: {
        debit_account: 'users:1042:wallet',
        credit_account: 'merchants:books',
        amount: '2500',
        asset: 'EUR/2',
        code: 10,
      },
    },
    scope: 'transfers:create',
    lane: 'interactive',
    body: CreateTransfer,
    answers: created,
  }),
  getTransfer: read({
    number: 43,
    method: 'GET',
    path: '/v1/transfers/{id}',
    resource: 'transfers',
    summary: 'Show a transfer',
    description:
      'Any event that moved, held or released money, by its id. `balances` are those right after it.',
    example: { path: '/transfers/019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07' },
    scope: 'transfers:read',
    lane: 'interactive',
    params: IdParams,
    answers: { 200: shows(Transfer, 'The transfer.') },
    problems: [400, 401, 403, 404, 503],
  }),
  findTransfers: read({
    number: 44,
    method: 'GET',
    path: '/v1/transfers',
    resource: 'transfers',
    summary: 'Find transfers by reference or filter',
    description:
      'By reference: a list of one, or an empty one, from the ledger itself; a reference is unique per owner and kind. Otherwise from the read models, by `filter`, like `/query`.',
    example: { path: '/transfers?reference=order-17' },
    scope: 'transfers:read',
    lane: 'interactive',
    query: FoundQuery,
    answers: { 200: shows(TransferList, 'Transfers.') },
    problems: [400, 401, 403, 422, 503],
  }),
  reverseTransfer: write({
    number: 45,
    method: 'POST',
    path: '/v1/transfers/{id}/reverse',
    resource: 'transfers',
    summary: 'Take a transfer back, whole or in part',
    description:
      'A new transfer the other way. All reversals of a transfer together never pass its amount; a reversal cannot be reversed.',
    example: {
      path: '/transfers/019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07/reverse',
      body: { amount: '500', reference: 'refund-17' },
    },
    scope: 'transfers:reverse',
    lane: 'interactive',
    params: IdParams,
    body: ReverseTransfer,
    bodyOptional: true,
    answers: created,
    problems: OF_ACCOUNT,
  }),
  listTransferEvents: read({
    number: 46,
    method: 'GET',
    path: '/v1/transfers/{id}/events',
    resource: 'transfers',
    summary: 'List what became of a transfer',
    description:
      'Captures, voids and the expiry of a hold, reversals of what moved; newest first, each with the request that asked for it.',
    example: { path: '/transfers/019aa3c6-d3b0-76a1-8d15-5c0e9f2b4d68/events' },
    scope: 'transfers:read',
    lane: 'interactive',
    params: IdParams,
    query: LaterEventsQuery,
    answers: { 200: shows(LaterEventList, 'What happened to it.') },
    problems: [400, 401, 403, 404, 503],
  }),
} as const
