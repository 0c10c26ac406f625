import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { dump, load } from '@tallystick/backup'
import { packBatch, PackedOperation, unpackBatchAnswer } from '@tallystick/contract'
import { accountIdOf, verifyLedger } from '@tallystick/engine'
import { expect, onTestFinished, test } from 'vitest'

import { balanceOf, type Call, callerOf, testServer, type TestServer } from './harness.ts'
import { type Grantee, grantee } from './keys.ts'

const TILL = 'partners:acme:till'
const FEES = 'partners:acme:fees'
const OTHER = 'partners:acme:other'
const MOVE = { debit_account: TILL, credit_account: FEES, amount: '10', asset: 'EUR/2' }
const DAILY = { principal: 'acme', measure: 'daily_amount', asset: 'EUR/2', limit: '100' }

interface Capped {
  readonly server: TestServer
  readonly call: Call
  readonly acme: Grantee
  readonly ceiling: string
}

/** acme may move 1.00 a day out of its till, which has a thousand. */
async function capped({ data, more = {} }: { data?: string; more?: object } = {}): Promise<Capped> {
  const server = await testServer(data === undefined ? {} : { data })
  const { call } = server
  for (const address of [TILL, FEES, OTHER]) {
    await call('POST', '/v1/accounts', { address, asset: 'EUR/2' })
  }
  await call('POST', `/v1/accounts/${TILL}/increments`, { amount: '100000' })
  const acme = await grantee(server, 'acme', { role: 'operator', addresses: ['partners:acme:*'] })
  const made = await call('POST', '/v1/ceilings', { ...DAILY, addresses: [TILL], ...more })
  expect(made.status).toBe(201)
  return { server, call, acme, ceiling: made.json.id }
}

function directory(): string {
  const data = mkdtempSync(join(tmpdir(), 'tally-ceilings-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  return data
}

test('of a hundred at once exactly as many pass as the ceiling has room for, whatever way they come', async () => {
  const { server, call, acme, ceiling } = await capped()
  const second = await call('POST', '/v1/keys', { principal: 'acme' })
  const again = callerOf(server.url, second.json.secret)
  const batch = { commands: [{ operation: 'create_transfer', ...MOVE }] }
  const replies = await Promise.all(
    Array.from({ length: 100 }, (_, index) => {
      const each = index % 2 === 0 ? acme.call : again
      return index % 4 < 2
        ? each('POST', '/v1/transfers', MOVE)
        : each('POST', '/v1/batches', batch)
    }),
  )
  const passed = replies.filter(({ json }) =>
    json.object === 'batch' ? json.results[0].status === 'created' : json.object === 'transfer',
  )
  expect(passed).toHaveLength(10)
  for (const { status, json } of replies) {
    if (status === 201 || json.object === 'batch') continue
    expect({ status, code: json.code, ceiling: json.ceiling }).toEqual({
      ...{ status: 422, code: 'exceeds_ceiling', ceiling },
    })
  }
  expect(await balanceOf(call, FEES)).toBe('100')
})

test('a refusal names the ceiling, what was needed and left, and until when', async () => {
  const { call, acme, ceiling } = await capped()
  await acme.call('POST', '/v1/transfers', { ...MOVE, amount: '70' })
  const { status, json } = await acme.call('POST', '/v1/transfers', { ...MOVE, amount: '31' })
  expect(status).toBe(422)
  expect(json).toMatchObject({
    ...{ code: 'exceeds_ceiling', ceiling, needed: '31', available: '30', limit: '100' },
    param: 'amount',
  })
  expect(json.account).toBeUndefined()
  expect(json.resets_at).toMatch(/T00:00:00\.000000000Z$/)
  expect(Date.parse(json.resets_at)).toBeGreaterThan(Date.now())
  const shown = await call('GET', `/v1/requests/${json.request_id}`)
  expect(shown.json.records[0]).toMatchObject({ status: 'exceeds_ceiling', ceiling, needed: '31' })
  const { json: list } = await call('GET', '/v1/ceilings?principal=acme')
  expect(list.data).toMatchObject([{ id: ceiling, used: '70', available: '30', limit: '100' }])
  expect(list.data[0].resets_at).toBe(json.resets_at)
})

test('repeated, a request has the first answer, and nothing is charged again', async () => {
  const { acme } = await capped()
  const ask = (amount: string, key: string) =>
    acme.call('POST', '/v1/transfers', { ...MOVE, amount }, { 'idempotency-key': key })
  const first = await ask('60', 'k-1')
  const refused = await ask('41', 'k-2')
  expect([first.status, refused.status]).toEqual([201, 422])
  for (const _ of [1, 2, 3]) {
    expect((await ask('60', 'k-1')).json).toEqual(first.json)
    expect((await ask('41', 'k-2')).json).toEqual(refused.json)
  }
  expect((await ask('40', 'k-3')).status).toBe(201)
  expect((await ask('41', 'k-2')).json).toEqual(refused.json)
})

test('a refusal leaves the id free', async () => {
  const { call, acme } = await capped()
  const move = { ...MOVE, amount: '101', id: '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07' }
  expect((await acme.call('POST', '/v1/transfers', move)).json.code).toBe('exceeds_ceiling')
  expect((await acme.call('POST', '/v1/transfers', { ...move, amount: '99' })).status).toBe(201)
  expect((await call('GET', `/v1/transfers/${move.id}`)).json.amount).toBe('99')
})

test('a dry run sees it, and charges nothing', async () => {
  const { call, acme } = await capped()
  const dry = (amount: string) =>
    acme.call('POST', '/v1/transfers?dry_run=true', { ...MOVE, amount })
  expect((await dry('100')).status).toBe(201)
  expect((await dry('100')).status).toBe(201)
  expect((await dry('101')).json.code).toBe('exceeds_ceiling')
  expect((await call('GET', '/v1/ceilings')).json.data[0].used).toBe('0')
})

test('holds, transactions, increments and reversals are bound like transfers', async () => {
  const { call, acme } = await capped()
  const { json: paid } = await call('POST', '/v1/transfers', {
    ...MOVE,
    ...{ debit_account: OTHER, credit_account: TILL, amount: '90' },
  })
  const { json: hold } = await acme.call('POST', '/v1/holds', { ...MOVE, amount: '40' })
  expect((await acme.call('POST', `/v1/holds/${hold.id}/void`)).status).toBe(200)
  const posting = { source: TILL, destination: FEES, asset: 'EUR/2' }
  const transaction = {
    postings: [
      { ...posting, amount: '30' },
      { ...posting, amount: '31' },
    ],
  }
  const refused = await acme.call('POST', '/v1/transactions', transaction)
  expect([refused.status, refused.json.code]).toEqual([422, 'exceeds_ceiling'])
  expect(refused.json).toMatchObject({ needed: '31', available: '30' })
  // Taking back what came in takes it out of the till again.
  const reversed = await acme.call('POST', `/v1/transfers/${paid.id}/reverse`, { amount: '61' })
  expect(reversed.json.code).toBe('exceeds_ceiling')
  expect(
    (await acme.call('POST', `/v1/transfers/${paid.id}/reverse`, { amount: '60' })).status,
  ).toBe(201)
  expect((await acme.call('POST', '/v1/transfers', { ...MOVE, amount: '1' })).status).toBe(422)
})

test('packed batches are charged command by command', async () => {
  const { server, acme } = await capped()
  const commands = Array.from({ length: 30 }, (_, index) => ({
    ...{ operation: PackedOperation.createTransfer, id: BigInt(index + 1), amount: 10n },
    ...{ debitAccountId: accountIdOf(TILL), creditAccountId: accountIdOf(FEES) },
    ...{ pendingId: 0n, effectiveAt: 0n, timeout: 0, asset: 978, code: 1, flags: 0 },
    metadata: new Uint8Array(0),
  }))
  const type = { 'content-type': 'application/vnd.tallystick.batch' }
  const body = packBatch(commands, { atomic: false })
  const reply = await acme.call('POST', '/v1/batches', body, type)
  const statuses = [...unpackBatchAnswer(reply.bytes).statuses]
  expect(statuses).toEqual([...Array(10).fill(0), ...Array(20).fill(65)])
  const atomic = packBatch(
    commands.map((command) => ({ ...command, id: command.id + 100n })),
    { atomic: true },
  )
  const all = await acme.call('POST', '/v1/batches', atomic, type)
  expect([...unpackBatchAnswer(all.bytes).statuses].filter((status) => status === 0)).toEqual([])
  expect(await server.ledger.stateHash()).toMatch(/^[0-9a-f]{64}$/)
})

test('what is used up is so after a restart, from a snapshot or from the log, and in what was loaded from a dump', async () => {
  const data = directory()
  const { server: first, acme } = await capped({ data })
  await acme.call('POST', '/v1/transfers', { ...MOVE, amount: '70' })
  await acme.call('POST', '/v1/transfers', { ...MOVE, amount: '31' })
  const hash = await first.ledger.stateHash()
  await first.close()
  const report = await verifyLedger({ directory: data })
  expect(report).toMatchObject({ sound: true, stateHash: hash })
  const copy = join(directory(), 'again')
  const path = join(directory(), 'ledger.ndjson.gz')
  expect(await dump({ directory: data, path })).toMatchObject({ stateHash: hash })
  expect(await load({ path, directory: copy })).toMatchObject({ stateHash: hash })
  for (const place of [data, copy, data]) {
    if (place === data) rmSync(join(data, 'snapshots'), { recursive: true, force: true })
    const server = await testServer({ data: place })
    const { url, ledger } = server
    expect(await ledger.stateHash()).toBe(hash)
    const call = callerOf(url, acme.secret)
    const over = await call('POST', '/v1/transfers?dry_run=true', { ...MOVE, amount: '31' })
    expect(over.json).toMatchObject({ code: 'exceeds_ceiling', available: '30' })
    const within = await call('POST', '/v1/transfers?dry_run=true', { ...MOVE, amount: '30' })
    expect(within.status).toBe(201)
    await server.close()
  }
})

test('who is bound cannot lift it, and nobody else is bound', async () => {
  const { call, acme, ceiling, server } = await capped()
  for (const [path, body] of [
    [`/v1/ceilings/${ceiling}/revoke`, {}],
    ['/v1/ceilings', { ...DAILY, limit: '999' }],
  ] as const) {
    expect((await acme.call('POST', path, body)).status).toBe(403)
  }
  expect((await acme.call('GET', '/v1/ceilings')).status).toBe(403)
  const shop = await grantee(server, 'shop', { role: 'cashier', addresses: ['partners:acme:*'] })
  expect((await shop.call('POST', '/v1/transfers', { ...MOVE, amount: '500' })).status).toBe(201)
  // A second grant gives no second ceiling's worth.
  const rights = { principal: 'acme', role: 'cashier', addresses: ['*'] }
  expect((await call('POST', '/v1/grants', rights)).status).toBe(201)
  const over = { ...MOVE, amount: '101' }
  expect((await acme.call('POST', '/v1/transfers', over)).json.code).toBe('exceeds_ceiling')
  expect((await call('POST', `/v1/ceilings/${ceiling}/revoke`)).status).toBe(200)
  expect((await acme.call('POST', '/v1/transfers', over)).status).toBe(201)
  const twice = await call('POST', `/v1/ceilings/${ceiling}/revoke`)
  expect([twice.status, twice.json.code]).toEqual([422, 'ceiling_not_found'])
})

test.each<[string, object, string]>([
  ['of amounts without an asset', { asset: undefined }, 'missing_field'],
  ['of an asset that there is not', { asset: 'XYZ/2' }, 'asset_not_found'],
  ['for nobody', { principal: 'nobody' }, 'principal_not_found'],
  ['with a negative limit', { limit: '-1' }, 'invalid_field'],
  [
    'with a limit beyond 2^128',
    { limit: '340282366920938463463374607431768211456' },
    'amount_too_large',
  ],
  ['with no addresses', { addresses: [] }, 'invalid_field'],
  ['of another measure', { measure: 'yearly' }, 'invalid_field'],
  ['that sets what is used', { used: '0' }, 'unknown_field'],
])('a ceiling %s is refused', async (_what, more, code) => {
  const { call } = await capped()
  const { status, json } = await call('POST', '/v1/ceilings', { ...DAILY, ...more })
  expect(json.code).toBe(code)
  expect(status).toBeGreaterThanOrEqual(400)
  expect((await call('GET', '/v1/ceilings')).json.data).toHaveLength(1)
})
