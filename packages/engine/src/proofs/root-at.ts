/** Roots of the proof log's tree as the book gives them, for whoever holds a copy of a book against what was signed of it. */
import { setImmediate as turn } from 'node:timers/promises'

import { type Disk, JournalFollower, PieceReader, RealDisk } from '@tallystick/journal'
import { HASH_SIZE, LeafMaker, rootFromTiles, TiledTree } from '@tallystick/proof'

import { FrameMemory } from '../frame-memory.ts'
import { bookDirectory, proofsDirectory } from '../recovery.ts'
import { AccountIds } from './account-ids.ts'
import { ProofFiles } from './proof-files.ts'
import { tilesOf } from './proof-maker.ts'

/** Events between which others have their turn: some 10 ms of work. */
const TURN_EVENTS = 8_192

export interface RootsOptions {
  /** Of the data. */
  readonly directory: string
  readonly disk?: Disk
  readonly shard?: number
}

/**
 * The roots of the trees of `sizes` events, 32 bytes each, hashed from the book alone: nothing that was kept is believed. Some 0.5 M events a second.
 * @param sizes ascending; the book has as many events. @throws JournalCorrupt, JournalRefused, what the disk throws.
 */
export async function rootsOfBook(
  options: RootsOptions,
  sizes: readonly number[],
): Promise<Uint8Array[]> {
  const { disk = new RealDisk() } = options
  const book = bookDirectory(options.directory)
  const through = Math.max(0, ...sizes)
  const journalId = journalIdOf(options)
  const follower = new JournalFollower({ disk, directory: book, journalId, after: 0 })
  try {
    const tree = new BookTree(sizes)
    const frames = new FrameMemory()
    let until = TURN_EVENTS
    for (const frame of follower.frames(through)) {
      tree.add(frames.body(frame))
      if (tree.size < until) continue
      until = tree.size + TURN_EVENTS
      await turn()
    }
    return tree.roots()
  } finally {
    follower.close()
  }
}

/**
 * The root of the tree of `size` events: from the files of the proof log where they reach as far and hold, else from the book. Quick, and as
 * true as those files are.
 */
export async function rootAt(options: RootsOptions, size: number): Promise<Uint8Array> {
  const kept = rootOfFiles(options, size)
  if (kept !== undefined) return kept
  const [root = new Uint8Array(0)] = await rootsOfBook(options, [size])
  return root
}

function rootOfFiles(options: RootsOptions, size: number): Uint8Array | undefined {
  const { directory, disk = new RealDisk() } = options
  const journalId = journalIdOf(options)
  const files = new ProofFiles({
    ...{ disk, journalId, directory: proofsDirectory(directory), mode: 'read' },
  })
  try {
    const head = files.readHead()
    if (head === undefined || head.size < size) return undefined
    const whole = rootFromTiles(tilesOf(files), BigInt(head.size))
    if (Buffer.compare(whole, head.root) !== 0) return undefined
    return rootFromTiles(tilesOf(files), BigInt(size))
  } catch {
    // They are made again by their owner; the book knows it too.
    return undefined
  } finally {
    files.close()
  }
}

function journalIdOf({ directory, disk = new RealDisk(), shard = 0 }: RootsOptions): Uint8Array {
  return new PieceReader({ disk, shard, directory: bookDirectory(directory) }).journalId
}

/** Hashes bodies in their order, and stops for a root wherever one is wanted. */
class BookTree {
  readonly #wanted: number[]
  readonly #roots: Uint8Array[] = []
  readonly #tree = new TiledTree(() => {})
  readonly #accounts = new AccountIds(new Uint8Array(0))
  readonly #leaves = new LeafMaker(this.#accounts.copy)

  constructor(sizes: readonly number[]) {
    this.#wanted = [...sizes]
  }

  get size(): number {
    return Number(this.#tree.size)
  }

  add(body: ReturnType<FrameMemory['body']>): void {
    this.#accounts.learn(body)
    let hashes: Uint8Array = this.#leaves.leafHashes(body)
    for (;;) {
      this.#take()
      const [next] = this.#wanted
      const left = (next ?? Number.POSITIVE_INFINITY) - Number(this.#tree.size)
      const here = Math.min(hashes.length, left * HASH_SIZE)
      if (here === 0) return
      this.#tree.append(hashes.subarray(0, here))
      hashes = hashes.subarray(here)
    }
  }

  roots(): Uint8Array[] {
    this.#take()
    const [missing] = this.#wanted
    if (missing === undefined) return this.#roots
    throw new RangeError(`the book has ${this.#tree.size} events, not ${missing}`)
  }

  #take(): void {
    while (this.#wanted[0] === Number(this.#tree.size)) {
      this.#roots.push(this.#tree.root())
      this.#wanted.shift()
    }
  }
}
