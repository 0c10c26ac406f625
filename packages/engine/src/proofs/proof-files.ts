/**
 * What the proof log keeps on disk, in `proofs/` of the data directory. All of it can be made again from the book.
 *
 *   level-0, level-1, …   hashes of 32 bytes, one after the other: level L has the hash of every full subtree of 256^L leaves. Tile N of level L
 *                         (C2SP tlog-tiles) is the 8,192 bytes from N · 8,192 on: a hundred million events are four files, not 400,000.
 *   accounts              ids of 16 bytes in order of slot, as leaves need them
 *   roots                 what statements in the log say of all accounts, 64 bytes each: see accounts-root.ts
 *   account-trees/        trees over all accounts: see account-trees.ts
 *   head                  how much of all that is whole, and CRC-32 of ids and statements: replaced when the rest is synced
 */
import { crc32 } from 'node:zlib'

import { type Disk, diskErrorCode, type FileHandle } from '@tallystick/journal'

import { ROOT_BYTES } from './accounts-root.ts'

const HASH_BYTES = 32
export const ACCOUNT_ID_BYTES = 16
const TILE_HASHES = 256
const HEAD_BYTES = 96
const HEAD_MAGIC = Buffer.from('TLYPROOF', 'latin1')
/** Version 1 had no checksum of the ids: a flipped bit in them made false leaves. Version 2 had no statements. */
const VERSION = 3
/** A directory, which is no part of the tree over the events. */
export const ACCOUNT_TREES = 'account-trees'

/** How far the files are whole. */
export interface ProofHead {
  /** Leaves, which is the sequence of the newest event among them. */
  readonly size: number
  /** Accounts opened by those events. */
  readonly accounts: number
  /** Root of the tree of that size. */
  readonly root: Uint8Array
  /** Statements about all accounts among those events. */
  readonly roots: number
}

export interface ProofFilesOptions {
  readonly disk: Disk
  /** Of the proofs alone. */
  readonly directory: string
  readonly journalId: Uint8Array
  /** `read`: another thread writes. */
  readonly mode: 'read' | 'create'
}

export class ProofFiles {
  readonly #disk: Disk
  readonly #directory: string
  readonly #journalId: Uint8Array
  readonly #mode: 'read' | 'create'
  readonly #open = new Map<string, FileHandle>()
  readonly #written = new Set<string>()
  /** Of the ids and statements that were written or read, and of those that the head speaks of. */
  #accountsChecksum = 0
  #rootsChecksum = 0
  #headChecksums = { accounts: 0, roots: 0 }

  constructor({ disk, directory, journalId, mode }: ProofFilesOptions) {
    this.#disk = disk
    this.#directory = directory
    this.#journalId = journalId
    this.#mode = mode
    if (mode === 'create') disk.makeDirectory(directory)
  }

  /** No file of its own at all. */
  get isEmpty(): boolean {
    return this.#disk.readdir(this.#directory).every((name) => name === ACCOUNT_TREES)
  }

  /** undefined: there is none, it does not hold, or it is of another journal. */
  readHead(): ProofHead | undefined {
    const bytes = this.#readWhole('head')
    if (bytes?.length !== HEAD_BYTES) return undefined
    const isOurs =
      bytes.subarray(0, 8).equals(HEAD_MAGIC) &&
      bytes.readUInt32LE(8) === VERSION &&
      bytes.subarray(16, 32).equals(this.#journalId) &&
      bytes.readUInt32LE(12) === crc32(bytes.subarray(16))
    if (!isOurs) return undefined
    this.#headChecksums = { accounts: bytes.readUInt32LE(80), roots: bytes.readUInt32LE(84) }
    return {
      size: Number(bytes.readBigUInt64LE(32)),
      accounts: Number(bytes.readBigUInt64LE(40)),
      root: bytes.subarray(48, 80),
      roots: Number(bytes.readBigUInt64LE(88)),
    }
  }

  /** Syncs all that was written, then replaces the head. */
  publish({ size, accounts, root, roots }: ProofHead): void {
    for (const name of this.#written) this.#disk.fdatasync(this.#handle(name))
    this.#written.clear()
    const bytes = Buffer.alloc(HEAD_BYTES)
    HEAD_MAGIC.copy(bytes)
    bytes.writeUInt32LE(VERSION, 8)
    bytes.set(this.#journalId, 16)
    bytes.writeBigUInt64LE(BigInt(size), 32)
    bytes.writeBigUInt64LE(BigInt(accounts), 40)
    bytes.set(root, 48)
    bytes.writeUInt32LE(this.#accountsChecksum, 80)
    bytes.writeUInt32LE(this.#rootsChecksum, 84)
    bytes.writeBigUInt64LE(BigInt(roots), 88)
    bytes.writeUInt32LE(crc32(bytes.subarray(16)), 12)
    this.#replaceHead(bytes)
  }

  /** Hashes of a level from number `index` on. */
  writeHashes(level: number, index: number, hashes: Uint8Array): void {
    this.#write(`level-${level}`, hashes, index * HASH_BYTES)
  }

  /** Ids of accounts from `slot` on: behind all that were written before. */
  writeAccounts(slot: number, ids: Uint8Array): void {
    this.#accountsChecksum = crc32(ids, this.#accountsChecksum)
    this.#write('accounts', ids, slot * ACCOUNT_ID_BYTES)
  }

  /** The first `width` hashes of a tile; undefined when there are fewer. */
  readTile(level: number, index: number, width: number): Uint8Array | undefined {
    const bytes = new Uint8Array(width * HASH_BYTES)
    const at = index * TILE_HASHES * HASH_BYTES
    return this.#read(`level-${level}`, bytes, at) === bytes.length ? bytes : undefined
  }

  /** Ids of the accounts of the head that was read, `count` of them; undefined when there are fewer, or others. */
  readAccounts(count: number): Uint8Array | undefined {
    const bytes = new Uint8Array(count * ACCOUNT_ID_BYTES)
    if (this.#read('accounts', bytes, 0) !== bytes.length) return undefined
    this.#accountsChecksum = crc32(bytes)
    return this.#accountsChecksum === this.#headChecksums.accounts ? bytes : undefined
  }

  /** Statements from number `index` on: behind all that were written before. */
  writeRoots(index: number, roots: Uint8Array): void {
    this.#rootsChecksum = crc32(roots, this.#rootsChecksum)
    this.#write('roots', roots, index * ROOT_BYTES)
  }

  /** Statements from number `from` up to `to`; undefined when there are fewer. They are only as true as the file. */
  readRoots(from: number, to: number): Uint8Array | undefined {
    const bytes = new Uint8Array((to - from) * ROOT_BYTES)
    return this.#read('roots', bytes, from * ROOT_BYTES) === bytes.length ? bytes : undefined
  }

  /** Whether the statements of the head that was read, `count` of them, are as they were written. */
  holdsRoots(count: number): boolean {
    const bytes = this.readRoots(0, count)
    if (bytes === undefined) return false
    this.#rootsChecksum = crc32(bytes)
    return this.#rootsChecksum === this.#headChecksums.roots
  }

  /** Removes everything but the trees over all accounts, which stand for themselves: it is made again. */
  clear(): void {
    this.close()
    this.#accountsChecksum = 0
    this.#rootsChecksum = 0
    for (const name of this.#disk.readdir(this.#directory)) {
      if (name !== ACCOUNT_TREES) this.#disk.unlink(`${this.#directory}/${name}`)
    }
    this.#disk.syncDirectory(this.#directory)
  }

  close(): void {
    for (const file of this.#open.values()) this.#disk.close(file)
    this.#open.clear()
    this.#written.clear()
  }

  #write(name: string, bytes: Uint8Array, position: number): void {
    const file = this.#handle(name)
    this.#written.add(name)
    if (this.#disk.pwrite(file, bytes, position) === bytes.length) return
    throw Object.assign(new Error(`${name} could not be written whole`), { code: 'ENOSPC' })
  }

  #read(name: string, target: Uint8Array, position: number): number {
    try {
      return this.#disk.pread(this.#handle(name), target, position)
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return 0
      throw error
    }
  }

  #handle(name: string): FileHandle {
    let file = this.#open.get(name)
    file ??= this.#disk.open(`${this.#directory}/${name}`, this.#mode)
    this.#open.set(name, file)
    return file
  }

  #readWhole(name: string): Buffer | undefined {
    try {
      const file = this.#disk.open(`${this.#directory}/${name}`, 'read')
      try {
        const bytes = Buffer.alloc(this.#disk.size(file))
        return bytes.subarray(0, this.#disk.pread(file, bytes, 0))
      } finally {
        this.#disk.close(file)
      }
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  #replaceHead(bytes: Buffer): void {
    const path = `${this.#directory}/head`
    const file = this.#disk.open(`${path}.part`, 'create')
    try {
      this.#disk.truncate(file, 0)
      if (this.#disk.pwrite(file, bytes, 0) !== bytes.length) {
        throw Object.assign(new Error('head could not be written whole'), { code: 'ENOSPC' })
      }
      this.#disk.fdatasync(file)
    } finally {
      this.#disk.close(file)
    }
    this.#disk.rename(`${path}.part`, path)
    this.#disk.syncDirectory(this.#directory)
  }
}
