/**
 * Open holds: one row of 128 bytes each, found by the sequence of the transfer that made them, and the order in
 * which they fall due. Timestamps only grow, so holds of one timeout fall due in the order in which they were
 * made: one queue per timeout, and a small heap over the queues' heads. Adding costs O(1), removing O(log timeouts).
 *
 * Row, in units of 8 bytes: 0 sequence (0 = free) · 1 deadline (0 = never) · 2–3 id · 4 debit slot u32, credit
 * slot u32 · 5–6 amount · 7–8 captured · 9–10 remaining · 11 asset u32, code u16, flags u16 · 12 timeout u32,
 * queue u32 · 13 previous + 1 u32, next + 1 u32
 */
import { big } from './limbs.ts'
import { PagedTable } from './paged-table.ts'
import { SequenceTable } from './sequence-table.ts'

export const HOLD_BYTES = 128
const HOLD_SHIFT_64 = 4
const HOLD_SHIFT_32 = 5

export const Hold64 = {
  sequence: 0,
  deadline: 1,
  id: 2,
  amount: 5,
  captured: 7,
  remaining: 9,
} as const

export const Hold32 = {
  sequence: 0,
  debitSlot: 8,
  creditSlot: 9,
  asset: 22,
  /** code in the lower 16 bits, flags in the upper. */
  codeAndFlags: 23,
  timeout: 24,
  queue: 25,
  previous: 26,
  next: 27,
} as const

export interface OpenHold {
  readonly sequence: number
  readonly id: bigint
  readonly debitSlot: number
  readonly creditSlot: number
  readonly asset: number
  readonly code: number
  readonly flags: number
  readonly amount: bigint
  readonly captured: bigint
  readonly remaining: bigint
  /** ns; 0 = never. */
  readonly deadline: bigint
}

export class Holds {
  readonly rows = new PagedTable(HOLD_BYTES)
  readonly #bySequence = new SequenceTable()
  readonly #free: number[] = []
  #used = 0
  /** Per timeout in use: first and last hold's row + 1, 0 = empty. */
  readonly #queueOf = new Map<number, number>()
  readonly #heads: number[] = []
  readonly #tails: number[] = []
  /** Queues that hold something, as a binary heap by their head's deadline, then sequence. */
  readonly #heap: number[] = []
  readonly #heapAt: number[] = []

  /** Open holds. */
  get count(): number {
    return this.#bySequence.count
  }
  /** Rows in use or free again. */
  get used(): number {
    return this.#used
  }

  row64(row: number): BigUint64Array {
    return this.rows.u64[row >>> this.rows.chunkShift] as BigUint64Array
  }
  row32(row: number): Uint32Array {
    return this.rows.u32[row >>> this.rows.chunkShift] as Uint32Array
  }
  base64(row: number): number {
    return (row & this.rows.rowMask) << HOLD_SHIFT_64
  }
  base32(row: number): number {
    return (row & this.rows.rowMask) << HOLD_SHIFT_32
  }

  /** Row of the open hold made by that sequence, -1 = none is open. */
  find(sequence: number): number {
    return this.#bySequence.get(sequence) - 1
  }

  /** An empty row; the caller fills it and calls `enter`. */
  take(): number {
    const row = this.#free.pop() ?? this.#used++
    this.rows.grow(this.#used)
    this.rows.touch(row)
    return row
  }

  /** Gives back a row that was taken and never entered, or has left. */
  give(row: number): void {
    this.rows.touch(row)
    this.row32(row).fill(0, this.base32(row), this.base32(row) + HOLD_BYTES / 4)
    this.#free.push(row)
  }

  /** The filled row is an open hold from now on. */
  enter(row: number): void {
    this.#bySequence.set(this.sequence(row), row + 1)
    if (this.#deadline(row) !== 0n) this.#enqueue(row)
  }

  /** The hold is open no longer; its row keeps its content until it is given back. */
  leave(row: number): void {
    this.#bySequence.delete(this.sequence(row))
    if (this.#deadline(row) !== 0n) this.#dequeue(row)
  }

  /** Row of the hold that falls due first, -1 = none will. */
  get earliest(): number {
    const queue = this.#heap[0]
    return queue === undefined ? -1 : (this.#heads[queue] ?? 0) - 1
  }

  sequence(row: number): number {
    const words = this.row32(row)
    const at = this.base32(row)
    return (words[at] ?? 0) + (words[at + 1] ?? 0) * 0x1_0000_0000
  }

  deadlineOf(row: number): bigint {
    return this.#deadline(row)
  }

  /** The row as an object: it allocates. */
  view(row: number): OpenHold {
    const halves = this.row32(row)
    const at = this.base32(row)
    const words = this.row64(row)
    const base = this.base64(row)
    const codeAndFlags = halves[at + Hold32.codeAndFlags] as number
    return {
      sequence: this.sequence(row),
      id: big(words, base + Hold64.id),
      debitSlot: halves[at + Hold32.debitSlot] as number,
      creditSlot: halves[at + Hold32.creditSlot] as number,
      asset: halves[at + Hold32.asset] as number,
      code: codeAndFlags & 0xffff,
      flags: codeAndFlags >>> 16,
      amount: big(words, base + Hold64.amount),
      captured: big(words, base + Hold64.captured),
      remaining: big(words, base + Hold64.remaining),
      deadline: this.#deadline(row),
    }
  }

  #deadline(row: number): bigint {
    return this.row64(row)[this.base64(row) + Hold64.deadline] ?? 0n
  }

  #link(row: number, field: number): number {
    return this.row32(row)[this.base32(row) + field] ?? 0
  }
  #setLink(row: number, field: number, value: number): void {
    this.rows.touch(row)
    this.row32(row)[this.base32(row) + field] = value
  }

  /** Behind every hold of the same timeout that was made before it: usually at the end. */
  #enqueue(row: number): void {
    const queue = this.#queue(this.#link(row, Hold32.timeout))
    const sequence = this.sequence(row)
    // An undone removal puts an older hold back: go towards the head until its place.
    let before = this.#tails[queue] ?? 0
    while (before !== 0 && this.sequence(before - 1) > sequence) {
      before = this.#link(before - 1, Hold32.previous)
    }
    const after = before === 0 ? (this.#heads[queue] ?? 0) : this.#link(before - 1, Hold32.next)
    this.#setLink(row, Hold32.queue, queue)
    this.#setLink(row, Hold32.previous, before)
    this.#setLink(row, Hold32.next, after)
    if (after === 0) this.#tails[queue] = row + 1
    else this.#setLink(after - 1, Hold32.previous, row + 1)
    if (before !== 0) return this.#setLink(before - 1, Hold32.next, row + 1)
    this.#heads[queue] = row + 1
    if (this.#heapAt[queue] === -1) this.#heapAt[queue] = this.#heap.push(queue) - 1
    this.#settle(queue)
  }

  #dequeue(row: number): void {
    const queue = this.#link(row, Hold32.queue)
    const before = this.#link(row, Hold32.previous)
    const after = this.#link(row, Hold32.next)
    if (after === 0) this.#tails[queue] = before
    else this.#setLink(after - 1, Hold32.previous, before)
    if (before !== 0) return this.#setLink(before - 1, Hold32.next, after)
    this.#heads[queue] = after
    if (after === 0) this.#unheap(queue)
    else this.#settle(queue)
  }

  #queue(timeout: number): number {
    const known = this.#queueOf.get(timeout)
    if (known !== undefined) return known
    const queue = this.#heads.push(0) - 1
    this.#tails.push(0)
    this.#heapAt.push(-1)
    this.#queueOf.set(timeout, queue)
    return queue
  }

  #unheap(queue: number): void {
    const at = this.#heapAt[queue] ?? 0
    const last = this.#heap.pop() as number
    this.#heapAt[queue] = -1
    if (last === queue) return
    this.#heap[at] = last
    this.#heapAt[last] = at
    this.#settle(last)
  }

  /** Moves a queue whose head has changed to its place in the heap. */
  #settle(queue: number): void {
    let at = this.#heapAt[queue] ?? 0
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#sooner(at, parent)) break
      this.#swap(at, parent)
      at = parent
    }
    for (;;) {
      const left = at * 2 + 1
      let least = at
      if (left < this.#heap.length && this.#sooner(left, least)) least = left
      if (left + 1 < this.#heap.length && this.#sooner(left + 1, least)) least = left + 1
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }

  #sooner(a: number, b: number): boolean {
    const one = (this.#heads[this.#heap[a] ?? 0] ?? 0) - 1
    const other = (this.#heads[this.#heap[b] ?? 0] ?? 0) - 1
    const deadline = this.#deadline(one)
    const otherDeadline = this.#deadline(other)
    if (deadline !== otherDeadline) return deadline < otherDeadline
    return this.sequence(one) < this.sequence(other)
  }

  #swap(a: number, b: number): void {
    const one = this.#heap[a] as number
    const other = this.#heap[b] as number
    this.#heap[a] = other
    this.#heap[b] = one
    this.#heapAt[other] = a
    this.#heapAt[one] = b
  }

  /** Open holds' rows, in no promised order. */
  *open(): Generator<number> {
    for (let row = 0; row < this.#used; row++) if (this.sequence(row) !== 0) yield row
  }

  /** After loading pages: makes `used` rows known and all that is derived from them. */
  load(used: number): void {
    this.rows.grow(used)
    this.#used = used
  }

  reindex(): void {
    const rows: number[] = []
    for (let row = this.#used - 1; row >= 0; row--) {
      if (this.sequence(row) === 0) this.#free.push(row)
      else rows.push(row)
    }
    rows.sort((a, b) => this.sequence(a) - this.sequence(b))
    for (const row of rows) this.enter(row)
  }
}
