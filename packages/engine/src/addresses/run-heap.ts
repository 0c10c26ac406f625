/** Walks several sorted runs as one: a heap of their next accounts, smallest address first. */
import { compareKeys, emptyKey, type Key, type KeyReader } from './address-key.ts'

/** A part of a run. */
export interface Stretch {
  readonly slots: Uint32Array
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

interface Head {
  readonly slots: Uint32Array
  readonly to: number
  readonly key: Key
  at: number
  slot: number
}

export class RunHeap {
  readonly #reader: KeyReader
  readonly #heads: Head[] = []

  constructor(reader: KeyReader, stretches: Iterable<Stretch>) {
    this.#reader = reader
    for (const { slots, from, to } of stretches) {
      if (from >= to) continue
      const head = { slots, to, key: emptyKey(), at: from - 1, slot: 0 }
      this.#advance(head)
      this.#heads.push(head)
    }
    for (let at = this.#heads.length >>> 1; at >= 0; at--) this.#sink(at)
  }

  /** The next slot; -1: there is none. */
  next(): number {
    const top = this.#heads[0]
    if (top === undefined) return -1
    const { slot } = top
    if (!this.#advance(top)) {
      const last = this.#heads.pop()
      if (last === undefined || last === top) return slot
      this.#heads[0] = last
    }
    this.#sink(0)
    return slot
  }

  #advance(head: Head): boolean {
    head.at++
    if (head.at === head.to) return false
    head.slot = head.slots[head.at] ?? 0
    this.#reader.read(head.slot, head.key)
    return true
  }

  #sink(start: number): void {
    const heads = this.#heads
    let at = start
    for (;;) {
      let least = at
      for (const child of [at * 2 + 1, at * 2 + 2]) {
        if (child < heads.length && this.#before(child, least)) least = child
      }
      if (least === at) return
      const moved = heads[at] as Head
      heads[at] = heads[least] as Head
      heads[least] = moved
      at = least
    }
  }

  #before(a: number, b: number): boolean {
    const left = this.#heads[a] as Head
    const right = this.#heads[b] as Head
    const order = compareKeys(left.key, right.key)
    return order === 0 ? left.slot < right.slot : order < 0
  }
}
