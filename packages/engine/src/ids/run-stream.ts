/** A run read from its beginning to its end in large pieces, for merging and for filters. */
import type { Disk, FileHandle } from '@tallystick/journal'

import { BLOCK_BYTES, BLOCK_HEAD_BYTES, ENTRY_WORDS, READ_BYTES } from './limits.ts'
import { verifyBlock } from './run.ts'
import { DamagedRun } from './run-format.ts'

const BLOCK_WORDS = BLOCK_BYTES / 4
const HEAD_WORDS = BLOCK_HEAD_BYTES / 4

export class RunStream {
  /** The entry is at u32 index `at` of `words`, while `done` is false. */
  readonly words: Uint32Array
  at = 0
  done = false
  readonly #bytes: Buffer
  readonly #disk: Disk
  readonly #path: string
  readonly #file: FileHandle
  readonly #blocks: number
  /** Blocks read so far. */
  #read = 0
  /** Blocks in memory, and which of them is being read. */
  #loaded = 0
  #block = -1
  #left = 0

  /** @throws DamagedRun when a block does not hold, here and in `next`. */
  constructor(disk: Disk, path: string, blocks: number) {
    this.#disk = disk
    this.#path = path
    this.#blocks = blocks
    this.#bytes = Buffer.from(new ArrayBuffer(READ_BYTES))
    this.words = new Uint32Array(this.#bytes.buffer)
    this.#file = openInput(disk, path)
    try {
      this.next()
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Moves to the next entry. */
  next(): void {
    if (this.#left > 1) {
      this.#left--
      this.at += ENTRY_WORDS
      return
    }
    if (!this.done) this.#nextBlock()
  }

  #nextBlock(): void {
    this.#block++
    if (this.#block === this.#loaded && !this.#load()) {
      this.done = true
      return
    }
    const start = this.#block * BLOCK_BYTES
    const bytes = this.#bytes.subarray(start, start + BLOCK_BYTES)
    const number = this.#read - this.#loaded + this.#block
    verifyBlock(bytes, { path: this.#path, number, read: BLOCK_BYTES })
    this.#left = this.words[this.#block * BLOCK_WORDS + 1] ?? 0
    this.at = this.#block * BLOCK_WORDS + HEAD_WORDS
  }

  #load(): boolean {
    const count = Math.min(READ_BYTES / BLOCK_BYTES, this.#blocks - this.#read)
    if (count === 0) return false
    const target = this.#bytes.subarray(0, count * BLOCK_BYTES)
    const read = this.#disk.pread(this.#file, target, (1 + this.#read) * BLOCK_BYTES)
    // What a short read left of an earlier piece would pass no checksum with its new number.
    target.fill(0, read)
    this.#read += count
    this.#loaded = count
    this.#block = 0
    return true
  }

  close(): void {
    this.#disk.close(this.#file)
  }
}

function openInput(disk: Disk, path: string): FileHandle {
  try {
    return disk.open(path, 'read')
  } catch (cause) {
    throw new DamagedRun(path, 'it cannot be opened', { cause })
  }
}
