/** A book for tests and measurements: frames with just what sealing reads of records and requests. */
import type { Frame } from '@tallystick/journal'
import {
  BodyField,
  Memory,
  MovedField,
  MovedForm,
  Operation,
  RecordField,
  TransferStatus,
  writeSafe,
  writeU128,
} from '@tallystick/ledger'

import type { Book } from './collect.ts'

export interface SyntheticEvent {
  /** `other`: a record that no run keeps anything of. */
  readonly kind: 'transfer' | 'burnt' | 'release' | 'other'
  readonly id: bigint
  /** Sequence of what it posts, voids, releases or reverses; 0 = nothing. */
  readonly touches: number
  /** Look-up keys of the request that begins with it. */
  readonly keys: readonly bigint[]
}

const RECORD_BYTES = MovedField.sections + 56
const REQUEST_HEAD_BYTES = 88

export class SyntheticBook implements Book {
  readonly events: SyntheticEvent[] = []
  readonly #eventsPerFrame: number

  constructor(eventsPerFrame = 5) {
    this.#eventsPerFrame = eventsPerFrame
  }

  /** Sequence of the newest event; the first is 1. */
  get lastSequence(): number {
    return this.events.length
  }

  add(event: Partial<SyntheticEvent>): number {
    return this.events.push({ kind: 'transfer', id: 0n, touches: 0, keys: [], ...event })
  }

  *frames(from = 1, to = this.lastSequence): IterableIterator<Frame> {
    const size = this.#eventsPerFrame
    for (let at = Math.floor((from - 1) / size) * size; at < to; at += size) {
      const events = this.events.slice(at, at + size)
      const body = encodeBody(events)
      yield {
        ...{ segment: 1, offset: 0, bodyOffset: 0, durable: 0, checksum: 0 },
        firstSequence: at + 1,
        count: events.length,
        body,
        bodyBytes: body.length,
      }
    }
  }
}

function encodeBody(events: readonly SyntheticEvent[]): Buffer {
  const requests = events.filter(({ keys }) => keys.length > 0)
  const keys = requests.reduce((sum, event) => sum + event.keys.length, 0)
  const requestsAt = BodyField.records + events.length * RECORD_BYTES
  const offsetsAt = requestsAt + requests.length * REQUEST_HEAD_BYTES + keys * 16
  const memory = Memory.allocate(offsetsAt + events.length * 4)
  memory.u32[BodyField.requestCount >>> 2] = requests.length
  memory.u32[BodyField.recordCount >>> 2] = events.length
  memory.u32[BodyField.requestsOffset >>> 2] = requestsAt
  memory.u32[BodyField.offsetsOffset >>> 2] = offsetsAt
  let request = requestsAt
  events.forEach((event, index) => {
    const at = BodyField.records + index * RECORD_BYTES
    memory.u32[(offsetsAt >>> 2) + index] = at
    encodeRecord(memory, at, event)
    if (event.keys.length > 0) request += encodeRequest(memory, request, { event, index })
  })
  return Buffer.from(memory.u8.buffer, 0, memory.byteLength)
}

const KINDS: Record<SyntheticEvent['kind'], { kind: number; status: number }> = {
  transfer: { kind: Operation.createTransfer, status: TransferStatus.created },
  burnt: { kind: Operation.createTransfer, status: TransferStatus.exceedsCredits },
  release: { kind: Operation.releaseHold, status: 0 },
  other: { kind: Operation.createTransfer, status: TransferStatus.linkedEventFailed },
}

function encodeRecord(memory: Memory, at: number, event: SyntheticEvent): void {
  const { kind, status } = KINDS[event.kind]
  memory.u8[at] = kind
  memory.u8[at + RecordField.status] = status
  writeU128(memory, at + RecordField.id, event.id)
  if (event.touches === 0) return
  memory.u16[(at + RecordField.form) >>> 1] = MovedForm.pending
  writeSafe(memory, at + MovedField.sections + 16, event.touches)
}

function encodeRequest(
  memory: Memory,
  at: number,
  { event, index }: { event: SyntheticEvent; index: number },
): number {
  const length = REQUEST_HEAD_BYTES + event.keys.length * 16
  memory.u32[at >>> 2] = length
  memory.u32[(at + 8) >>> 2] = index
  memory.u32[(at + 12) >>> 2] = 1
  memory.u16[(at + 82) >>> 1] = event.keys.length
  event.keys.forEach((key, i) => writeU128(memory, at + REQUEST_HEAD_BYTES + i * 16, key))
  return length
}
