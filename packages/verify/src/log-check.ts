/** One pass over a log's bundles and tiles: what is wrong, and the roots that entries and tiles lead to. */
import { equalBytes } from './bytes.ts'
import { LeafSeries } from './leaf-series.ts'
import type { Leaf } from './leaf.ts'
import { GrowingTree, leafHash, treeRoot } from './merkle.ts'
import type { Problems } from './problems.ts'
import { type Opening, readOpenings } from './replay/opening-bundle.ts'
import type { Replay } from './replay/replay.ts'
import { grouped } from './report.ts'
import { HASH_SIZE } from './sha256.ts'
import {
  readEntryBundle,
  readHashTile,
  TILE_WIDTH,
  tilePath,
  TileProblem,
  type TileSource,
} from './tiles.ts'
import { UpperTiles } from './upper-tiles.ts'

/** Files that are asked for before they are needed, so that a far source is not waited for each time. */
const AHEAD = 8
const WIDTH = BigInt(TILE_WIDTH)
/** Bundles that may be missing with their tiles: a checkpoint can claim any size, and nobody waits for what is not there. */
const GAPS_MAX = 16
/** Keeps the place of a root that is not known; the tree's own root is then not told. */
const UNKNOWN = new Uint8Array(HASH_SIZE)

/** A bundle with the tile of its hashes; what could not be read is its problem. */
interface Bundle {
  readonly index: bigint
  readonly width: number
  readonly entries: readonly Uint8Array[] | TileProblem
  readonly tile: readonly Uint8Array[] | TileProblem
  /** undefined: nothing is replayed. */
  readonly openings: readonly Opening[] | TileProblem | undefined
}

/** undefined: so much is missing that there is no root. */
export interface LogRoots {
  readonly entries: Uint8Array | undefined
  readonly tiles: Uint8Array | undefined
}

export interface LogProblems {
  readonly entries: Problems
  readonly tiles: Problems
}

export class LogCheck {
  readonly #source: TileSource
  readonly #size: bigint
  readonly #problems: LogProblems
  readonly #replay: Replay | undefined
  readonly #series = new LeafSeries()
  readonly #upper: UpperTiles
  /** Over the roots of bundles, and of tiles: a tree of whole subtrees of equal height is the tree of their leaves. */
  readonly #entryTree = new GrowingTree()
  readonly #tileTree = new GrowingTree()
  #entriesWhole = true
  #tilesWhole = true
  #gaps = 0

  constructor(source: TileSource, size: bigint, parts: { problems: LogProblems; replay?: Replay }) {
    this.#source = source
    this.#size = size
    this.#problems = parts.problems
    this.#replay = parts.replay
    this.#upper = new UpperTiles(source)
  }

  /** @throws SourceUnreadable */
  async run(onProgress?: (done: bigint, total: bigint) => void): Promise<LogRoots> {
    for await (const bundle of this.#bundles()) {
      await this.#checkBundle(bundle)
      const done = bundle.index * WIDTH + BigInt(bundle.width)
      onProgress?.(done, this.#size)
      if (this.#gaps > GAPS_MAX) return this.#giveUp(done)
    }
    for (const problem of await this.#upper.end()) this.#problems.tiles.add(problem)
    return {
      entries: this.#entriesWhole ? this.#entryTree.root() : undefined,
      tiles: this.#tilesWhole ? this.#tileTree.root() : undefined,
    }
  }

  #giveUp(done: bigint): LogRoots {
    const place = `entry ${grouped(done)} of ${grouped(this.#size)}`
    this.#problems.entries.add(`Too much is missing: the check ends after ${place}.`)
    return { entries: undefined, tiles: undefined }
  }

  async *#bundles(): AsyncGenerator<Bundle> {
    const count = (this.#size + WIDTH - 1n) / WIDTH
    const waiting: Promise<Bundle>[] = []
    let next = 0n
    while (next < count || waiting.length > 0) {
      while (next < count && waiting.length < AHEAD) {
        const bundle = this.#read(next++)
        // While it waits its turn, its failure is nobody's.
        bundle.catch(() => undefined)
        waiting.push(bundle)
      }
      const bundle = await waiting.shift()
      if (bundle !== undefined) yield bundle
    }
  }

  async #read(index: bigint): Promise<Bundle> {
    const left = this.#size - index * WIDTH
    const place = { index, width: left < WIDTH ? Number(left) : TILE_WIDTH }
    const [entries, tile, openings] = await Promise.all([
      readEntryBundle(this.#source, place).catch(asProblem),
      readHashTile(this.#source, { level: 0, ...place }).catch(asProblem),
      this.#replay && readOpenings(this.#source, place).catch(asProblem),
    ])
    return { ...place, entries, tile, openings }
  }

  async #checkBundle(bundle: Bundle): Promise<void> {
    const leaves: (Leaf | undefined)[] = []
    const entries = this.#entryHashes(bundle, leaves)
    const { index, openings } = bundle
    if (openings !== undefined) await this.#replay?.add({ index, leaves, openings })
    const tile = this.#tileHashes(bundle)
    const same = entries !== undefined && tile !== undefined && this.#compare(bundle, entries, tile)
    const entryRoot = entries && treeRoot(entries)
    const tileRoot = same ? entryRoot : tile && treeRoot(tile)
    // What is missing on one side is taken from the other: the rest of the log is worth checking.
    const root = entryRoot ?? tileRoot
    if (root === undefined) this.#gaps++
    this.#entriesWhole &&= entryRoot !== undefined
    this.#tilesWhole &&= tileRoot !== undefined
    this.#entryTree.push(root ?? UNKNOWN)
    this.#tileTree.push(tileRoot ?? UNKNOWN)
    if (bundle.width < TILE_WIDTH) return
    // Where they differ, each tile above would only say so again.
    const differ = entryRoot !== undefined && tileRoot !== undefined && !same
    const problems = await this.#upper.push(differ ? undefined : root)
    for (const problem of problems) this.#problems.tiles.add(problem)
  }

  /** @param leaves where they are put as they are read. */
  #entryHashes(
    { index, width, entries }: Bundle,
    leaves: (Leaf | undefined)[],
  ): Uint8Array[] | undefined {
    const first = index * WIDTH + 1n
    if (entries instanceof TileProblem) {
      const which = `entries ${grouped(first)} to ${grouped(first + BigInt(width) - 1n)}`
      this.#problems.entries.add(`${entries.message}: ${which} are not there to check.`)
      return undefined
    }
    return entries.map((entry, at) => {
      const place = first + BigInt(at)
      const { leaf, problems } = this.#series.check(entry, place)
      leaves.push(leaf)
      for (const problem of problems) {
        this.#problems.entries.add(`${placeOf({ index, width }, at)}: ${problem}.`)
      }
      return leafHash(entry)
    })
  }

  #tileHashes({ tile }: Bundle): readonly Uint8Array[] | undefined {
    if (!(tile instanceof TileProblem)) return tile
    this.#problems.tiles.add(`${tile.message}.`)
    return undefined
  }

  /** @returns whether the entries hash to what the tile lists */
  #compare(bundle: Bundle, hashes: readonly Uint8Array[], tile: readonly Uint8Array[]): boolean {
    const wrong = hashes.flatMap((hash, at) => (equalBytes(hash, tile[at] ?? hash) ? [] : [at]))
    for (const at of wrong) {
      this.#problems.entries.add(
        `${placeOf(bundle, at)}: the leaf does not hash to what the tree has in ${tilePath({ ...bundle, level: 0 })}.`,
      )
    }
    return wrong.length === 0
  }
}

/** `Entry 1,234 (tile/entries/004, 210th)`. */
function placeOf({ index, width }: Pick<Bundle, 'index' | 'width'>, at: number): string {
  const path = tilePath({ level: 'entries', index, width })
  return `Entry ${grouped(index * WIDTH + BigInt(at + 1))} (${path}, ${ordinal(at + 1)})`
}

function ordinal(number: number): string {
  const teen = number % 100 >= 11 && number % 100 <= 13
  return `${number}${(teen ? undefined : ['', 'st', 'nd', 'rd'][number % 10]) || 'th'}`
}

function asProblem(error: unknown): TileProblem {
  if (error instanceof TileProblem) return error
  throw error
}
