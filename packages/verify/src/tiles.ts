/** Where the tiles of a log lie (c2sp.org/tlog-tiles), and their reading from whatever holds them. */
import { HASH_SIZE } from './sha256.ts'

/** Hashes of a full tile, and entries of a full bundle. */
export const TILE_WIDTH = 256

/** A directory or a web address that a log publishes its files under. */
export interface TileSource {
  /**
   * @param path below the log's prefix: `checkpoint`, `tile/0/x001/234`
   * @returns undefined when there is no such file
   * @throws SourceUnreadable
   */
  readonly read: (path: string) => Promise<Uint8Array | undefined>
}

/** The source does not answer, which says nothing of the log; the message says why. */
export class SourceUnreadable extends Error {
  override readonly name = 'SourceUnreadable'
}

/** A tile or bundle that is missing or not what it should be; the message names it. */
export class TileProblem extends Error {
  override readonly name = 'TileProblem'
}

export interface TilePlace {
  /** 0 … 63; `entries` for the leaves themselves, `openings` for what they commit to. */
  readonly level: number | 'entries' | 'openings'
  /** Of the tile in its level, from 0. */
  readonly index: bigint
  /** 1 … 256 hashes or entries. */
  readonly width: number
}

/** `tile/0/x001/x234/067`, and `.p/112` when it is not full. */
export function tilePath({ level, index, width }: TilePlace): string {
  const digits = index.toString()
  const groups = digits
    .padStart(Math.ceil(digits.length / 3) * 3, '0')
    .match(/\d{3}/g) as readonly string[]
  const steps = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group))
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`
  return `tile/${level}/${steps.join('/')}${partial}`
}

/** Width of the tile, in a tree of `size` leaves. 0: there is none. */
export function tileWidth(level: number, index: bigint, size: bigint): number {
  const hashes = size >> BigInt(8 * level)
  const left = hashes - index * BigInt(TILE_WIDTH)
  if (left <= 0n) return 0
  return left < TILE_WIDTH ? Number(left) : TILE_WIDTH
}

/**
 * The file, or the full one in whose place a partial one was: a log may delete partial tiles once the full one is there.
 * @throws TileProblem when it is missing, SourceUnreadable
 */
export async function readTileFile(
  source: TileSource,
  place: TilePlace,
): Promise<{ bytes: Uint8Array; path: string; width: number }> {
  const path = tilePath(place)
  const bytes = await source.read(path)
  if (bytes !== undefined) return { bytes, path, width: place.width }
  const full = { ...place, width: TILE_WIDTH }
  const whole = place.width === TILE_WIDTH ? undefined : await source.read(tilePath(full))
  if (whole !== undefined) return { bytes: whole, path: tilePath(full), width: TILE_WIDTH }
  throw new TileProblem(`${path} is missing`)
}

/** @returns as many hashes as the place is wide. @throws TileProblem, SourceUnreadable */
export async function readHashTile(source: TileSource, place: TilePlace): Promise<Uint8Array[]> {
  const { bytes, path, width } = await readTileFile(source, place)
  if (bytes.length !== width * HASH_SIZE) {
    throw new TileProblem(
      `${path} has ${bytes.length} bytes, but ${width} hashes have ${width * HASH_SIZE}`,
    )
  }
  return Array.from({ length: place.width }, (_, at) =>
    bytes.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE),
  )
}

/** @returns as many entries as the place is wide. @throws TileProblem, SourceUnreadable */
export async function readEntryBundle(
  source: TileSource,
  place: Omit<TilePlace, 'level'>,
): Promise<Uint8Array[]> {
  const { bytes, path, width } = await readTileFile(source, { ...place, level: 'entries' })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: Uint8Array[] = []
  let at = 0
  for (let entry = 1; entry <= width; entry++) {
    const start = at + 2
    const end = start > bytes.length ? Infinity : start + view.getUint16(at)
    if (end > bytes.length) throw new TileProblem(`${path} ends in the middle of entry ${entry}`)
    entries.push(bytes.subarray(start, end))
    at = end
  }
  if (at === bytes.length) return entries.slice(0, place.width)
  throw new TileProblem(`${path} has ${bytes.length - at} bytes after its ${width} entries`)
}
