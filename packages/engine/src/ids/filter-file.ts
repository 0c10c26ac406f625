/**
 * Filters on disk, so that a restart does not read every run: 4,096 bytes of header (`TALLYFL1`, CRC-32 of the rest of the
 * header u32, CRC-32 of the bits u32, keys u64, seed u32, bytes u64), then the bits.
 */
import { crc32 } from 'node:zlib'

import type { Disk, FileHandle } from '@tallystick/journal'

import { Filter } from './filter.ts'
import { BLOCK_BYTES, SYNC_EVERY_BYTES, WRITE_BYTES } from './limits.ts'

const MAGIC = Buffer.from('TALLYFL1', 'latin1')

/** Writes beside, syncs and renames; the caller syncs the directory. */
export function writeFilter(disk: Disk, path: string, filter: Filter): void {
  const bits = new Uint8Array(filter.words.buffer)
  const file = disk.open(`${path}.part`, 'create')
  try {
    disk.truncate(file, 0)
    const checksum = writeBits(disk, file, bits)
    const header = Buffer.alloc(BLOCK_BYTES)
    MAGIC.copy(header)
    header.writeUInt32LE(checksum, 12)
    header.writeBigUInt64LE(BigInt(filter.count), 16)
    header.writeUInt32LE(filter.seed, 24)
    header.writeBigUInt64LE(BigInt(bits.length), 32)
    header.writeUInt32LE(crc32(header.subarray(12)), 8)
    write(disk, file, { bytes: header, position: 0 })
    disk.fdatasync(file)
  } finally {
    disk.close(file)
  }
  disk.rename(`${path}.part`, path)
}

function writeBits(disk: Disk, file: FileHandle, bits: Uint8Array): number {
  let checksum = 0
  for (let at = 0; at < bits.length; at += WRITE_BYTES) {
    // A copy: not every disk writes shared memory.
    const piece = bits.slice(at, at + WRITE_BYTES)
    checksum = crc32(piece, checksum)
    write(disk, file, { bytes: piece, position: BLOCK_BYTES + at })
    if ((at + WRITE_BYTES) % SYNC_EVERY_BYTES === 0) disk.fdatasync(file)
  }
  return checksum
}

function write(disk: Disk, file: FileHandle, at: { bytes: Uint8Array; position: number }): void {
  if (disk.pwrite(file, at.bytes, at.position) !== at.bytes.length) {
    throw Object.assign(new Error('the filter could not be written whole'), { code: 'ENOSPC' })
  }
}

/** undefined: not there, or not what was written. */
export function readFilter(disk: Disk, path: string, seed: number): Filter | undefined {
  let file: FileHandle
  try {
    file = disk.open(path, 'read')
  } catch {
    return undefined
  }
  try {
    return readOpened(disk, file, seed)
  } finally {
    disk.close(file)
  }
}

function readOpened(disk: Disk, file: FileHandle, seed: number): Filter | undefined {
  const header = Buffer.alloc(BLOCK_BYTES)
  const read = disk.pread(file, header, 0)
  if (read !== BLOCK_BYTES || !header.subarray(0, 8).equals(MAGIC)) return undefined
  if (header.readUInt32LE(8) !== crc32(header.subarray(12))) return undefined
  const length = Number(header.readBigUInt64LE(32))
  if (header.readUInt32LE(24) !== seed || disk.size(file) !== BLOCK_BYTES + length) return undefined
  const buffer = new SharedArrayBuffer(length)
  const bits = new Uint8Array(buffer)
  let checksum = 0
  for (let at = 0; at < length; at += WRITE_BYTES) {
    const piece = Buffer.alloc(Math.min(WRITE_BYTES, length - at))
    disk.pread(file, piece, BLOCK_BYTES + at)
    checksum = crc32(piece, checksum)
    bits.set(piece, at)
  }
  if (checksum !== header.readUInt32LE(12)) return undefined
  return new Filter(buffer, seed, Number(header.readBigUInt64LE(16)))
}
