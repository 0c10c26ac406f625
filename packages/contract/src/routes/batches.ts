/** The route of batches. */
import { Batch, BatchQuery, CreateBatch } from '../batches.ts'
import { BATCH_BYTES_MAX } from '../limits.ts'
import { MediaType } from '../media-types.ts'
import { strict } from '../schema.ts'
import { dryRun, received, write } from './define.ts'

export const batchRoutes = {
  createBatch: write({
    number: 70,
    method: 'POST',
    path: '/v1/batches',
    resource: 'batches',
    summary: 'Thousands of commands in one request',
    description:
      'As JSON, as NDJSON (one command a line) or packed (what the SDK sends). The answer has the form of the request. A status each; or, with `atomic`, all or nothing: then the first refusal is the problem, `param` names the command.',
    example: {
      path: '/batches',
      body: {
        atomic: false,
        commands: [
          { operation: 'create_account', address: 'users:1043:wallet', asset: 'EUR/2' },
          {
            operation: 'create_transfer',
            debit_account: 'world',
            credit_account: 'users:1043:wallet',
            amount: '500',
            asset: 'EUR/2',
          },
        ],
      },
    },
    scope: [
      'transfers:debit',
      'transfers:credit',
      'transfers:reverse',
      'holds:write',
      'accounts:write',
      'assets:register',
      'books:close',
    ],
    lane: 'bulk',
    query: strict({ ...BatchQuery.properties, ...dryRun }),
    body: CreateBatch,
    bodyOtherwise: {
      [MediaType.ndjson]: 'One command a line, in the form of the items of `commands`.',
      [MediaType.batch]: 'Packed commands; the layout is in the documents.',
    },
    bodyBytesMax: BATCH_BYTES_MAX,
    problems: [400, 401, 403, 404, 409, 413, 415, 422, 429, 503],
    answers: {
      200: {
        description: 'Decided; a status for each command.',
        content: {
          [MediaType.json]: Batch,
          [MediaType.ndjson]: undefined,
          [MediaType.batch]: undefined,
        },
        headers: ['Ledger-Sequence', 'Idempotent-Replayed'],
      },
      202: received,
    },
  }),
} as const
