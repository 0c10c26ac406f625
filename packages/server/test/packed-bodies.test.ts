import { once } from 'node:events'

import { packBatch, PackedOperation, unpackBatchAnswer } from '@tallystick/contract'
import { accountIdOf } from '@tallystick/engine'
import { expect, test } from 'vitest'

import { POOLED_BODY_BYTES_MIN } from '../src/limits.ts'
import { balanceOf, BOOKS, FEES, ROOT_KEY, openWallet, testServer } from './harness.ts'
import { open } from './raw-socket.ts'

const PACKED = 'application/vnd.tallystick.batch'
/** Of one batch: enough for its body to lie in memory of the pool. */
const TRANSFERS = 1_200
const CLIENTS = 24

/** Transfers of `amount` each, with ids of their own. */
function batchOf(client: number): Uint8Array<ArrayBuffer> {
  const commands = Array.from({ length: TRANSFERS }, (_, index) => ({
    ...{ operation: PackedOperation.createTransfer, id: BigInt(client * TRANSFERS + index + 1) },
    ...{ debitAccountId: accountIdOf(BOOKS), creditAccountId: accountIdOf(FEES) },
    ...{ amount: BigInt(client), pendingId: 0n, effectiveAt: 0n, timeout: 0, asset: 978, code: 1 },
    ...{ flags: 0, metadata: new Uint8Array(0) },
  }))
  return packBatch(commands, { atomic: false })
}

const keyOf = (client: number): string => `client-${client}`

/** Sends all of a batch, and is gone before the answer. */
async function sendAndLeave(url: string, client: number): Promise<void> {
  const body = batchOf(client)
  const socket = open(url)
  socket.on('error', () => {})
  socket.write(
    `POST /v1/batches HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ROOT_KEY}\r\nContent-Type: ${PACKED}\r\nIdempotency-Key: ${keyOf(client)}\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  await new Promise((resolve) => socket.write(body, resolve))
  socket.destroy()
  await once(socket, 'close')
}

async function send(url: string, client: number): Promise<number[]> {
  const headers = { authorization: `Bearer ${ROOT_KEY}`, 'content-type': PACKED }
  const reply = await fetch(`${url}/v1/batches`, {
    ...{ method: 'POST', body: batchOf(client) },
    headers: { ...headers, 'idempotency-key': keyOf(client) },
  })
  expect(reply.status).toBe(200)
  return [...unpackBatchAnswer(new Uint8Array(await reply.arrayBuffer())).statuses]
}

test('clients that leave before the answer change nothing of what others ask for', async () => {
  expect(batchOf(1).length).toBeGreaterThanOrEqual(POOLED_BODY_BYTES_MIN)
  const { call, url } = await testServer()
  await openWallet(call)
  const clients = Array.from({ length: CLIENTS }, (_, index) => index + 1)
  // Half of them leave while the others' bodies arrive in what memory there is.
  const sent = clients.map((client) => (client % 2 === 0 ? send : sendAndLeave)(url, client))
  await Promise.all(sent)
  for (const client of clients) {
    expect(new Set(await send(url, client)), `client ${client}`).toEqual(new Set([0]))
  }
  const sum = clients.reduce((total, client) => total + client * TRANSFERS, 0)
  expect(await balanceOf(call, FEES)).toBe(String(sum))
  for (const client of clients) {
    const id = (client * TRANSFERS + TRANSFERS).toString(16).padStart(12, '0')
    const { json } = await call('GET', `/v1/transfers/00000000-0000-0000-0000-${id}`)
    expect(json.amount).toBe(String(client))
  }
})
