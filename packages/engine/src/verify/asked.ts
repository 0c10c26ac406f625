/** Makes from records the commands that were asked, packed as they were decided from. */
import {
  AccountField,
  align8,
  BooksField,
  COMMAND_SIZE,
  CommandField,
  LimitField,
  Memory,
  MovedForm,
  Operation,
  type PackedBatch,
  type Reader,
  type RecordCursor,
  RefusedField,
  writeU128,
} from '@tallystick/ledger'

import type { SavedRequest } from '../saved-request.ts'

export class Asked {
  readonly #read: Reader
  #memory = Memory.allocate(COMMAND_SIZE * 64)
  #used = 0
  #dataOffset = 0
  /** Accounts that the request itself opened: slot → id. */
  readonly #opened = new Map<number, bigint>()

  /** @param read the state before the request: it knows the accounts' ids. */
  constructor(read: Reader) {
    this.#read = read
  }

  /** The batch of a saved request. Valid until the next. */
  batch(request: SavedRequest, cursor: RecordCursor): PackedBatch {
    const { count } = request
    let records = 0
    for (let index = 0; index < count; index++) records += request.record(index, cursor).length
    // Metadata and address of a command are never longer than its record.
    this.#dataOffset = count * COMMAND_SIZE
    const size = this.#dataOffset + records
    if (this.#memory.byteLength < size) this.#memory = Memory.allocate(size * 2)
    this.#memory.u8.fill(0, 0, size)
    this.#used = 0
    this.#opened.clear()
    for (let index = 0; index < count; index++) {
      this.#command(index * COMMAND_SIZE, request.record(index, cursor))
    }
    return { memory: this.#memory, count, dataOffset: this.#dataOffset, dataLength: this.#used }
  }

  #command(at: number, record: RecordCursor): void {
    const { u8, u16, u32 } = this.#memory
    u8[at + CommandField.operation] = record.kind
    u16[(at + CommandField.flags) >>> 1] = record.flags
    u16[(at + CommandField.code) >>> 1] = record.code
    u32[(at + CommandField.asset) >>> 2] = record.asset
    this.#wide(at + CommandField.id, record.id)
    switch (record.kind) {
      case Operation.createTransfer:
        if (record.moved) this.#moved(at, record)
        else this.#refused(at, record)
        return this.#transfer(at, record)
      case Operation.createAccount:
        return this.#account(at, record)
      case Operation.changeLimit:
        u8[at + CommandField.presence] = record.form
        this.#wide(at + CommandField.limit, record.u128(LimitField.limit))
        return this.#wide(at + CommandField.subtreeLimit, record.u128(LimitField.subtreeLimit))
      case Operation.closeBooks:
        this.#memory.u64[(at + CommandField.until) >>> 3] = record.u64(BooksField.until)
        return
      default:
        return this.#data(at + CommandField.metadataOffset, record.metadata)
    }
  }

  #transfer(at: number, record: RecordCursor): void {
    const { u32, u64 } = this.#memory
    this.#wide(at + CommandField.pendingId, record.pendingId)
    u32[(at + CommandField.timeout) >>> 2] = record.timeout
    u64[(at + CommandField.effectiveAt) >>> 3] = record.effectiveAsked
    const inherits = record.moved && (record.form & MovedForm.inheritedMetadata) !== 0
    if (!inherits) this.#data(at + CommandField.metadataOffset, record.metadata)
  }

  /** What the request left out, and the hold gave, is left out again. */
  #moved(at: number, record: RecordCursor): void {
    const { u16, u32 } = this.#memory
    const { form } = record
    if ((form & MovedForm.inheritedDebit) === 0) {
      this.#wide(at + CommandField.debitAccountId, this.#accountId(record.debitSlot))
    }
    if ((form & MovedForm.inheritedCredit) === 0) {
      this.#wide(at + CommandField.creditAccountId, this.#accountId(record.creditSlot))
    }
    if ((form & MovedForm.inheritedAsset) !== 0) u32[(at + CommandField.asset) >>> 2] = 0
    if ((form & MovedForm.inheritedCode) !== 0) u16[(at + CommandField.code) >>> 1] = 0
    this.#wide(at + CommandField.amount, record.requested)
  }

  /** Debit account, credit account and amount lie side by side in both. */
  #refused(at: number, record: RecordCursor): void {
    const { u64 } = this.#memory
    const from = (record.offset + RefusedField.debitAccountId) >>> 3
    const to = (at + CommandField.debitAccountId) >>> 3
    for (let limb = 0; limb < 6; limb++) u64[to + limb] = record.memory.u64[from + limb] ?? 0n
  }

  #accountId(slot: number): bigint {
    return this.#opened.get(slot) ?? this.#read.accountId(slot)
  }

  #account(at: number, record: RecordCursor): void {
    if (record.status === 0) this.#opened.set(record.slot, record.id)
    this.#wide(at + CommandField.parent, record.u128(AccountField.parent))
    this.#wide(at + CommandField.limit, record.u128(AccountField.limit))
    this.#wide(at + CommandField.subtreeLimit, record.u128(AccountField.subtreeLimit))
    this.#data(at + CommandField.addressOffset, Buffer.from(record.address, 'latin1'))
    this.#data(at + CommandField.metadataOffset, record.metadata)
  }

  #wide(at: number, value: bigint): void {
    writeU128(this.#memory, at, value)
  }

  #data(field: number, bytes: Uint8Array): void {
    const { u8, u32 } = this.#memory
    u32[field >>> 2] = this.#used
    u32[(field >>> 2) + 1] = bytes.length
    u8.set(bytes, this.#dataOffset + this.#used)
    this.#used += align8(bytes.length)
  }
}
