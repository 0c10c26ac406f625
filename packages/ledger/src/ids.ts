/**
 * Ids of transfers, newest first: generations of tables in memory, and behind them what the engine has sealed.
 * A generation is dropped when a sealed run has taken its place. The newest touch of a transfer (its post, void,
 * release or reversal) lives beside it in the same generations.
 *
 * Ids that come in order of time, as UUIDv7 and ULID do, lie in stretches: a small table for each 40,960 of them, so that the one that is
 * being filled stays in the cache and never grows, and an id that lies beyond all the stretches before is known to be new by one comparison.
 * Ids without an order fill a table that doubles; those made from references (UUIDv8) have one of their own, so that they do not disturb the others.
 */
import { assert } from '@tallystick/money'
import { hashed, hashId, hashIds, type IdSeries, NO_RANK, rankOf } from './hash.ts'
import type { Memory } from './memory.ts'
import type { OldIds } from './ports.ts'
import { SequenceTable } from './sequence-table.ts'
import { TagTable } from './tag-table.ts'

const BURNT = 0x8000_0000
/** Events that one stretch can name: 31 bits. */
const SPAN_MAX = 0x7fff_fffe
/** Ids of one stretch, where they come in order; its table has 1 MiB and is never full enough to grow. */
const STRETCH_IDS = 40_960
const STRETCH_SLOTS = 131_072
/** One id of so many may lie among those of the stretches before, for its stretch to count as one in order. */
const BEHIND_SHARE = 8

/** Tells whether the record of a sequence carries the id at a byte offset of a memory. */
export type Carries = (sequence: number, memory: Memory, offset: number) => boolean

interface Id {
  readonly memory: Memory
  readonly offset: number
  readonly carries: Carries
}

/** Ids whose events follow one another, in one table. */
class Stretch {
  /** The sequence before the first that it can name. */
  readonly base: number
  readonly table: TagTable
  /** Ranks of its smallest and largest id. */
  smallest = Number.POSITIVE_INFINITY
  largest = -1
  /** Ids that do not lie beyond all the stretches before. */
  behind = 0
  /** So many ids, and it is looked whether the next stretch may begin. */
  reviewAt = STRETCH_IDS

  constructor(base: number, table: TagTable) {
    this.base = base
    this.table = table
  }

  /** What the table keeps of an event's sequence. */
  relative(sequence: number): number {
    const relative = sequence - this.base
    assert(relative > 0 && relative <= SPAN_MAX, 'the sequence fits the stretch')
    return relative
  }

  covers(rank: number): boolean {
    return rank >= this.smallest && rank <= this.largest
  }

  /** Sequence, from `first` on, of the id whose hash is in `hashed`; negative: burnt; 0: none. */
  find({ memory, offset, carries }: Id, first: number): number {
    const { table } = this
    let value = table.firstHashed(hashed[0] as number, hashed[1] as number)
    for (; value !== 0; value = table.next()) {
      const sequence = this.base + (value & ~BURNT)
      if (sequence < first || !carries(sequence, memory, offset)) continue
      return value >= BURNT ? -sequence : sequence
    }
    return 0
  }
}

class Generation {
  /** The sequence before the first that it knows. */
  readonly base: number
  /** Newest first; never empty. */
  stretches: readonly Stretch[]
  /** Ids that have no place in the order. */
  readonly scattered: readonly [Stretch]
  readonly touches: SequenceTable

  /** @param touches expected. */
  constructor(first: Stretch, scattered: Stretch, touches: number) {
    this.base = first.base
    this.touches = new SequenceTable(touches)
    this.stretches = [first]
    this.scattered = [scattered]
  }

  /** Where an id of that rank may be. */
  stretchesFor(rank: number): readonly Stretch[] {
    return rank === NO_RANK ? this.scattered : this.stretches
  }
}

/** Ids of commands, as the resolver has read them: place and tag of the hash at `index * 2` of `hashes`, and the rank. */
export interface AskedIds {
  readonly hashes: Uint32Array
  readonly ranks: Float64Array
}

export class Ids {
  /** Newest first; never empty. */
  #generations: Generation[]
  /** The first of them. A field: a private getter is a call into the runtime (measured, 80 ns). */
  #newest: Generation
  /** The stretches that are filled: of ids in order, and of those that have none. */
  #stretch: Stretch
  #scattered: Stretch
  /** Rank of the largest id in order that was ever in an older stretch of this process; -1 = there is none. */
  #beyond = -1
  /** The same, but with those that were sealed before this process began. */
  #newBeyond: number
  /** Tables of dropped stretches. */
  #spare: TagTable[] = []
  readonly #seed: number
  readonly #old: OldIds

  constructor(seed: number, old: OldIds, base = 0) {
    this.#seed = seed
    this.#old = old
    this.#newBeyond = old.largest
    this.#stretch = new Stretch(base, new TagTable(seed))
    this.#scattered = new Stretch(base, new TagTable(seed))
    this.#newest = new Generation(this.#stretch, this.#scattered, 0)
    this.#generations = [this.#newest]
  }

  /** Ids in the newest generation. */
  get count(): number {
    const { stretches, scattered } = this.#newest
    return [...stretches, ...scattered].reduce((sum, { table }) => sum + table.count, 0)
  }

  /** Computes hashes and ranks of ids, the first one's to index 0 of `asked`. */
  hash(u32: Uint32Array, ids: IdSeries, asked: AskedIds): void {
    hashIds(u32, ids, this.#seed, asked.hashes)
    const { ranks } = asked
    for (let i = 0, at = ids.at; i < ids.count; i++, at += ids.step) ranks[i] = rankOf(u32, at)
  }

  /** Fetches the places of ids `from` … `to`, so that their cache misses overlap. */
  peek({ hashes, ranks }: AskedIds, from: number, to: number): number {
    const isScattered = ranks[from] === NO_RANK
    return (isScattered ? this.#scattered : this.#stretch).table.peek(hashes, from, to)
  }

  /** Whether an id is new without a comparison or a question to the runs. false: perhaps it is not. */
  isSurelyNew(asked: AskedIds, index: number): boolean {
    return (asked.ranks[index] as number) > this.#newBeyond && this.vacancy(asked, index) >= 0
  }

  /** The slot for a new id among those that are filled; -1: something there has the same tag. */
  vacancy({ hashes, ranks }: AskedIds, index: number): number {
    const { table } = this.#filled(ranks[index] as number)
    return table.vacancy(hashes[index * 2] as number, hashes[index * 2 + 1] as number)
  }

  /** Adds a created transfer's id in the slot that `vacancy` has just found for it. */
  fill(asked: AskedIds, index: number, slot: number, sequence: number): void {
    const rank = asked.ranks[index] as number
    const stretch = this.#filled(rank)
    this.#note(stretch, rank)
    const place = asked.hashes[index * 2] as number
    const tag = asked.hashes[index * 2 + 1] as number
    stretch.table.fill(place, { tag, slot, value: stretch.relative(sequence) })
  }

  /** Sequence of the transfer with the id at byte `offset`; negative: burnt; 0: none. May ask the sealed runs. */
  find(memory: Memory, offset: number, carries: Carries): number {
    const rank = rankOf(memory.u32, offset >>> 2)
    hashId(memory.u32, offset >>> 2, this.#seed)
    const id = { memory, offset, carries }
    for (const generation of this.#generations) {
      for (const stretch of generation.stretchesFor(rank)) {
        const seen = stretch.covers(rank) ? stretch.find(id, 0) : 0
        if (seen !== 0) return seen
      }
    }
    return this.#old.empty ? 0 : this.#old.transfer(memory, offset)
  }

  /** Like `find`, but only events from `first` on: what this very batch has decided. Never asks the runs. */
  findSince(first: number, memory: Memory, offset: number, carries: Carries): number {
    hashId(memory.u32, offset >>> 2, this.#seed)
    const stretch = this.#filled(rankOf(memory.u32, offset >>> 2))
    return stretch.find({ memory, offset, carries }, first)
  }

  add(memory: Memory, offset: number, sequence: number, burnt: boolean): void {
    const rank = rankOf(memory.u32, offset >>> 2)
    const stretch = this.#filled(rank)
    this.#note(stretch, rank)
    const relative = stretch.relative(sequence)
    stretch.table.add(memory.u32, offset >>> 2, burnt ? (relative | BURNT) >>> 0 : relative)
  }

  /** Takes an id of the batch that is being applied out again. */
  remove(memory: Memory, offset: number, sequence: number, burnt: boolean): void {
    const stretch = this.#filled(rankOf(memory.u32, offset >>> 2))
    const relative = stretch.relative(sequence)
    stretch.table.remove(memory.u32, offset >>> 2, burnt ? (relative | BURNT) >>> 0 : relative)
  }

  #filled(rank: number): Stretch {
    return rank === NO_RANK ? this.#scattered : this.#stretch
  }

  /** Takes note of where in the order an id lies that is added. */
  #note(stretch: Stretch, rank: number): void {
    if (rank > stretch.largest) stretch.largest = rank
    if (rank < stretch.smallest) stretch.smallest = rank
    if (rank <= this.#beyond) stretch.behind++
  }

  /** Newest event that touched the transfer of that sequence, 0 = none. May ask the sealed runs. */
  touchOf(sequence: number): number {
    for (const generation of this.#generations) {
      const touch = generation.touches.get(sequence)
      if (touch !== 0) return touch
    }
    return this.#old.empty ? 0 : this.#old.touch(sequence)
  }

  /** What the newest generation says, 0 = nothing: what undoing has to bring back. */
  newestTouch(sequence: number): number {
    return this.#newest.touches.get(sequence)
  }

  touch(sequence: number, by: number): void {
    if (by === 0) this.#newest.touches.delete(sequence)
    else this.#newest.touches.set(sequence, by)
  }

  /** Between two batches, behind `lastSequence`: begins the next stretch when this one is full and in order. */
  review(lastSequence: number): void {
    const stretch = this.#stretch
    const { count } = stretch.table
    if (count < stretch.reviewAt) return
    stretch.reviewAt = count * 2
    if (stretch.behind * BEHIND_SHARE > count) return
    this.#newest.stretches = [this.#next(lastSequence), ...this.#newest.stretches]
  }

  #next(lastSequence: number): Stretch {
    this.#beyond = Math.max(this.#beyond, this.#stretch.largest)
    this.#newBeyond = Math.max(this.#newBeyond, this.#beyond)
    const spare = this.#spare.pop()
    spare?.clear()
    this.#stretch = new Stretch(lastSequence, spare ?? new TagTable(this.#seed, STRETCH_SLOTS))
    return this.#stretch
  }

  /** Starts a new generation behind `lastSequence`. */
  rotate(lastSequence: number): void {
    const scattered = new TagTable(this.#seed, this.#scattered.table.count * 2)
    this.#scattered = new Stretch(lastSequence, scattered)
    const first = this.#next(lastSequence)
    // As many as the last one had: a table of a million that doubles keeps a batch waiting.
    this.#newest = new Generation(first, this.#scattered, this.#newest.touches.count)
    this.#generations.unshift(this.#newest)
  }

  /** Forgets the generations that name no event behind `throughSequence`. The newest stays. */
  drop(throughSequence: number): void {
    const isKept = (_: Generation, index: number): boolean => {
      const younger = this.#generations[index - 1]
      return younger === undefined || younger.base > throughSequence
    }
    const kept = this.#generations.filter(isKept)
    const dropped = this.#generations.slice(kept.length).flatMap(({ stretches }) => stretches)
    // Fresh memory is slow at its first use: what is dropped is filled again.
    this.#spare = dropped.map(({ table }) => table).filter(({ slots }) => slots === STRETCH_SLOTS)
    this.#generations = kept
  }
}
