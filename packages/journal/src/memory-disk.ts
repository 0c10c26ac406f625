/** A disk in memory: for tests, and for a ledger that is to leave nothing behind. Deterministic. */
import assert from 'node:assert/strict'

import type { Disk, FileHandle, OpenMode } from './disk.ts'
import { isZero } from './zeros.ts'

const CHUNK_BYTES = 64 * 1024

/** A file as chunks; one that was never written, or only with zeros, takes no memory. */
interface MemoryFile {
  size: number
  readonly chunks: (Buffer | undefined)[]
}

export class MemoryDisk implements Disk {
  readonly #files = new Map<string, MemoryFile>()
  readonly #open: (MemoryFile | undefined)[] = []
  #limitBytes: number

  constructor(options: { limitBytes?: number } = {}) {
    this.#limitBytes = options.limitBytes ?? Number.POSITIVE_INFINITY
  }

  /** Space that all files together may take; beyond it writes fail with ENOSPC. */
  set limitBytes(limit: number) {
    this.#limitBytes = limit
  }

  /** Sum of the sizes of all files. */
  get usedBytes(): number {
    let used = 0
    for (const file of this.#files.values()) used += file.size
    return used
  }

  /** A copy of a file's bytes. */
  contents(path: string): Buffer {
    const file = this.#existing(path)
    const bytes = Buffer.alloc(file.size)
    readChunks(file, bytes, 0)
    return bytes
  }

  /** Puts a file there as a whole, as a test does that has prepared an image. */
  place(path: string, bytes: Uint8Array): void {
    const file: MemoryFile = { size: bytes.length, chunks: [] }
    writeChunks(file, bytes, 0)
    this.#files.set(path, file)
  }

  /** An independent copy of the whole disk. */
  clone(): MemoryDisk {
    const copy = new MemoryDisk({ limitBytes: this.#limitBytes })
    for (const [path, { size, chunks }] of this.#files) {
      copy.#files.set(path, { size, chunks: chunks.map((chunk) => chunk && Buffer.from(chunk)) })
    }
    return copy
  }

  open(path: string, mode: OpenMode): FileHandle {
    if (mode === 'create' && !this.#files.has(path)) this.#files.set(path, { size: 0, chunks: [] })
    return this.#open.push(this.#existing(path)) - 1
  }

  close(file: FileHandle): void {
    this.#at(file)
    this.#open[file] = undefined
  }

  pread(file: FileHandle, target: Uint8Array, position: number): number {
    return readChunks(this.#at(file), target, position)
  }

  pwrite(file: FileHandle, source: Uint8Array, position: number): number {
    const open = this.#at(file)
    const growth = Math.max(0, position + source.length - open.size)
    const excess = Math.max(0, this.usedBytes + growth - this.#limitBytes)
    const written = Math.max(0, source.length - Math.min(excess, growth))
    if (written === 0 && source.length > 0) throw diskError('ENOSPC', 'no space left on device')
    writeChunks(open, source.subarray(0, written), position)
    open.size = Math.max(open.size, position + written)
    return written
  }

  fdatasync(file: FileHandle): void {
    this.#at(file)
  }

  truncate(file: FileHandle, size: number): void {
    const open = this.#at(file)
    open.chunks.length = Math.min(open.chunks.length, Math.ceil(size / CHUNK_BYTES))
    const last = open.chunks[Math.floor(size / CHUNK_BYTES)]
    last?.fill(0, size % CHUNK_BYTES)
    open.size = size
  }

  size(file: FileHandle): number {
    return this.#at(file).size
  }

  rename(from: string, to: string): void {
    this.#files.set(to, this.#existing(from))
    this.#files.delete(from)
  }

  unlink(path: string): void {
    this.#existing(path)
    this.#files.delete(path)
  }

  readdir(path: string): string[] {
    const prefix = `${path}/`
    const names = [...this.#files.keys()].filter((name) => name.startsWith(prefix))
    return names.map((name) => name.slice(prefix.length)).filter((name) => !name.includes('/'))
  }

  makeDirectory(): void {}

  syncDirectory(): void {}

  #existing(path: string): MemoryFile {
    const file = this.#files.get(path)
    if (file === undefined) throw diskError('ENOENT', `no such file: ${path}`)
    return file
  }

  #at(handle: FileHandle): MemoryFile {
    const file = this.#open[handle]
    assert(file !== undefined, 'the file is not open')
    return file
  }
}

function readChunks(file: MemoryFile, target: Uint8Array, position: number): number {
  const length = Math.max(0, Math.min(target.length, file.size - position))
  for (let done = 0; done < length;) {
    const offset = (position + done) % CHUNK_BYTES
    const size = Math.min(CHUNK_BYTES - offset, length - done)
    const chunk = file.chunks[Math.floor((position + done) / CHUNK_BYTES)]
    if (chunk === undefined) target.fill(0, done, done + size)
    else target.set(chunk.subarray(offset, offset + size), done)
    done += size
  }
  return length
}

function writeChunks(file: MemoryFile, source: Uint8Array, position: number): void {
  for (let done = 0; done < source.length;) {
    const offset = (position + done) % CHUNK_BYTES
    const size = Math.min(CHUNK_BYTES - offset, source.length - done)
    const index = Math.floor((position + done) / CHUNK_BYTES)
    const piece = source.subarray(done, done + size)
    let chunk = file.chunks[index]
    if (chunk === undefined && !isZero(piece)) {
      chunk = Buffer.alloc(CHUNK_BYTES)
      while (file.chunks.length < index) file.chunks.push(undefined)
      file.chunks[index] = chunk
    }
    chunk?.set(piece, offset)
    done += size
  }
}

function diskError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code })
}
