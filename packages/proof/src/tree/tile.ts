/**
 * Tiles of the tree: which there are, how wide they are, and their paths
 * (C2SP tlog-tiles, https://c2sp.org/tlog-tiles). Indexes and sizes count from 0.
 */

export const HASH_SIZE = 32
/** Levels of the tree that one level of tiles spans. */
export const TILE_HEIGHT = 8
/** Hashes of a full tile. */
export const TILE_WIDTH = 256
export const TILE_BYTES = TILE_WIDTH * HASH_SIZE
const LEVEL_MAX = 63

/** A tile of hashes. Hash n of it is the root over `256 ** level` leaves. */
export interface TileId {
  /** 0: leaf hashes. */
  readonly level: number
  readonly index: bigint
  /** 1 … 256 hashes; 256 is a full tile. */
  readonly width: number
}

/** How many hashes the tile has in a tree of `size` leaves: 0 … 256. */
export function tileWidth(level: number, index: bigint, size: bigint): number {
  const hashes = (size >> BigInt(level * TILE_HEIGHT)) - index * BigInt(TILE_WIDTH)
  if (hashes <= 0n) return 0
  return hashes >= TILE_WIDTH ? TILE_WIDTH : Number(hashes)
}

/** The partial tiles of a tree of `size` leaves, one at most for each level, the lowest level first. */
export function partialTiles(size: bigint): TileId[] {
  const tiles: TileId[] = []
  for (let [level, hashes] = [0, size]; hashes > 0n; level++, hashes >>= 8n) {
    const width = Number(hashes & 0xffn)
    if (width > 0) tiles.push({ level, index: hashes >> 8n, width })
  }
  return tiles
}

/** What a path names: a tile, the bundle of the entries whose hashes tile (0, index) has, or of what these entries commit to. */
export interface TilePath extends Omit<TileId, 'level'> {
  /** Openings are an auditor's: tlog-tiles does not know them, and no server shows them. */
  readonly level: number | 'entries' | 'openings'
}

/** Like `tile/0/x001/x234/067` or `tile/entries/000.p/17`, without a slash in front. */
export function tilePath({ level, index, width }: TilePath): string {
  const digits = index.toString()
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? []
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group))
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`
  return `tile/${level}/${number.join('/')}${partial}`
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,6}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/

/** What tlog-tiles knows. */
type ServedPath = TilePath & { readonly level: number | 'entries' }

/** Only the one canonical spelling is accepted. @returns undefined when `path` names no tile. */
export function parseTilePath(path: string): ServedPath | undefined {
  const [, level = '', number = '', width] = PATH.exec(path) ?? []
  const tile: ServedPath = {
    level: level === 'entries' ? level : Number(level),
    index: BigInt(number.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  }
  if (tile.level !== 'entries' && tile.level > LEVEL_MAX) return undefined
  return tilePath(tile) === path ? tile : undefined
}
