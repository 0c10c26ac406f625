/**
 * Trees over all accounts, one file for each root: `proofs/account-trees/tree-<through, 16 digits>`. The newest are kept, up to a total size.
 *
 *   0 `TLYTREE1` · 8 CRC-32 of bytes 16 … 80 · 12 zero · 16 journal id 16 · 32 through u64 · 40 accounts u64 · 48 root 32, then ids of 16
 *   bytes in order, then levels of hashes as the proof log has them: level L has the hash of every full subtree of 256^L leaves.
 *
 * Nothing else is checked when it is read: whoever gives out a proof from it holds that against the root.
 */
import { crc32 } from 'node:zlib'

import { type Disk, diskErrorCode, type FileHandle } from '@tallystick/journal'
import { TiledTree, TILE_WIDTH, type SortedLeaves, type TileSource } from '@tallystick/proof'

import type { AccountsState } from './accounts-root.ts'
import { ACCOUNT_TREES } from './proof-files.ts'

const MAGIC = Buffer.from('TLYTREE1', 'latin1')
const HEAD_BYTES = 80
const ID_BYTES = 16
const HASH_BYTES = 32
const NAME = /^tree-\d{16}$/

export interface AccountTreesOptions {
  readonly disk: Disk
  /** Of the proofs. */
  readonly directory: string
  readonly journalId: Uint8Array
}

/** One tree as it lies on disk. */
export interface AccountTree {
  readonly accounts: number
  readonly tile: TileSource
  /** Of the leaf at `index`. */
  idAt(index: number): bigint
  /** Index of the first account whose id is not below that one. */
  search(id: bigint): number
  close(): void
}

export class AccountTrees {
  readonly #disk: Disk
  readonly #directory: string
  readonly #journalId: Uint8Array

  constructor({ disk, directory, journalId }: AccountTreesOptions) {
    this.#disk = disk
    this.#directory = `${directory}/${ACCOUNT_TREES}`
    this.#journalId = journalId
  }

  /**
   * Makes and keeps the tree, and lets go of the oldest ones. @param bytesMax of all files, the newest of which is kept in any case.
   * @throws what the disk throws
   */
  keep(through: number, leaves: SortedLeaves, bytesMax: number): AccountsState {
    const path = `${this.#directory}/tree-${String(through).padStart(16, '0')}`
    this.#disk.makeDirectory(this.#directory)
    const file = this.#disk.open(`${path}.part`, 'create')
    let state: AccountsState
    try {
      this.#disk.truncate(file, 0)
      state = this.#write(file, through, leaves)
      this.#disk.fdatasync(file)
    } finally {
      this.#disk.close(file)
    }
    this.#disk.rename(`${path}.part`, path)
    this.#dropOldest(bytesMax)
    this.#disk.syncDirectory(this.#directory)
    return state
  }

  /** The tree with that root; undefined: it is not kept any more. */
  open({ through, accounts, root }: AccountsState): AccountTree | undefined {
    let file: FileHandle
    try {
      const name = `tree-${String(through).padStart(16, '0')}`
      file = this.#disk.open(`${this.#directory}/${name}`, 'read')
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined
      throw error
    }
    const expected = this.#head({ through, accounts, root })
    const head = Buffer.alloc(HEAD_BYTES)
    if (this.#disk.pread(file, head, 0) === HEAD_BYTES && head.equals(expected)) {
      return new StoredTree(this.#disk, file, accounts)
    }
    this.#disk.close(file)
    return undefined
  }

  /** Nobody is given anything of that tree any more. @throws what the disk throws */
  drop({ through }: Pick<AccountsState, 'through'>): void {
    this.#unlink(`tree-${String(through).padStart(16, '0')}`)
    this.#disk.syncDirectory(this.#directory)
  }

  #write(file: FileHandle, through: number, { ids, hashes }: SortedLeaves): AccountsState {
    const accounts = ids.length / ID_BYTES
    this.#put(file, ids, HEAD_BYTES)
    const tree = new TiledTree(({ level, index, hashes: tile }) => {
      this.#put(file, tile, hashAt(accounts, level, Number(index) * TILE_WIDTH))
    })
    tree.append(hashes)
    for (const { level, index, hashes: tile } of tree.edge()) {
      this.#put(file, tile, hashAt(accounts, level, Number(index) * TILE_WIDTH))
    }
    const state = { through, accounts, root: tree.root() }
    this.#put(file, this.#head(state), 0)
    return state
  }

  #head({ through, accounts, root }: AccountsState): Buffer {
    const bytes = Buffer.alloc(HEAD_BYTES)
    MAGIC.copy(bytes)
    bytes.set(this.#journalId, 16)
    bytes.writeBigUInt64LE(BigInt(through), 32)
    bytes.writeBigUInt64LE(BigInt(accounts), 40)
    bytes.set(root, 48)
    bytes.writeUInt32LE(crc32(bytes.subarray(16)), 8)
    return bytes
  }

  #put(file: FileHandle, bytes: Uint8Array, position: number): void {
    if (bytes.length === 0 || this.#disk.pwrite(file, bytes, position) === bytes.length) return
    throw Object.assign(new Error('a tree could not be written whole'), { code: 'ENOSPC' })
  }

  #dropOldest(bytesMax: number): void {
    const names = this.#disk.readdir(this.#directory)
    const trees = names.filter((name) => NAME.test(name))
    let bytes = 0
    for (const [age, name] of trees.sort().reverse().entries()) {
      bytes += this.#sizeOf(name)
      if (age > 0 && bytes > bytesMax) this.#unlink(name)
    }
    // What a crash left half written.
    for (const name of names) if (name.endsWith('.part')) this.#unlink(name)
  }

  /** Another thread may have let go of it at the same time. */
  #unlink(name: string): void {
    try {
      this.#disk.unlink(`${this.#directory}/${name}`)
    } catch (error) {
      if (diskErrorCode(error) !== 'ENOENT') throw error
    }
  }

  #sizeOf(name: string): number {
    let file: FileHandle
    try {
      file = this.#disk.open(`${this.#directory}/${name}`, 'read')
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return 0
      throw error
    }
    try {
      return this.#disk.size(file)
    } finally {
      this.#disk.close(file)
    }
  }
}

class StoredTree implements AccountTree {
  readonly accounts: number
  readonly #disk: Disk
  readonly #file: FileHandle
  readonly #id = Buffer.alloc(ID_BYTES)

  constructor(disk: Disk, file: FileHandle, accounts: number) {
    this.#disk = disk
    this.#file = file
    this.accounts = accounts
  }

  readonly tile: TileSource = (level, index, width) => {
    const bytes = new Uint8Array(width * HASH_BYTES)
    const at = hashAt(this.accounts, level, Number(index) * TILE_WIDTH)
    return bytes.subarray(0, this.#disk.pread(this.#file, bytes, at))
  }

  idAt(index: number): bigint {
    const id = this.#id
    if (this.#disk.pread(this.#file, id, HEAD_BYTES + index * ID_BYTES) !== ID_BYTES) {
      throw new Error(`the tree has no account ${index}`)
    }
    return (id.readBigUInt64LE(8) << 64n) | id.readBigUInt64LE(0)
  }

  search(id: bigint): number {
    let [low, high] = [0, this.accounts]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.idAt(middle) < id) low = middle + 1
      else high = middle
    }
    return low
  }

  close(): void {
    this.#disk.close(this.#file)
  }
}

/** Where hash `index` of a level lies. */
function hashAt(accounts: number, level: number, index: number): number {
  let at = HEAD_BYTES + accounts * ID_BYTES
  let hashes = accounts
  for (let below = 0; below < level; below++) {
    at += hashes * HASH_BYTES
    hashes = Math.floor(hashes / TILE_WIDTH)
  }
  return at + index * HASH_BYTES
}
