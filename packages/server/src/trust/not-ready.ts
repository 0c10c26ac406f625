/** What is not proved yet, or not at this moment. */
import { TreeDamaged } from '@tallystick/proof'

import { Refused } from '../http/refused.ts'
import type { TrustLog } from './trust-log.ts'

const RETRY = { 'retry-after': '1' }

/** Why no checkpoint covers an event yet. */
export function notReady(trust: TrustLog, sequence: number): Refused {
  const why = trust.refusal ?? trust.options.proofs.failure
  if (why !== undefined) return new Refused({ code: 'proofs_unavailable', detail: why })
  const detail = `No checkpoint covers event ${sequence} yet${trust.trouble === undefined ? '.' : `: ${trust.trouble}`}`
  return new Refused({ code: 'proof_not_ready', detail }, RETRY)
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
