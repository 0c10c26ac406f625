/**
 * Byte arena: addresses and metadata, appended at multiples of 8 and never moved. What a change of
 * metadata leaves behind is garbage of at most 4 KiB per change.
 */
import { assert } from '@tallystick/money'
import { align8 } from './memory.ts'
import { PagedTable } from './paged-table.ts'

/** An arena of 2^32 × 8 bytes: places are counted in units of 8 bytes so that they fit in a u32. */
const UNITS_MAX = 0xffff_ffff

export class Arena {
  /** Rows are 8-byte units; a value never spans two chunks. */
  readonly table = new PagedTable(8)
  #units = 0

  get units(): number {
    return this.#units
  }

  /** Undoes appends: the place where the arena ended before. */
  truncate(units: number): void {
    this.#units = units
  }

  /** Loads an arena's length; its pages come through `table.loadPage`. */
  load(units: number): void {
    this.#units = units
    this.table.grow(units)
  }

  /** @returns the place, in units of 8 bytes. */
  append(bytes: Uint8Array): number {
    const units = align8(bytes.length) >>> 3
    const chunkUnits = this.table.rowMask + 1
    const left = chunkUnits - (this.#units & this.table.rowMask)
    if (units > left) this.#units += left
    const place = this.#units
    assert(place + units <= UNITS_MAX, 'the arena is full')
    this.table.grow(place + units)
    // No `touch`: what an open cut has to keep lies before it, and never changes.
    this.view(place, bytes.length).set(bytes)
    this.#units = place + units
    return place
  }

  /** A view, not a copy. */
  view(place: number, length: number): Uint8Array {
    if (length === 0) return new Uint8Array(0)
    const chunk = this.table.u64[place >>> this.table.chunkShift]
    assert(chunk !== undefined, 'the place is inside the arena')
    return new Uint8Array(chunk.buffer, (place & this.table.rowMask) * 8, length)
  }

  /** Copies bytes without making an object. */
  copy(place: number, length: number, into: Uint8Array): void {
    const words = this.table.u32[place >>> this.table.chunkShift] as Uint32Array
    const first = (place & this.table.rowMask) * 2
    for (let i = 0; i < length; i++) {
      into[i] = ((words[first + (i >>> 2)] as number) >>> ((i & 3) * 8)) & 0xff
    }
  }

  /** The view as ASCII text. */
  text(place: number, length: number): string {
    let text = ''
    for (const byte of this.view(place, length)) text += String.fromCharCode(byte)
    return text
  }
}
