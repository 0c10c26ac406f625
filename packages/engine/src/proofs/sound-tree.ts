/**
 * What is given out of the tree: nothing that does not lead to a root that was signed, or that the tree itself was published with. Where the files do not hold,
 * which is a disk's doing, they are made again from the book.
 */
import {
  consistencyProof,
  HASH_SIZE,
  inclusionProof,
  rootFromTiles,
  TILE_WIDTH,
  TileBroken,
  type TileId,
  tileHash,
  TreeDamaged,
  type TreeHead,
} from '@tallystick/proof'
import { equalBytes, verifyConsistency, verifyInclusion } from '@tallystick/verify'

import type { ProofLog } from './proof-log.ts'

export class SoundTree {
  readonly #proofs: ProofLog

  constructor(proofs: ProofLog) {
    this.#proofs = proofs
  }

  /** Of the leaf with this hash. @throws TreeDamaged */
  inclusion(index: bigint, leaf: Uint8Array, { size, root }: TreeHead): Uint8Array[] {
    return this.#held(`no proof of event ${index + 1n} leads to the signed root`, () => {
      const proof = inclusionProof(this.#proofs.tile, index, size)
      return verifyInclusion({ index, size, leaf, proof, root }) ? proof : undefined
    })
  }

  /** Of consistency with the tree of `first` leaves. @throws TreeDamaged */
  growth(first: bigint, second: TreeHead): Uint8Array[] {
    return this.#held(`no proof leads from ${first} events to ${second.size}`, () => {
      const { tile } = this.#proofs
      const proof = consistencyProof(tile, first, second.size)
      const claim = { first, second: second.size, secondRoot: second.root, proof }
      // The older root is not known here: a proof that leads to the newer one has true hashes only.
      const firstRoot = rootFromTiles(tile, first)
      return verifyConsistency({ ...claim, firstRoot }) ? proof : undefined
    })
  }

  /** A tile's hashes; undefined: the tree has not as many. @throws TreeDamaged */
  tile({ level, index, width }: TileId): Uint8Array | undefined {
    const { head, tile } = this.#proofs
    const leaves = 256n ** BigInt(level)
    const whole = BigInt(head.size) / leaves - index * BigInt(TILE_WIDTH)
    if (whole < width) return undefined
    return this.#held(`tile ${index} of level ${level} is not what was hashed`, () => {
      const bytes = tile(level, index, width)
      const isFull = whole >= TILE_WIDTH
      const holds = isFull ? this.#isFullTileSound({ level, index }) : this.#isEdgeSound()
      return holds && bytes.length >= width * HASH_SIZE ? bytes : undefined
    })
  }

  /** The level above has its hash. */
  #isFullTileSound({ level, index }: Pick<TileId, 'level' | 'index'>): boolean {
    const { tile } = this.#proofs
    const width = BigInt(TILE_WIDTH)
    const at = Number(index % width)
    const above = tile(level + 1, index / width, at + 1)
    const bytes = tile(level, index, TILE_WIDTH)
    if (bytes.length !== TILE_WIDTH * HASH_SIZE) return false
    return equalBytes(tileHash(bytes), above.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE))
  }

  /** The tiles that are not full come to the root. */
  #isEdgeSound(): boolean {
    const { head, tile } = this.#proofs
    return equalBytes(rootFromTiles(tile, BigInt(head.size)), head.root)
  }

  #held<Shown>(why: string, show: () => Shown | undefined): Shown {
    try {
      const shown = show()
      if (shown !== undefined) return shown
    } catch (error) {
      if (!(error instanceof TileBroken)) throw error
    }
    this.#proofs.remake(why)
    throw new TreeDamaged(`The files of the proof log are damaged, and made again: ${why}.`)
  }
}
