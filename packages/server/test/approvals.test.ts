import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { dump, load } from '@tallystick/backup'
import { packBatch, PackedOperation } from '@tallystick/contract'
import { accountIdOf, verifyLedger } from '@tallystick/engine'
import { expect, onTestFinished, test } from 'vitest'

import { balanceOf, type Call, callerOf, testServer, type TestServer } from './harness.ts'
import { grantee } from './keys.ts'

const TILL = 'partners:acme:till'
const FEES = 'partners:acme:fees'
const BOUNDED = ['debits_must_not_exceed_credits']
const PACKED = { 'content-type': 'application/vnd.tallystick.batch' }

interface Person {
  readonly call: Call
  readonly secret: string
}

interface Office {
  readonly server: TestServer
  readonly root: Call
  readonly ada: Person
  readonly bob: Person
  readonly bot: Person
}

async function person(server: TestServer, call: Call, principal: string): Promise<Person> {
  await call('POST', '/v1/principals', { principal, kind: 'person' })
  await call('POST', '/v1/grants', { principal, role: 'admin', addresses: ['*'] })
  const { json } = await call('POST', '/v1/keys', { principal })
  return { call: callerOf(server.url, json.secret), secret: json.secret }
}

/** Two administrators, and a program with every right but that to decide as a person. */
async function office(policy: object = { action: 'limits' }, data?: string): Promise<Office> {
  const server = await testServer(data === undefined ? {} : { data })
  const root = server.call
  for (const address of [TILL, FEES]) {
    await root('POST', '/v1/accounts', { address, asset: 'EUR/2', flags: BOUNDED })
  }
  await root('POST', `/v1/accounts/${TILL}/increments`, { amount: '10000' })
  const hands = { url: server.url, call: root }
  const bot = await grantee(hands, 'bot', { role: 'admin', addresses: ['*'] })
  const ada = await person(server, bot.call, 'ada')
  const bob = await person(server, bot.call, 'bob')
  const made = await ada.call('POST', '/v1/approval-policies', { policy: 'two', ...policy })
  expect(made.status).toBe(201)
  return { server, root, ada, bob, bot }
}

const limitOf = async (call: Call): Promise<string> =>
  (await call('GET', `/v1/accounts/${TILL}`)).json.limit

const raise = (call: Call, headers: Record<string, string> = {}) =>
  call('PATCH', `/v1/accounts/${TILL}`, { limit: '500' }, headers)

const approve = (call: Call, { id, digest }: { id: string; digest: string }) =>
  call('POST', `/v1/approvals/${id}/approve`, { digest })

test('a change of a limit waits, and another person has it done', async () => {
  const { ada, bob } = await office()
  const { status, json, headers } = await raise(ada.call)
  expect(status).toBe(202)
  expect(json).toMatchObject({
    ...{ object: 'request', status: 'awaiting_approval' },
    approval: { action: 'limits', requested_by: 'ada', addresses: [TILL], decided_by: null },
  })
  expect(headers.get('location')).toBe(`/v1/requests/${json.id}`)
  expect(json.approval.commands).toEqual([
    { operation: 'change_limit', account: TILL, limit: '500' },
  ])
  expect(await limitOf(ada.call)).toBe('0')
  const waits = await bob.call('GET', '/v1/approvals?status=awaiting_approval')
  expect(waits.json.data).toEqual([json.approval])
  const done = await approve(bob.call, json.approval)
  expect(done.status).toBe(200)
  expect(done.json).toMatchObject({ status: 'approved', decided_by: 'bob', results: ['changed'] })
  expect(await limitOf(ada.call)).toBe('500')
  const again = await approve(bob.call, json.approval)
  expect([again.status, again.json.code]).toEqual([409, 'approval_decided'])
})

test('both requests show who asked and who approved', async () => {
  const { ada, bob } = await office()
  const { json } = await raise(ada.call)
  const before = await ada.call('GET', `/v1/requests/${json.id}`)
  expect(before.json).toMatchObject({
    ...{ status: 'awaiting_approval', principal: 'ada', operation: 'changeAccount' },
    answer: { status: 202, body: json },
    records: [{ control: { control: 'request_approval', by: 'ada' } }],
  })
  const done = await approve(bob.call, json.approval)
  const after = await ada.call('GET', `/v1/requests/${json.id}`)
  const whole = { requested_by: 'ada', decided_by: 'bob', status: 'approved' }
  expect(after.json).toMatchObject({ status: 'done', answer: { status: 202 }, approval: whole })
  const decided = await bob.call('GET', `/v1/requests/${done.json.decided_request}`)
  expect(decided.json).toMatchObject({
    ...{ principal: 'bob', approval: whole },
    records: [
      { control: { control: 'approve', by: 'bob' } },
      { operation: 'change_limit', status: 'changed', limit: '500' },
    ],
  })
})

const behalfOf =
  (call: Call, initiator: string): Call =>
  (method, path, body, headers = {}) =>
    call(method, path, body, { ...headers, 'tally-initiator': initiator })

test('what needs a second person is neither asked for nor decided on behalf of another', async () => {
  const { ada, bob, bot } = await office()
  // Else she could ask through the program, and approve it herself.
  const asked = await raise(behalfOf(bot.call, 'ada'))
  expect([asked.status, asked.json.code]).toEqual([403, 'needs_approval'])
  const { json } = await raise(ada.call)
  for (const call of [behalfOf(bot.call, 'bob'), behalfOf(bob.call, 'ada')]) {
    expect((await approve(call, json.approval)).status).toBe(403)
    expect((await call('POST', `/v1/approvals/${json.approval.id}/refuse`)).status).toBe(403)
  }
  expect(await limitOf(ada.call)).toBe('0')
  expect((await approve(bob.call, json.approval)).status).toBe(200)
})

test('rights by way of a token wait like all others, and so does a key that another asks for', async () => {
  const { ada, bot } = await office({ action: 'rights' })
  const identity = { issuer: 'https://id.example', subject: '7' }
  const bind = (principal: string | null) =>
    ada.call('POST', '/v1/identities', { ...identity, principal })
  const statuses = [await bind('bob'), await bind('ada'), await bind(null)].map((r) => r.status)
  expect(statuses).toEqual([202, 200, 200])
  const key = await behalfOf(bot.call, 'ada')('POST', '/v1/keys', { principal: 'bot' })
  expect([key.status, key.json.code]).toEqual([403, 'needs_approval'])
})

test('nobody but another person with the right approves', async () => {
  const { server, root, ada, bob, bot } = await office()
  const { json } = await raise(bot.call)
  const { approval } = json
  const asked = await approve(bot.call, approval)
  expect([asked.status, asked.json.code]).toEqual([403, 'forbidden'])
  const rooted = await approve(root, approval)
  expect(rooted.status).toBe(401)
  const own = (await raise(ada.call)).json.approval
  const self = await approve(ada.call, own)
  expect([self.status, self.json.code]).toEqual([403, 'forbidden'])
  await ada.call('POST', '/v1/principals', { principal: 'eve', kind: 'person' })
  const grant = { principal: 'eve', role: 'approver', addresses: ['partners:evil:*'] }
  expect((await ada.call('POST', '/v1/grants', grant)).status).toBe(201)
  const key = await ada.call('POST', '/v1/keys', { principal: 'eve' })
  const eve = callerOf(server.url, key.json.secret)
  for (const [method, path, body] of [
    ['GET', `/v1/approvals/${own.id}`, undefined],
    ['POST', `/v1/approvals/${own.id}/approve`, { digest: own.digest }],
    ['POST', `/v1/approvals/${own.id}/refuse`, {}],
  ] as const) {
    expect((await eve(method, path, body)).status).toBe(404)
  }
  expect((await eve('GET', '/v1/approvals')).json.data).toEqual([])
  expect(await limitOf(ada.call)).toBe('0')
  expect((await approve(bob.call, own)).status).toBe(200)
})

test('what is approved is what was looked at', async () => {
  const { ada, bob } = await office()
  const { approval } = (await raise(ada.call)).json
  const other = await approve(bob.call, { id: approval.id, digest: 'e'.repeat(64) })
  expect([other.status, other.json.code]).toEqual([409, 'approval_differs'])
  expect(await limitOf(ada.call)).toBe('0')
  expect((await approve(bob.call, approval)).status).toBe(200)
})

test('it happens once, however often and whoever approves at once', async () => {
  const { server, ada, bob } = await office({ action: 'reversals' })
  const cyd = await person(server, bob.call, 'cyd')
  const move = { debit_account: TILL, credit_account: FEES, amount: '300', asset: 'EUR/2' }
  const { json: paid } = await ada.call('POST', '/v1/transfers', move)
  const waits = await ada.call('POST', `/v1/transfers/${paid.id}/reverse`, { amount: '100' })
  expect(waits.json.status).toBe('awaiting_approval')
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      approve((index % 2 === 0 ? bob : cyd).call, waits.json.approval),
    ),
  )
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(replies.filter(({ json }) => json.code === 'approval_decided')).toHaveLength(19)
  expect(await balanceOf(ada.call, FEES)).toBe('200')
})

test('repeated, a request waits once, and its approval is answered as it was', async () => {
  const { ada, bob } = await office()
  const key = { 'idempotency-key': 'k-1' }
  const first = await raise(ada.call, key)
  const again = await raise(ada.call, key)
  expect(again.json).toEqual(first.json)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect((await ada.call('GET', '/v1/approvals')).json.data).toHaveLength(1)
  const { id, digest } = first.json.approval
  const path = `/v1/approvals/${id}/approve`
  const done = await bob.call('POST', path, { digest }, { 'idempotency-key': 'a-1' })
  const repeated = await bob.call('POST', path, { digest }, { 'idempotency-key': 'a-1' })
  expect(repeated.json).toEqual(done.json)
  expect((await raise(ada.call, key)).json).toEqual(first.json)
})

test('refused or taken back, nothing is done', async () => {
  const { ada, bob } = await office()
  const { approval } = (await raise(ada.call)).json
  const refused = await bob.call('POST', `/v1/approvals/${approval.id}/refuse`)
  expect(refused.json).toMatchObject({ status: 'refused', decided_by: 'bob', commands: [] })
  expect((await approve(bob.call, approval)).json.code).toBe('approval_decided')
  const own = (await raise(ada.call)).json.approval
  const back = await ada.call('POST', `/v1/approvals/${own.id}/refuse`)
  expect(back.json).toMatchObject({ status: 'refused', decided_by: 'ada' })
  expect(await limitOf(ada.call)).toBe('0')
})

test('whoever lost the right meanwhile gets nothing done', async () => {
  const { server, ada, bob } = await office()
  const lender = await grantee({ url: server.url, call: ada.call }, 'lender', {
    ...{ scopes: ['accounts:write', 'accounts:unlimited'], addresses: ['partners:*'] },
  })
  const { approval } = (await raise(lender.call)).json
  await ada.call('POST', `/v1/grants/${lender.grantId}/revoke`)
  expect((await approve(bob.call, approval)).status).toBe(403)
  const second = (await raise(ada.call)).json.approval
  await person(server, bob.call, 'cyd')
  expect((await bob.call('POST', '/v1/principals/ada/disable')).status).toBe(200)
  expect((await approve(bob.call, second)).status).toBe(403)
  expect(await limitOf(bob.call)).toBe('0')
})

test('what cannot wait is refused, and a dry run shows what would be', async () => {
  const { server, ada } = await office()
  const before = server.ledger.lastSequence
  const command = { operation: 'change_account', account: TILL, limit: '500' }
  const batch = await ada.call('POST', '/v1/batches', { commands: [command] })
  expect([batch.status, batch.json.code]).toEqual([403, 'needs_approval'])
  const packed = packBatch(
    [
      {
        ...{ operation: PackedOperation.changeLimit, id: accountIdOf(TILL), flags: 0 },
        ...{ limit: 500n, subtreeLimit: undefined },
      },
    ],
    { atomic: false },
  )
  const raw = await ada.call('POST', '/v1/batches', packed, PACKED)
  expect([raw.status, raw.json.code]).toEqual([403, 'needs_approval'])
  expect(server.ledger.lastSequence).toBe(before)
  const dry = await ada.call('PATCH', `/v1/accounts/${TILL}?dry_run=true`, { limit: '500' })
  expect(dry.json.limit).toBe('500')
  expect(await limitOf(ada.call)).toBe('0')
})

test('an account beyond the safe shape waits, a safe one does not', async () => {
  const { ada, bob } = await office({ action: 'limits', addresses: ['partners:*'] })
  const open = (body: object) => ada.call('POST', '/v1/accounts', { asset: 'EUR/2', ...body })
  expect((await open({ address: 'partners:acme:a', flags: BOUNDED })).status).toBe(201)
  expect((await open({ address: 'users:1:wallet' })).status).toBe(201)
  const waits = await open({ address: 'partners:acme:b' })
  expect(waits.status).toBe(202)
  const credit = await open({ address: 'partners:acme:c', flags: BOUNDED, limit: '5' })
  expect(credit.status).toBe(202)
  expect((await ada.call('GET', '/v1/accounts/partners:acme:b')).status).toBe(404)
  expect((await approve(bob.call, waits.json.approval)).json.results).toEqual(['created'])
  expect((await ada.call('GET', '/v1/accounts/partners:acme:b')).status).toBe(200)
})

test('reversals wait above an amount, in small parts too, and keep their reference', async () => {
  const { ada, bob } = await office({ action: 'reversals', asset: 'EUR/2', above: '100' })
  const move = { debit_account: TILL, credit_account: FEES, amount: '300', asset: 'EUR/2' }
  const { json: paid } = await ada.call('POST', '/v1/transfers', move)
  const reverse = (body: object) => ada.call('POST', `/v1/transfers/${paid.id}/reverse`, body)
  expect((await reverse({ amount: '60' })).status).toBe(201)
  expect((await reverse({ amount: '40' })).status).toBe(201)
  const waits = await reverse({ amount: '1', reference: 'refund-7' })
  expect(waits.status).toBe(202)
  expect(waits.json.approval.commands).toMatchObject([
    { kind: 'reversed', amount: '1', asset: 'EUR/2', of: paid.id },
  ])
  expect((await approve(bob.call, waits.json.approval)).json.results).toEqual(['created'])
  const found = await ada.call('GET', '/v1/transfers?reference=refund-7')
  expect(found.json.data).toMatchObject([{ amount: '1', reference: 'refund-7' }])
  const late = await reverse({ amount: '199' })
  await approve(bob.call, late.json.approval)
  const over = await reverse({ amount: '1' })
  const refused = await approve(bob.call, over.json.approval)
  expect(refused.json).toMatchObject({ status: 'approved', results: ['exceeds_reversible_amount'] })
})

test('under a policy on rights one person gives none, by no way', async () => {
  const { server, ada, bob } = await office({ action: 'rights' })
  await ada.call('POST', '/v1/principals', { principal: 'eve', kind: 'person' })
  const grant = { principal: 'eve', role: 'admin', addresses: ['*'] }
  const ways: [string, string, object][] = [
    ['POST', '/v1/grants', grant],
    ['PUT', '/v1/roles/clerk', { scopes: ['keys:manage'] }],
    ['POST', '/v1/keys', { principal: 'bob' }],
    ['POST', '/v1/approval-policies/two/remove', {}],
  ]
  for (const [method, path, body] of ways) {
    expect((await ada.call(method, path, body)).status).toBe(202)
  }
  expect((await ada.call('GET', '/v1/grants?principal=eve')).json.data).toEqual([])
  // What takes away does not wait, and one's own key is no right more.
  expect((await ada.call('POST', '/v1/principals/eve/disable')).status).toBe(200)
  expect((await ada.call('POST', '/v1/keys', { principal: 'ada' })).status).toBe(201)
  const few = await ada.call('POST', '/v1/principals/bob/disable')
  expect([few.status, few.json.code]).toEqual([409, 'too_few_deciders'])
  const { json: key } = await ada.call('POST', '/v1/keys', { principal: 'eve' })
  expect(key.secret).toMatch(/^tk_live_/)
  const eve = callerOf(server.url, key.secret)
  expect((await eve('GET', '/v1/whoami')).status).toBe(401)
  expect((await approve(bob.call, key.approval)).json.results).toEqual(['changed'])
  const shown = await ada.call('GET', '/v1/approvals')
  expect(JSON.stringify(shown.json)).not.toContain(key.secret)
  const { json: removal } = await ada.call('POST', '/v1/approval-policies/two/remove', {})
  expect((await approve(bob.call, removal.approval)).json.results).toEqual(['changed'])
  expect((await ada.call('POST', '/v1/grants', grant)).status).toBe(201)
})

test('a policy needs two who can decide, and the root key is bound by it', async () => {
  const server = await testServer()
  const { call } = server
  const policy = { policy: 'two', action: 'limits' }
  expect((await call('POST', '/v1/approval-policies', policy)).json.code).toBe('too_few_deciders')
  for (const principal of ['ada', 'bob']) {
    await call('POST', '/v1/principals', { principal, kind: 'person' })
    await call('POST', '/v1/grants', { principal, role: 'approver', addresses: ['*'] })
  }
  await call('POST', '/v1/accounts', { address: TILL, asset: 'EUR/2', flags: BOUNDED })
  expect((await call('POST', '/v1/approval-policies', policy)).status).toBe(201)
  const waits = await raise(call)
  expect(waits.status).toBe(202)
  expect((await approve(call, waits.json.approval)).status).toBe(403)
  const { json: key } = await call('POST', '/v1/keys', { principal: 'ada' })
  const ada = callerOf(server.url, key.secret)
  expect((await approve(ada, waits.json.approval)).json.results).toEqual(['changed'])
})

test('what waits is there after a restart, in what verify decides again, and in a copy', async () => {
  const places = mkdtempSync(join(tmpdir(), 'tally-approvals-'))
  onTestFinished(() => rmSync(places, { recursive: true, force: true }))
  const data = join(places, 'data')
  const { server, ada, bob } = await office({ action: 'limits' }, data)
  const first = (await raise(ada.call)).json.approval
  const open = { address: 'partners:acme:long', asset: 'EUR/2', metadata: { why: 'x'.repeat(99) } }
  const second = (await ada.call('POST', '/v1/accounts', open)).json.approval
  expect((await approve(bob.call, second)).json.results).toEqual(['created'])
  const hash = await server.ledger.stateHash()
  await server.close()
  expect(await verifyLedger({ directory: data })).toMatchObject({ sound: true, stateHash: hash })
  const [path, copy] = [join(places, 'ledger.ndjson.gz'), join(places, 'copy')]
  await dump({ directory: data, path })
  expect(await load({ path, directory: copy })).toMatchObject({ stateHash: hash })
  for (const place of [copy, data]) {
    const again = await testServer({ data: place })
    expect(await again.ledger.stateHash()).toBe(hash)
    const call = callerOf(again.url, bob.secret)
    const decided = await approve(call, second)
    expect([decided.status, decided.json.code]).toEqual([409, 'approval_decided'])
    expect((await approve(call, first)).json).toMatchObject({ results: ['changed'] })
    await again.close()
    expect((await verifyLedger({ directory: place })).sound).toBe(true)
  }
})
