/** Fills the space that a journal has reserved. */
import { randomBytes } from 'node:crypto'

import { MediaType, packBatch, PackedOperation } from '@tallystick/contract'
import { accountIdOf } from '@tallystick/engine'

import { BOOKS, type Call, PAYMENT } from './harness.ts'

const METADATA = new Uint8Array(4_000).fill(0x20)
const BATCHES_MAX = 2_000
/** Transfers that a place too small for the smallest batch may still take. */
const SINGLES_MAX = 1_000

/** Sends batches, large ones first, until not even a small transfer is taken. @returns the code of the refusal. */
export async function fillDisk(call: Call): Promise<string> {
  for (let count = 1_500, sent = 0; count >= 1 && sent < BATCHES_MAX; sent++) {
    const reply = await call('POST', '/v1/batches', batchOf(count), {
      'content-type': MediaType.batch,
    })
    if (reply.status === 200) continue
    count = Math.floor(count / 4)
  }
  for (let left = SINGLES_MAX; left > 0; left--) {
    const reply = await call('POST', '/v1/transfers', {
      ...PAYMENT,
      debit_account: BOOKS,
      credit_account: 'world',
      amount: '1',
    })
    if (reply.status !== 201) return reply.json.code
  }
  return 'never full'
}

/** Commands with much metadata. */
export function batchOf(count: number): Uint8Array {
  const commands = Array.from({ length: count }, () => ({
    ...{ operation: PackedOperation.createTransfer, pendingId: 0n, effectiveAt: 0n, timeout: 0 },
    ...{ debitAccountId: accountIdOf('world:EUR-2'), creditAccountId: accountIdOf(BOOKS) },
    ...{ amount: 1n, asset: 978, code: 1, flags: 0, metadata: METADATA },
    id: randomBytes(15).readBigUInt64LE() + 1n,
  }))
  return packBatch(commands, { atomic: false })
}
