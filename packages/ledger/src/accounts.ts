/**
 * Accounts: one row of 256 bytes with all that a transfer touches, and the way from id to slot.
 *
 * Row, in units of 8 bytes: 0–1 id · 2 version u32, flags u16, code u16 · 3 asset u32, parent slot u32 ·
 * 4–11 debits pending, debits posted, credits pending, credits posted · 12–13 limit · 14 entry count ·
 * 15 newest entry's sequence · 16 created at · 17 created by sequence · 18 newest effective time ·
 * 19 metadata place u32, length u32 · 20 address place u32, length u16, depth u16 ·
 * 21 subtree row + 1 u32, deep chain row + 1 u32 · 22 roots of the chain u32, next sibling + 1 u32 ·
 * 23–31 roots, see chain.ts
 */
import { assert } from '@tallystick/money'
import { Arena } from './arena.ts'
import { AccountFlags } from './flags.ts'
import { hashIds, type IdSeries } from './hash.ts'
import { PagedTable } from './paged-table.ts'
import { type Hashes, TagTable } from './tag-table.ts'

export const ROW_BYTES = 256
/** Slots of 8 bytes in a row; `base64 = index << 5`, `base32 = index << 6`. */
export const ROW_SHIFT_64 = 5
export const ROW_SHIFT_32 = 6

/** Index of a field in units of 8 bytes. */
export const Row64 = {
  id: 0,
  debitsPending: 4,
  debitsPosted: 6,
  creditsPending: 8,
  creditsPosted: 10,
  limit: 12,
  entryCount: 14,
  newest: 15,
  createdAt: 16,
  createdBy: 17,
  effectiveNewest: 18,
} as const

/** Index of a field in units of 4 bytes. */
export const Row32 = {
  id: 0,
  version: 4,
  /** flags in the lower 16 bits, code in the upper. */
  flagsAndCode: 5,
  asset: 6,
  parent: 7,
  newest: 30,
  createdBy: 34,
  metadataPlace: 38,
  metadataLength: 39,
  addressPlace: 40,
  /** length in the lower 16 bits, depth in the upper. */
  addressLengthAndDepth: 41,
  subtree: 42,
  deep: 43,
  /** all roots of the chain in the lower 16 bits, those in the deep row in the upper. */
  rootCount: 44,
  sibling: 45,
  roots: 46,
} as const

/** In a row's flags only: an open closing hold closed it. */
export const CLOSED_BY_TRANSFER = 1 << 15

export const NO_PARENT = 0xffff_ffff
/** Roots of the chain's trees that fit in the row: the newest; older ones go to a row of the deep table. */
export const ROOTS_INLINE = 9
/** 64 roots: enough for 2^62 entries. */
export const DEEP_ROW_BYTES = 512

export class Accounts {
  readonly rows = new PagedTable(ROW_BYTES)
  /** The older roots of chains that have more than a row holds. */
  readonly deep = new PagedTable(DEEP_ROW_BYTES)
  readonly arena = new Arena()
  /** Id → slot + 1. */
  readonly #byId: TagTable
  readonly #seed: number
  #count = 0
  #deepCount = 0

  constructor(seed: number) {
    this.#seed = seed
    this.#byId = new TagTable(seed)
  }

  get count(): number {
    return this.#count
  }

  get deepCount(): number {
    return this.#deepCount
  }

  /** Adds a row for the id at u32 index `at`; the caller fills it. @returns its slot. */
  add(u32: Uint32Array, at: number): number {
    const slot = this.#count
    this.rows.grow(slot + 1)
    this.rows.touch(slot)
    const row = this.row32(slot)
    const base = this.base32(slot)
    row.fill(0, base, base + ROW_BYTES / 4)
    for (let word = 0; word < 4; word++) row[base + word] = u32[at + word] ?? 0
    this.#count++
    this.#byId.add(row, base, slot + 1)
    return slot
  }

  /** Takes the newest account out again: an undone chain or a dry run. */
  removeNewest(): void {
    const slot = this.#count - 1
    this.#byId.remove(this.row32(slot), this.base32(slot), slot + 1)
    this.#count = slot
  }

  /** Slot of the account with the id at u32 index `at`, -1 = none. */
  find(u32: Uint32Array, at: number): number {
    let value = this.#byId.first(u32, at)
    while (value !== 0 && !this.has(value - 1, u32, at)) value = this.#byId.next()
    return value - 1
  }

  /** Hashes ids as `hashIds` does, and fetches their places: see `TagTable.peek`. */
  peek(u32: Uint32Array, ids: IdSeries, into: Uint32Array): number {
    hashIds(u32, ids, this.#seed, into)
    return this.#byId.peek(into, 0, ids.count)
  }

  /** The slots that ids of those hashes most likely have, -1 = none, to `from` … `to` of `slots`. Whether they have, `has` tells. */
  likely(hashes: Hashes, slots: Int32Array, from: number, to: number): void {
    const table = this.#byId
    for (let index = from, at = 0; index < to; index++, at += 2) {
      slots[index] = table.firstHashed(hashes[at] as number, hashes[at + 1] as number) - 1
    }
  }

  /** Fetches the cache lines of the rows of slots `from` … `to` of `slots`. */
  touchRows(slots: Int32Array, from: number, to: number): number {
    const { u32, chunkShift, rowMask } = this.rows
    let sink = 0
    for (let index = from; index < to; index++) {
      const slot = slots[index] as number
      if (slot < 0) continue
      const row = u32[slot >>> chunkShift] as Uint32Array
      const base = (slot & rowMask) << ROW_SHIFT_32
      sink |= (row[base] as number) | (row[base + 16] as number)
      sink |= (row[base + 32] as number) | (row[base + 48] as number)
    }
    return sink
  }

  /** Whether the account in the slot has the id at u32 index `at`. */
  has(slot: number, u32: Uint32Array, at: number): boolean {
    const row = this.row32(slot)
    const base = this.base32(slot)
    return (
      row[base] === u32[at] &&
      row[base + 1] === u32[at + 1] &&
      row[base + 2] === u32[at + 2] &&
      row[base + 3] === u32[at + 3]
    )
  }

  row32(slot: number): Uint32Array {
    return this.rows.u32[slot >>> this.rows.chunkShift] as Uint32Array
  }
  row64(slot: number): BigUint64Array {
    return this.rows.u64[slot >>> this.rows.chunkShift] as BigUint64Array
  }
  base32(slot: number): number {
    return (slot & this.rows.rowMask) << ROW_SHIFT_32
  }
  base64(slot: number): number {
    return (slot & this.rows.rowMask) << ROW_SHIFT_64
  }

  flags(slot: number): number {
    return (this.row32(slot)[this.base32(slot) + Row32.flagsAndCode] ?? 0) & 0xffff
  }
  setFlags(slot: number, flags: number): void {
    const row = this.row32(slot)
    const at = this.base32(slot) + Row32.flagsAndCode
    row[at] = (((row[at] ?? 0) & 0xffff_0000) | flags) >>> 0
  }
  closeByTransfer(slot: number): void {
    this.setFlags(slot, this.flags(slot) | AccountFlags.closed | CLOSED_BY_TRANSFER)
  }
  /** Opens what an open closing hold had closed. */
  reopenByTransfer(slot: number): void {
    this.rows.touch(slot)
    this.setFlags(slot, this.flags(slot) & ~(AccountFlags.closed | CLOSED_BY_TRANSFER))
  }
  parent(slot: number): number {
    return this.row32(slot)[this.base32(slot) + Row32.parent] ?? NO_PARENT
  }
  depth(slot: number): number {
    return (this.row32(slot)[this.base32(slot) + Row32.addressLengthAndDepth] ?? 0) >>> 16
  }
  address(slot: number): string {
    const row = this.row32(slot)
    const base = this.base32(slot)
    const length = (row[base + Row32.addressLengthAndDepth] ?? 0) & 0xffff
    return this.arena.text(row[base + Row32.addressPlace] ?? 0, length)
  }
  readAddress(slot: number, into: Uint8Array): number {
    const row = this.row32(slot)
    const base = this.base32(slot)
    const length = (row[base + Row32.addressLengthAndDepth] as number) & 0xffff
    this.arena.copy(row[base + Row32.addressPlace] as number, length, into)
    return length
  }
  /** The id as one bigint: it allocates. */
  id(slot: number): bigint {
    const row = this.row64(slot)
    const base = this.base64(slot)
    return ((row[base + 1] as bigint) << 64n) | (row[base] as bigint)
  }
  /** A view, not a copy. */
  metadata(slot: number): Uint8Array {
    const row = this.row32(slot)
    const base = this.base32(slot)
    return this.arena.view(
      row[base + Row32.metadataPlace] ?? 0,
      row[base + Row32.metadataLength] ?? 0,
    )
  }
  setMetadata(slot: number, bytes: Uint8Array): void {
    const row = this.row32(slot)
    const base = this.base32(slot)
    row[base + Row32.metadataPlace] = bytes.length === 0 ? 0 : this.arena.append(bytes)
    row[base + Row32.metadataLength] = bytes.length
  }

  /** A new row of the deep table. */
  addDeep(): number {
    this.deep.grow(this.#deepCount + 1)
    return this.#deepCount++
  }

  /** After loading pages: how many rows there are, and the index from id to slot anew. */
  load(counts: { accounts: number; deep: number }): void {
    this.rows.grow(counts.accounts)
    this.deep.grow(counts.deep)
    this.#deepCount = counts.deep
    this.#count = counts.accounts
  }

  reindex(): void {
    for (let slot = 0; slot < this.#count; slot++) {
      this.#byId.add(this.row32(slot), this.base32(slot), slot + 1)
    }
  }
}

assert(ROW_BYTES === 1 << (ROW_SHIFT_64 + 3))
