import { randomBytes } from 'node:crypto'

import { packBatch, PackedOperation } from '@tallystick/contract'
import { accountIdOf } from '@tallystick/engine'
import { type FileHandle, MemoryDisk } from '@tallystick/journal'
import { expect, test } from 'vitest'

import { BOOKS, type Call, openWallet, PAYMENT, testServer, WALLET } from './harness.ts'

/** A disk whose syncs fail from the moment it is told. */
class FailingDisk extends MemoryDisk {
  fails = false
  override fdatasync(file: FileHandle): void {
    if (this.fails) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
    super.fdatasync(file)
  }
}

/** Sends big batches until one is refused. */
async function fill(call: Call): Promise<string> {
  const metadata = new Uint8Array(4_000).fill(1)
  for (let batch = 0; batch < 200; batch++) {
    const commands = Array.from({ length: 1_500 }, () => ({
      ...{ operation: PackedOperation.createTransfer, pendingId: 0n, effectiveAt: 0n, timeout: 0 },
      ...{ debitAccountId: accountIdOf('world:EUR-2'), creditAccountId: accountIdOf(BOOKS) },
      ...{ amount: 1n, asset: 978, code: 1, flags: 0, metadata },
      id: randomBytes(15).readBigUInt64LE() + 1n,
    }))
    const type = { 'content-type': 'application/vnd.tallystick.batch' }
    const reply = await call('POST', '/v1/batches', packBatch(commands, { atomic: false }), type)
    if (reply.status !== 200) return reply.json.code
  }
  return 'never full'
}

test('a full disk answers 503 before anything is decided, reads go on, and it mends itself', async () => {
  const disk = new MemoryDisk()
  const { call, ledger } = await testServer({ data: '/data', disk })
  await openWallet(call)
  const first = await call('POST', '/v1/transfers', PAYMENT, { 'idempotency-key': 'first' })
  disk.limitBytes = disk.usedBytes
  expect(await fill(call)).toBe('storage_full')
  const before = ledger.lastSequence
  const key = { 'idempotency-key': 'k' }
  const big = { ...PAYMENT, metadata: { note: 'x'.repeat(4_000) } }
  let refused = await call('POST', '/v1/transfers', big, key)
  for (let tries = 0; refused.status === 201 && tries < 20_000; tries++) {
    refused = await call('POST', '/v1/transfers', { ...big, amount: '1' })
  }
  expect([refused.status, refused.json.code]).toEqual([503, 'storage_full'])
  expect(refused.headers.get('retry-after')).toBe('1')
  expect((await call('GET', '/readyz')).json.status).toBe('storage_full')
  expect((await call('GET', `/v1/accounts/${WALLET}`)).status).toBe(200)
  expect(ledger.lastSequence).toBeGreaterThanOrEqual(before)
  // What writes nothing needs no room.
  const again = await call('POST', '/v1/transfers', PAYMENT, { 'idempotency-key': 'first' })
  expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true'])
  const other = { ...PAYMENT, amount: '2' }
  const conflict = await call('POST', '/v1/transfers', other, { 'idempotency-key': 'first' })
  expect([conflict.status, conflict.json.code]).toEqual([422, 'idempotency_key_reused'])
  expect((await call('GET', '/readyz')).json.status).toBe('storage_full')
  disk.limitBytes = Number.POSITIVE_INFINITY
  // Nobody has to write first.
  await expect.poll(async () => (await call('GET', '/readyz')).json.status).toBe('ready')
  expect((await call('POST', '/v1/transfers', { ...PAYMENT, amount: '1' })).status).toBe(201)
})

test('a failed sync: the outcome is unknown, later writes are refused, the process is told to end', async () => {
  const disk = new FailingDisk()
  const fatal: Error[] = []
  const { call } = await testServer({ data: '/data', disk, onFatal: (error) => fatal.push(error) })
  await openWallet(call)
  disk.fails = true
  const unknown = await call('POST', '/v1/transfers', PAYMENT)
  expect([unknown.status, unknown.json.code]).toEqual([503, 'outcome_unknown'])
  const later = await call('POST', '/v1/transfers', PAYMENT)
  expect([later.status, later.json.code]).toEqual([503, 'unavailable'])
  expect(fatal.length).toBe(1)
  const ready = await call('GET', '/readyz')
  expect([ready.status, ready.json.status]).toEqual([503, 'failed'])
})
