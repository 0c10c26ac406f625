/** What a refusal leaves behind: nothing. And the server is still there for others. */
import { expect } from 'vitest'

import { BOOKS, type Reply, type TestServer, WALLET } from './harness.ts'

/** Refused by the ledger itself: recorded, so that the sequence moves on, but nothing else does. */
const RECORDED = new Set([409, 422])

/** Does what is tried, and holds the server to having forgotten it. Whether the ledger recorded it, its answer tells. */
export async function untouched(server: TestServer, tried: () => Promise<Reply>): Promise<Reply> {
  const { ledger, call } = server
  const before = [await ledger.contentHash(), await ledger.stateHash(), ledger.lastSequence]
  const reply = await tried()
  const after = [await ledger.contentHash(), await ledger.stateHash(), ledger.lastSequence]
  const isRecorded = RECORDED.has(reply.status) && reply.headers.has('ledger-sequence')
  expect(isRecorded ? after.slice(0, 1) : after).toEqual(isRecorded ? before.slice(0, 1) : before)
  for (const address of [WALLET, BOOKS]) {
    expect((await call('GET', `/v1/accounts/${address}`)).status).toBe(200)
  }
  return reply
}
