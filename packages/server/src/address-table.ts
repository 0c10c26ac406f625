/**
 * Ids of accounts by the bytes of their addresses, as they lie in a body: no text is made to look one up. Bounded: it is emptied when
 * it is full, and a search ends after a few steps, so that addresses chosen to collide are merely not in it.
 */
import { Memory, writeU128 } from '@tallystick/ledger'

const ENTRIES_MAX = 65_536
const SLOTS = 2 * ENTRIES_MAX
const PROBES_MAX = 16
const TEXT_BYTES = 32 * ENTRIES_MAX

export class AddressTable {
  /** Number of the entry, from 1; 0 = free. */
  readonly #slots = new Uint32Array(SLOTS)
  readonly #text = new Uint8Array(TEXT_BYTES)
  /** Where each entry's text ends; it begins where the one before ends. */
  readonly #ends = new Uint32Array(ENTRIES_MAX + 1)
  readonly #ids = Memory.allocate(16 * (ENTRIES_MAX + 1))
  #count = 0

  /** Four words, the lowest first, for each entry. */
  get idWords(): Uint32Array {
    return this.#ids.u32
  }

  /** The entry of the address that lies from `from` to `to`; 0: it is not here. */
  find(bytes: Uint8Array, from: number, to: number): number {
    let slot = hashOf(bytes, from, to) & (SLOTS - 1)
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      const entry = this.#slots[slot] as number
      if (entry === 0) return 0
      if (this.#has(entry, bytes, from, to)) return entry
      slot = (slot + 1) & (SLOTS - 1)
    }
    return 0
  }

  /** @param address ASCII. */
  add(address: string, id: bigint): void {
    const bytes = Buffer.from(address, 'latin1')
    if (this.find(bytes, 0, bytes.length) !== 0) return
    const from = this.#ends[this.#count] as number
    if (this.#count === ENTRIES_MAX || from + bytes.length > TEXT_BYTES) return this.#empty()
    let slot = hashOf(bytes, 0, bytes.length) & (SLOTS - 1)
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      if (this.#slots[slot] === 0) {
        const entry = ++this.#count
        this.#slots[slot] = entry
        this.#text.set(bytes, from)
        this.#ends[entry] = from + bytes.length
        writeU128(this.#ids, 16 * entry, id)
        return
      }
      slot = (slot + 1) & (SLOTS - 1)
    }
  }

  #has(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const at = this.#ends[entry - 1] as number
    const length = to - from
    if ((this.#ends[entry] as number) - at !== length) return false
    const text = this.#text
    for (let index = 0; index < length; index++) {
      if (text[at + index] !== bytes[from + index]) return false
    }
    return true
  }

  #empty(): void {
    this.#slots.fill(0)
    this.#count = 0
  }
}

/** FNV-1a, with its upper half folded into the lower one. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let index = from; index < to; index++) {
    hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193)
  }
  return hash ^ (hash >>> 15)
}
