/** Compares a transfer whose id is taken with the record that took it (docs/decisions/0002, 10). */
import { COMMAND_SIZE, CommandField, commandBytes, type PackedBatch } from './batch.ts'
import { TransferFlags } from './flags.ts'
import { U128_MAX } from './limits.ts'
import { Memory, readU128 } from './memory.ts'
import { MovedForm, RecordCursor } from './record.ts'
import type { Resolver } from './resolved.ts'
import type { State } from './state.ts'
import { TransferStatus } from './status.ts'

const BALANCING = TransferFlags.balancingDebit | TransferFlags.balancingCredit

export class Repeats {
  readonly #state: State
  readonly #resolver: Resolver
  readonly #record = new RecordCursor(Memory.allocate(64))
  readonly #hold = new RecordCursor(Memory.allocate(64))

  constructor(state: State, resolver: Resolver) {
    this.#state = state
    this.#resolver = resolver
  }

  compare(batch: PackedBatch, index: number, seen: number): TransferStatus {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    const record = this.#resolver.read(seen, this.#record)
    const flags = memory.u16[(at + CommandField.flags) >>> 1] as number
    if (flags !== record.flags) return TransferStatus.existsWithDifferentFlags
    if (readU128(memory, at + CommandField.pendingId) !== record.pendingId) {
      return TransferStatus.existsWithDifferentPendingId
    }
    if (memory.u32[(at + CommandField.timeout) >>> 2] !== record.timeout) {
      return TransferStatus.existsWithDifferentTimeout
    }
    const inherits =
      (flags & (TransferFlags.postPendingTransfer | TransferFlags.voidPendingTransfer)) !== 0
    const debit = readU128(memory, at + CommandField.debitAccountId)
    if (!(inherits && debit === 0n) && debit !== this.#state.accounts.id(record.debitSlot)) {
      return TransferStatus.existsWithDifferentDebitAccountId
    }
    const credit = readU128(memory, at + CommandField.creditAccountId)
    if (!(inherits && credit === 0n) && credit !== this.#state.accounts.id(record.creditSlot)) {
      return TransferStatus.existsWithDifferentCreditAccountId
    }
    const amount = readU128(memory, at + CommandField.amount)
    if (!this.#isSameAmount(flags, amount)) return TransferStatus.existsWithDifferentAmount
    if (!this.#isSameMetadata(batch, index, inherits)) {
      return TransferStatus.existsWithDifferentMetadata
    }
    if (memory.u64[(at + CommandField.effectiveAt) >>> 3] !== record.effectiveAsked) {
      return TransferStatus.existsWithDifferentEffectiveAt
    }
    const asset = memory.u32[(at + CommandField.asset) >>> 2] as number
    if (!(inherits && asset === 0) && asset !== record.asset) {
      return TransferStatus.existsWithDifferentAsset
    }
    const code = memory.u16[(at + CommandField.code) >>> 1] as number
    if (!(inherits && code === 0) && code !== record.code) {
      return TransferStatus.existsWithDifferentCode
    }
    return TransferStatus.exists
  }

  #isSameAmount(flags: number, asked: bigint): boolean {
    const record = this.#record
    if ((flags & BALANCING) !== 0) return asked >= record.amount
    if ((flags & TransferFlags.partial) !== 0) return asked === record.requested
    if ((flags & TransferFlags.voidPendingTransfer) !== 0) {
      return asked === 0n || asked === record.amount
    }
    if ((flags & TransferFlags.postPendingTransfer) !== 0 && asked === U128_MAX) {
      // All that then remained was captured when, after it, all of the hold had been.
      return record.capturedAfter === this.#holdOf(record).amount
    }
    return asked === record.amount
  }

  #isSameMetadata(batch: PackedBatch, index: number, inherits: boolean): boolean {
    const record = this.#record
    const asked = commandBytes(batch, index, CommandField.metadataOffset)
    const recorded =
      (record.form & MovedForm.inheritedMetadata) === 0
        ? record.metadata
        : this.#holdOf(record).metadata
    if (!inherits || asked.length > 0) return areSame(asked, recorded)
    return areSame(this.#holdOf(record).metadata, recorded)
  }

  #holdOf(record: RecordCursor): RecordCursor {
    return this.#resolver.read(record.pendingSequence, this.#hold)
  }
}

function areSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
