/** Writes the records of refused transfers: what was asked, and the facts that the answer names. */
import type { Refusal } from './allowance.ts'
import { COMMAND_SIZE, CommandField, commandBytes, type PackedBatch } from './batch.ts'
import { Operation } from './command.ts'
import type { Group } from './group.ts'
import { align8, writeSafe, writeU128 } from './memory.ts'
import { LIMIT_FACTS_SIZE, RefusedField, RefusedForm } from './record.ts'
import type { TransferStatus } from './status.ts'

export interface RefusedTransfer {
  readonly batch: PackedBatch
  readonly index: number
  readonly status: TransferStatus
  /** Sequence of the record that it repeats; 0 = none. */
  readonly seen: number
  readonly refusal: Refusal
}

export function writeRefusedTransfer(group: Group, refused: RefusedTransfer): void {
  const { batch, index } = refused
  const from = index * COMMAND_SIZE
  const at = group.position
  const { u8, u16, u32, u64 } = group.memory
  const source = batch.memory
  const half = at >>> 1
  u8[at] = Operation.createTransfer
  u8[at + 1] = refused.status
  u16[half + 3] = source.u16[(from + CommandField.code) >>> 1] as number
  u16[half + 4] = source.u16[(from + CommandField.flags) >>> 1] as number
  u32[(at >>> 2) + 3] = source.u32[(from + CommandField.asset) >>> 2] as number
  // id, debit account, credit account and amount lie side by side in both.
  for (let i = 0; i < 8; i++) u64[(at >>> 3) + 2 + i] = source.u64[(from >>> 3) + i] as bigint
  const form = formOf(refused)
  u16[half + 1] = form
  const end = writeSections(group, at + RefusedField.sections, form, refused)
  u16[half + 2] = (end - at) >>> 3
  group.position = end
}

function formOf(refused: RefusedTransfer): number {
  const { memory } = refused.batch
  const from = refused.index * COMMAND_SIZE
  const pending = (from + CommandField.pendingId) >>> 3
  let form = 0
  if (memory.u64[pending] !== 0n || memory.u64[pending + 1] !== 0n) form |= RefusedForm.pending
  if (memory.u32[(from + CommandField.timeout) >>> 2] !== 0) form |= RefusedForm.timeout
  if (memory.u64[(from + CommandField.effectiveAt) >>> 3] !== 0n) form |= RefusedForm.effective
  if (refused.seen !== 0) form |= RefusedForm.seen
  if (refused.refusal.isSet) form |= RefusedForm.limit
  if (memory.u32[(from + CommandField.metadataLength) >>> 2] !== 0) form |= RefusedForm.metadata
  return form
}

function writeSections(
  group: Group,
  start: number,
  form: number,
  refused: RefusedTransfer,
): number {
  const { batch, index, refusal } = refused
  const from = index * COMMAND_SIZE
  const { memory } = group
  const source = batch.memory
  let at = start
  if ((form & RefusedForm.pending) !== 0) {
    const pending = (from + CommandField.pendingId) >>> 3
    memory.u64[at >>> 3] = source.u64[pending] as bigint
    memory.u64[(at >>> 3) + 1] = source.u64[pending + 1] as bigint
    at += 16
  }
  if ((form & RefusedForm.timeout) !== 0) {
    writeSafe(memory, at, source.u32[(from + CommandField.timeout) >>> 2] as number)
    at += 8
  }
  if ((form & RefusedForm.effective) !== 0) {
    memory.u64[at >>> 3] = source.u64[(from + CommandField.effectiveAt) >>> 3] as bigint
    at += 8
  }
  if ((form & RefusedForm.seen) !== 0) {
    writeSafe(memory, at, refused.seen)
    at += 8
  }
  if ((form & RefusedForm.limit) !== 0) {
    writeU128(memory, at, refusal.account)
    writeU128(memory, at + 16, refusal.needed)
    writeU128(memory, at + 32, refusal.available)
    writeU128(memory, at + 48, refusal.limit)
    at += LIMIT_FACTS_SIZE
  }
  const half = group.position >>> 1
  memory.u16[half + 5] = 0
  if ((form & RefusedForm.metadata) === 0) return at
  return writeBytes(group, at, commandBytes(batch, index, CommandField.metadataOffset), half + 5)
}

/** Bytes padded with zeros to 8, their length at u16 index `lengthAt`. @returns where they end. */
export function writeBytes(group: Group, at: number, bytes: Uint8Array, lengthAt: number): number {
  const end = at + align8(bytes.length)
  if (end > at) group.memory.u64[(end >>> 3) - 1] = 0n
  group.memory.u8.set(bytes, at)
  group.memory.u16[lengthAt] = bytes.length
  return end
}
