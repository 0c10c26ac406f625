import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OPERATION_IDS, packBatchAnswer, ROUTES, unpackBatch } from '@tallystick/contract'
import { afterEach, expect, test } from 'vitest'
import {
  DeadlineExceeded,
  ExceedsCredits,
  NoAnswer,
  NotFound,
  TallystickError,
  Unavailable,
} from './errors.ts'
import type { TallystickOptions } from './options.ts'
import { Tallystick } from './tallystick.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

type Answer = (response: ServerResponse, seen: Seen) => void

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A server that gives these answers, one per request, the last one for ever. */
async function serve(
  answers: readonly Answer[],
  options: TallystickOptions = {},
): Promise<{ tally: Tallystick; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(chunks) }
      seen.push(one)
      answers[Math.min(seen.length, answers.length) - 1]?.(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return { tally: new Tallystick({ url, key: 'tk_root_x', watch: false, ...options }), seen }
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    const type = status < 400 ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type, ...headers })
    response.end(JSON.stringify(body))
  }

const problem = (status: number, code: string, headers: Record<string, string> = {}): Answer =>
  json(status, { code, status, title: 'T', detail: 'D', request_id: 'req_1' }, headers)

const hangUp: Answer = (response) => response.destroy()
const silence: Answer = () => {}

const cut: Answer = (response) => {
  response.writeHead(200, { 'content-length': '100' })
  response.write('{"amount"')
  setTimeout(() => response.destroy(), 10)
}

const html: Answer = (response) => {
  response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>')
}

const list = (data: unknown[]): Answer => json(200, { data, has_more: false, next_cursor: null })

const row = (number: number) => ({ number: String(number), amount: '1' })

/** The operation of the contract that this method and path ask for. */
function operationOf(method: string, url: string): string | undefined {
  const path = url.replace(/\?.*/, '')
  return OPERATION_IDS.find((operation) => {
    const route = ROUTES[operation]
    const dots = route.path.replaceAll('.', '\\.')
    const pattern = dots.replaceAll(/\{\w+\}/g, '[^/]+').replace(/\{\+\w+\}/, '[^e].+')
    return route.method === method && new RegExp(`^${pattern}$`).test(path)
  })
}

/** Refuses the second command. */
const packed: Answer = (response, { body }) => {
  const { commands } = unpackBatch(body)
  const statuses = new Uint8Array(commands.length)
  statuses[1] = 62
  response.setHeader('content-type', 'application/vnd.tallystick.batch')
  response.setHeader('ledger-sequence', 's-9')
  const times = { firstSequence: 7n, firstTimestamp: 1n }
  response.end(packBatchAnswer({ statuses, ...times, replayed: false, dryRun: false }))
}

const MOVE = { debitAccount: 'a', creditAccount: 'b', amount: 5n, asset: 'EUR/2' } as const

test('a write has its key, type, body and right, and its answer bigints', async () => {
  const { tally, seen } = await serve([json(201, { amount: '5', sequence: '3' })])
  const transfer = await tally.transfers.create({ ...MOVE, effectiveAt: new Date(0) })
  expect(transfer).toMatchObject({ amount: 5n, sequence: 3n })
  expect(seen[0]).toMatchObject({
    method: 'POST',
    url: '/v1/transfers',
    headers: { authorization: 'Bearer tk_root_x', 'content-type': 'application/json' },
  })
  expect(seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
  expect(JSON.parse(String(seen[0]?.body))).toEqual({
    debit_account: 'a',
    credit_account: 'b',
    amount: '5',
    asset: 'EUR/2',
    effective_at: '1970-01-01T00:00:00.000Z',
  })
})

test('options of a write are said in headers and query', async () => {
  const { tally, seen } = await serve([json(200, {})])
  const options = { idempotencyKey: 'order-17', dryRun: true, priority: 5 }
  await tally.accounts.close('users:1042:wallet', options)
  expect(seen[0]).toMatchObject({
    url: '/v1/accounts/users:1042:wallet/close?dry_run=true',
    headers: { 'idempotency-key': 'order-17', priority: 'u=5' },
  })
})

test('a retry has the same key and body, whatever went wrong', async () => {
  const wrong = [
    hangUp,
    problem(503, 'overloaded'),
    problem(429, 'rate_limited'),
    problem(500, 'x'),
  ]
  const { tally, seen } = await serve([...wrong, json(201, { amount: '5' })])
  await tally.transfers.create(MOVE)
  expect(seen).toHaveLength(5)
  expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  expect(new Set(seen.map(({ body }) => String(body))).size).toBe(1)
})

test('an answer that is cut short is asked for again', async () => {
  const { tally, seen } = await serve([cut, json(201, { amount: '5' })])
  expect(await tally.transfers.create(MOVE)).toEqual({ amount: 5n })
  expect(seen).toHaveLength(2)
})

test('Retry-After is waited for', async () => {
  const { tally } = await serve([problem(503, 'overloaded', { 'retry-after': '1' }), json(200, {})])
  const begun = performance.now()
  await tally.accounts.get('a')
  expect(performance.now() - begun).toBeGreaterThan(990)
})

test('a refusal is not retried, and is an error with its facts', async () => {
  const refusal = {
    code: 'exceeds_credits',
    status: 422,
    title: 'Not enough credit',
    detail: 'a has 3 EUR/2 available; 5 was asked for.',
    param: 'amount',
    account: 'a',
    needed: '5',
    available: '3',
    limit: '0',
    request_id: 'req_1',
  }
  const { tally, seen } = await serve([json(422, refusal)])
  const error: unknown = await tally.transfers.create(MOVE).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ExceedsCredits)
  expect(error).toMatchObject({
    code: 'exceeds_credits',
    param: 'amount',
    account: 'a',
    needed: 5n,
    available: 3n,
    limit: 0n,
    requestId: 'req_1',
  })
  expect(seen).toHaveLength(1)
})

test('what something in between answers is an error with its status', async () => {
  const { tally, seen } = await serve([html], { retries: 1 })
  await expect(tally.accounts.get('a')).rejects.toThrow(Unavailable)
  expect(seen).toHaveLength(2)
  const { tally: portal } = await serve([(response) => response.end('<h1>welcome')])
  await expect(portal.accounts.get('a')).rejects.toThrow(TallystickError)
})

test('without any answer the error has the key to ask again with', async () => {
  const { tally } = await serve([hangUp], { retries: 1 })
  const error: unknown = await tally.transfers
    .create(MOVE, { idempotencyKey: 'order-17' })
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(NoAnswer)
  expect(error).toMatchObject({ code: 'no_answer', idempotencyKey: 'order-17' })
})

test('a try that hangs is given up and made again; a deadline ends all', async () => {
  const { tally, seen } = await serve([silence, json(201, {})])
  await tally.transfers.create(MOVE, { tryTimeoutMs: 50 })
  expect(seen).toHaveLength(2)
  const { tally: silent } = await serve([silence])
  const begun = performance.now()
  await expect(silent.transfers.create(MOVE, { timeoutMs: 100 })).rejects.toThrow(DeadlineExceeded)
  expect(performance.now() - begun).toBeLessThan(2_000)
})

test('a deadline also ends the wait for the next try', async () => {
  const { tally } = await serve([problem(503, 'overloaded', { 'retry-after': '60' })])
  await expect(tally.accounts.get('a', { timeoutMs: 100 })).rejects.toThrow(DeadlineExceeded)
})

test('the caller’s own abort comes back as it was given', async () => {
  const { tally } = await serve([silence])
  const controller = new AbortController()
  const reason = new Error('changed my mind')
  setTimeout(() => controller.abort(reason), 20)
  await expect(tally.accounts.get('a', { signal: controller.signal })).rejects.toBe(reason)
})

test('reads wait for what this client wrote', async () => {
  const { tally, seen } = await serve([
    json(200, {}, { 'ledger-sequence': 's-6' }),
    json(201, {}, { 'ledger-sequence': 's-7' }),
  ])
  await tally.accounts.get('a')
  expect(tally.lastSequence).toBeUndefined()
  await tally.transfers.create(MOVE)
  expect(tally.lastSequence).toBe('s-7')
  await tally.accounts.get('a')
  await tally.accounts.get('a', { minSequence: 's-9' })
  expect(seen.map(({ headers }) => headers['ledger-min-sequence'])).toEqual([
    undefined,
    undefined,
    's-7',
    's-9',
  ])
})

test('a list goes through all pages, and no further than it is asked', async () => {
  const { tally, seen } = await serve([
    json(200, { data: [row(3), row(2)], has_more: true, next_cursor: 'c1' }),
    json(200, { data: [row(1)], has_more: false, next_cursor: null }),
  ])
  const numbers: bigint[] = []
  const query = { from: new Date(0), limit: 2 }
  for await (const entry of tally.accounts.entries('a', query)) numbers.push(entry.number)
  expect(numbers).toEqual([3n, 2n, 1n])
  expect(seen.map(({ url }) => url)).toEqual([
    '/v1/accounts/a/entries?from=1970-01-01T00%3A00%3A00.000Z&limit=2',
    '/v1/accounts/a/entries?limit=2&cursor=c1',
  ])
  const again = await serve([json(200, { data: [row(3)], has_more: true, next_cursor: 'c1' })])
  expect(await again.tally.accounts.entries('a').toArray(1)).toHaveLength(1)
  expect(again.seen).toHaveLength(1)
})

test('a look-up by reference finds one or none', async () => {
  const { tally, seen } = await serve([list([{ amount: '1' }]), list([])])
  expect(await tally.transfers.findByReference('order 17')).toEqual({ amount: 1n })
  expect(await tally.holds.findByReference('order-18')).toBeUndefined()
  expect(seen.map(({ url }) => url)).toEqual([
    '/v1/transfers?reference=order+17',
    '/v1/holds?reference=order-18',
  ])
})

test('every method has its method and path', async () => {
  const empty = { data: [], has_more: false, next_cursor: null }
  const { tally, seen } = await serve([json(200, empty)])
  const id = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
  await tally.accounts.create({ address: 'a', asset: 'EUR/2' })
  await tally.accounts.change('a', { limit: 5n })
  await tally.accounts.get('a')
  await tally.accounts.close('a')
  await tally.accounts.reopen('a')
  await tally.accounts.entries('a').toArray()
  await tally.transfers.create(MOVE)
  await tally.transfers.findByReference('r')
  await tally.holds.findByReference('r')
  await tally.assets.list().toArray()
  await tally.accounts.list({ prefix: 'a' }).toArray()
  await tally.accounts.balance('a', { at: new Date(0), by: 'effective' })
  await tally.accounts.statement('a')
  await tally.accounts.statementCsv('a', { by: 'ledger' })
  await tally.accounts.statementHtml('a', { to: new Date(1) })
  await tally.accounts.proof('a', { from: new Date(1) })
  await tally.accounts.increment('a', { amount: 1n })
  await tally.accounts.decrement('a', { amount: 1n })
  await tally.transfers.get(id)
  await tally.transfers.reverse(id, { amount: 1n })
  await tally.transactions.create({ postings: [] })
  await tally.transactions.get(id)
  await tally.transactions.findByReference('r')
  await tally.transactions.reverse(id)
  await tally.holds.create(MOVE)
  await tally.holds.get(id)
  await tally.holds.capture(id)
  await tally.holds.void(id)
  await tally.batches.create([], { balances: false })
  await tally.balances.totals({ groupBy: 1 }).toArray()
  await tally.assets.register({ asset: 'PTS/0' })
  await tally.books.close({ asset: 'EUR/2', closedUntil: null })
  await tally.requests.get('req_1')
  await tally.transfers.receipt(id)
  await tally.log.get()
  await tally.log.checkpoint()
  await tally.log.tile('0/000.p/6')
  await tally.log.entries('000.p/6')
  await tally.requests.list({ account: 'a', from: new Date(0) }).toArray()
  await tally.transfers.events(id).toArray()
  await tally.subjects.erase('customer-17')
  await tally.principals.create({ principal: 'ada', kind: 'person' })
  await tally.principals.list().toArray()
  await tally.principals.disable('ada')
  await tally.principals.enable('ada')
  await tally.principals.limitCalls('ada', { perSecond: 100 })
  await tally.audit.list({ principal: 'ada', from: new Date(0) }).toArray()
  await tally.audit.receipt(7n)
  await tally.identities.bind({ issuer: 'https://id.example', subject: '7', principal: 'ada' })
  await tally.identities.list({ principal: 'ada' }).toArray()
  await tally.keys.create({ principal: 'ada' })
  await tally.keys.list({ principal: 'ada' }).toArray()
  await tally.keys.rotate('key_1')
  await tally.keys.revoke('key_1')
  await tally.keys.whoami()
  await tally.roles.list().toArray()
  await tally.roles.put('clerk', ['accounts:read'])
  await tally.roles.remove('clerk')
  await tally.grants.create({ principal: 'ada', role: 'viewer', addresses: ['*'] })
  await tally.grants.list().toArray()
  await tally.grants.revoke('grant_1')
  await tally.ceilings.create({ principal: 'ada', measure: 'daily_count', limit: 5n })
  await tally.ceilings.list({ principal: 'ada' }).toArray()
  await tally.ceilings.revoke('ceil_1')
  await tally.approvalPolicies.create({ policy: 'two', action: 'limits' })
  await tally.approvalPolicies.list().toArray()
  await tally.approvalPolicies.remove('two')
  await tally.approvals.list({ status: 'awaiting_approval' }).toArray()
  await tally.approvals.get('appr_1')
  await tally.approvals.approve('appr_1', 'd')
  await tally.approvals.refuse('appr_1')
  await tally.readModels.get()
  await tally.reports.balances()
  await tally.reports.turnover({ from: '2026-11-01', to: '2026-12-01' })
  await tally.reports.topMovers({ asset: 'EUR/2', from: new Date(0), to: new Date() })
  await tally.reports.agedHolds()
  await tally.accounts.query().toArray()
  await tally.transfers.query({ filter: { field: 'amount', gte: 5n } }).toArray()
  await tally.entries.query().toArray()
  await tally.entries.list({ filter: 'account=a' }).toArray()
  await tally.holds.query().toArray()
  await tally.readModels.rebuild()
  await tally.readModels.check()
  const { webhooks } = tally
  await webhooks.create({ url: 'https://shop.example/' })
  await webhooks.list()
  await webhooks.get(id)
  await webhooks.change(id, { status: 'disabled' })
  await webhooks.remove(id)
  await webhooks.rotate(id)
  await webhooks.test(id)
  await webhooks.attempts(id)
  await webhooks.deadLetters(id)
  await webhooks.replay(id)
  const when = { kind: 'hold_deadline', beforeSeconds: 60 } as const
  await tally.rules.put('due', { addresses: ['*'], when })
  await tally.rules.list().toArray()
  await tally.rules.get('due')
  await tally.rules.versions('due')
  await tally.rules.firings('due')
  await tally.rules.backtest('due', { from: new Date(0) })
  await tally.rules.remove('due')
  const end = new AbortController()
  const follow = { signal: end.signal, onBreak: () => end.abort() }
  await expect(tally.events.follow({ after: '0' }, follow).next()).rejects.toThrow('aborted')
  await tally.ready()
  const asked = new Set(seen.map(({ method, url }) => operationOf(method, url)))
  const offered = OPERATION_IDS.filter((operation) => ROUTES[operation].path.startsWith('/v1/'))
  expect(asked).toEqual(new Set([...offered, 'getReadiness']))
})

test('a packed batch knows its assets by number and gives a result for each command', async () => {
  const assets = list([{ asset: 'EUR/2', number: 978 }])
  const { tally, seen } = await serve([assets, packed])
  const id = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
  const commands = [
    { operation: 'create_account', address: 'a', asset: 'EUR/2' },
    { operation: 'create_transfer', ...MOVE, id },
  ] as const
  const answer = await tally.batches.createPacked(commands, { atomic: true })
  expect(answer).toMatchObject({ refused: 1, replayed: false })
  expect(answer.results.map(({ status }) => status)).toEqual(['created', 'exceeds_credits'])
  expect(answer.results[1]).toEqual({
    status: 'exceeds_credits',
    id,
    sequence: 8n,
    timestamp: '1970-01-01T00:00:00.000000002Z',
  })
  expect(tally.lastSequence).toBe('s-9')
  await tally.batches.createPacked(commands)
  expect(seen.map(({ url }) => url)).toEqual(['/v1/assets', '/v1/batches', '/v1/batches'])
  expect(seen[1]?.headers['content-type']).toBe('application/vnd.tallystick.batch')
})

test('a missing thing is NotFound', async () => {
  const { tally } = await serve([problem(404, 'not_found')])
  await expect(tally.accounts.get('a')).rejects.toThrow(NotFound)
})

test('the url may end in /v1, as the documents show it', async () => {
  const { tally, seen } = await serve([json(200, {})])
  await tally.accounts.get('a')
  await new Tallystick({ url: `http://${seen[0]?.headers.host}/v1/` }).accounts.get('a')
  expect(seen[1]?.url).toBe('/v1/accounts/a')
})
