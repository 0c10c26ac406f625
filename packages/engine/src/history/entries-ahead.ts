/**
 * Reads a page's records ahead where the disk is slow. The chain alone names one entry after another; but each record names two, the
 * entry before and one further back (`jumpOf`), so that from the page's newest entry its places are found in a
 * few steps, many at a time.
 */
import type { Books } from './balance-at.ts'
import { Chain, jumpOf, type Place, type Steps } from './chain.ts'
import type { Stretch } from './ledger-entries.ts'
import { AHEAD_MAX, AHEAD_PROBES, AHEAD_SLOW_READS } from './limits.ts'
import type { SourceAhead } from './source.ts'

/**
 * Begins to read ahead. Undefined: what was read on the way to the page and the first of its entries was near, and the rest
 * will be, too.
 * @param way leads to the page's entries.
 */
export function readAhead(
  books: Books,
  slot: number,
  way: Steps<Stretch | undefined>,
): Promise<void> | undefined {
  const ahead = books.source.ahead?.()
  if (ahead === undefined) return undefined
  const before = ahead.slowReads
  const isSlow = (): boolean => ahead.slowReads - before >= AHEAD_SLOW_READS
  let step = way.next()
  while (step.done !== true && !isSlow()) step = way.next()
  const fetching = new Fetching(new Chain(books.source, slot), ahead)
  if (step.done !== true) return fetching.runBehind(step.value, way)
  if (step.value === undefined) return undefined
  fetching.begin(step.value)
  for (let probe = 0; probe < AHEAD_PROBES && !isSlow() && fetching.readNext(); probe++);
  return isSlow() ? fetching.run() : undefined
}

class Fetching {
  readonly #chain: Chain
  readonly #ahead: SourceAhead
  /** Number of the oldest entry that is wanted. */
  #oldest = 1
  /** Numbers of all entries whose place is known. */
  readonly #known = new Set<number>()
  /** Those that are still to be read. */
  readonly #places: Place[] = []
  #running = 0
  #done: () => void = () => {}

  constructor(chain: Chain, ahead: SourceAhead) {
    this.#chain = chain
    this.#ahead = ahead
  }

  begin({ newest, oldest }: Stretch): void {
    this.#oldest = oldest
    this.#found(newest)
  }

  #found(place: Place): void {
    if (place.number < this.#oldest || this.#known.has(place.number)) return
    this.#known.add(place.number)
    this.#places.push(place)
  }

  /** Reads one record, and learns where two more entries lie. False: all are read. */
  readNext(): boolean {
    const place = this.#places.pop()
    if (place !== undefined) this.#read(place)
    return place !== undefined
  }

  /** Takes the rest of the way first. @param next the record that it loads next. */
  async runBehind(next: number, way: Steps<Stretch | undefined>): Promise<void> {
    const stretch = await this.#walk(next, way)
    if (stretch === undefined) return
    this.begin(stretch)
    await this.run()
  }

  async #walk(next: number, way: Steps<Stretch | undefined>): Promise<Stretch | undefined> {
    let step: IteratorResult<number, Stretch | undefined> = { done: false, value: next }
    while (step.done !== true) {
      if (!(await this.#ahead.fetch(step.value))) return undefined
      try {
        step = way.next()
      } catch {
        // Whoever reads the page meets the same, and says what is wrong.
        return undefined
      }
    }
    return step.value
  }

  run(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#done = resolve
    this.#goOn()
    return promise
  }

  #goOn(): void {
    while (this.#running < AHEAD_MAX) {
      // The one found last: a jump leads further than a step.
      const place = this.#places.pop()
      if (place === undefined) break
      this.#running++
      void this.#ahead.fetch(place.sequence).then((isOpen) => this.#arrived(place, isOpen))
    }
    if (this.#running === 0) this.#done()
  }

  #arrived(place: Place, isOpen: boolean): void {
    this.#running--
    try {
      if (isOpen) this.#read(place)
    } catch {
      // The same here.
      this.#places.length = 0
    }
    this.#goOn()
  }

  #read({ number, sequence }: Place): void {
    const chain = this.#chain
    chain.load(sequence)
    const { previous, jump } = chain
    if (number > 1) this.#found({ number: number - 1, sequence: previous })
    const far = jumpOf(number)
    if (far >= 1) this.#found({ number: far, sequence: jump })
  }
}
