/** Routes of holds. */
import { CaptureHold, CreateHold, Hold, HoldList, VoidHold } from '../holds.ts'
import { FoundQuery, IdParams } from '../transfers.ts'
import { read, received, shows, write, wrote } from './define.ts'

const OF_HOLD = [400, 401, 403, 404, 409, 413, 415, 422, 429, 503] as const

export const holdRoutes = {
  createHold: write({
    number: 60,
    method: 'POST',
    path: '/v1/holds',
    resource: 'holds',
    summary: 'Reserve an amount',
    description: 'Limits count what is held. Capture takes it, void or expiry gives it back.',
    example: {
      path: '/holds',
      body: {
        debit_account: 'users:1042:wallet',
        credit_account: 'merchants:books',
        amount: '3000',
        asset: 'EUR/2',
        timeout_seconds: 600,
      },
    },
    scope: 'holds:write',
    lane: 'interactive',
    body: CreateHold,
    answers: {
      200: wrote(Hold, 'The same id with the same content was there before.'),
      201: wrote(Hold, 'Held.'),
      202: received,
    },
  }),
  getHold: read({
    number: 61,
    method: 'GET',
    path: '/v1/holds/{id}',
    resource: 'holds',
    summary: 'Show a hold',
    description: 'As it is now.',
    example: { path: '/holds/019aa3c7-2f60-7a8b-b1d4-90e2c4f7a513' },
    scope: 'holds:read',
    reach: 'found',
    lane: 'interactive',
    params: IdParams,
    answers: { 200: shows(Hold, 'The hold.') },
    problems: [400, 401, 403, 404, 503],
  }),
  findHolds: read({
    number: 62,
    method: 'GET',
    path: '/v1/holds',
    resource: 'holds',
    summary: 'Find holds by reference or filter',
    description:
      'By reference: a list of one, or an empty one, from the ledger itself. Otherwise from the read models, by `filter`, like `/query`.',
    example: { path: '/holds?reference=order-19' },
    scope: 'holds:read',
    reach: 'found',
    lane: 'interactive',
    query: FoundQuery,
    answers: { 200: shows(HoldList, 'Holds.') },
    problems: [400, 401, 403, 422, 503],
  }),
  captureHold: write({
    number: 63,
    method: 'POST',
    path: '/v1/holds/{id}/capture',
    resource: 'holds',
    summary: 'Take all or part of a hold',
    description:
      'Without `amount`: all that remains. With `final: false` the rest stays held, to be captured again.',
    example: {
      path: '/holds/019aa3c7-2f60-7a8b-b1d4-90e2c4f7a513/capture',
      body: { amount: '1000', final: false, reference: 'parcel-1' },
    },
    scope: 'holds:write',
    lane: 'interactive',
    params: IdParams,
    body: CaptureHold,
    bodyOptional: true,
    answers: { 200: wrote(Hold, 'The hold after the capture.'), 202: received },
    problems: OF_HOLD,
  }),
  voidHold: write({
    number: 64,
    method: 'POST',
    path: '/v1/holds/{id}/void',
    resource: 'holds',
    summary: 'Release a hold',
    description: 'Gives back all that remains.',
    example: { path: '/holds/019aa3c7-2f60-7a8b-b1d4-90e2c4f7a513/void', body: {} },
    scope: 'holds:write',
    lane: 'interactive',
    params: IdParams,
    body: VoidHold,
    bodyOptional: true,
    answers: { 200: wrote(Hold, 'The released hold.'), 202: received },
    problems: OF_HOLD,
  }),
} as const
