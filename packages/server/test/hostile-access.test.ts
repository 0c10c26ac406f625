/**
 * Every route of the contract × everything that is wrong with who asks, made from the table of routes: a new route is in it without anybody
 * thinking of it.
 */
import { setTimeout } from 'node:timers/promises'

import { OPERATION_IDS, type OperationId, type Route, ROUTES, SCOPES } from '@tallystick/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type RunningServer, startServer } from '../src/index.ts'
import { BOOKS, type Call, callerOf, openWallet, type Reply, ROOT_KEY, WALLET } from './harness.ts'
import { grantee } from './keys.ts'

const TRANSFER = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
const HOLD = '019aa3c6-d3b0-76a1-8d15-5c0e9f2b4d68'
/** Neither answers with what is in the books: what can be counted, and who asks. */
const TELLS_NOTHING: readonly OperationId[] = ['listAssets', 'whoami']
/** A reference is looked for among one's own. */
const OWN: readonly OperationId[] = [
  'findTransfers',
  'findHolds',
  'findTransactions',
  'listApprovals',
  'listRules',
  'listWebhooks',
]
/** They take no query of any kind, and nothing is read from it. */
const WITHOUT_SHAPE: readonly OperationId[] = [
  'getMetrics',
  'getEntryBundle',
  'getReceipt',
  'eraseSubject',
  'getReadModels',
  'rebuildReadModels',
  'checkReadModels',
]

/** A token of the issuer that is configured, that nobody signed. */
const ISSUER = 'https://id.example'
const FORGED = [{ alg: 'none' }, { iss: ISSUER, sub: '7', aud: 'tallystick', exp: 9_999_999_999 }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.')
  .concat('.')

/** When a key expires that has to be made before. */
const SOON_MS = 500

/** Refused attempts become events, but not while it is looked at whether one moved something. */
const HOUR_MS = 3_600_000

interface Asked {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

/** The example of the documents, as a request. */
function exampleOf(id: OperationId): Asked {
  const { method, path, example, bodyBytesMax }: Route = ROUTES[id]
  if (example === undefined) return { method, path, body: undefined }
  const body = example.body ?? (bodyBytesMax > 0 ? {} : undefined)
  return { method, path: `/v1${example.path}`, body }
}

/** All that the examples name is there. */
async function fill(call: Call): Promise<void> {
  await openWallet(call)
  const move = { debit_account: WALLET, credit_account: BOOKS, amount: '100', asset: 'EUR/2' }
  await call('POST', '/v1/transfers', { ...move, id: TRANSFER })
  await call('POST', '/v1/holds', { ...move, id: HOLD })
  const { path, body } = exampleOf('putRule')
  await call('PUT', path, body)
}

interface Callers {
  readonly server: RunningServer
  /** Every right, on other addresses. */
  readonly other: Call
  readonly revoked: Call
  /** Good once, or from elsewhere: expired, bound to other addresses, of a principal that is stopped, of a trusted issuer's look-alike. */
  readonly ended: readonly Call[]
  /** Every right but those of a route, everywhere. */
  without(scopes: readonly string[]): Promise<Call>
}

let full: Callers
let empty: Callers

async function callersOf(prepare: (call: Call) => Promise<void>): Promise<Callers> {
  const server = await startServer({
    rootKey: ROOT_KEY,
    wrongKeysPerMinute: 0,
    auditEveryMs: HOUR_MS,
    oidcIssuers: [{ issuer: ISSUER, audience: 'tallystick' }],
  })
  const call = callerOf(server.url)
  await prepare(call)
  const hands = { url: server.url, call }
  const scopes = SCOPES.filter((scope) => scope !== 'keys:manage')
  const other = await grantee(hands, 'other', { scopes: [...SCOPES], addresses: ['elsewhere:*'] })
  const revoked = await grantee(hands, 'revoked', { scopes, addresses: ['*'] })
  await call('POST', `/v1/keys/${revoked.keyId}/revoke`)
  const ended = await endedCallers(hands, scopes)
  const made = new Map<string, Promise<Call>>()
  const without = (missing: readonly string[]): Promise<Call> => {
    const name = `without-${missing.join('-').replaceAll(':', '.')}`.slice(0, 60)
    const known = made.get(name)
    if (known !== undefined) return known
    // A key of an administrator would end the root key, which makes the next one.
    const rest = scopes.filter((scope) => !missing.includes(scope))
    const caller = grantee(hands, name, { scopes: rest, addresses: ['*'] }).then(
      (each) => each.call,
    )
    made.set(name, caller)
    return caller
  }
  return { server, other: other.call, revoked: revoked.call, ended, without }
}

async function endedCallers(hands: { url: string; call: Call }, scopes: string[]): Promise<Call[]> {
  const { url, call } = hands
  await grantee(hands, 'ended', { scopes, addresses: ['*'] })
  const stopped = await grantee(hands, 'stopped', { scopes, addresses: ['*'] })
  await call('POST', '/v1/principals/stopped/disable')
  const end = Date.now() + SOON_MS
  const expiresAt = new Date(end).toISOString()
  const keys = [{ expires_at: expiresAt }, { ip_ranges: ['192.0.2.0/24'] }].map(async (more) => {
    const { status, json } = await call('POST', '/v1/keys', { principal: 'ended', ...more })
    expect(status).toBe(201)
    return callerOf(url, json.secret)
  })
  const callers = [...(await Promise.all(keys)), stopped.call, callerOf(url, FORGED)]
  await setTimeout(Math.max(0, end - Date.now()) + 1)
  return callers
}

beforeAll(async () => {
  ;[full, empty] = await Promise.all([callersOf(fill), callersOf(() => Promise.resolve())])
})

afterAll(() => Promise.all([full.server.close(), empty.server.close()]))

/** Asks, and holds the ledger to not having moved. */
async function refusedBy(call: Call, { method, path, body }: Asked): Promise<Reply> {
  const { ledger } = full.server
  const before = [await ledger.stateHash(), ledger.lastSequence]
  const reply = await call(method, path, body)
  expect([await ledger.stateHash(), ledger.lastSequence]).toEqual(before)
  return reply
}

function onBehalf(call: Call, initiator: string): Call {
  return (method, path, body) => call(method, path, body, { 'tally-initiator': initiator })
}

/** What an answer says, without what is of this one request. */
function said({ status, json }: Reply): unknown {
  return { status, ...json, request_id: '' }
}

/** 404 where a path leads to what is another's, 403 where what is asked for names it. */
function refusalOf({ method, path, reach, resource }: Route): number {
  // What a rule would watch is asked for by its addresses, whether there is such a rule or not.
  if (resource === 'rules' && method === 'PUT') return 403
  if (reach === 'address' || reach === 'found') return 404
  // What is not reached is not in the answer (reach.test.ts), and here are no read models to ask.
  if (reach === 'rows') return 503
  return reach === 'commands' && /\{(address|id)\}/.test(path) && resource !== 'access' ? 404 : 403
}

const closed = OPERATION_IDS.filter((id) => ROUTES[id].scope !== null)

test.each(closed)(
  '%s without a key, with a wrong one and with one that counts no more, or not from here, is 401, in one and the same body',
  async (id) => {
    const asked = exampleOf(id)
    const wrong = callerOf(full.server.url, `tk_live_${'A'.repeat(43)}`)
    const replies = [
      await refusedBy(callerOf(full.server.url, ''), asked),
      await refusedBy(wrong, asked),
      await refusedBy(full.revoked, asked),
      ...(await Promise.all(full.ended.map((call) => refusedBy(call, asked)))),
    ]
    for (const reply of replies) {
      expect(reply.status).toBe(401)
      expect(said(reply)).toEqual(said(replies[0]!))
    }
  },
)

test.each(closed.filter((id) => ROUTES[id].scope?.length !== 0))(
  '%s without its right is 403',
  async (id) => {
    const { scope }: Route = ROUTES[id]
    const scopes = typeof scope === 'string' ? [scope] : (scope ?? [])
    const { status, json } = await refusedBy(await full.without(scopes), exampleOf(id))
    expect([status, json.code]).toEqual([403, 'forbidden'])
  },
)

test.each(closed.filter((id) => !TELLS_NOTHING.includes(id)))(
  '%s with rights elsewhere is refused, in the same words whether it is there or not',
  async (id) => {
    const { method, path, body } = exampleOf(id)
    const reply = await refusedBy(full.other, { method, path, body })
    const expected = OWN.includes(id) ? [] : refusalOf(ROUTES[id])
    expect(reply.json.data ?? reply.status).toEqual(expected)
    expect(said(await empty.other(method, path, body))).toEqual(said(reply))
  },
)

test.each(closed.filter((id) => !WITHOUT_SHAPE.includes(id)))(
  '%s of the wrong shape is 400',
  async (id) => {
    const asked = exampleOf(id)
    const takesBody = ROUTES[id].bodyBytesMax > 0
    const path = asked.path.split('?')[0]! + (takesBody ? '' : '?nonsense=1')
    const body = takesBody ? { nonsense: 1 } : undefined
    const reply = await refusedBy(callerOf(full.server.url), { ...asked, path, body })
    expect(reply.status).toBe(400)
  },
)

test.each(closed.filter((id) => !TELLS_NOTHING.includes(id)))(
  '%s on behalf of one with rights elsewhere is refused like his own, whoever asks',
  async (id) => {
    const asked = exampleOf(id)
    const own = await refusedBy(full.other, asked)
    // Everything that the other has, or everything that there is.
    for (const [call, initiator] of [
      [callerOf(full.server.url), 'other'],
      [full.other, 'ended'],
    ] as const) {
      const reply = await refusedBy(onBehalf(call, initiator), asked)
      expect(reply.json.data ?? reply.status).toEqual(own.json.data ?? own.status)
    }
  },
)

function takesFilter(id: OperationId): boolean {
  const { query }: Route = ROUTES[id]
  return Object.hasOwn(query?.properties ?? {}, 'filter')
}

test.each(closed.filter(takesFilter))(
  '%s by a filter tells one with rights elsewhere nothing, be there something or not',
  async (id) => {
    const { path } = exampleOf(id)
    const asked = `${path.split('?')[0]}?filter=code=1`
    // Without read models nobody is answered; what the rows are with them, reach.test.ts holds to.
    const reply = await refusedBy(full.other, { method: 'GET', path: asked, body: undefined })
    expect([reply.status, reply.json.code]).toEqual([503, 'read_models_unavailable'])
    expect(said(await empty.other('GET', asked))).toEqual(said(reply))
  },
)
