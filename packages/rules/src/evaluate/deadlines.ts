/** Moments at which something falls due, the earliest first; those of one moment in the order of their holds, then of their rules. A heap. */
export interface Due<Item> {
  /** ns. */
  readonly at: bigint
  readonly hold: number
  /** Tells apart what is due for one hold at one moment. */
  readonly order: number
  readonly item: Item
}

export class Deadlines<Item> {
  readonly #heap: Due<Item>[] = []

  get size(): number {
    return this.#heap.length
  }

  get earliest(): Due<Item> | undefined {
    return this.#heap[0]
  }

  add(due: Due<Item>): void {
    const heap = this.#heap
    let at = heap.push(due) - 1
    while (at > 0) {
      const up = (at - 1) >>> 1
      const parent = heap[up]
      if (parent === undefined || !isBefore(due, parent)) break
      heap[at] = parent
      at = up
    }
    heap[at] = due
  }

  /** Only what still matters. */
  keep(matters: (due: Due<Item>) => boolean): void {
    const kept = this.#heap.splice(0).filter(matters)
    for (const due of kept) this.add(due)
  }

  take(): Due<Item> | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = at * 2 + 1
      const [one, other] = [heap[left], heap[left + 1]]
      if (one === undefined) break
      const isOther = other !== undefined && isBefore(other, one)
      const child = isOther ? other : one
      if (!isBefore(child, last)) break
      heap[at] = child
      at = isOther ? left + 1 : left
    }
    heap[at] = last
    return first
  }
}

function isBefore<Item>(a: Due<Item>, b: Due<Item>): boolean {
  if (a.at !== b.at) return a.at < b.at
  return a.hold === b.hold ? a.order < b.order : a.hold < b.hold
}
