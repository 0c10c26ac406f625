/** Drives the maker of leaves and the tree alone: no ledger, no journal. */
import { hash } from 'node:crypto'

import type { Memory } from '@tallystick/ledger'
import { assert } from '@tallystick/money'
import { LeafMaker, TiledTree } from '@tallystick/proof'

import { Xorshift } from '../load/random.ts'
import { Samples } from '../load/samples.ts'
import { makeFrame } from './frames.ts'
import type { ProofReport, ProofSpec, ProofStretch, Sort } from './spec.ts'

/** Of the ledger: an account's id is the beginning of a row of 256 bytes. */
const ROW_WORDS = 64
/** More than a cache holds. */
const FRAMES = 8
/** Blocks of SHA-256 for the leaf of a plain transfer: salts, both sides, content, leaf, and a node above. */
const BLOCKS = 11
const BLOCK_BYTES = 64

export function runProof(spec: ProofSpec): ProofReport {
  const bench = new ProofBench(spec)
  const warm = new Set<Sort>()
  const stretches: ProofStretch[] = []
  for (const { sort, leaves } of spec.stretches) {
    const stretch = bench.stretch(sort, leaves)
    if (warm.has(sort)) stretches.push(stretch)
    warm.add(sort)
  }
  return { stretches, bareNs: measureBare(spec), tiles: bench.tiles }
}

class ProofBench {
  tiles = 0
  readonly #frames: Record<Sort, Memory[]>
  readonly #maker: LeafMaker
  readonly #tree = new TiledTree(() => void this.tiles++)
  #sequence = 1

  constructor(spec: ProofSpec) {
    const random = new Xorshift(spec.seed)
    const rows = new Uint32Array(spec.accounts * ROW_WORDS)
    for (let at = 0; at < rows.length; at++) rows[at] = random.u32()
    this.#maker = new LeafMaker((slot, target, at) => {
      const from = slot * ROW_WORDS
      for (let word = 0; word < 4; word++) target[at + word] = rows[from + word] as number
    })
    const frames = (sort: Sort): Memory[] =>
      Array.from({ length: FRAMES }, () => makeFrame(spec, random, sort))
    this.#frames = { plain: frames('plain'), posts: frames('posts') }
  }

  stretch(sort: Sort, leaves: number): ProofStretch {
    const latencies = new Samples()
    const cpu = process.threadCpuUsage()
    let done = 0
    for (let frame = 0; done < leaves; frame++) {
      const memory = this.#frames[sort][frame % FRAMES]
      assert(memory !== undefined)
      const begun = performance.now()
      const hashes = this.#maker.leafHashes({ memory, start: 0, firstSequence: this.#sequence })
      this.#tree.append(hashes)
      latencies.add(performance.now() - begun)
      done += hashes.length / 32
      this.#sequence += hashes.length / 32
    }
    const { user, system } = process.threadCpuUsage(cpu)
    assert(this.#tree.size === BigInt(this.#sequence - 1), 'a leaf for each event')
    const taken = latencies.take()
    const seconds = taken.reduce((sum, ms) => sum + ms, 0) / 1_000
    return { sort, leaves: done, seconds, cpuSeconds: (user + system) / 1e6, latencies: taken }
  }
}

/** One message of all blocks of a frame's leaves: the fastest that the machine hashes, and of no use for a tree. */
function measureBare({ batch, stretches }: ProofSpec): number {
  const message = new Uint8Array(batch * BLOCKS * BLOCK_BYTES)
  const times: number[] = []
  const leaves = stretches[0]?.leaves ?? 0
  for (let done = 0; done < leaves; done += batch) {
    const begun = performance.now()
    assert(hash('sha256', message, 'buffer').length === 32)
    times.push(performance.now() - begun)
  }
  const total = times.reduce((sum, ms) => sum + ms, 0)
  return (total * 1e6) / (times.length * batch)
}
