/** Where tiles are read: the port, the check of what comes from it, and a cache in front of it. */
import { HASH_SIZE, type TileId } from './tile.ts'

/**
 * Gives a tile's hashes, 32 bytes each: at least `width` of them, so that a wider tile may stand for a partial one that is
 * no longer there. What it throws, the reader throws.
 */
export type TileSource = (level: number, index: bigint, width: number) => Uint8Array

/** The same over a network. */
export type RemoteTileSource = (level: number, index: bigint, width: number) => Promise<Uint8Array>

/** A tile is not as long as it has to be. */
export class TileBroken extends Error {
  override readonly name = 'TileBroken'
}

/** Exactly the tile's hashes. @throws TileBroken */
export function readTile(source: TileSource, id: TileId): Uint8Array {
  return exactly(id, source(id.level, id.index, id.width))
}

/** @throws TileBroken */
export async function fetchTile(source: RemoteTileSource, id: TileId): Promise<Uint8Array> {
  return exactly(id, await source(id.level, id.index, id.width))
}

function exactly({ level, index, width }: TileId, bytes: Uint8Array): Uint8Array {
  if (bytes.length >= width * HASH_SIZE) return bytes.subarray(0, width * HASH_SIZE)
  const [has, needs] = [bytes.length, width * HASH_SIZE]
  throw new TileBroken(`Tile ${index} of level ${level} has ${has} bytes, and needs ${needs}.`)
}

/** A source that remembers the tiles that were asked for last. @param capacity tiles of 8 KiB at most. */
export function cachedTiles(source: TileSource, capacity: number): TileSource {
  const known = new Map<string, Uint8Array>()
  return (level, index, width) => {
    const key = `${level}/${index}`
    const kept = known.get(key)
    const tile =
      kept !== undefined && kept.length >= width * HASH_SIZE ? kept : source(level, index, width)
    // A map goes through its keys in the order in which they were put in: the first is the one not used for longest.
    known.delete(key)
    known.set(key, tile)
    const [oldest] = known.keys()
    if (known.size > capacity && oldest !== undefined) known.delete(oldest)
    return tile
  }
}
