/**
 * The results of a batch as text, one per line. Those of transfers that were created, nearly all, are the same but for their numbers: they are
 * put down as bytes in memory that is used again, a fifth of what it costs to join them from texts. The others come from the general way.
 */
import { TransferFlags } from '@tallystick/engine'
import { Memory, Operation, RecordCursor, RecordField } from '@tallystick/ledger'

import type { Facts } from './book.ts'
import { timeText } from './text.ts'

const cursor = new RecordCursor(Memory.allocate(8))
const BALANCING = TransferFlags.balancingDebit | TransferFlags.balancingCredit
const NS_PER_SECOND = 1_000_000_000

/** More than a result of a created transfer takes. */
const RESULT_BYTES_MAX = 256
const GROWTH_BYTES = 64 * 1024
/** Kept between two answers; what was larger is let go. */
const KEPT_BYTES_MAX = 2 * 1024 * 1024

const BETWEEN = Buffer.from(',\n')
const INDEX = Buffer.from('{"index":')
const CREATED = Buffer.from(',"status":"created","id":"')
const SEQUENCE = Buffer.from('","sequence":"')
const TIMESTAMP = Buffer.from('","timestamp":')
const DIGITS = Buffer.from('0123456789abcdef')
const DASH = 0x2d
const ZERO = 0x30

let bytes = Buffer.alloc(GROWTH_BYTES)
let at = 0

/** @param general text of the result of an event; its answer is ASCII, as all statuses and addresses are. */
export function resultsText(facts: Facts, general: (index: number) => string): string {
  at = 0
  const { count, firstSequence, firstTimestamp, dryRun } = facts
  const second = Buffer.from(timeText(firstTimestamp).slice(0, '"2026-11-21T09:00:00.'.length))
  const fraction = Number(firstTimestamp % BigInt(NS_PER_SECOND))
  // Event i is i nanoseconds later; a batch that crosses a second is rare enough.
  const isPlain = !dryRun && fraction + count < NS_PER_SECOND
  for (let index = 0; index < count; index++) {
    if (index > 0) put(BETWEEN)
    reserve(RESULT_BYTES_MAX)
    if (!isPlain || !isCreated(facts.record(index, cursor))) {
      putText(general(index))
      continue
    }
    put(INDEX)
    putNumber(index)
    put(CREATED)
    putId(cursor.memory.u32, (cursor.offset + RecordField.id) >>> 2)
    put(SEQUENCE)
    putNumber(firstSequence + index)
    put(TIMESTAMP)
    put(second)
    putNine(fraction + index)
    put(UTC)
  }
  const text = bytes.toString('latin1', 0, at)
  if (bytes.length > KEPT_BYTES_MAX) bytes = Buffer.alloc(GROWTH_BYTES)
  return text
}

const UTC = Buffer.from('Z"}')

function isCreated(record: RecordCursor): boolean {
  return (
    record.kind === Operation.createTransfer &&
    record.status === 0 &&
    (record.flags & BALANCING) === 0
  )
}

function reserve(more: number): void {
  // Two bytes for what stands between this result and the next one.
  if (at + more + BETWEEN.length <= bytes.length) return
  const larger = Buffer.alloc(Math.max(2 * bytes.length, at + more + GROWTH_BYTES))
  larger.set(bytes.subarray(0, at))
  bytes = larger
}

function put(constant: Uint8Array): void {
  for (let index = 0; index < constant.length; index++) {
    bytes[at++] = constant[index] as number
  }
}

function putText(text: string): void {
  reserve(text.length + RESULT_BYTES_MAX)
  at += bytes.write(text, at, 'latin1')
}

/** @param value a safe integer. */
function putNumber(value: number): void {
  if (value > 0x7fff_ffff) return putText(String(value))
  let digits = 1
  for (let bound = 10; bound <= value; bound *= 10) digits++
  let rest = value
  for (let place = at + digits - 1; place >= at; place--) {
    const tenth = Math.floor(rest / 10)
    bytes[place] = ZERO + rest - tenth * 10
    rest = tenth
  }
  at += digits
}

/** With leading zeros. */
function putNine(value: number): void {
  let rest = value
  for (let place = at + 8; place >= at; place--) {
    const tenth = Math.floor(rest / 10)
    bytes[place] = ZERO + rest - tenth * 10
    rest = tenth
  }
  at += 9
}

/** @param word of an id's lowest 32 bits. */
function putId(u32: Uint32Array, word: number): void {
  for (let digit = 0; digit < 32; digit++) {
    if (digit === 8 || digit === 12 || digit === 16 || digit === 20) bytes[at++] = DASH
    const part = u32[word + 3 - (digit >>> 3)] as number
    bytes[at++] = DIGITS[(part >>> (28 - 4 * (digit & 7))) & 15] as number
  }
}
