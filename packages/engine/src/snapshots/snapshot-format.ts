/**
 * The snapshot file: a whole state as it was at one sequence. A derived file: the book makes it again.
 *
 *   0 `TALLYSN1` · 8 CRC-32 of bytes 12 … 4096 · 12 format version u32 · 16 journal id 16 · 32 sequence u64 ·
 *   40 pages u32 · 44 bytes of the head u32 · 48 bytes of the indexes u64 · 56 CRC-32 of the head ·
 *   60 CRC-32 of the indexes · 64 CRC-32 of the table · 68 zeros up to 4,096
 *   then the head, padded to 8; pages of 64 KiB; the table: CRC-32 of each page, padded to 8; the indexes: pieces, each
 *   its index u32, its length u32 and its bytes. Indexes may know more than the sequence: what is later is left out when read.
 */
import { crc32 } from 'node:zlib'

import { align8 } from '@tallystick/ledger'

import { SNAPSHOT_PAGE_BYTES } from '../limits.ts'

/** 3 since the indexes know every change of an account and of rights: one that does not would show histories with holes. */
const SNAPSHOT_VERSION = 3
export const SNAPSHOT_HEADER_BYTES = 4_096
const MAGIC = Buffer.from('TALLYSN1', 'latin1')

export interface SnapshotHeader {
  /** 16 bytes. */
  readonly journalId: Uint8Array
  readonly sequence: number
  readonly pages: number
  readonly headBytes: number
  readonly indexBytes: number
  readonly headCrc: number
  readonly indexCrc: number
  readonly tableCrc: number
}

/** Why a snapshot file cannot be used. Another one, or the book from its beginning, can. */
export class SnapshotBroken extends Error {
  override readonly name = 'SnapshotBroken'
  constructor(file: string, reason: string) {
    super(`${file}: ${reason}`)
  }
}

export function encodeSnapshotHeader(header: SnapshotHeader): Buffer {
  const bytes = Buffer.alloc(SNAPSHOT_HEADER_BYTES)
  MAGIC.copy(bytes)
  bytes.writeUInt32LE(SNAPSHOT_VERSION, 12)
  bytes.set(header.journalId, 16)
  bytes.writeBigUInt64LE(BigInt(header.sequence), 32)
  bytes.writeUInt32LE(header.pages, 40)
  bytes.writeUInt32LE(header.headBytes, 44)
  bytes.writeBigUInt64LE(BigInt(header.indexBytes), 48)
  bytes.writeUInt32LE(header.headCrc, 56)
  bytes.writeUInt32LE(header.indexCrc, 60)
  bytes.writeUInt32LE(header.tableCrc, 64)
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8)
  return bytes
}

/** @throws SnapshotBroken. */
export function decodeSnapshotHeader(file: string, bytes: Buffer): SnapshotHeader {
  if (!bytes.subarray(0, 8).equals(MAGIC)) throw new SnapshotBroken(file, 'is no snapshot')
  if (bytes.readUInt32LE(8) !== crc32(bytes.subarray(12))) {
    throw new SnapshotBroken(file, 'its header is damaged')
  }
  const version = bytes.readUInt32LE(12)
  if (version !== SNAPSHOT_VERSION) throw new SnapshotBroken(file, `has version ${version}`)
  return {
    journalId: bytes.subarray(16, 32),
    sequence: Number(bytes.readBigUInt64LE(32)),
    pages: bytes.readUInt32LE(40),
    headBytes: bytes.readUInt32LE(44),
    indexBytes: Number(bytes.readBigUInt64LE(48)),
    headCrc: bytes.readUInt32LE(56),
    indexCrc: bytes.readUInt32LE(60),
    tableCrc: bytes.readUInt32LE(64),
  }
}

type Lengths = Pick<SnapshotHeader, 'headBytes' | 'pages'>

export function pagePosition({ headBytes }: Pick<Lengths, 'headBytes'>, page: number): number {
  return SNAPSHOT_HEADER_BYTES + align8(headBytes) + page * SNAPSHOT_PAGE_BYTES
}

export function tablePosition(lengths: Lengths): number {
  return pagePosition(lengths, lengths.pages)
}

export function indexPosition(lengths: Lengths): number {
  return tablePosition(lengths) + align8(lengths.pages * 4)
}

/** Bytes before each piece of an index. */
export const INDEX_PIECE_HEAD_BYTES = 8

const NAME = /^snapshot-(\d{16})\.state$/
export const SNAPSHOT_PART_SUFFIX = '.part'

export function snapshotName(sequence: number): string {
  return `snapshot-${String(sequence).padStart(16, '0')}.state`
}

/** Sequence that a file name says; undefined: it is no snapshot's. */
export function snapshotSequence(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
