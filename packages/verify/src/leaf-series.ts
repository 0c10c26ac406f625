/** What leaves have to be one after another: well formed, without a gap, in order of time, of one shard. */
import { MalformedEvent } from './byte-reader.ts'
import { decodeLeaf, type Leaf } from './leaf.ts'
import { grouped } from './report.ts'
import { formatTime } from './time-text.ts'

export class LeafSeries {
  #last: Leaf | undefined

  /** @param place of the leaf in the log, from 1. @returns the leaf if it can be read, and what is wrong with it, as sentences without their full stops */
  check(bytes: Uint8Array, place: bigint): { leaf?: Leaf; problems: string[] } {
    const leaf = decode(bytes)
    if (typeof leaf === 'string') return { problems: [leaf] }
    return { leaf, problems: this.#follow(leaf, place) }
  }

  #follow(leaf: Leaf, place: bigint): string[] {
    const last = this.#last
    this.#last = leaf
    const { sequence, timestamp, shard } = leaf
    const problems: string[] = []
    if (sequence !== place) problems.push(`the leaf says that it is event ${grouped(sequence)}`)
    if (last === undefined) return problems
    if (timestamp <= last.timestamp) {
      const times = `${formatTime(timestamp)}, not after ${formatTime(last.timestamp)}`
      problems.push(`the leaf is of ${times}, when event ${grouped(last.sequence)} was decided`)
    }
    if (shard !== last.shard) {
      problems.push(`the leaf is of shard ${shard}, the one before of shard ${last.shard}`)
    }
    return problems
  }
}

function decode(bytes: Uint8Array): Leaf | string {
  try {
    return decodeLeaf(bytes)
  } catch (error) {
    if (!(error instanceof MalformedEvent)) throw error
    return error.message.replace(/^T/, 't')
  }
}
