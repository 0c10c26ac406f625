/** The first 4,096 bytes of a segment: layout, writing, reading; and the names of the files. */
import { crc32 } from 'node:zlib'

import { SEGMENT_HEADER_BYTES } from './limits.ts'
import { readU64, viewOf, writeU64 } from './words.ts'
import { isZero } from './zeros.ts'

export const FORMAT_VERSION = 1

export const JOURNAL_ID_BYTES = 16

const MAGIC = Buffer.from('TALLYBK1', 'latin1')
const CHECKSUM = 8
const VERSION = 12
const JOURNAL_ID = 16
const FIRST_SEQUENCE = 32
const SHARD = 40
const CHAIN = 44
const NUMBER = 48

export interface SegmentHeader {
  readonly version: number
  readonly journalId: Buffer
  readonly firstSequence: number
  readonly shard: number
  /** Checksum of the last frame of the segment before; 0 in the first. */
  readonly chain: number
  readonly number: number
}

/** What a new segment is begun with. */
export interface NewSegment extends Omit<SegmentHeader, 'version' | 'journalId'> {
  readonly journalId: Uint8Array
}

/** `unwritten`: nothing but zeros, or no bytes at all, as a segment that is only prepared has it. */
export type HeaderReading = SegmentHeader | 'unwritten' | 'broken'

export function encodeSegmentHeader(header: NewSegment): Uint8Array {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES)
  const view = viewOf(bytes)
  MAGIC.copy(bytes)
  view.setUint32(VERSION, FORMAT_VERSION, true)
  bytes.set(header.journalId, JOURNAL_ID)
  writeU64(view, FIRST_SEQUENCE, header.firstSequence)
  view.setUint32(SHARD, header.shard, true)
  view.setUint32(CHAIN, header.chain, true)
  writeU64(view, NUMBER, header.number)
  view.setUint32(CHECKSUM, crc32(bytes.subarray(VERSION)), true)
  return bytes
}

/** Reads a header; `bytes` may be shorter when the file is. The version is for the caller to judge. */
export function readSegmentHeader(bytes: Buffer): HeaderReading {
  if (isZero(bytes)) return 'unwritten'
  if (bytes.length < SEGMENT_HEADER_BYTES) return 'broken'
  const view = viewOf(bytes)
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return 'broken'
  if (view.getUint32(CHECKSUM, true) !== crc32(bytes.subarray(VERSION))) return 'broken'
  return {
    version: view.getUint32(VERSION, true),
    journalId: Buffer.from(bytes.subarray(JOURNAL_ID, JOURNAL_ID + JOURNAL_ID_BYTES)),
    firstSequence: readU64(view, FIRST_SEQUENCE),
    shard: view.getUint32(SHARD, true),
    chain: view.getUint32(CHAIN, true),
    number: readU64(view, NUMBER),
  }
}

const NAME = /^(\d{10})\.book$/

export function segmentName(number: number): string {
  return `${String(number).padStart(10, '0')}.book`
}

export function sidecarName(number: number): string {
  return `${String(number).padStart(10, '0')}.index`
}

/** The number in a segment's name, or undefined for any other file. */
export function segmentNumber(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
