/** The tree that a log's hash tiles make: the root at any size, and proofs of consistency computed from them. */
import { nodeHash, treeRoot } from './merkle.ts'
import { readHashTile, TILE_WIDTH, type TileSource, tilePath, tileWidth } from './tiles.ts'

/** Levels of the tree in one tile. */
const TILE_HEIGHT = 8
const WIDTH = BigInt(TILE_WIDTH)

/** Leaves `from` to `to`; `from` is a multiple of the largest power of two below their number. */
interface Range {
  readonly from: bigint
  readonly to: bigint
}

/** What is read is not trusted: a root or a proof made of it has to lead to one that is. */
export class TileTree {
  readonly #source: TileSource
  readonly #size: bigint
  readonly #tiles = new Map<string, Promise<Uint8Array[]>>()

  /** @param size of a tree that the log has signed, 1 at least: it says which partial tiles there are */
  constructor(source: TileSource, size: bigint) {
    this.#source = source
    this.#size = size
  }

  /** Root of the first `size` leaves, 1 at least. @throws TileProblem, SourceUnreadable */
  root(size: bigint): Promise<Uint8Array> {
    return this.#root({ from: 0n, to: size })
  }

  /**
   * PROOF(first, D[size]) of RFC 9162, 2.1.4.1, for 0 < first ≤ size.
   * @throws TileProblem, SourceUnreadable
   */
  async consistency(first: bigint): Promise<Uint8Array[]> {
    const siblings: Range[] = []
    let range: Range = { from: 0n, to: this.#size }
    let whole = true
    while (first !== range.to) {
      const middle = middleOf(range)
      const left = { from: range.from, to: middle }
      const right = { from: middle, to: range.to }
      const down = first <= middle
      siblings.push(down ? right : left)
      whole &&= down
      range = down ? left : right
    }
    const ranges = whole ? siblings : [...siblings, range]
    return Promise.all(ranges.toReversed().map((each) => this.#root(each)))
  }

  async #root(range: Range): Promise<Uint8Array> {
    const { from, to } = range
    const length = to - from
    if ((length & (length - 1n)) === 0n) return this.#node(from, length)
    const middle = middleOf(range)
    const right = await this.#root({ from: middle, to })
    return nodeHash(await this.#root({ from, to: middle }), right)
  }

  /** Root of `length` leaves, a power of two of which `from` is a multiple: it lies in a tile, or below one hash of it. */
  async #node(from: bigint, length: bigint): Promise<Uint8Array> {
    const height = length.toString(2).length - 1
    const level = Math.floor(height / TILE_HEIGHT)
    const start = from >> BigInt(level * TILE_HEIGHT)
    const hashes = await this.#tile(level, start / WIDTH)
    const at = Number(start % WIDTH)
    return treeRoot(hashes.slice(at, at + 2 ** (height % TILE_HEIGHT)))
  }

  #tile(level: number, index: bigint): Promise<Uint8Array[]> {
    const place = { level, index, width: tileWidth(level, index, this.#size) }
    const path = tilePath(place)
    const known = this.#tiles.get(path)
    if (known !== undefined) return known
    const read = readHashTile(this.#source, place)
    this.#tiles.set(path, read)
    return read
  }
}

/** Where RFC 9162 splits: after the largest power of two of leaves that is smaller than the range. */
function middleOf({ from, to }: Range): bigint {
  const last = to - from - 1n
  return from + (1n << BigInt(last.toString(2).length - 1))
}
