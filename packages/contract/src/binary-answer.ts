/**
 * The answer to a packed batch. Everything is little-endian; what is not named is zero.
 *
 * Header, 32 bytes: 0 `TSR1` · 4 count u32 · 8 flags u32 (bit 0: the first answer again, bit 1: dry run) · 16 sequence of the
 * first command u64 · 24 ledger time of the first command u64, ns since 1970
 *
 * Then one status u8 per command, padded to a multiple of 8. Command i has sequence and time of the first plus i. The number
 * is a place in the table of the command's operation, see `statuses.ts`. What a refusal by a limit needed and had is not
 * here: ask for the request, or send that command alone.
 */
import { assert } from '@tallystick/money'
import { MalformedBatch } from './binary.ts'

const HEADER_BYTES = 32
const MAGIC = 0x31525354
const REPLAYED = 1
const DRY_RUN = 2

export interface BatchAnswer {
  /** One per command, in order. */
  readonly statuses: Uint8Array
  readonly firstSequence: bigint
  /** ns since 1970. */
  readonly firstTimestamp: bigint
  /** Whether it is the first answer again. */
  readonly replayed: boolean
  readonly dryRun: boolean
}

export function packBatchAnswer(answer: BatchAnswer): Uint8Array<ArrayBuffer> {
  const { statuses } = answer
  const bytes = new Uint8Array(HEADER_BYTES + ((statuses.length + 7) & ~7))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, statuses.length, true)
  view.setUint32(8, (answer.replayed ? REPLAYED : 0) | (answer.dryRun ? DRY_RUN : 0), true)
  view.setBigUint64(16, answer.firstSequence, true)
  view.setBigUint64(24, answer.firstTimestamp, true)
  bytes.set(statuses, HEADER_BYTES)
  return bytes
}

/** @throws MalformedBatch */
export function unpackBatchAnswer(body: Uint8Array): BatchAnswer {
  if (body.length < HEADER_BYTES) throw new MalformedBatch('an answer shorter than its header')
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw new MalformedBatch('does not begin with TSR1')
  const count = view.getUint32(4, true)
  if (body.length !== HEADER_BYTES + ((count + 7) & ~7)) {
    throw new MalformedBatch('an answer not as long as its header says')
  }
  const flags = view.getUint32(8, true)
  const statuses = body.slice(HEADER_BYTES, HEADER_BYTES + count)
  assert(statuses.length === count)
  return {
    statuses,
    firstSequence: view.getBigUint64(16, true),
    firstTimestamp: view.getBigUint64(24, true),
    replayed: (flags & REPLAYED) !== 0,
    dryRun: (flags & DRY_RUN) !== 0,
  }
}
