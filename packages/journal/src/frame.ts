/**
 * The frame: layout, sealing and verification. Body and block table lie behind the header:
 *
 *     header 48 · body, padded to 8 · CRC-32 of each 4,096 bytes of the padded body, padded to 8
 *
 * The frame's checksum covers header and table, and so the whole frame; a block can be checked alone.
 */
import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'

import {
  align8,
  BLOCK_BYTES,
  blockCount,
  FRAME_HEADER_BYTES,
  frameBytes,
  SEQUENCE_MAX,
} from './limits.ts'
import { readU64, viewOf, writeU64 } from './words.ts'

/** `TLF1` as a little-endian word. */
export const FRAME_MAGIC = 0x31_46_4c_54

const MAGIC = 0
const CHECKSUM = 4
const CHAIN = 8
const BODY_BYTES = 12
const FIRST_SEQUENCE = 16
const COUNT = 24
const FLAGS = 28
const DURABLE = 32
const RESERVED = 40

/** What a frame's header says; nothing of it is verified. */
export interface FrameHeader {
  readonly magic: number
  readonly checksum: number
  /** Checksum of the frame before. */
  readonly chain: number
  readonly bodyBytes: number
  readonly firstSequence: number
  readonly count: number
  readonly flags: number
  /** Newest sequence that was known to be durable when this frame was written. */
  readonly durable: number
}

export interface FrameSeal {
  readonly firstSequence: number
  readonly count: number
  readonly bodyBytes: number
  readonly chain: number
  readonly durable: number
}

/** Completes a frame around the body that lies at offset 48 of `bytes`; returns its checksum. */
export function sealFrame(bytes: Buffer, view: DataView, seal: FrameSeal): number {
  const { bodyBytes } = seal
  const length = frameBytes(bodyBytes)
  assert(length <= bytes.length, 'the frame is longer than its buffer')
  assert(seal.firstSequence + seal.count <= SEQUENCE_MAX)
  const bodyEnd = FRAME_HEADER_BYTES + align8(bodyBytes)
  bytes.fill(0, FRAME_HEADER_BYTES + bodyBytes, bodyEnd)
  writeTable(bytes, view, bodyBytes)
  view.setUint32(MAGIC, FRAME_MAGIC, true)
  view.setUint32(CHAIN, seal.chain, true)
  view.setUint32(BODY_BYTES, bodyBytes, true)
  writeU64(view, FIRST_SEQUENCE, seal.firstSequence)
  view.setUint32(COUNT, seal.count, true)
  view.setUint32(FLAGS, 0, true)
  writeU64(view, DURABLE, seal.durable)
  writeU64(view, RESERVED, 0)
  const head = crc32(bytes.subarray(CHAIN, FRAME_HEADER_BYTES))
  const checksum = crc32(bytes.subarray(bodyEnd, length), head)
  view.setUint32(CHECKSUM, checksum, true)
  return checksum
}

function writeTable(bytes: Buffer, view: DataView, bodyBytes: number): void {
  const bodyEnd = FRAME_HEADER_BYTES + align8(bodyBytes)
  let entry = bodyEnd
  for (let at = FRAME_HEADER_BYTES; at < bodyEnd; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, Math.min(at + BLOCK_BYTES, bodyEnd))
    view.setUint32(entry, crc32(block), true)
    entry += 4
  }
  bytes.fill(0, entry, FRAME_HEADER_BYTES + align8(bodyBytes) + tableBytes(bodyBytes))
}

/** Length of a frame's block table, padding included. */
export function tableBytes(bodyBytes: number): number {
  return align8(4 * blockCount(bodyBytes))
}

export function readFrameHeader(view: DataView, offset: number): FrameHeader {
  return {
    magic: view.getUint32(offset + MAGIC, true),
    checksum: view.getUint32(offset + CHECKSUM, true),
    chain: view.getUint32(offset + CHAIN, true),
    bodyBytes: view.getUint32(offset + BODY_BYTES, true),
    firstSequence: readU64(view, offset + FIRST_SEQUENCE),
    count: view.getUint32(offset + COUNT, true),
    flags: view.getUint32(offset + FLAGS, true),
    durable: readU64(view, offset + DURABLE),
  }
}

/** True when header (48 bytes) and table are what was sealed. */
export function headerHolds(header: Uint8Array, table: Uint8Array): boolean {
  const view = viewOf(header)
  if (view.getUint32(MAGIC, true) !== FRAME_MAGIC) return false
  const checksum = crc32(table, crc32(header.subarray(CHAIN, FRAME_HEADER_BYTES)))
  return view.getUint32(CHECKSUM, true) === checksum
}

/** Length of block `index` of a body: 4,096, the last one shorter. */
export function blockLength(bodyBytes: number, index: number): number {
  return Math.min(BLOCK_BYTES, align8(bodyBytes) - index * BLOCK_BYTES)
}

/** The first block of a padded body that its table does not vouch for, or -1. */
export function brokenBlock(body: Uint8Array, table: Uint8Array): number {
  const view = viewOf(table)
  for (let at = 0, index = 0; at < body.length; at += BLOCK_BYTES, index++) {
    const block = body.subarray(at, at + BLOCK_BYTES)
    if (crc32(block) !== view.getUint32(4 * index, true)) return index
  }
  return -1
}
