/**
 * Ids of transfers, newest first: generations of a table in memory, and behind them what the engine has sealed.
 * A generation is dropped when a sealed run has taken its place. The newest touch of a transfer (its post, void,
 * release or reversal) lives beside it in the same generations.
 */
import { assert } from '@tallystick/money'
import { hashed, hashId } from './hash.ts'
import type { Memory } from './memory.ts'
import type { OldIds } from './ports.ts'
import { SequenceTable } from './sequence-table.ts'
import { TagTable } from './tag-table.ts'

const BURNT = 0x8000_0000
/** Events that one generation can name: 31 bits. */
const GENERATION_SPAN_MAX = 0x7fff_fffe

class Generation {
  /** The sequence before the first that this generation can name. */
  readonly base: number
  readonly table: TagTable
  readonly touches = new SequenceTable()

  constructor(base: number, seed: number, slots: number) {
    this.base = base
    this.table = new TagTable(seed, slots)
  }
}

/** Tells whether the record of a sequence carries the id at a byte offset of a memory. */
export type Carries = (sequence: number, memory: Memory, offset: number) => boolean

export class Ids {
  /** Newest first; never empty. */
  #generations: Generation[]
  /** The first of them. A field: a private getter is a call into the runtime (measured, 80 ns). */
  #newest: Generation
  readonly #seed: number
  readonly #old: OldIds

  constructor(seed: number, old: OldIds, base = 0) {
    this.#seed = seed
    this.#old = old
    this.#newest = new Generation(base, seed, 0)
    this.#generations = [this.#newest]
  }

  /** Ids in the newest generation. */
  get count(): number {
    return this.#newest.table.count
  }

  /** Sequence of the transfer with the id at byte `offset`; negative: burnt; 0: none. May ask the sealed runs. */
  find(memory: Memory, offset: number, carries: Carries): number {
    hashId(memory.u32, offset >>> 2, this.#seed)
    return this.findHashed(hashed[0] as number, hashed[1] as number, { memory, offset, carries })
  }

  /** The same for an id whose hash is known. */
  findHashed(
    place: number,
    tag: number,
    id: { memory: Memory; offset: number; carries: Carries },
  ): number {
    for (const { base, table } of this.#generations) {
      let value = table.firstHashed(place, tag)
      while (value !== 0) {
        const sequence = base + (value & ~BURNT)
        if (id.carries(sequence, id.memory, id.offset)) return value >= BURNT ? -sequence : sequence
        value = table.next()
      }
    }
    return this.#old.empty ? 0 : this.#old.transfer(id.memory, id.offset)
  }

  /** Whether a look-up of that hash can end without a comparison or a question to the runs: it is new, surely. */
  isSurelyNew(place: number, tag: number): boolean {
    if (!this.#old.empty) return false
    for (const { table } of this.#generations) if (table.firstHashed(place, tag) !== 0) return false
    return true
  }

  /** Computes the hash of the id at byte `offset` and fetches its place: see `TagTable.peek`. */
  peek(memory: Memory, offset: number, into: Uint32Array, at: number): number {
    hashId(memory.u32, offset >>> 2, this.#seed)
    const place = hashed[0] as number
    const tag = hashed[1] as number
    into[at] = place
    into[at + 1] = tag
    return this.peekHashed(place, tag)
  }

  /** The same for an id whose hash is known. */
  peekHashed(place: number, tag: number): number {
    return this.#newest.table.peek(place, tag)
  }

  /** Like `find`, but only events from `first` on: what this very batch has decided. Never asks the runs. */
  findSince(first: number, memory: Memory, offset: number, carries: Carries): number {
    hashId(memory.u32, offset >>> 2, this.#seed)
    const { base, table } = this.#newest
    let value = table.firstHashed(hashed[0] as number, hashed[1] as number)
    while (value !== 0) {
      const sequence = base + (value & ~BURNT)
      if (sequence >= first && carries(sequence, memory, offset)) {
        return value >= BURNT ? -sequence : sequence
      }
      value = table.next()
    }
    return 0
  }

  /** Whether nothing at all bears that hash in the newest generation: the id is not this batch's. */
  isAbsent(place: number, tag: number): boolean {
    return this.#newest.table.firstHashed(place, tag) === 0
  }

  add(memory: Memory, offset: number, sequence: number, burnt: boolean): void {
    const { base, table } = this.#newest
    const relative = sequence - base
    assert(relative > 0 && relative <= GENERATION_SPAN_MAX, 'the sequence fits the generation')
    table.add(memory.u32, offset >>> 2, burnt ? (relative | BURNT) >>> 0 : relative)
  }

  /** The same for a created transfer's id whose hash is known. */
  addHashed(place: number, tag: number, sequence: number): void {
    const { base, table } = this.#newest
    const relative = sequence - base
    assert(relative > 0 && relative <= GENERATION_SPAN_MAX, 'the sequence fits the generation')
    table.addHashed(place, tag, relative)
  }

  remove(memory: Memory, offset: number, sequence: number, burnt: boolean): void {
    const relative = sequence - this.#newest.base
    const value = burnt ? (relative | BURNT) >>> 0 : relative
    this.#newest.table.remove(memory.u32, offset >>> 2, value)
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

  /** Starts a new generation behind `lastSequence`. */
  rotate(lastSequence: number): void {
    const slots = this.#newest.table.count * 2
    this.#newest = new Generation(lastSequence, this.#seed, slots)
    this.#generations.unshift(this.#newest)
  }

  /** Forgets the generations that name no event behind `throughSequence`. The newest stays. */
  drop(throughSequence: number): void {
    this.#generations = this.#generations.filter((_, index) => {
      const younger = this.#generations[index - 1]
      return younger === undefined || younger.base > throughSequence
    })
  }
}
