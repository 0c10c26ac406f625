/** The group being filled: the ledger's records in a journal buffer, and the requests that asked for them, until it is sealed. */
import { FRAME_HEADER_BYTES, type Group as JournalGroup } from '@tallystick/journal'
import {
  align8,
  BodyField,
  type Group,
  Memory,
  RULES_VERSION,
  SALT_BYTES,
} from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import type { OpenFrame } from './book.ts'
import { GROUP_EVENTS_MAX, GROUP_LANE_COMMANDS_MAX } from './limits.ts'
import type { Lane } from './request.ts'
import { requestBytes, writeRequest } from './requests.ts'
import type { RequestHead } from './saved-request.ts'
import type { Work } from './work.ts'

/** A journal buffer in the views of the ledger; made once per buffer. */
export interface Buffers {
  readonly memory: Memory
  /** The same bytes. */
  readonly bytes: Buffer
}

export function buffersOf(group: JournalGroup): Buffers {
  return { memory: new Memory(group.bytes.buffer), bytes: group.bytes }
}

/** Byte offset of a body in a journal buffer. */
export const BODY_START = FRAME_HEADER_BYTES

export class OpenGroup implements OpenFrame {
  readonly journal: JournalGroup
  readonly memory: Memory
  /** The requests whose events are in it. */
  readonly works: Work[] = []
  readonly #records: Group
  readonly #bytes: Buffer
  readonly #commands: Record<Lane, number> = { interactive: 0, bulk: 0 }
  #requestBytes = 0

  constructor(journal: JournalGroup, buffers: Buffers, records: Group) {
    this.journal = journal
    this.memory = buffers.memory
    this.#bytes = buffers.bytes
    this.#records = records
  }

  get firstSequence(): number {
    return this.#records.firstSequence
  }
  get firstTimestamp(): bigint {
    return this.#records.firstTimestamp
  }
  get count(): number {
    return this.#records.count
  }
  /** Events that are plain transfers. */
  get plain(): number {
    return this.#records.plain
  }
  recordAt(index: number): number {
    return this.#records.recordAt(index)
  }

  /** Commands that requests of a lane have in it. */
  commands(lane: Lane): number {
    return this.#commands[lane]
  }

  /** The longest that its body can become when `more` bytes are added. */
  bytesWith(more: number): number {
    return (
      this.#records.position - this.#records.start + this.#requestBytes + this.count * 4 + more + 8
    )
  }

  fits(work: Work): boolean {
    const commands = this.#commands[work.request.lane]
    if (commands > 0 && commands + work.commands > GROUP_LANE_COMMANDS_MAX) return false
    if (this.count + work.commands > GROUP_EVENTS_MAX) return false
    return this.bytesWith(work.bytes) <= this.journal.bodyBytesMax
  }

  /** Its events are in the group, from `firstEvent` on. */
  add(work: Work, firstEvent: number): void {
    work.firstEvent = firstEvent
    this.works.push(work)
    this.#commands[work.request.lane] += work.commands
    this.#requestBytes += requestBytes(work.request, work.request.keys.length)
  }

  /** The request that has event `sequence`. */
  workOf(sequence: number): Work | undefined {
    const index = sequence - this.firstSequence
    let low = 0
    let high = this.works.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.works[middle]?.firstEvent ?? 0) <= index) low = middle + 1
      else high = middle
    }
    return this.works[low - 1]
  }

  heads(): RequestHead[] {
    return this.works.map((work) => this.#head(work))
  }

  headOf(sequence: number): RequestHead | undefined {
    const work = this.workOf(sequence)
    return work === undefined ? undefined : this.#head(work)
  }

  #head({ request, firstEvent, commands }: Work): RequestHead {
    const firstSequence = this.firstSequence + firstEvent
    return {
      firstSequence,
      firstTimestamp: this.firstTimestamp + BigInt(firstEvent),
      count: commands,
      lastSequence: firstSequence + commands - 1,
      ...{ principal: request.principal, keyId: request.keyId, source: request.source },
      requestId: request.requestId,
      envelope: request,
    }
  }

  /** Completes the body: requests, offsets, header. @returns its length in bytes. */
  seal(shard: number, salt: Uint8Array): number {
    const { memory } = this
    const { start, count, offsets } = this.#records
    assert(salt.length === SALT_BYTES, 'a salt is 32 bytes long')
    const requestsAt = this.#records.position
    const offsetsAt = this.#writeRequests(requestsAt)
    memory.u32.set(offsets.subarray(0, count), offsetsAt >>> 2)
    if (count % 2 === 1) memory.u32[(offsetsAt >>> 2) + count] = 0
    const end = align8(offsetsAt + count * 4)
    memory.u64[(start + BodyField.timestamp) >>> 3] = this.firstTimestamp
    memory.u8.set(salt, start + BodyField.salt)
    memory.u32[(start + BodyField.rulesVersion) >>> 2] = RULES_VERSION
    memory.u32[(start + BodyField.shard) >>> 2] = shard
    memory.u32[(start + BodyField.requestCount) >>> 2] = this.works.length
    memory.u32[(start + BodyField.recordCount) >>> 2] = count
    memory.u32[(start + BodyField.requestsOffset) >>> 2] = requestsAt - start
    memory.u32[(start + BodyField.offsetsOffset) >>> 2] = offsetsAt - start
    this.journal.firstSequence = this.firstSequence
    this.journal.count = count
    this.journal.bodyBytes = end - start
    return end - start
  }

  #writeRequests(from: number): number {
    let at = from
    for (const { request, firstEvent, commands } of this.works) {
      const entry = {
        envelope: request,
        keys: request.keys,
        firstEvent,
        eventCount: commands,
      }
      at = writeRequest(this.memory, this.#bytes, at, entry)
    }
    return at
  }
}
