/**
 * The file of a run, in blocks of 4,096 bytes: a header, then blocks of entries, then the first key of each block.
 *
 *     header  0 `TALLYIX1` · 8 CRC-32 of bytes 12 … 4096 · 12 version u32 · 16 journal id 16 ·
 *             32 from u64 · 40 through u64 (sequences covered) · 48 entries u64 · 56 blocks u32 · 60 CRC-32 of the index u32 ·
 *             64 family u32 · 72 smallest key u128 · 88 largest key u128 · zeros
 *     block   0 CRC-32 of bytes 4 … 4096 · 4 entries u32 · 8 number of the block u64 ·
 *             16 entries of 24 bytes in order of key: key u128, value u64 · zeros
 *     index   first key of each block, u128 · zeros to a multiple of 4,096
 *
 * All derived from the journal: a file that does not hold is thrown away and made again.
 */
import { crc32 } from 'node:zlib'

import { BLOCK_BYTES } from './limits.ts'

const RUN_VERSION = 1
const MAGIC = Buffer.from('TALLYIX1', 'latin1')

/** A family of entries that have runs of their own. Numbers are stored. */
export const Family = { ids: 1, touches: 2, requests: 3 } as const
export type Family = (typeof Family)[keyof typeof Family]
export const FAMILIES: readonly Family[] = [Family.ids, Family.touches, Family.requests]

export const FAMILY_NAMES: Record<Family, string> = { 1: 'ids', 2: 'touches', 3: 'requests' }

export interface RunHeader {
  readonly family: Family
  /** 16 bytes. */
  readonly journalId: Uint8Array
  /** First and last sequence covered. */
  readonly from: number
  readonly through: number
  readonly entries: number
  readonly blocks: number
  readonly indexChecksum: number
  /** Smallest and largest key, four words each. */
  readonly smallest: Uint32Array
  readonly largest: Uint32Array
}

export function encodeRunHeader(header: RunHeader): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES)
  MAGIC.copy(bytes)
  bytes.writeUInt32LE(RUN_VERSION, 12)
  bytes.set(header.journalId, 16)
  bytes.writeBigUInt64LE(BigInt(header.from), 32)
  bytes.writeBigUInt64LE(BigInt(header.through), 40)
  bytes.writeBigUInt64LE(BigInt(header.entries), 48)
  bytes.writeUInt32LE(header.blocks, 56)
  bytes.writeUInt32LE(header.indexChecksum, 60)
  bytes.writeUInt32LE(header.family, 64)
  for (let word = 0; word < 4; word++) {
    bytes.writeUInt32LE(header.smallest[word] ?? 0, 72 + word * 4)
    bytes.writeUInt32LE(header.largest[word] ?? 0, 88 + word * 4)
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8)
  return bytes
}

/** undefined: not a whole header of this version. */
export function decodeRunHeader(bytes: Buffer): RunHeader | undefined {
  if (bytes.length !== BLOCK_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return undefined
  if (bytes.readUInt32LE(8) !== crc32(bytes.subarray(12))) return undefined
  if (bytes.readUInt32LE(12) !== RUN_VERSION) return undefined
  const family = FAMILIES.find((known) => known === bytes.readUInt32LE(64))
  if (family === undefined) return undefined
  return {
    family,
    journalId: Uint8Array.from(bytes.subarray(16, 32)),
    from: Number(bytes.readBigUInt64LE(32)),
    through: Number(bytes.readBigUInt64LE(40)),
    entries: Number(bytes.readBigUInt64LE(48)),
    blocks: bytes.readUInt32LE(56),
    indexChecksum: bytes.readUInt32LE(60),
    smallest: keyWords(bytes, 72),
    largest: keyWords(bytes, 88),
  }
}

function keyWords(bytes: Buffer, at: number): Uint32Array {
  return Uint32Array.from([0, 4, 8, 12], (offset) => bytes.readUInt32LE(at + offset))
}

/** Bytes that the index of so many blocks takes in the file. */
export function indexBytes(blocks: number): number {
  return Math.ceil((blocks * 16) / BLOCK_BYTES) * BLOCK_BYTES
}

export function indexPosition(blocks: number): number {
  return (1 + blocks) * BLOCK_BYTES
}

/** Bytes of the whole file. */
export function runBytes(blocks: number): number {
  return indexPosition(blocks) + indexBytes(blocks)
}

export function runName(run: { family: Family; from: number; through: number }): string {
  return `${FAMILY_NAMES[run.family]}-${digits(run.from)}-${digits(run.through)}.run`
}

function digits(sequence: number): string {
  return String(sequence).padStart(16, '0')
}

/** A run or a filter is not what was written: what it covers has to be made again from the journal. */
export class DamagedRun extends Error {
  override readonly name = 'DamagedRun'
  readonly file: string

  constructor(file: string, reason: string, options?: { cause?: unknown }) {
    super(`${file} is damaged: ${reason}`, options)
    this.file = file
  }
}
