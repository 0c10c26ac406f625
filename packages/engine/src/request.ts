/** A request to the engine: the commands and the envelope that is saved beside what they caused. */
import type { PackedBatch } from '@tallystick/ledger'

/** Interactive requests go first; bulk ones never delay them by more than one batch, and keep at least a tenth. */
export type Lane = 'interactive' | 'bulk'

/** A key under which a saved request is found again: 128 bits of a hash, see `look-up.ts`. */
export interface LookUpKey {
  readonly low: bigint
  readonly high: bigint
  /**
   * true: the request happens once under this key. Found with the same digest: the first answer again; with another: `key_conflict`.
   * false: only a way to find the request; the first request that used it keeps it.
   */
  readonly unique: boolean
}

/** Who asked for what, when and how. Kept in the book as long as the book. */
export interface Envelope {
  /** Number of the operation of the contract; 0 = the library. */
  readonly operation: number
  /** Version of the contract. */
  readonly contractVersion: number
  /** 16 bytes. */
  readonly requestId: Uint8Array
  /** SHA-256 of the parsed command, 32 bytes. It has to include all that makes two requests different. */
  readonly digest: Uint8Array
  /** ns since 1970. */
  readonly receivedAt: bigint
  /** Owner of keys and references. */
  readonly principal: string
  readonly keyId: string
  readonly source: string
  /** As sent, for people; what counts is its look-up key. */
  readonly idempotencyKey: string
  /** On whose behalf. */
  readonly initiator: string
  /** UTF-8 JSON of what the answer needs and the records do not have; empty for binary batches. */
  readonly body: Uint8Array
}

export interface LedgerRequest extends Envelope {
  /** At most 8,190 commands. The engine reads it until the answer is there; do not change it meanwhile. */
  readonly batch: PackedBatch
  readonly keys: readonly LookUpKey[]
  readonly lane: Lane
  /**
   * Asked right before it is decided: whether whoever asks may still ask for it. It waited for its turn, and rights may have been taken back since.
   * Left out: nobody has to be asked.
   */
  readonly mayStill?: (() => boolean) | undefined
  /** Decide, answer, and leave nothing behind. */
  readonly dryRun?: boolean
}
