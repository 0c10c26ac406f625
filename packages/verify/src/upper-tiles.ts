/** The tiles above level 0, held against the roots of the full tiles below them as these come in. */
import { equalBytes } from './bytes.ts'
import { treeRoot } from './merkle.ts'
import { grouped } from './report.ts'
import { readHashTile, TILE_WIDTH, tilePath, TileProblem, type TileSource } from './tiles.ts'

interface Level {
  /** Roots that wait for their tile to be full; undefined: not known, as something below is missing. */
  hashes: (Uint8Array | undefined)[]
  /** Full tiles that were held against theirs. */
  done: bigint
}

export class UpperTiles {
  readonly #source: TileSource
  readonly #levels: Level[] = []

  constructor(source: TileSource) {
    this.#source = source
  }

  /**
   * @param root of the next full tile of the level below; undefined when it is not known
   * @returns problems as sentences. @throws SourceUnreadable
   */
  async push(root: Uint8Array | undefined, level = 1): Promise<string[]> {
    const row = this.#row(level)
    row.hashes.push(root)
    if (row.hashes.length < TILE_WIDTH) return []
    const problems = await this.#compare(level, row)
    const known = row.hashes.filter((hash) => hash !== undefined)
    const upper = known.length === TILE_WIDTH ? treeRoot(known) : undefined
    row.hashes = []
    row.done++
    return [...problems, ...(await this.push(upper, level + 1))]
  }

  /** The partial tiles at the right edge. @returns problems as sentences. @throws SourceUnreadable */
  async end(): Promise<string[]> {
    const problems: string[] = []
    for (const [at, row] of this.#levels.entries()) {
      if (row.hashes.length > 0) problems.push(...(await this.#compare(at + 1, row)))
    }
    return problems
  }

  #row(level: number): Level {
    return (this.#levels[level - 1] ??= { hashes: [], done: 0n })
  }

  async #compare(level: number, { hashes, done }: Level): Promise<string[]> {
    const place = { level, index: done, width: hashes.length }
    try {
      const listed = await readHashTile(this.#source, place)
      return listed.flatMap((hash, at) => {
        const root = hashes[at]
        if (root === undefined || equalBytes(hash, root)) return []
        return [
          `Hash ${at + 1} of ${tilePath(place)} is not the root of the tile below it, tile ${grouped(done * BigInt(TILE_WIDTH) + BigInt(at))} of level ${level - 1}.`,
        ]
      })
    } catch (error) {
      if (error instanceof TileProblem) return [`${error.message}.`]
      throw error
    }
  }
}
