/** Reads over HTTP while large batches are decided in parts: they see whole batches, and name the requests that made what they show. */
import { formatId, formatRequestId, packBatch, PackedOperation } from '@tallystick/contract'
import { accountIdOf } from '@tallystick/engine'
import { expect, test } from 'vitest'

import { BOOKS, type Call, FEES, openWallet, ROOT_KEY, testServer } from './harness.ts'

const PACKED = 'application/vnd.tallystick.batch'
const TRANSFERS = 6_000
const BATCHES = 12
const NOBODY = formatRequestId(new Uint8Array(16))

const idOf = (batch: number, index: number): bigint => BigInt(batch * TRANSFERS + index + 1)

/** Transfers of 1 each, with ids of their own. */
function batchOf(batch: number): Uint8Array<ArrayBuffer> {
  const commands = Array.from({ length: TRANSFERS }, (_, index) => ({
    ...{ operation: PackedOperation.createTransfer, id: idOf(batch, index) },
    ...{ debitAccountId: accountIdOf(BOOKS), creditAccountId: accountIdOf(FEES) },
    ...{ amount: 1n, pendingId: 0n, effectiveAt: 0n, timeout: 0, asset: 978, code: 1 },
    ...{ flags: 0, metadata: new Uint8Array(0) },
  }))
  return packBatch(commands, { atomic: false })
}

async function send(url: string, batch: number): Promise<number> {
  const headers = { authorization: `Bearer ${ROOT_KEY}`, 'content-type': PACKED }
  const reply = await fetch(`${url}/v1/batches`, { method: 'POST', body: batchOf(batch), headers })
  await reply.arrayBuffer()
  return reply.status
}

/** What a reader sees of account and batch: how much has arrived, and the transfer if it is there. */
async function look(call: Call, batch: number): Promise<{ posted: number; requestId?: string }> {
  const balance = await call('GET', `/v1/accounts/${FEES}/balance`)
  const { credits_posted: posted } = balance.json.balances
  expect(balance.json.entries).toBe(posted)
  const transfer = await call('GET', `/v1/transfers/${formatId(idOf(batch, 17))}`)
  if (transfer.status === 404) return { posted: Number(posted) }
  return { posted: Number(posted), requestId: transfer.json.request_id }
}

test('a balance counts whole batches, and a transfer names its request', async () => {
  const server = await testServer()
  const { call, url, ledger } = server
  await openWallet(call)
  const begin = ledger.lastSequence
  let between = 0
  const progress = { batch: 0, isOver: false }
  const reader = async (): Promise<void> => {
    while (!progress.isOver) {
      const { posted, requestId } = await look(call, progress.batch)
      expect(posted % TRANSFERS).toBe(0)
      expect(requestId).not.toBe(NOBODY)
      if ((ledger.lastSequence - begin) % TRANSFERS !== 0) between++
    }
  }
  const readers = Array.from({ length: 4 }, reader)
  const statuses: number[] = []
  for (let batch = 0; batch < BATCHES; batch += 2) {
    progress.batch = batch
    statuses.push(...(await Promise.all([send(url, batch), send(url, batch + 1)])))
  }
  progress.isOver = true
  await Promise.all(readers)
  expect(statuses).toEqual(Array.from({ length: BATCHES }, () => 200))
  // Some did come in the middle of a batch.
  expect(between).toBeGreaterThan(0)
  expect((await look(call, 0)).posted).toBe(BATCHES * TRANSFERS)
})
