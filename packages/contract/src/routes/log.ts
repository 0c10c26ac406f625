/** Routes of the proof log, below `/v1/log` as C2SP tlog-tiles lays them out, and receipts. */
import { AccountProof, AccountProofQuery } from '../account-proof.ts'
import { AccountParams } from '../accounts.ts'
import { BundleParams, ProofLog, TileParams } from '../log.ts'
import { MediaType } from '../media-types.ts'
import { strict } from '../schema.ts'
import { IdParams } from '../transfers.ts'
import { read, shows } from './define.ts'

const open = { scope: null, reach: 'anywhere', lane: 'interactive', headers: strict({}) } as const

export const logRoutes = {
  getLog: read({
    ...open,
    number: 110,
    method: 'GET',
    path: '/v1/log',
    resource: 'log',
    summary: 'Show the proof log',
    description: 'Its name, its keys, how far it has come. Needs no key.',
    example: { path: '/log' },
    answers: { 200: shows(ProofLog, 'The log.') },
    problems: [503],
  }),
  getCheckpoint: read({
    ...open,
    number: 111,
    method: 'GET',
    path: '/v1/log/checkpoint',
    resource: 'log',
    summary: 'The newest signed checkpoint',
    description:
      'A C2SP tlog-checkpoint with the signatures of the log and of its witnesses. Needs no key.',
    example: { path: '/log/checkpoint' },
    answers: { 200: { description: 'A signed note.', content: { [MediaType.text]: undefined } } },
    problems: [404, 503],
  }),
  getTile: read({
    ...open,
    number: 112,
    method: 'GET',
    path: '/v1/log/tile/{+tile}',
    resource: 'log',
    summary: 'Hashes of the tree',
    description: 'A tile of C2SP tlog-tiles: up to 256 hashes of 32 bytes. Needs no key.',
    example: { path: '/log/tile/0/000.p/6' },
    params: TileParams,
    answers: { 200: { description: 'Hashes.', content: { [MediaType.octets]: undefined } } },
    problems: [400, 404, 503],
  }),
  getEntryBundle: read({
    number: 113,
    method: 'GET',
    path: '/v1/log/tile/entries/{+bundle}',
    resource: 'log',
    summary: 'Leaves of the tree',
    description:
      'Up to 256 leaves, each behind its length (u16, big-endian). They name neither accounts nor amounts.',
    example: { path: '/log/tile/entries/000.p/6' },
    headers: strict({}),
    scope: 'log:read',
    lane: 'interactive',
    params: BundleParams,
    answers: { 200: { description: 'Leaves.', content: { [MediaType.octets]: undefined } } },
    problems: [400, 401, 403, 404, 503],
  }),
  getReceipt: read({
    number: 114,
    method: 'GET',
    path: '/v1/transfers/{id}/receipt',
    resource: 'transfers',
    summary: 'Proof that a transfer is in the log',
    description:
      'A C2SP tlog-proof with the opened leaf: anyone checks it offline, with `tally-verify receipt`. Waits a few seconds for the checkpoint that covers it.',
    example: { path: '/transfers/019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07/receipt' },
    scope: 'transfers:read',
    lane: 'interactive',
    params: IdParams,
    answers: { 200: { description: 'A receipt.', content: { [MediaType.text]: undefined } } },
    problems: [400, 401, 403, 404, 503],
  }),
  getAccountProof: read({
    number: 115,
    method: 'GET',
    path: '/v1/accounts/{address}/proof',
    resource: 'entries',
    summary: 'Proof of an account’s balance and all of its entries',
    description:
      'Between two roots over all accounts that the log states: the balances are right, and the listed entries are all there are. Of an address that no account has: that it has none. Anyone checks it offline, with `tally-verify account`. When no root shows the whole period yet, one is stated.',
    example: {
      path: '/accounts/users:1042:wallet/proof?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z',
    },
    scope: 'entries:read',
    lane: 'bulk',
    headers: strict({}),
    params: AccountParams,
    query: AccountProofQuery,
    answers: {
      200: { description: 'The proof.', content: { [MediaType.json]: AccountProof } },
    },
    problems: [400, 401, 403, 422, 503],
  }),
} as const
