/** The proof log. */
import type { Time } from './values.ts'

export interface LogWitness {
  readonly name: string
  readonly url: string
  /** Events that it has cosigned, as far as known. */
  readonly size: bigint | null
  readonly cosignedAt: Time | null
  /** Why its last answer was no cosignature. */
  readonly detail: string | null
  /** It knows another history of this log. A person has to look. */
  readonly alarm: boolean
}

export interface ProofLog {
  readonly object: 'log'
  /** First line of its checkpoints. */
  readonly origin: string
  /** Verifier keys of C2SP signed-note. Whoever checks has to have them from elsewhere. */
  readonly keys: string[]
  readonly witnesses: LogWitness[]
  /** Cosignatures with which a checkpoint counts as public. */
  readonly quorum: number
  readonly events: bigint
  /** Events in the tree. */
  readonly hashed: bigint
  /** Events under the newest signed checkpoint. */
  readonly signed: bigint
  readonly signedAt: Time | null
  readonly status: 'ok' | 'behind' | 'alarmed' | 'stopped' | 'refused'
  /** Why it stopped or refuses. */
  readonly detail: string | null
}
