/**
 * The files of a log (c2sp.org/tlog-tiles) as the book alone makes them, for whoever has the data and believes nobody who serves it: no key, no snapshot and nothing that the
 * proof log kept is read. With openings, if they are asked for (docs/decisions/0025-replay.md).
 */
import { setImmediate as turn } from 'node:timers/promises'

import { PieceReader, RealDisk } from '@tallystick/journal'
import { BodyField, Memory, Operation, RecordCursor, SALT_BYTES } from '@tallystick/ledger'
import {
  encodeEntryBundle,
  encodeOpeningBundle,
  HASH_SIZE,
  LeafMaker,
  type Opening,
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
import { statedRoot } from './accounts-root.ts'
import type { RootsOptions } from './root-at.ts'

/** Bytes of the journal that are read at a time; others have their turn between. */
const PIECE_BYTES = 4 * 1024 * 1024

/** @param path like `tile/entries/000`. */
export type WriteLogFile = (path: string, bytes: Uint8Array) => void

export interface LogFilesOptions extends RootsOptions {
  /** Only the tree of so many events, or of all when there are fewer: tiles that are not full are then those of an older checkpoint. */
  readonly size?: number
  /** Also what the leaves commit to: accounts, amounts, balances, metadata. */
  readonly openings?: boolean
  /** @param total undefined: not known, since the book is read only once. */
  readonly onProgress?: (done: number, total: number | undefined) => void
}

export interface LogFilesReport {
  /** In the tree. */
  readonly events: number
  /** Of that tree, 32 bytes. */
  readonly root: Uint8Array
}

/**
 * Every hash tile and every bundle, once each: those that are not full come last. All that is durable when it is reached is in them; a server may run meanwhile. Memory does not grow
 * with the book, but for 16 bytes for each account.
 * @throws JournalCorrupt, JournalRefused, what the disk and `write` throw
 */
export async function writeLogFiles(
  options: LogFilesOptions,
  write: WriteLogFile,
): Promise<LogFilesReport> {
  const { size = Number.POSITIVE_INFINITY, onProgress = () => {} } = options
  const stated = options.openings === true ? await findStated(options, size) : undefined
  const log = new LogWriter(write, { size: stated?.events ?? size, stated: stated?.through })
  await readBook(options, (body) => {
    log.add(body)
    onProgress(log.events, stated?.events)
    return !log.isWhole
  })
  return log.end()
}

/** @param use of each frame in its order, until it says that it has enough. */
async function readBook(
  { directory, disk = new RealDisk(), shard = 0 }: RootsOptions,
  use: (body: BookBody) => boolean,
): Promise<void> {
  const reader = new PieceReader({ disk, shard, directory: bookDirectory(directory) })
  const frames = new FrameMemory()
  const reading = { isEnough: false }
  while (!reading.isEnough) {
    const piece = reader.next(PIECE_BYTES, (frame) => {
      // A mark says how far the book is durable, and has no body.
      if (frame.count === 0 || reading.isEnough) return
      reading.isEnough = !use(frames.body(frame))
    })
    if (piece === undefined) return
    await turn()
  }
}

/** Events of which a later statement says how accounts were after them, and how many events there are: a statement that comes meanwhile is of the next export. */
async function findStated(
  options: LogFilesOptions,
  size: number,
): Promise<{ through: Set<number>; events: number }> {
  const through = new Set<number>()
  const cursor = new RecordCursor(Memory.allocate(8))
  let events = 0
  await readBook(options, (body) => {
    const { u8 } = body.memory
    const count = Math.min(body.count, size - events)
    for (let index = 0; index < count; index++) {
      if (u8[body.recordAt(index)] !== Operation.attest) continue
      const root = statedRoot(body.point(index, cursor))
      if (root !== undefined) through.add(root.through)
    }
    events += count
    return events < size
  })
  return { through, events }
}

class LogWriter {
  readonly #write: WriteLogFile
  readonly #size: number
  /** undefined: no openings are wanted. */
  readonly #stated: ReadonlySet<number> | undefined
  readonly #tree: TiledTree
  readonly #accounts = new AccountIds(new Uint8Array(0))
  readonly #leaves = new LeafMaker(this.#accounts.copy)
  /** Of the bundles that are not full yet. */
  #entries: Uint8Array[] = []
  #openings: Opening[] = []
  #bundles = 0n

  constructor(
    write: WriteLogFile,
    { size, stated }: { size: number; stated: ReadonlySet<number> | undefined },
  ) {
    this.#write = write
    this.#size = size
    this.#stated = stated
    this.#tree = new TiledTree(({ hashes, ...id }) => this.#file(id, hashes))
  }

  get events(): number {
    return Number(this.#tree.size)
  }

  get isWhole(): boolean {
    return this.events >= this.#size
  }

  add(body: BookBody): void {
    if (this.isWhole) return
    this.#accounts.learn(body)
    const count = Math.min(body.count, this.#size - this.events)
    const opened = openLeaves(body, { first: 0, count }, this.#accounts.copy)
    for (const [index, { leaf, ...opening }] of opened.entries()) {
      this.#entries.push(leaf)
      if (this.#stated !== undefined)
        this.#openings.push({ ...opening, ...this.#salt(body, index) })
      if (this.#entries.length === TILE_WIDTH) this.#bundle()
    }
    this.#tree.append(this.#leaves.leafHashes(body).subarray(0, count * HASH_SIZE))
  }

  end(): LogFilesReport {
    if (this.#entries.length > 0) this.#bundle()
    for (const { hashes, ...id } of this.#tree.edge()) this.#file(id, hashes)
    return { events: this.events, root: this.#tree.root() }
  }

  #salt(body: BookBody, index: number): Pick<Opening, 'frameSalt'> {
    if (this.#stated?.has(body.firstSequence + index) !== true) return {}
    const from = body.start + BodyField.salt
    return { frameSalt: body.memory.u8.slice(from, from + SALT_BYTES) }
  }

  #bundle(): void {
    const place = { index: this.#bundles, width: this.#entries.length }
    this.#file({ level: 'entries', ...place }, encodeEntryBundle(this.#entries))
    if (this.#stated !== undefined) {
      this.#file({ level: 'openings', ...place }, encodeOpeningBundle(this.#openings))
    }
    this.#entries = []
    this.#openings = []
    this.#bundles++
  }

  #file(id: TilePath, bytes: Uint8Array): void {
    this.#write(tilePath(id), bytes)
  }
}
