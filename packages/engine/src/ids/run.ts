/** A run opened for look-ups: its index in memory, its blocks read one at a time and verified each time. */
import { crc32 } from 'node:zlib'

import type { Disk, FileHandle } from '@tallystick/journal'

import { BLOCK_BYTES, BLOCK_HEAD_BYTES, ENTRIES_PER_BLOCK, ENTRY_WORDS } from './limits.ts'
import { compareKeys } from './rows.ts'
import {
  DamagedRun,
  decodeRunHeader,
  indexPosition,
  indexBytes,
  runBytes,
  type RunHeader,
} from './run-format.ts'

const HEAD_WORDS = BLOCK_HEAD_BYTES / 4

/** Scratch for the block that is looked at: look-ups are synchronous and one thread's own. */
const block = Buffer.from(new ArrayBuffer(BLOCK_BYTES))
const words = new Uint32Array(block.buffer)

export class Run {
  readonly header: RunHeader
  readonly path: string
  readonly #disk: Disk
  readonly #file: FileHandle
  /** First key of each block. */
  readonly #index: Uint32Array

  private constructor(
    disk: Disk,
    path: string,
    opened: { file: FileHandle; header: RunHeader; index: Uint32Array },
  ) {
    this.#disk = disk
    this.path = path
    this.#file = opened.file
    this.header = opened.header
    this.#index = opened.index
  }

  /** @throws DamagedRun when header, length or index do not hold, or the file is not there. */
  static open(disk: Disk, path: string): Run {
    let file: FileHandle
    try {
      file = disk.open(path, 'read')
    } catch (cause) {
      throw new DamagedRun(path, 'it cannot be opened', { cause })
    }
    try {
      const header = readHeader(disk, file, path)
      return new Run(disk, path, { file, header, index: readIndex(disk, file, { path, header }) })
    } catch (error) {
      disk.close(file)
      throw error
    }
  }

  /** False: the key is smaller than the smallest or larger than the largest. */
  covers(key: Uint32Array, at: number): boolean {
    return (
      compareKeys(key, at, this.header.smallest, 0) >= 0 &&
      compareKeys(key, at, this.header.largest, 0) <= 0
    )
  }

  /**
   * Looks a key up with one read. On a hit `value` holds the lower and the upper word of its value.
   * @throws DamagedRun when the block does not hold.
   */
  find(key: Uint32Array, at: number, value: Uint32Array): boolean {
    this.#load(this.#blockOf(key, at))
    let low = 0
    let high = (words[1] ?? 0) - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const entry = HEAD_WORDS + middle * ENTRY_WORDS
      const order = compareKeys(words, entry, key, at)
      if (order === 0) {
        value[0] = words[entry + 4] ?? 0
        value[1] = words[entry + 5] ?? 0
        return true
      }
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return false
  }

  /** The last block whose first key is not larger. */
  #blockOf(key: Uint32Array, at: number): number {
    let low = 0
    let high = this.header.blocks - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (compareKeys(this.#index, middle * 4, key, at) <= 0) low = middle
      else high = middle - 1
    }
    return low
  }

  #load(number: number): void {
    const read = this.#disk.pread(this.#file, block, (1 + number) * BLOCK_BYTES)
    verifyBlock(block, { path: this.path, number, read })
  }

  close(): void {
    this.#disk.close(this.#file)
  }
}

/** @throws DamagedRun when the bytes are not those of that block. */
export function verifyBlock(
  bytes: Buffer,
  from: { path: string; number: number; read: number },
): void {
  const { path, number, read } = from
  if (read !== BLOCK_BYTES) throw new DamagedRun(path, `block ${number} is cut off`)
  if (bytes.readUInt32LE(0) !== crc32(bytes.subarray(4, BLOCK_BYTES))) {
    throw new DamagedRun(path, `block ${number} fails its checksum`)
  }
  const count = bytes.readUInt32LE(4)
  if (bytes.readUInt32LE(8) !== number || count === 0 || count > ENTRIES_PER_BLOCK) {
    throw new DamagedRun(path, `block ${number} is another one`)
  }
}

function readHeader(disk: Disk, file: FileHandle, path: string): RunHeader {
  const bytes = Buffer.alloc(BLOCK_BYTES)
  const read = disk.pread(file, bytes, 0)
  const header = decodeRunHeader(bytes.subarray(0, read))
  if (header === undefined) throw new DamagedRun(path, 'its header does not hold')
  if (disk.size(file) !== runBytes(header.blocks)) throw new DamagedRun(path, 'its length is wrong')
  return header
}

function readIndex(
  disk: Disk,
  file: FileHandle,
  run: { path: string; header: RunHeader },
): Uint32Array {
  const { blocks, indexChecksum } = run.header
  const bytes = Buffer.from(new ArrayBuffer(indexBytes(blocks)))
  const read = disk.pread(file, bytes, indexPosition(blocks))
  if (read !== bytes.length || crc32(bytes) !== indexChecksum) {
    throw new DamagedRun(run.path, 'its index does not hold')
  }
  return new Uint32Array(bytes.buffer, 0, blocks * 4)
}
