/**
 * The records of the book: where each field lies (docs/decisions/0001-the-book.md), and a cursor that reads
 * them in place. The writers are beside the decisions that they record.
 */
import { Operation } from './command.ts'
import { align8, type Memory, readSafe, readU128, readU64 } from './memory.ts'

/** Common to all records. */
export const RecordField = {
  kind: 0,
  status: 1,
  form: 2,
  words: 4,
  code: 6,
  flags: 8,
  metadataLength: 10,
  asset: 12,
  id: 16,
} as const

/** A created transfer and a release. */
export const MovedField = {
  debitSlot: 32,
  creditSlot: 36,
  amount: 40,
  debitSide: 48,
  creditSide: 104,
  sections: 160,
} as const

/** A side of a created transfer. */
export const SideField = {
  number: 0,
  previous: 8,
  jump: 16,
  debitsPending: 24,
  debitsPosted: 32,
  creditsPending: 40,
  creditsPosted: 48,
} as const
export const SIDE_SIZE = 56

/** Sections of a created transfer in the order in which they follow, and what the request left out. */
export const MovedForm = {
  wide: 1 << 0,
  pending: 1 << 1,
  timeout: 1 << 2,
  effective: 1 << 3,
  requested: 1 << 4,
  lateDebit: 1 << 5,
  lateCredit: 1 << 6,
  metadata: 1 << 7,
  inheritedDebit: 1 << 8,
  inheritedCredit: 1 << 9,
  inheritedAsset: 1 << 10,
  inheritedCode: 1 << 11,
  inheritedMetadata: 1 << 12,
} as const

export const WIDE_SIZE = 72
export const PENDING_SIZE = 56

/** A refused transfer. */
export const RefusedField = {
  debitAccountId: 32,
  creditAccountId: 48,
  amount: 64,
  sections: 80,
} as const
export const RefusedForm = {
  pending: 1 << 1,
  timeout: 1 << 2,
  effective: 1 << 3,
  seen: 1 << 5,
  limit: 1 << 6,
  metadata: 1 << 7,
} as const
export const LIMIT_FACTS_SIZE = 64

export const AccountField = {
  parent: 32,
  limit: 48,
  subtreeLimit: 64,
  slot: 80,
  addressLength: 84,
  seen: 88,
  address: 96,
} as const

export const LimitField = {
  slot: 32,
  limit: 40,
  subtreeLimit: 56,
  limitBefore: 72,
  subtreeLimitBefore: 88,
  size: 104,
} as const

export const MetadataField = { slot: 32, metadata: 40 } as const
export const ClosureField = { slot: 32, size: 40 } as const
export const AssetField = { name: 32 } as const
export const AttestField = { statement: 32 } as const
export const BooksField = { slot: 32, until: 40, before: 48, size: 56 } as const

export const NO_SLOT = 0xffff_ffff

/** The most bytes that one transfer's record takes without its metadata. */
export const RECORD_BYTES_MAX = 160 + WIDE_SIZE + PENDING_SIZE + 8 + 8 + 16 + 8 + 8

/** One side of a moved record, as objects. */
export interface Side {
  readonly slot: number
  readonly number: bigint
  readonly previous: number
  readonly jump: number
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

/**
 * Reads one record in place: set `memory` and `offset`, then ask. Allocates only for what it returns.
 * `sequence` and `timestamp` come from the frame; whoever points the cursor sets them.
 */
export class RecordCursor {
  memory: Memory
  offset = 0
  sequence = 0
  timestamp = 0n

  constructor(memory: Memory) {
    this.memory = memory
  }

  at(memory: Memory, offset: number, sequence: number, timestamp: bigint): this {
    this.memory = memory
    this.offset = offset
    this.sequence = sequence
    this.timestamp = timestamp
    return this
  }

  get kind(): number {
    return this.memory.u8[this.offset] ?? 0
  }
  get status(): number {
    return this.memory.u8[this.offset + RecordField.status] ?? 0
  }
  get form(): number {
    return this.memory.u16[(this.offset + RecordField.form) >>> 1] ?? 0
  }
  /** Bytes, padding included. */
  get length(): number {
    return (this.memory.u16[(this.offset + RecordField.words) >>> 1] ?? 0) * 8
  }
  get code(): number {
    return this.memory.u16[(this.offset + RecordField.code) >>> 1] ?? 0
  }
  get flags(): number {
    return this.memory.u16[(this.offset + RecordField.flags) >>> 1] ?? 0
  }
  get asset(): number {
    return this.memory.u32[(this.offset + RecordField.asset) >>> 2] ?? 0
  }
  get id(): bigint {
    return readU128(this.memory, this.offset + RecordField.id)
  }
  /** Whether it bears the id at byte `offset` of a memory. Makes no bigint. */
  hasId(memory: Memory, offset: number): boolean {
    const own = this.memory.u32
    const from = (this.offset + RecordField.id) >>> 2
    const to = offset >>> 2
    for (let word = 0; word < 4; word++) {
      if (own[from + word] !== memory.u32[to + word]) return false
    }
    return true
  }
  get metadataLength(): number {
    return this.memory.u16[(this.offset + RecordField.metadataLength) >>> 1] ?? 0
  }

  u32(field: number): number {
    return this.memory.u32[(this.offset + field) >>> 2] ?? 0
  }
  u64(field: number): bigint {
    return readU64(this.memory, this.offset + field)
  }
  u128(field: number): bigint {
    return readU128(this.memory, this.offset + field)
  }
  safe(field: number): number {
    return readSafe(this.memory, this.offset + field)
  }

  /** A created transfer, hold, post, void, reversal or release: it has two sides. */
  get moved(): boolean {
    return (
      (this.kind === Operation.createTransfer && this.status === 0) ||
      this.kind === Operation.releaseHold
    )
  }
  get debitSlot(): number {
    return this.u32(MovedField.debitSlot)
  }
  get creditSlot(): number {
    return this.u32(MovedField.creditSlot)
  }
  /** What was moved, held or released; for a refused transfer what was asked. */
  get amount(): bigint {
    if (!this.moved) return this.u128(RefusedField.amount)
    const low = this.u64(MovedField.amount)
    return (this.form & MovedForm.wide) === 0 ? low : low | (this.u64(MovedField.sections) << 64n)
  }
  /** What was asked, where it is not what was moved. */
  get requested(): bigint {
    if (!this.moved || (this.form & MovedForm.requested) === 0) return this.amount
    return this.u128(this.section(MovedForm.requested))
  }
  get pendingId(): bigint {
    const bit = this.moved ? MovedForm.pending : RefusedForm.pending
    return (this.form & bit) === 0 ? 0n : this.u128(this.section(bit))
  }
  /** Sequence of what it posts, voids, releases or reverses; 0 = nothing. */
  get pendingSequence(): number {
    return this.#hasPending ? this.safe(this.section(MovedForm.pending) + 16) : 0
  }
  /** Captured of the hold, or reversed of the transfer, after this event. */
  get capturedAfter(): bigint {
    return this.#hasPending ? this.u128(this.section(MovedForm.pending) + 24) : 0n
  }
  /** Still held after this event. */
  get remainingAfter(): bigint {
    return this.#hasPending ? this.u128(this.section(MovedForm.pending) + 40) : 0n
  }
  get #hasPending(): boolean {
    return this.moved && (this.form & MovedForm.pending) !== 0
  }
  get timeout(): number {
    return (this.form & MovedForm.timeout) === 0 ? 0 : this.u32(this.section(MovedForm.timeout))
  }
  /** As asked; 0 = the ledger's own time. */
  get effectiveAsked(): bigint {
    return (this.form & MovedForm.effective) === 0
      ? 0n
      : this.u64(this.section(MovedForm.effective))
  }
  get effectiveAt(): bigint {
    const asked = this.effectiveAsked
    return asked === 0n ? this.timestamp : asked
  }
  /** Newest effective time in that account's chain up to and with this entry. */
  effectiveNewest(side: 'debit' | 'credit'): bigint {
    const bit = side === 'debit' ? MovedForm.lateDebit : MovedForm.lateCredit
    return (this.form & bit) === 0 ? this.effectiveAt : this.u64(this.section(bit))
  }
  /** The entry came later than its value date's place in the account's history. */
  late(side: 'debit' | 'credit'): boolean {
    return (this.form & (side === 'debit' ? MovedForm.lateDebit : MovedForm.lateCredit)) !== 0
  }

  side(which: 'debit' | 'credit'): Side {
    const debit = which === 'debit'
    const at = debit ? MovedField.debitSide : MovedField.creditSide
    const wide = (this.form & MovedForm.wide) !== 0
    const upper = MovedField.sections + (debit ? 8 : 40)
    const balance = (index: number): bigint => {
      const low = this.u64(at + SideField.debitsPending + index * 8)
      return wide ? low | (this.u64(upper + index * 8) << 64n) : low
    }
    return {
      slot: debit ? this.debitSlot : this.creditSlot,
      number: this.u64(at + SideField.number),
      previous: this.safe(at + SideField.previous),
      jump: this.safe(at + SideField.jump),
      debitsPending: balance(0),
      debitsPosted: balance(1),
      creditsPending: balance(2),
      creditsPosted: balance(3),
    }
  }

  /** Slot of the account that a limit, metadata, closure, books or account record is about; NO_SLOT = none. */
  get slot(): number {
    return this.u32(this.kind === Operation.createAccount ? AccountField.slot : LimitField.slot)
  }

  /** Sequence of the record that this refusal repeats; 0 = none. */
  get seen(): number {
    if (this.kind === Operation.createAccount) return this.safe(AccountField.seen)
    if (this.moved || (this.form & RefusedForm.seen) === 0) return 0
    return this.safe(this.section(RefusedForm.seen))
  }

  /** What a limit said when it refused. */
  get refusal(): { account: bigint; needed: bigint; available: bigint; limit: bigint } | undefined {
    if (this.kind !== Operation.createTransfer || this.moved) return undefined
    if ((this.form & RefusedForm.limit) === 0) return undefined
    const at = this.section(RefusedForm.limit)
    return {
      account: this.u128(at),
      needed: this.u128(at + 16),
      available: this.u128(at + 32),
      limit: this.u128(at + 48),
    }
  }

  /** Metadata (or an asset's name, or a statement) in place: a view, not a copy. */
  get metadata(): Uint8Array {
    const from = this.offset + this.#metadataOffset()
    return this.memory.u8.subarray(from, from + this.metadataLength)
  }

  get address(): string {
    const length = this.memory.u16[(this.offset + AccountField.addressLength) >>> 1] ?? 0
    let text = ''
    for (let i = 0; i < length; i++) {
      text += String.fromCharCode(this.memory.u8[this.offset + AccountField.address + i] ?? 0)
    }
    return text
  }

  #metadataOffset(): number {
    switch (this.kind) {
      case Operation.createAccount:
        return (
          AccountField.address +
          align8(this.memory.u16[(this.offset + AccountField.addressLength) >>> 1] ?? 0)
        )
      case Operation.changeMetadata:
        return MetadataField.metadata
      case Operation.registerAsset:
        return AssetField.name
      case Operation.attest:
      case Operation.control:
      case Operation.rule:
        return AttestField.statement
      default:
        return this.section(MovedForm.metadata)
    }
  }

  /** Byte offset in the record of a section, whether it is there or not. */
  section(bit: number): number {
    return this.moved ? movedSection(this.form, bit) : refusedSection(this.form, bit)
  }
}

/** Where a section of a created transfer begins: the sections before it in order of their bits. */
export function movedSection(form: number, bit: number): number {
  let at: number = MovedField.sections
  if (bit > MovedForm.wide && (form & MovedForm.wide) !== 0) at += WIDE_SIZE
  if (bit > MovedForm.pending && (form & MovedForm.pending) !== 0) at += PENDING_SIZE
  if (bit > MovedForm.timeout && (form & MovedForm.timeout) !== 0) at += 8
  if (bit > MovedForm.effective && (form & MovedForm.effective) !== 0) at += 8
  if (bit > MovedForm.requested && (form & MovedForm.requested) !== 0) at += 16
  if (bit > MovedForm.lateDebit && (form & MovedForm.lateDebit) !== 0) at += 8
  if (bit > MovedForm.lateCredit && (form & MovedForm.lateCredit) !== 0) at += 8
  return at
}

export function refusedSection(form: number, bit: number): number {
  let at: number = RefusedField.sections
  if (bit > RefusedForm.pending && (form & RefusedForm.pending) !== 0) at += 16
  if (bit > RefusedForm.timeout && (form & RefusedForm.timeout) !== 0) at += 8
  if (bit > RefusedForm.effective && (form & RefusedForm.effective) !== 0) at += 8
  if (bit > RefusedForm.seen && (form & RefusedForm.seen) !== 0) at += 8
  if (bit > RefusedForm.limit && (form & RefusedForm.limit) !== 0) at += LIMIT_FACTS_SIZE
  return at
}
