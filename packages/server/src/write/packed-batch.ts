/** Packed batches from the wire: checked, and read where they lie. */
import {
  ATOMIC_COMMANDS_MAX,
  BATCH_HEADER_BYTES,
  MalformedBatch,
  readBatchHeader,
} from '@tallystick/contract'
import type { PackedBatch } from '@tallystick/engine'
import {
  align8,
  checkBatch,
  COMMAND_SIZE,
  CommandField,
  Memory,
  Operation,
  readU128,
  TransferFlags,
} from '@tallystick/ledger'

import { Refused } from '../http/refused.ts'
import { MARK } from '../private/private-data.ts'

export interface ReceivedBatch {
  readonly batch: PackedBatch
  /** Accounts that it opens or whose settings it changes. */
  readonly touches: readonly bigint[]
  readonly changedLimits: readonly bigint[]
}

const WORDS_16 = COMMAND_SIZE >>> 1

/** @throws MalformedBatch, MalformedCommand, Refused */
export function readPackedBatch(body: Buffer, atomic: boolean | undefined): ReceivedBatch {
  const header = readBatchHeader(body)
  const isAtomic = atomic ?? header.atomic
  if (isAtomic !== header.atomic && header.atomic) {
    throw new MalformedBatch('its header says atomic, the query does not')
  }
  if (isAtomic && header.count > ATOMIC_COMMANDS_MAX) throw tooLarge(header.count)
  const { count, dataLength } = header
  // What stands for private data is made here alone: a copied one would show another's.
  if (dataLength > 0 && body.includes(MARK, body.length - dataLength)) {
    throw new MalformedBatch('metadata has a field named private, which a packed batch cannot have')
  }
  const dataOffset = count * COMMAND_SIZE
  const batch = { memory: memoryOf(body, dataOffset + dataLength), count, dataOffset, dataLength }
  checkBatch(batch)
  if (isAtomic) link(batch)
  return { batch, ...touchedBy(batch) }
}

/** The bytes behind the header, in place where they lie at a multiple of 8. */
function memoryOf(body: Buffer, length: number): Memory {
  const at = body.byteOffset + BATCH_HEADER_BYTES
  if (at % 8 === 0 && length % 8 === 0) return new Memory(body.buffer, at, length)
  const memory = Memory.allocate(align8(length))
  memory.u8.set(body.subarray(BATCH_HEADER_BYTES))
  return memory
}

/** All or nothing: linked but for the last. */
function link({ memory, count }: PackedBatch): void {
  for (let index = 0; index < count; index++) {
    const at = index * WORDS_16 + (CommandField.flags >>> 1)
    const flags = memory.u16[at] ?? 0
    memory.u16[at] =
      index === count - 1 ? flags & ~TransferFlags.linked : flags | TransferFlags.linked
  }
}

function touchedBy({ memory, count }: PackedBatch): Omit<ReceivedBatch, 'batch'> {
  const touches: bigint[] = []
  const changedLimits: bigint[] = []
  for (let index = 0; index < count; index++) {
    const at = index * COMMAND_SIZE
    const operation = memory.u8[at + CommandField.operation]
    if (operation === Operation.createTransfer) continue
    if (operation === Operation.closeBooks || operation === Operation.registerAsset) continue
    const id = readU128(memory, at + CommandField.id)
    touches.push(id)
    if (operation === Operation.changeLimit) changedLimits.push(id)
  }
  return { touches, changedLimits }
}

function tooLarge(count: number): Refused {
  const limit = String(ATOMIC_COMMANDS_MAX)
  const detail = `${count} commands; an atomic batch has at most ${limit}.`
  return new Refused({ code: 'batch_too_large', param: 'commands', detail, limit })
}
