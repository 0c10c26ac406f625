/**
 * Packs the commands of a plan. One plain transfer, by far the most frequent plan, goes into memory that was used before: a fresh
 * one costs more than filling it.
 */
import { type Command, Operation, type PackedBatch } from '@tallystick/engine'
import {
  COMMAND_SIZE,
  CommandField,
  Memory,
  packBatch,
  U128_MAX,
  U64_MAX,
  writeU128,
} from '@tallystick/ledger'

type Transfer = Extract<Command, { operation: typeof Operation.createTransfer }>

/** Bytes for one command and the metadata that most transfers have. */
const POOLED_BYTES = 512
const POOLED_METADATA_MAX = POOLED_BYTES - COMMAND_SIZE

/** Memories of one size that wait to be used again. */
export class MemoryPool {
  readonly #bytes: number
  readonly #idle: Memory[] = []

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  /** With anything in it that was in it before. */
  take(): Memory {
    return this.#idle.pop() ?? Memory.allocate(this.#bytes)
  }

  /** Nobody reads it any more. */
  give(memory: Memory): void {
    if (this.#idle.length < IDLE_MAX) this.#idle.push(memory)
  }
}

const IDLE_MAX = 1_024
const pool = new MemoryPool(POOLED_BYTES)

export interface Packed {
  readonly batch: PackedBatch
  /** Set when the memory goes back to the pool. */
  readonly pooled: Memory | undefined
}

/** @throws MalformedCommand */
export function pack(commands: readonly Command[]): Packed {
  const [only] = commands
  if (
    commands.length !== 1 ||
    only?.operation !== Operation.createTransfer ||
    only.metadata.length > POOLED_METADATA_MAX ||
    !fits(only)
  ) {
    return { batch: packBatch(commands), pooled: undefined }
  }
  const memory = pool.take()
  write(memory, only)
  const dataLength = (only.metadata.length + 7) & ~7
  return { batch: { memory, count: 1, dataOffset: COMMAND_SIZE, dataLength }, pooled: memory }
}

/** The ledger no longer reads it. */
export function unpack({ pooled }: Packed): void {
  if (pooled !== undefined) pool.give(pooled)
}

/** What does not fit is left to `packBatch`, which says so. */
function fits({ amount, effectiveAt, id }: Transfer): boolean {
  return amount <= U128_MAX && effectiveAt <= U64_MAX && id <= U128_MAX
}

function write(memory: Memory, transfer: Transfer): void {
  const { u8, u16, u32, u64 } = memory
  const { metadata } = transfer
  writeU128(memory, CommandField.id, transfer.id)
  writeU128(memory, CommandField.debitAccountId, transfer.debitAccountId)
  writeU128(memory, CommandField.creditAccountId, transfer.creditAccountId)
  writeU128(memory, CommandField.amount, transfer.amount)
  writeU128(memory, CommandField.pendingId, transfer.pendingId)
  u64[CommandField.effectiveAt >>> 3] = transfer.effectiveAt
  u32[CommandField.timeout >>> 2] = transfer.timeout
  u32[CommandField.asset >>> 2] = transfer.asset
  u16[CommandField.code >>> 1] = transfer.code
  u16[CommandField.flags >>> 1] = transfer.flags
  u32[CommandField.operation >>> 2] = transfer.operation
  u32[CommandField.metadataOffset >>> 2] = 0
  u32[CommandField.metadataLength >>> 2] = metadata.length
  u64[CommandField.addressOffset >>> 3] = 0n
  u64[15] = 0n
  if (metadata.length === 0) return
  // Zeros behind the last byte, as in fresh memory.
  u8.fill(0, COMMAND_SIZE, (COMMAND_SIZE + metadata.length + 7) & ~7)
  u8.set(metadata, COMMAND_SIZE)
}
