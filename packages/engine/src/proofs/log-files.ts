/**
 * The files of a log (c2sp.org/tlog-tiles) as the book alone makes them, for whoever has the data and believes nobody who serves it: no key, no snapshot and nothing that the
 * proof log kept is read.
 */
import { setImmediate as turn } from 'node:timers/promises'

import { PieceReader, RealDisk } from '@tallystick/journal'
import {
  encodeEntryBundle,
  HASH_SIZE,
  LeafMaker,
  openLeaves,
  TILE_WIDTH,
  TiledTree,
  type TilePath,
  tilePath,
} from '@tallystick/proof'

import type { BookBody } from '../book-body.ts'
import { FrameMemory } from '../frame-memory.ts'
import { bookDirectory } from '../recovery.ts'
import { AccountIds } from './account-ids.ts'
import type { RootsOptions } from './root-at.ts'

/** Bytes of the journal that are read at a time; others have their turn between. */
const PIECE_BYTES = 4 * 1024 * 1024

/** @param path like `tile/entries/000`. */
export type WriteLogFile = (path: string, bytes: Uint8Array) => void

export interface LogFilesOptions extends RootsOptions {
  /** Only the tree of so many events, or of all when there are fewer: tiles that are not full are then those of an older checkpoint. */
  readonly size?: number
}

export interface LogFilesReport {
  /** In the tree. */
  readonly events: number
  /** Of that tree, 32 bytes. */
  readonly root: Uint8Array
}

/**
 * Every hash tile and every bundle of entries, once each: those that are not full come last. All that is durable when it is reached is in them; a server may run meanwhile.
 * @throws JournalCorrupt, JournalRefused, what the disk and `write` throw
 */
export async function writeLogFiles(
  { directory, disk = new RealDisk(), shard = 0, size = Number.POSITIVE_INFINITY }: LogFilesOptions,
  write: WriteLogFile,
): Promise<LogFilesReport> {
  const reader = new PieceReader({ disk, shard, directory: bookDirectory(directory) })
  const log = new LogWriter(write, size)
  const frames = new FrameMemory()
  while (!log.isWhole) {
    const piece = reader.next(PIECE_BYTES, (frame) => {
      // One without events only says what was durable: at a stop there is one.
      if (frame.count > 0) log.add(frames.body(frame))
    })
    if (piece === undefined) break
    await turn()
  }
  return log.end()
}

class LogWriter {
  readonly #write: WriteLogFile
  readonly #size: number
  readonly #tree: TiledTree
  readonly #accounts = new AccountIds(new Uint8Array(0))
  readonly #leaves = new LeafMaker(this.#accounts.copy)
  /** Of the bundle that is not full yet. */
  #entries: Uint8Array[] = []
  #bundles = 0n

  constructor(write: WriteLogFile, size: number) {
    this.#write = write
    this.#size = size
    this.#tree = new TiledTree(({ hashes, ...id }) => this.#file(id, hashes))
  }

  get isWhole(): boolean {
    return Number(this.#tree.size) >= this.#size
  }

  add(body: BookBody): void {
    if (this.isWhole) return
    this.#accounts.learn(body)
    const count = Math.min(body.count, this.#size - Number(this.#tree.size))
    for (const { leaf } of openLeaves(body, { first: 0, count }, this.#accounts.copy)) {
      this.#entries.push(leaf)
      if (this.#entries.length === TILE_WIDTH) this.#bundle()
    }
    this.#tree.append(this.#leaves.leafHashes(body).subarray(0, count * HASH_SIZE))
  }

  end(): LogFilesReport {
    if (this.#entries.length > 0) this.#bundle()
    for (const { hashes, ...id } of this.#tree.edge()) this.#file(id, hashes)
    return { events: Number(this.#tree.size), root: this.#tree.root() }
  }

  #bundle(): void {
    const entries = this.#entries
    const id = { level: 'entries', index: this.#bundles, width: entries.length } as const
    this.#file(id, encodeEntryBundle(entries))
    this.#entries = []
    this.#bundles++
  }

  #file(id: TilePath, bytes: Uint8Array): void {
    this.#write(tilePath(id), bytes)
  }
}
