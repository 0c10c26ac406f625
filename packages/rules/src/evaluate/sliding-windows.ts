/**
 * Sums over windows that slide in steps, one for each place: of each step how much, and the total. The window has the present step and those before it. All of one
 * place lies together in one array of numbers: objects would cost a miss of the cache each. What is too large to be exact as a number has bigints beside.
 */
const START = 256
/** Before the sums of a place: the newest step, the total, whether it is in alarm. */
const STEP = 0
const TOTAL = 1
const ALARM = 2
const HEAD = 4

interface Wide {
  readonly sums: bigint[]
  total: bigint
}

/** What sums are held against, as both. */
export class Bound {
  readonly exact: bigint
  /** No sum that is exact as a number is above what is not. */
  readonly number: number

  constructor(exact: bigint) {
    this.exact = exact
    const isSafe = exact <= BigInt(Number.MAX_SAFE_INTEGER)
    this.number = isSafe ? Number(exact) : Number.POSITIVE_INFINITY
  }
}

export class SlidingWindows {
  readonly #length: number
  readonly #width: number
  #cells: Float64Array
  readonly #wide = new Map<number, Wide>()

  /** @param length steps that a window covers */
  constructor(length: number) {
    this.#length = length
    this.#width = HEAD + length
    this.#cells = new Float64Array(START * this.#width)
  }

  /** Time went on to `step`. @param isFresh whatever was there is of another, or over */
  slide(place: number, step: number, isFresh: boolean): void {
    const base = place * this.#width
    if (base + this.#width > this.#cells.length) this.#grow(base)
    const cells = this.#cells
    if (isFresh) {
      cells.fill(0, base, base + this.#width)
      cells[base + STEP] = step
      if (this.#wide.size > 0) this.#wide.delete(place)
      return
    }
    const last = cells[base + STEP] ?? 0
    if (last === step) return
    cells[base + STEP] = step
    const wide = this.#wide.size === 0 ? undefined : this.#wide.get(place)
    for (let each = Math.max(last, step - this.#length) + 1; each <= step; each++) {
      const at = each % this.#length
      const cell = base + HEAD + at
      cells[base + TOTAL] = (cells[base + TOTAL] ?? 0) - (cells[cell] ?? 0)
      cells[cell] = 0
      if (wide === undefined) continue
      wide.total -= wide.sums[at] ?? 0n
      wide.sums[at] = 0n
    }
  }

  /** In the step that it was slid to. @param about the same value as a number, rounded when it is large */
  add(place: number, value: bigint, about: number): void {
    const base = place * this.#width
    const cells = this.#cells
    const at = (cells[base + STEP] ?? 0) % this.#length
    const total = (cells[base + TOTAL] ?? 0) + about
    const wide = this.#wide.size === 0 ? undefined : this.#wide.get(place)
    if (wide === undefined && total <= Number.MAX_SAFE_INTEGER) {
      cells[base + TOTAL] = total
      cells[base + HEAD + at] = (cells[base + HEAD + at] ?? 0) + about
      return
    }
    const sums = wide ?? this.#widen(place)
    sums.total += value
    sums.sums[at] = (sums.sums[at] ?? 0n) + value
  }

  isAbove(place: number, bound: Bound): boolean {
    const wide = this.#wide.size === 0 ? undefined : this.#wide.get(place)
    if (wide !== undefined) return wide.total > bound.exact
    return (this.#cells[place * this.#width + TOTAL] ?? 0) > bound.number
  }

  total(place: number): bigint {
    const wide = this.#wide.get(place)
    return wide?.total ?? BigInt(this.#cells[place * this.#width + TOTAL] ?? 0)
  }

  /** Rounded when it is large. */
  about(place: number): number {
    const wide = this.#wide.size === 0 ? undefined : this.#wide.get(place)
    if (wide !== undefined) return Number(wide.total)
    return this.#cells[place * this.#width + TOTAL] ?? 0
  }

  isAlarmed(place: number): boolean {
    return this.#cells[place * this.#width + ALARM] === 1
  }
  setAlarmed(place: number, isAlarmed: boolean): void {
    this.#cells[place * this.#width + ALARM] = isAlarmed ? 1 : 0
  }

  #widen(place: number): Wide {
    const base = place * this.#width
    const sums: bigint[] = []
    for (let at = 0; at < this.#length; at++) {
      sums.push(BigInt(this.#cells[base + HEAD + at] ?? 0))
      this.#cells[base + HEAD + at] = 0
    }
    const wide = { sums, total: BigInt(this.#cells[base + TOTAL] ?? 0) }
    this.#cells[base + TOTAL] = 0
    this.#wide.set(place, wide)
    return wide
  }

  #grow(base: number): void {
    const cells = new Float64Array(Math.max(base + this.#width, this.#cells.length * 2))
    cells.set(this.#cells)
    this.#cells = cells
  }
}
