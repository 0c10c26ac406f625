/**
 * A group: the events that one write makes durable, encoded as a book body while they are decided.
 * The ledger writes records, the engine adds the requests that asked for them and the offsets.
 */
import { assert } from '@tallystick/money'

import type { Memory } from './memory.ts'

/** Byte offsets in a book body. */
export const BodyField = {
  timestamp: 0,
  salt: 8,
  rulesVersion: 40,
  shard: 44,
  requestCount: 48,
  recordCount: 52,
  requestsOffset: 56,
  offsetsOffset: 60,
  records: 64,
} as const

export const RULES_VERSION = 1
export const SALT_BYTES = 32

export class Group {
  readonly memory: Memory
  /** Byte offset in `memory` at which the body begins: a multiple of 8. */
  readonly start: number
  /** Byte offset in `memory` at which the next record or request is written. */
  position: number
  /** Sequence of the first event, whether there is one yet or not. */
  readonly firstSequence: number
  readonly firstTimestamp: bigint
  /** Events so far. */
  count = 0
  /** Those of them that are plain transfers (`plain.ts`): created, and not late. */
  plain = 0
  /** Offset of each event's record, relative to `start`. */
  readonly offsets: Uint32Array

  constructor(options: {
    memory: Memory
    start: number
    firstSequence: number
    firstTimestamp: bigint
    /** Scratch for at most as many events as a group may hold. */
    offsets: Uint32Array
  }) {
    assert(options.start % 8 === 0)
    this.memory = options.memory
    this.start = options.start
    this.position = options.start + BodyField.records
    this.firstSequence = options.firstSequence
    this.firstTimestamp = options.firstTimestamp
    this.offsets = options.offsets
  }

  get nextSequence(): number {
    return this.firstSequence + this.count
  }

  /** Byte offset in `memory` of event `index`'s record. */
  recordAt(index: number): number {
    return this.start + (this.offsets[index] ?? 0)
  }
}
