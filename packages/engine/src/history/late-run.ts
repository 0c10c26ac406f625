/**
 * One account's late entries, in order of value date and in order of arrival, with running sums along both: what has to be
 * added to, and taken from, what the chain itself says about a value date.
 */
import { NO_BALANCES, plus, totalsOf } from './balances.ts'
import { isAfter, type LateLog, type Moment } from './late-log.ts'
import { LATE_BLOCK } from './limits.ts'
import type { Balances } from './queries.ts'

/** Arrivals between two kept sums. */
const ARRIVALS_PER_SUM = 64

/** A stretch of the order by value date. */
interface Block {
  readonly rows: Uint32Array
  count: number
  sum: Balances
}

export interface LateSum {
  readonly count: number
  readonly sum: Balances
}

export class LateRun {
  readonly #log: LateLog
  /** In order of value date, then sequence. Never an empty block. */
  readonly #blocks: Block[] = []
  /** Rows in order of arrival, which is that of entry numbers. */
  #arrived = new Uint32Array(4)
  #count = 0
  /** Sum of the first n · ARRIVALS_PER_SUM arrivals. */
  readonly #arrivedSums: Balances[] = [NO_BALANCES]

  constructor(log: LateLog) {
    this.#log = log
  }

  get count(): number {
    return this.#count
  }

  /** Adds the row that arrived last. */
  add(row: number): void {
    const change = totalsOf(this.#log.change(row))
    this.#addArrival(row)
    const block = this.#blockFor(this.#log.moment(row))
    const at = this.#rankIn(block, this.#log.moment(row))
    block.rows.copyWithin(at + 1, at, block.count)
    block.rows[at] = row
    block.count++
    block.sum = plus(block.sum, change)
    if (block.count === LATE_BLOCK) this.#split(block)
  }

  #addArrival(row: number): void {
    if (this.#count === this.#arrived.length) {
      const wider = new Uint32Array(this.#count * 2)
      wider.set(this.#arrived)
      this.#arrived = wider
    }
    this.#arrived[this.#count++] = row
    if (this.#count % ARRIVALS_PER_SUM !== 0) return
    this.#arrivedSums.push(this.#sumArrived(this.#count))
  }

  /** The block into which a moment falls: the last that begins at or before it. */
  #blockFor(moment: Moment): Block {
    let low = 0
    let high = this.#blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      const first = this.#blocks[middle]?.rows[0] ?? 0
      if (isAfter(this.#log.moment(first), moment)) high = middle - 1
      else low = middle
    }
    const block = this.#blocks[low]
    if (block !== undefined) return block
    const fresh = { rows: new Uint32Array(LATE_BLOCK), count: 0, sum: NO_BALANCES }
    this.#blocks.push(fresh)
    return fresh
  }

  /** How many of a block's rows are at or before a moment. */
  #rankIn(block: Block, moment: Moment): number {
    let low = 0
    let high = block.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isAfter(this.#log.moment(block.rows[middle] ?? 0), moment)) high = middle
      else low = middle + 1
    }
    return low
  }

  #split(block: Block): void {
    const half = LATE_BLOCK / 2
    const rows = new Uint32Array(LATE_BLOCK)
    rows.set(block.rows.subarray(half))
    const sum = this.#sumRows(rows, LATE_BLOCK - half)
    this.#blocks.splice(this.#blocks.indexOf(block) + 1, 0, { rows, count: LATE_BLOCK - half, sum })
    block.count = half
    block.sum = this.#sumRows(block.rows, half)
  }

  #sumRows(rows: Uint32Array, end: number, first = 0): Balances {
    let sum = NO_BALANCES
    for (let i = first; i < end; i++) sum = plus(sum, totalsOf(this.#log.change(rows[i] ?? 0)))
    return sum
  }

  /** Entries whose value date is at or before a moment. */
  upTo(moment: Moment): LateSum {
    let count = 0
    let sum = NO_BALANCES
    const last = this.#count === 0 ? undefined : this.#blockFor(moment)
    for (const block of this.#blocks) {
      if (block !== last) {
        count += block.count
        sum = plus(sum, block.sum)
        continue
      }
      const rank = this.#rankIn(block, moment)
      return { count: count + rank, sum: plus(sum, this.#sumRows(block.rows, rank)) }
    }
    return { count, sum }
  }

  /** Entries that have at most that number in the chain. */
  arrivedBy(number: number): LateSum {
    const count = this.#arrivedRank(number)
    return { count, sum: this.#sumArrived(count) }
  }

  #sumArrived(count: number): Balances {
    const kept = Math.min(Math.floor(count / ARRIVALS_PER_SUM), this.#arrivedSums.length - 1)
    const rest = this.#sumRows(this.#arrived, count, kept * ARRIVALS_PER_SUM)
    return plus(this.#arrivedSums[kept] ?? NO_BALANCES, rest)
  }

  /** How many arrivals have at most that number. */
  #arrivedRank(number: number): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#numberAt(middle) <= number) low = middle + 1
      else high = middle
    }
    return low
  }

  #numberAt(arrival: number): number {
    return this.#log.number(this.#arrived[arrival] ?? 0)
  }

  /** The row at a place in the order by value date, from 0. */
  rowAt(rank: number): number {
    let left = rank
    for (const block of this.#blocks) {
      if (left < block.count) return block.rows[left] ?? 0
      left -= block.count
    }
    throw new RangeError(`there is no late entry ${rank}`)
  }

  /** The newest entry number ≤ `number` that is not late; 0 = none. */
  inOrderUpTo(number: number): number {
    const end = this.#arrivedRank(number)
    if (end === 0 || this.#numberAt(end - 1) !== number) return number
    // Numbers without a gap before `number` keep their distance to the end.
    let low = 0
    let high = end - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#numberAt(middle) - middle === number - (end - 1)) high = middle
      else low = middle + 1
    }
    return this.#numberAt(low) - 1
  }

  /** The oldest entry number ≥ `number` that is not late, whether the account has come that far or not. */
  inOrderFrom(number: number): number {
    const first = this.#arrivedRank(number - 1)
    if (first === this.#count || this.#numberAt(first) !== number) return number
    let low = first
    let high = this.#count - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#numberAt(middle) - middle === number - first) low = middle
      else high = middle - 1
    }
    return this.#numberAt(low) + 1
  }
}
