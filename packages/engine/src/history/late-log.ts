/**
 * The late entries of all accounts in order of arrival, as columns: value date, place in the chain, and what they changed.
 * 44 bytes each, amounts of 2^63 and more apart.
 */
import type { Change, Direction } from './balances.ts'
import { SEGMENT_ROWS, segmentOf } from './segments.ts'

/** One entry that came later than its value date's place in its account's history. */
export interface LateEntry {
  readonly slot: number
  readonly sequence: number
  /** Of the entry in its account's chain. */
  readonly number: number
  /** ns. */
  readonly effectiveAt: bigint
  readonly change: Change
}

/** A place in the order by value date; ties go by sequence. */
export interface Moment {
  readonly effectiveAt: bigint
  readonly sequence: number
}

export function isAfter(a: Moment, b: Moment): boolean {
  if (a.effectiveAt !== b.effectiveAt) return a.effectiveAt > b.effectiveAt
  return a.sequence > b.sequence
}

/** f64 columns side by side: sequence, then number, negative for a credit. */
const PLACES = 2
/** i64 columns side by side: value date (as u64), posted, pending. */
const AMOUNTS = 3
const SAVED_BYTES = 4 + 8 * (PLACES + AMOUNTS)
const WIDE_BYTES = 4 + 16 + 16
const NARROW_MAX = (1n << 63n) - 1n

export class LateLog {
  #count = 0
  readonly #slots: Uint32Array[] = []
  readonly #places: Float64Array[] = []
  readonly #amounts: BigInt64Array[] = []
  /** Posted and pending of rows whose own columns are too narrow. */
  readonly #wide = new Map<number, { posted: bigint; pending: bigint }>()

  get count(): number {
    return this.#count
  }

  /** @returns its row. */
  add({ slot, sequence, number, effectiveAt, change }: LateEntry): number {
    const row = this.#count++
    const at = row % SEGMENT_ROWS
    segmentOf(this.#slots, row, () => new Uint32Array(SEGMENT_ROWS))[at] = slot
    const places = segmentOf(this.#places, row, () => new Float64Array(SEGMENT_ROWS * PLACES))
    places[at * PLACES] = sequence
    places[at * PLACES + 1] = change.direction === 'debit' ? number : -number
    const { posted, pending } = change
    const narrow = posted <= NARROW_MAX && pending <= NARROW_MAX && -pending <= NARROW_MAX
    const amounts = segmentOf(this.#amounts, row, () => new BigInt64Array(SEGMENT_ROWS * AMOUNTS))
    amounts[at * AMOUNTS] = BigInt.asIntN(64, effectiveAt)
    if (narrow) {
      amounts[at * AMOUNTS + 1] = posted
      amounts[at * AMOUNTS + 2] = pending
    } else {
      this.#wide.set(row, { posted, pending })
    }
    return row
  }

  slot(row: number): number {
    return this.#slots[Math.floor(row / SEGMENT_ROWS)]?.[row % SEGMENT_ROWS] ?? 0
  }
  sequence(row: number): number {
    return this.#place(row, 0)
  }
  number(row: number): number {
    return Math.abs(this.#place(row, 1))
  }
  direction(row: number): Direction {
    return this.#place(row, 1) > 0 ? 'debit' : 'credit'
  }
  effectiveAt(row: number): bigint {
    return BigInt.asUintN(64, this.#amount(row, 0))
  }
  moment(row: number): Moment {
    return { effectiveAt: this.effectiveAt(row), sequence: this.sequence(row) }
  }
  change(row: number): Change {
    const direction = this.direction(row)
    const wide = this.#wide.get(row)
    if (wide !== undefined) return { direction, ...wide }
    return { direction, posted: this.#amount(row, 1), pending: this.#amount(row, 2) }
  }

  #place(row: number, column: number): number {
    const segment = this.#places[Math.floor(row / SEGMENT_ROWS)]
    return segment?.[(row % SEGMENT_ROWS) * PLACES + column] ?? 0
  }
  #amount(row: number, column: number): bigint {
    const segment = this.#amounts[Math.floor(row / SEGMENT_ROWS)]
    return segment?.[(row % SEGMENT_ROWS) * AMOUNTS + column] ?? 0n
  }

  /** Rows in pieces, then the wide amounts: little-endian, the number of wide ones at the end. */
  *save(): Generator<Uint8Array> {
    for (let first = 0; first < this.#count; first += SEGMENT_ROWS) {
      yield this.#saveRows(first, Math.min(this.#count, first + SEGMENT_ROWS))
    }
    const wide = new DataView(new ArrayBuffer(this.#wide.size * WIDE_BYTES + 8))
    let at = 0
    for (const [row, { posted, pending }] of this.#wide) {
      wide.setUint32(at, row, true)
      setI128(wide, at + 4, posted)
      setI128(wide, at + 20, pending)
      at += WIDE_BYTES
    }
    wide.setFloat64(at, this.#wide.size, true)
    yield new Uint8Array(wide.buffer)
  }

  #saveRows(first: number, end: number): Uint8Array {
    const view = new DataView(new ArrayBuffer((end - first) * SAVED_BYTES))
    for (let row = first; row < end; row++) {
      const at = (row - first) * SAVED_BYTES
      view.setUint32(at, this.slot(row), true)
      for (let i = 0; i < PLACES; i++) view.setFloat64(at + 4 + i * 8, this.#place(row, i), true)
      for (let i = 0; i < AMOUNTS; i++) {
        view.setBigInt64(at + 4 + (PLACES + i) * 8, this.#amount(row, i), true)
      }
    }
    return new Uint8Array(view.buffer)
  }

  /** The entries of what `save` gave, in one piece. @throws RangeError for bytes that `save` did not give. */
  static *entries(bytes: Uint8Array): Generator<LateEntry> {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const wideCount = view.getFloat64(bytes.length - 8, true)
    const wideAt = bytes.length - 8 - wideCount * WIDE_BYTES
    const wide = new Map<number, { posted: bigint; pending: bigint }>()
    for (let at = wideAt; at < bytes.length - 8; at += WIDE_BYTES) {
      const amounts = { posted: getI128(view, at + 4), pending: getI128(view, at + 20) }
      wide.set(view.getUint32(at, true), amounts)
    }
    for (let at = 0, row = 0; at < wideAt; at += SAVED_BYTES, row++) {
      const number = view.getFloat64(at + 12, true)
      const amounts = wide.get(row) ?? {
        posted: view.getBigInt64(at + 28, true),
        pending: view.getBigInt64(at + 36, true),
      }
      yield {
        slot: view.getUint32(at, true),
        sequence: view.getFloat64(at + 4, true),
        number: Math.abs(number),
        effectiveAt: view.getBigUint64(at + 20, true),
        change: { direction: number > 0 ? 'debit' : 'credit', ...amounts },
      }
    }
  }
}

function setI128(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at, BigInt.asUintN(64, value), true)
  view.setBigInt64(at + 8, BigInt.asIntN(64, value >> 64n), true)
}

function getI128(view: DataView, at: number): bigint {
  return (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true)
}
