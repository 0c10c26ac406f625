/**
 * Writes a run: entries in order of key, in blocks with checksums. The file grows beside its place and gets its name when
 * it is whole and synced, so that a crash leaves nothing that could be taken for a run.
 */
import { crc32 } from 'node:zlib'

import type { Disk, FileHandle } from '@tallystick/journal'
import { assert } from '@tallystick/money'

import {
  BLOCK_BYTES,
  BLOCK_HEAD_BYTES,
  ENTRIES_PER_BLOCK,
  ENTRY_WORDS,
  SYNC_EVERY_BYTES,
  WRITE_BYTES,
} from './limits.ts'
import type { RunHeader } from './run-format.ts'
import { encodeRunHeader, indexBytes, runName } from './run-format.ts'

const BLOCK_WORDS = BLOCK_BYTES / 4
const HEAD_WORDS = BLOCK_HEAD_BYTES / 4

export type RunCover = Pick<RunHeader, 'family' | 'journalId' | 'from' | 'through'>

export const TEMPORARY_SUFFIX = '.part'

export class RunWriter {
  readonly #disk: Disk
  readonly #directory: string
  readonly #cover: RunCover
  readonly #file: FileHandle
  readonly #bytes = Buffer.alloc(WRITE_BYTES)
  readonly #words = new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset, WRITE_BYTES / 4)
  #index = new Uint32Array(4 * 1_024)
  /** Blocks begun. */
  #blocks = 0
  #inBlock = 0
  #entries = 0
  #written = BLOCK_BYTES
  #unsynced = 0
  readonly #smallest = new Uint32Array(4)
  readonly #largest = new Uint32Array(4)

  constructor(disk: Disk, directory: string, cover: RunCover) {
    this.#disk = disk
    this.#directory = directory
    this.#cover = cover
    const path = this.#path() + TEMPORARY_SUFFIX
    this.#file = disk.open(path, 'create')
    disk.truncate(this.#file, 0)
  }

  #path(): string {
    return `${this.#directory}/${runName(this.#cover)}`
  }

  get entries(): number {
    return this.#entries
  }

  /** Adds the entry at u32 index `at` of `words`; its key is larger than the one before. */
  add(words: Uint32Array, at: number): void {
    if (this.#inBlock === ENTRIES_PER_BLOCK) this.#closeBlock()
    if (this.#inBlock === 0) this.#openBlock(words, at)
    const to = this.#place()
    const target = this.#words
    target[to] = words[at] ?? 0
    target[to + 1] = words[at + 1] ?? 0
    target[to + 2] = words[at + 2] ?? 0
    target[to + 3] = words[at + 3] ?? 0
    target[to + 4] = words[at + 4] ?? 0
    target[to + 5] = words[at + 5] ?? 0
    this.#inBlock++
    this.#entries++
    const largest = this.#largest
    largest[0] = words[at] ?? 0
    largest[1] = words[at + 1] ?? 0
    largest[2] = words[at + 2] ?? 0
    largest[3] = words[at + 3] ?? 0
  }

  /** Adds the first `count` entries of `words`, which lie in order, a block at a time. */
  addSorted(words: Uint32Array, count: number): void {
    const target = this.#words
    for (let done = 0; done < count;) {
      if (this.#inBlock === ENTRIES_PER_BLOCK) this.#closeBlock()
      const at = done * ENTRY_WORDS
      if (this.#inBlock === 0) this.#openBlock(words, at)
      const some = Math.min(count - done, ENTRIES_PER_BLOCK - this.#inBlock)
      target.set(words.subarray(at, at + some * ENTRY_WORDS), this.#place())
      this.#inBlock += some
      done += some
    }
    this.#entries += count
    const last = (count - 1) * ENTRY_WORDS
    if (count > 0) this.#largest.set(words.subarray(last, last + 4))
  }

  /** Where in `#words` the next entry of the open block goes. */
  #place(): number {
    const block = (this.#blocks - 1) % (WRITE_BYTES / BLOCK_BYTES)
    return block * BLOCK_WORDS + HEAD_WORDS + this.#inBlock * ENTRY_WORDS
  }

  #openBlock(words: Uint32Array, at: number): void {
    const key = words.subarray(at, at + 4)
    if (this.#blocks === 0) this.#smallest.set(key)
    if (this.#blocks * 4 === this.#index.length) {
      const wider = new Uint32Array(this.#index.length * 2)
      wider.set(this.#index)
      this.#index = wider
    }
    this.#index.set(key, this.#blocks * 4)
    this.#blocks++
  }

  #closeBlock(): void {
    const number = this.#blocks - 1
    const place = number % (WRITE_BYTES / BLOCK_BYTES)
    const start = place * BLOCK_BYTES
    this.#bytes.fill(
      0,
      start + BLOCK_HEAD_BYTES + this.#inBlock * ENTRY_WORDS * 4,
      start + BLOCK_BYTES,
    )
    const head = place * BLOCK_WORDS
    this.#words[head + 1] = this.#inBlock
    this.#words[head + 2] = number
    this.#words[head + 3] = 0
    this.#words[head] = crc32(this.#bytes.subarray(start + 4, start + BLOCK_BYTES))
    this.#inBlock = 0
    if (start + BLOCK_BYTES === WRITE_BYTES) this.#flush(WRITE_BYTES)
  }

  #flush(length: number): void {
    this.#write(this.#bytes.subarray(0, length), this.#written)
    this.#written += length
    this.#unsynced += length
    if (this.#unsynced < SYNC_EVERY_BYTES) return
    this.#disk.fdatasync(this.#file)
    this.#unsynced = 0
  }

  #write(bytes: Uint8Array, position: number): void {
    const written = this.#disk.pwrite(this.#file, bytes, position)
    if (written !== bytes.length) {
      throw Object.assign(new Error('the run could not be written whole'), { code: 'ENOSPC' })
    }
  }

  /** Completes the file and gives it its name; the caller syncs the directory. At least one entry was added. */
  finish(): RunHeader {
    assert(this.#entries > 0, 'a run has entries')
    this.#closeBlock()
    const rest = (this.#blocks % (WRITE_BYTES / BLOCK_BYTES)) * BLOCK_BYTES
    if (rest > 0) this.#flush(rest)
    const index = Buffer.alloc(indexBytes(this.#blocks))
    index.set(new Uint8Array(this.#index.buffer, 0, this.#blocks * 16))
    this.#write(index, this.#written)
    const header: RunHeader = {
      ...this.#cover,
      entries: this.#entries,
      blocks: this.#blocks,
      indexChecksum: crc32(index),
      smallest: this.#smallest,
      largest: this.#largest,
    }
    this.#write(encodeRunHeader(header), 0)
    this.#disk.fdatasync(this.#file)
    this.#disk.close(this.#file)
    this.#disk.rename(this.#path() + TEMPORARY_SUFFIX, this.#path())
    return header
  }

  /** Gives up: nothing stays. */
  abandon(): void {
    this.#disk.close(this.#file)
    this.#disk.unlink(this.#path() + TEMPORARY_SUFFIX)
  }
}
