/** Which accounts a caller may open and change: each way to make money out of an account's shape is tried, in JSON and packed. */
import { packBatch, type PackedCommand, PackedOperation } from '@tallystick/contract'
import { accountIdOf } from '@tallystick/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type RunningServer, startServer } from '../src/index.ts'
import { type Call, callerOf, ROOT_KEY } from './harness.ts'
import { grantee } from './keys.ts'

const OWN = 'partners:acme:till'
const FOREIGN = 'partners:evil:till'
const BOUNDED = ['debits_must_not_exceed_credits']
const DEBITS_BOUNDED = 2
const NONE = (1n << 128n) - 1n
const PACKED = { 'content-type': 'application/vnd.tallystick.batch' }

let server: RunningServer
/** Opens accounts below its own, with ids of its own. */
let operator: Call
/** The same without `ids:raw`. */
let clerk: Call
/** The same with `accounts:unlimited`. */
let lender: Call

beforeAll(async () => {
  server = await startServer({ rootKey: ROOT_KEY })
  const call = callerOf(server.url)
  for (const address of [OWN, FOREIGN]) {
    await call('POST', '/v1/accounts', { address, asset: 'EUR/2', flags: BOUNDED })
  }
  const hands = { url: server.url, call }
  const below = { addresses: ['partners:acme:*'] }
  const scopes = ['accounts:write', 'transfers:debit', 'transfers:credit', 'holds:write']
  operator = (await grantee(hands, 'operator', { role: 'operator', ...below })).call
  clerk = (await grantee(hands, 'clerk', { scopes, ...below })).call
  const wide = [...scopes, 'accounts:unlimited']
  lender = (await grantee(hands, 'lender', { scopes: wide, ...below })).call
})

afterAll(() => server.close())

const opening = (body: object) => ['POST', '/v1/accounts', { asset: 'EUR/2', ...body }] as const
const transfer = (body: object) =>
  [
    'POST',
    '/v1/transfers',
    { debit_account: OWN, credit_account: OWN, amount: '1', asset: 'EUR/2', ...body },
  ] as const
const batch = (...commands: object[]) => ['POST', '/v1/batches', { commands }] as const

type Tried = readonly [string, string, object]

test.each<[string, Tried]>([
  ['without a flag', opening({ address: 'partners:acme:a' })],
  [
    'that may owe without end',
    opening({ address: 'partners:acme:a', flags: ['credits_must_not_exceed_debits'] }),
  ],
  ['with a limit', opening({ address: 'partners:acme:a', flags: BOUNDED, limit: '1' })],
  ['below another’s', opening({ address: 'partners:acme:a', flags: BOUNDED, parent: FOREIGN })],
  ['that is another’s', opening({ address: 'partners:evil:a', flags: BOUNDED })],
  ['of the world', opening({ address: 'world:EUR-2' })],
  ['on the way', transfer({ credit_account: 'partners:acme:a', open_missing: true })],
  [
    'on the way in a batch',
    batch({
      operation: 'create_transfer',
      ...{ debit_account: OWN, credit_account: 'partners:acme:a', amount: '1', asset: 'EUR/2' },
      open_missing: true,
    }),
  ],
  [
    'without a flag beside a good one',
    batch(
      ...['b', 'c'].map((name) => ({
        ...{ operation: 'create_account', address: `partners:acme:${name}`, asset: 'EUR/2' },
        ...(name === 'b' ? { flags: BOUNDED } : {}),
      })),
    ),
  ],
])('an operator opens no account %s', async (_what, [method, path, body]) => {
  await refused(operator, [method, path, body])
})

test.each<[string, Tried]>([
  ['limit', ['PATCH', `/v1/accounts/${OWN}`, { limit: '1000000' }]],
  ['subtree limit', ['PATCH', `/v1/accounts/${OWN}`, { subtree_limit: '1000000' }]],
  ['limit in a batch', batch({ operation: 'change_account', account: OWN, limit: '9' })],
])('an operator changes no %s', async (_what, tried) => {
  await refused(operator, tried)
})

test.each<[string, Tried]>([
  ['of a transfer', transfer({ id: '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07' })],
  [
    'in a batch',
    batch({
      operation: 'create_transfer',
      ...{ debit_account: OWN, credit_account: OWN, amount: '1', asset: 'EUR/2' },
      id: '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07',
    }),
  ],
])('without ids:raw nobody chooses the id %s', async (_what, tried) => {
  await refused(clerk, tried)
})

test('without ids:raw nothing comes packed', async () => {
  await refusedPacked(clerk, [account({})])
})

const account = (more: Partial<Extract<PackedCommand, { operation: 3 }>>): PackedCommand => {
  const address = more.address ?? 'partners:acme:packed'
  return {
    ...{ operation: PackedOperation.createAccount, id: accountIdOf(address), address },
    ...{ asset: 978, code: 1, flags: DEBITS_BOUNDED, parent: 0n, limit: 0n, subtreeLimit: NONE },
    ...{ metadata: new Uint8Array(0) },
    ...more,
  }
}

test.each<[string, PackedCommand]>([
  ['without a flag', account({ flags: 0 })],
  ['with a limit', account({ limit: 1n })],
  ['that is another’s', account({ address: 'partners:evil:packed' })],
  ['below another’s', account({ parent: accountIdOf(FOREIGN) })],
  ['below nobody', account({ parent: 12_345n })],
  ['without a name', account({ address: '', id: 77n })],
  ['in the place of another’s', account({ id: accountIdOf('partners:evil:next') })],
  ['under an id that is not its name’s', account({ id: 78n })],
  [
    'limit',
    {
      ...{ operation: PackedOperation.changeLimit, id: accountIdOf(OWN), flags: 0 },
      ...{ limit: 5n, subtreeLimit: undefined },
    },
  ],
])('a packed batch opens no account %s', async (_what, command) => {
  await refusedPacked(operator, [command])
  await refusedPacked(operator, [account({}), command])
})

test('with accounts:unlimited it may do all of that on its own accounts, and on no other', async () => {
  const made = await lender(...opening({ address: 'partners:acme:free' }))
  expect(made.status).toBe(201)
  const limit = opening({ address: 'partners:acme:credit', flags: BOUNDED, limit: '500' })
  expect((await lender(...limit)).status).toBe(201)
  expect((await lender('PATCH', `/v1/accounts/${OWN}`, { limit: '5' })).status).toBe(200)
  await refused(lender, opening({ address: 'partners:evil:free' }))
  await refused(lender, opening({ address: 'partners:acme:sub', parent: FOREIGN }))
  const foreign = await lender('PATCH', `/v1/accounts/${FOREIGN}`, { limit: '5' })
  expect(foreign.status).toBe(404)
})

async function refused(call: Call, [method, path, body]: Tried): Promise<void> {
  const { ledger } = server
  const before = [await ledger.stateHash(), ledger.lastSequence]
  const { status, json } = await call(method, path, body)
  expect([status, json.code]).toEqual([403, 'forbidden'])
  expect([await ledger.stateHash(), ledger.lastSequence]).toEqual(before)
}

async function refusedPacked(call: Call, commands: readonly PackedCommand[]): Promise<void> {
  const { ledger } = server
  const before = [await ledger.stateHash(), ledger.lastSequence]
  const body = packBatch(commands, { atomic: false })
  const { status, json } = await call('POST', '/v1/batches', body, PACKED)
  expect([status, json?.code]).toEqual([403, 'forbidden'])
  expect([await ledger.stateHash(), ledger.lastSequence]).toEqual(before)
}
