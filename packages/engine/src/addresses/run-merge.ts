/** Merging runs into one, a few accounts at a time. The inputs stay as they are, and in use, until it is done. */
import { compareKeys, emptyKey, type KeyReader } from './address-key.ts'
import { RunHeap } from './run-heap.ts'

export class RunMerge {
  readonly inputs: readonly Uint32Array[]
  readonly output: Uint32Array
  readonly #heap: RunHeap | undefined
  #done = 0

  /** @param inputs runs that are not empty. */
  constructor(inputs: readonly Uint32Array[], reader: KeyReader) {
    this.inputs = inputs
    this.output = new Uint32Array(inputs.reduce((sum, run) => sum + run.length, 0))
    const chained = chain(inputs, reader)
    if (chained === undefined) {
      this.#heap = new RunHeap(
        reader,
        inputs.map((slots) => ({ slots, from: 0, to: slots.length })),
      )
      return
    }
    // Addresses that are opened in order: one run simply follows the other.
    for (const run of chained) {
      this.output.set(run, this.#done)
      this.#done += run.length
    }
  }

  /** Moves at most so many accounts. True: the merge is done. */
  step(most: number): boolean {
    const end = Math.min(this.output.length, this.#done + most)
    if (this.#heap !== undefined) {
      for (let at = this.#done; at < end; at++) this.output[at] = this.#heap.next()
    }
    this.#done = end
    return end === this.output.length
  }
}

/** The runs in an order in which each begins behind the end of the one before; undefined: they overlap. */
function chain(
  runs: readonly Uint32Array[],
  reader: KeyReader,
): readonly Uint32Array[] | undefined {
  const ends = runs.map((run) => {
    const first = emptyKey()
    const last = emptyKey()
    reader.read(run[0] ?? 0, first)
    reader.read(run.at(-1) ?? 0, last)
    return { run, first, last }
  })
  ends.sort((a, b) => compareKeys(a.first, b.first))
  const apart = ends.every(({ first }, i) => {
    const before = ends[i - 1]
    return before === undefined || compareKeys(before.last, first) < 0
  })
  return apart ? ends.map(({ run }) => run) : undefined
}
