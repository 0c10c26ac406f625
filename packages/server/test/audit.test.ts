/** Who was turned away is in the log, counted; what changes rights stands beside it; each record can be proved. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { AuditRecord } from '@tallystick/contract'
import { trustPolicy, verifyReceipt } from '@tallystick/verify'
import { expect, onTestFinished, test, vi } from 'vitest'

import { startServer } from '../src/index.ts'
import {
  type Call,
  callerOf,
  openWallet,
  PAYMENT,
  ROOT_KEY,
  testServer,
  WALLET,
} from './harness.ts'
import { grantee } from './keys.ts'

const SOON = { auditEveryMs: 50, wrongKeysPerMinute: 0 }

/** The records of a filter, once there are so many attempts in them. */
async function audited(call: Call, query: string, attempts = 1) {
  return vi.waitFor(
    async () => {
      const { json } = await call('GET', `/v1/audit?${query}`)
      const rows = json.data as AuditRecord[]
      const counted = rows.reduce((sum, { count }) => sum + Number(count), 0)
      expect(counted).toBe(attempts)
      return rows
    },
    { timeout: 15_000, interval: 50 },
  )
}

test('attempts that are alike are one record with their number, with who, from where, what and why', async () => {
  const server = await testServer({ ...SOON, trustedProxies: ['127.0.0.1'] })
  await openWallet(server.call)
  const acme = await grantee(server, 'acme', { role: 'viewer', addresses: ['partners:acme:*'] })
  const from = { 'x-forwarded-for': '192.0.2.7' }
  for (let n = 0; n < 3; n++) await acme.call('POST', '/v1/transfers', PAYMENT, from)
  await acme.call('GET', `/v1/accounts/${WALLET}`, undefined, from)
  const [forbidden] = await audited(server.call, 'principal=acme&result=forbidden', 3)
  expect(forbidden).toMatchObject({
    ...{ object: 'audit_record', principal: 'acme', key_id: acme.keyId, initiator: null },
    ...{ source: '192.0.2.7', action: 'createTransfer', result: 'forbidden', control: null },
  })
  const [unseen] = await audited(server.call, 'principal=acme&action=getAccount')
  expect(unseen).toMatchObject({ result: 'not_found', count: '1' })
  const { json } = await server.call('GET', `/v1/requests/${forbidden!.request_id}`)
  expect(json.principal).toBe('(server)')
  expect(json.records[0].control.control).toBe('note_refusals')
})

test('what is merely not there is none of it, nor is what is wrong with a request', async () => {
  const server = await testServer(SOON)
  await server.call('GET', '/v1/accounts/nobody')
  await server.call('POST', '/v1/transfers', { nonsense: 1 })
  await fetch(`${server.url}/v1/accounts/nobody`)
  const rows = await audited(server.call, 'result=unauthenticated')
  expect(rows).toHaveLength(1)
  expect((await server.call('GET', '/v1/audit')).json.data).toHaveLength(1)
})

test('a wrong key leaves its address, never itself; of a revoked one there is whose it was', async () => {
  const server = await testServer(SOON)
  const { call, keyId, secret } = await grantee(server, 'acme', {
    role: 'viewer',
    addresses: ['*'],
  })
  await server.call('POST', `/v1/keys/${keyId}/revoke`)
  await call('GET', '/v1/whoami')
  await callerOf(server.url, `tk_live_${'A'.repeat(43)}`)('GET', '/v1/whoami')
  const rows = await audited(server.call, 'result=unauthenticated', 2)
  expect(rows.map(({ principal, key_id: key }) => [principal, key])).toEqual(
    expect.arrayContaining([
      ['acme', keyId],
      [null, null],
    ]),
  )
  const text = JSON.stringify(rows)
  expect(text).not.toContain(secret.slice(8))
  expect(text).not.toContain('AAAA')
})

test('too many calls are told in sums', async () => {
  const server = await testServer({ ...SOON, callsPerSecondOfKey: 1 })
  const { call } = await grantee(server, 'acme', { role: 'viewer', addresses: ['*'] })
  const replies = await Promise.all(Array.from({ length: 30 }, () => call('GET', '/v1/whoami')))
  const refused = replies.filter(({ status }) => status === 429).length
  expect(refused).toBeGreaterThan(10)
  await audited(server.call, 'principal=acme&result=rate_limited&action=whoami', refused)
})

test('changes of rights are in it, with who made them and what they were, and refused ones with why', async () => {
  const server = await testServer(SOON)
  const ada = await grantee(server, 'ada', { role: 'admin', addresses: ['*'] })
  const gone = await ada.call('POST', '/v1/principals/ada/disable')
  expect(gone.status).toBe(409)
  const { json } = await ada.call('GET', '/v1/audit')
  expect(json.data.map((row: AuditRecord) => [row.principal, row.action, row.result])).toEqual([
    ['ada', 'disablePrincipal', 'last_administrator'],
    ['root', 'createKey', 'accepted'],
    ['root', 'createGrant', 'accepted'],
    ['root', 'createPrincipal', 'accepted'],
  ])
  expect(json.data[3].control).toMatchObject({ control: 'create_principal', principal: 'ada' })
  const page = await ada.call('GET', '/v1/audit?limit=2&result=accepted')
  expect(page.json.has_more).toBe(true)
  const next = await ada.call('GET', `/v1/audit?limit=2&cursor=${page.json.next_cursor}`)
  const rest = [...page.json.data, ...next.json.data].map((row: AuditRecord) => row.action)
  expect(rest).toEqual(['createKey', 'createGrant', 'createPrincipal'])
})

test('a stranger’s flood makes no more rows than there is budget for, and hides nothing of whoever is known', async () => {
  const server = await testServer({ ...SOON, trustedProxies: ['127.0.0.1'] })
  const acme = await grantee(server, 'acme', { role: 'viewer', addresses: ['a'] })
  const wrong = callerOf(server.url, 'tk_live_wrong')
  const flood = Array.from({ length: 1_500 }, (_, n) =>
    wrong('GET', '/v1/whoami', undefined, { 'x-forwarded-for': `10.0.${n >> 8}.${n & 255}` }),
  )
  await Promise.all([...flood, acme.call('GET', '/v1/keys')])
  const rows = await audited(server.call, 'result=unauthenticated&limit=1000', 1_500)
  await audited(server.call, 'principal=acme&result=forbidden')
  const sums = rows.filter(({ source }) => source === '*')
  expect(sums.length).toBeGreaterThan(0)
  // The budget, and what flows in while the test runs.
  expect(rows.length - sums.length).toBeLessThan(520)
}, 30_000)

test('records are there after a restart, from the journal and from a snapshot, and a receipt proves one', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tally-audit-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const options = {
    ...{ rootKey: ROOT_KEY, data: join(directory, 'data'), keys: join(directory, 'keys') },
    // Nothing but the stop itself writes what was counted.
    ...{ wrongKeysPerMinute: 0, auditEveryMs: 3_600_000 },
  }
  const first = await startServer(options)
  await callerOf(first.url, 'tk_live_wrong')('GET', '/v1/whoami')
  await first.close()
  const second = await startServer(options)
  onTestFinished(() => second.close())
  const call = callerOf(second.url)
  const [row] = await audited(call, 'result=unauthenticated')
  const receipt = await call('GET', `/v1/audit/${row!.sequence}/receipt`)
  expect(receipt.status).toBe(200)
  const { json: log } = await call('GET', '/v1/log')
  const report = await verifyReceipt(receipt.text, trustPolicy({ keys: log.keys as string[] }))
  expect(report.checks.filter(({ holds }) => !holds)).toEqual([])
  expect(report.proved).toBe(true)
  expect(Buffer.from(report.shown?.metadata ?? []).toString()).toContain('note_refusals')
  expect((await call('GET', '/v1/audit/999999/receipt')).status).toBe(404)
})
