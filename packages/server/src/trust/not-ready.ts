/** What is not proved yet, or not at this moment. */
import { TreeDamaged } from '@tallystick/proof'

import { Refused } from '../http/refused.ts'
import { RECEIPT_MS_MAX } from '../limits.ts'
import type { PublicCheckpoint, TrustLog } from './trust-log.ts'

const RETRY = { 'retry-after': '1' }

/**
 * The newest checkpoint once it covers an event: what proofs wait for. A book that is behind what was signed is not waited for: none will.
 * @throws Refused `proof_not_ready`, `behind_signed`, `proofs_unavailable`
 */
export async function checkpointOver(trust: TrustLog, sequence: number): Promise<PublicCheckpoint> {
  if (trust.isBehind && (trust.newest?.size ?? 0) < sequence) throw behindSigned()
  const checkpoint = await trust.covering(sequence, RECEIPT_MS_MAX)
  if (checkpoint === undefined) throw notReady(trust, sequence)
  return checkpoint
}

/** Why no checkpoint covers an event yet. */
export function notReady(trust: TrustLog, sequence: number): Refused {
  if (trust.isBehind) return behindSigned()
  const why = trust.refusal ?? trust.options.proofs.failure
  if (why !== undefined) return new Refused({ code: 'proofs_unavailable', detail: why })
  const detail = `No checkpoint covers event ${sequence} yet${trust.trouble === undefined ? '.' : `: ${trust.trouble}`}`
  return new Refused({ code: 'proof_not_ready', detail }, RETRY)
}

/** Whatever is asked of a proof: only what an operator does brings another answer. */
export function behindSigned(): Refused {
  const detail =
    'More events were signed than this book has, so nothing new is stated or signed of it.'
  return new Refused({ code: 'behind_signed', detail })
}

/** @throws Refused `proof_not_ready` where files are damaged: they are being made again. */
export function soundOnly<Shown>(show: () => Shown): Shown {
  try {
    return show()
  } catch (error) {
    if (!(error instanceof TreeDamaged)) throw error
    throw new Refused({ code: 'proof_not_ready', detail: error.message }, RETRY)
  }
}
