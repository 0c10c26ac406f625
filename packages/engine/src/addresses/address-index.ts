/**
 * Accounts in order of address: sorted runs of slots, 4 bytes per account, merged little by little while accounts are added, so
 * that nothing ever stops for long. The addresses themselves stay where the ledger has them.
 */
import { emptyKey, KeyReader } from './address-key.ts'
import type { AddressSource } from './address-source.ts'
import { MERGE_FAN_IN, MERGE_PER_ADD, TAIL_MAX } from './limits.ts'
import { newestOf } from './newest.ts'
import { type PrefixRange, prefixRange, rankOf } from './prefix-range.ts'
import { RunHeap, type Stretch } from './run-heap.ts'
import { RunMerge } from './run-merge.ts'
import { SlotSorter } from './sort-slots.ts'

export class AddressIndex {
  readonly #reader: KeyReader
  readonly #sorter: SlotSorter
  readonly #tail: Uint32Array
  #tailLength = 0
  #runs: Uint32Array[] = []
  #merge: RunMerge | undefined
  #count = 0

  /** @param tailMax accounts that wait unsorted, `TAIL_MAX` but in tests. */
  constructor(source: AddressSource, tailMax = TAIL_MAX) {
    this.#reader = new KeyReader(source)
    this.#sorter = new SlotSorter(this.#reader, tailMax)
    this.#tail = new Uint32Array(tailMax)
  }

  /** Accounts in the index: those that have an address. */
  get count(): number {
    return this.#count
  }

  /** Runs that a question has to look at. */
  get runCount(): number {
    return this.#runs.length
  }

  /** A new account; `source` knows its address. Without one it is left out. */
  add(slot: number): void {
    if (this.#reader.length(slot) === 0) return
    this.#tail[this.#tailLength++] = slot
    this.#count++
    if (this.#merge !== undefined) this.work(MERGE_PER_ADD)
    if (this.#tailLength === this.#tail.length) this.#sortTail()
  }

  #sortTail(): void {
    if (this.#tailLength === 0) return
    this.#runs.push(this.#sorter.sort(this.#tail.subarray(0, this.#tailLength)))
    this.#tailLength = 0
    this.#merge ??= this.#dueMerge()
  }

  /** A merge of runs of one size class, if one has enough of them. */
  #dueMerge(): RunMerge | undefined {
    const classes = new Map<number, Uint32Array[]>()
    for (const run of this.#runs) {
      const size = Math.floor(Math.log2(run.length) / Math.log2(MERGE_FAN_IN))
      const same = classes.get(size) ?? []
      same.push(run)
      classes.set(size, same)
      if (same.length === MERGE_FAN_IN) return new RunMerge(same, this.#reader)
    }
    return undefined
  }

  /** Does a part of a waiting merge, at most so many accounts of it: for idle moments. False: nothing waits. */
  work(most: number): boolean {
    this.#merge ??= this.#dueMerge()
    if (this.#merge === undefined) return false
    if (!this.#merge.step(most)) return true
    const { inputs, output } = this.#merge
    this.#runs = [...this.#runs.filter((run) => !inputs.includes(run)), output]
    this.#merge = this.#dueMerge()
    return this.#merge !== undefined
  }

  /**
   * Accounts under a prefix (see `prefix-range.ts`) in order of address, an account before what lies below it. What is added
   * while it is walked is not in it.
   * @param after goes on behind that account.
   */
  *slots(prefix: string, after?: number): Generator<number> {
    const range = prefixRange(prefix)
    if (range === undefined) return
    const heap = new RunHeap(this.#reader, this.#stretches(range, after))
    for (let slot = heap.next(); slot >= 0; slot = heap.next()) yield slot
  }

  /** Accounts under a prefix, newest first. @param before only those that were opened before that account. */
  newest(prefix: string, { before = Number.POSITIVE_INFINITY, limit }: NewestQuery): number[] {
    const range = prefixRange(prefix)
    return range === undefined ? [] : newestOf(this.#stretches(range), { before, limit })
  }

  /** How many accounts are under a prefix. */
  countOf(prefix: string): number {
    const range = prefixRange(prefix)
    if (range === undefined) return 0
    return this.#stretches(range).reduce((sum, { from, to }) => sum + to - from, 0)
  }

  /** Of each run the part that lies in a range, behind an account. */
  #stretches({ first, end }: PrefixRange, after?: number): readonly Stretch[] {
    this.#sortTail()
    const from = this.#runs.map((slots) => rankOf(slots, { key: first, slot: -1 }, this.#reader))
    const behind = emptyKey()
    if (after !== undefined) this.#reader.read(after, behind)
    return this.#runs.map((slots, i) => {
      const past =
        after === undefined ? 0 : rankOf(slots, { key: behind, slot: after }, this.#reader)
      const to = rankOf(slots, { key: end, slot: -1 }, this.#reader)
      return { slots, from: Math.max(from[i] ?? 0, past), to }
    })
  }

  /** The order as bytes, in pieces: for each run its length and its slots as little-endian u32. */
  *save(): Generator<Uint8Array> {
    this.#sortTail()
    for (const run of this.#runs) {
      yield new Uint8Array(Uint32Array.of(run.length).buffer)
      yield new Uint8Array(run.buffer, run.byteOffset, run.byteLength)
    }
  }

  /**
   * @param bytes what `save` gave, in one piece, at a multiple of 4. @param accountCount accounts that `source` has now: later ones are
   * left out, and have to be added again.
   */
  static load(source: AddressSource, bytes: Uint8Array, accountCount: number): AddressIndex {
    const index = new AddressIndex(source)
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    for (let at = 0; at < words.length;) {
      const end = at + 1 + (words[at] ?? 0)
      const run = withoutLater(words.slice(at + 1, end), accountCount)
      if (run.length > 0) index.#runs.push(run)
      index.#count += run.length
      at = end
    }
    return index
  }
}

/** The slots below `accountCount`, in their order. */
function withoutLater(run: Uint32Array, accountCount: number): Uint32Array {
  let kept = 0
  for (let i = 0; i < run.length; i++) {
    const slot = run[i] ?? 0
    if (slot < accountCount) run[kept++] = slot
  }
  return kept === run.length ? run : run.slice(0, kept)
}

export interface NewestQuery {
  readonly before?: number | undefined
  readonly limit: number
}
