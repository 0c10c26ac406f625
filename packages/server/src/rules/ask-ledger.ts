/** What rules ask of the ledger: a saved request like any other, found by its id, of nobody who could have a key. */
import { createHash } from 'node:crypto'

import {
  type Clock,
  type Command,
  EngineError,
  type LedgerRequest,
  requestKey,
  type TallyLedger,
} from '@tallystick/engine'
import { packBatch } from '@tallystick/ledger'

import { newRequestId } from '../http/ids.ts'
import { RULE_PRINCIPAL } from '../limits.ts'

const NO_BYTES = new Uint8Array(0)
/** The ledger's own: no operation of the contract asks for it. */
const OPERATION = 0
const NS_PER_MS = 1_000_000n

/** @returns statuses, in order. @throws EngineError */
export function askLedger(
  { ledger, clock }: { readonly ledger: TallyLedger; readonly clock: Clock },
  commands: readonly Command[],
): Promise<number[]> {
  const batch = packBatch(commands)
  const now = clock.now()
  const requestId = newRequestId(Number(now / NS_PER_MS))
  const { memory, dataOffset, dataLength } = batch
  const bytes = memory.u8.subarray(0, dataOffset + dataLength)
  const request: LedgerRequest = {
    ...{ operation: OPERATION, contractVersion: 0, requestId, receivedAt: now },
    digest: createHash('sha256').update(bytes).digest(),
    ...{ principal: RULE_PRINCIPAL, keyId: '', source: '', idempotencyKey: '', initiator: '' },
    ...{ body: NO_BYTES, batch, keys: [requestKey(requestId)], lane: 'interactive' },
  }
  return new Promise((resolve, reject) => {
    ledger.submit(request, (outcome) => {
      if (outcome instanceof EngineError) return reject(outcome)
      resolve(Array.from({ length: outcome.count }, (_, index) => outcome.status(index)))
    })
  })
}
