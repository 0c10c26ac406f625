/** Where each commitment lies in the file: 16 bytes a slot, open addressing; what is found is verified by reading it. */

const SLOTS_AT_FIRST = 1_024
const NOWHERE = -1

/** Columns of the table. */
interface Slots {
  readonly first: Uint32Array
  readonly second: Uint32Array
  readonly place: Float64Array
}

export class CommitmentIndex {
  #slots = emptySlots(SLOTS_AT_FIRST)
  #count = 0

  /** @param carries whether the entry at a place has that commitment. @returns its place; −1: none has. */
  find(commitment: Buffer, carries: (place: number) => boolean): number {
    const { first, second, place } = this.#slots
    const [one, two] = [commitment.readUInt32LE(0), commitment.readUInt32LE(4)]
    const mask = place.length - 1
    // A commitment is an HMAC: its bits are as good as a hash. At most half of the slots are full, so an empty one ends this.
    for (let slot = one & mask; ; slot = (slot + 1) & mask) {
      const at = place[slot] ?? NOWHERE
      if (at === NOWHERE) return NOWHERE
      if (first[slot] === one && second[slot] === two && carries(at)) return at
    }
  }

  add(commitment: Buffer, place: number): void {
    if (this.#count * 2 >= this.#slots.place.length) this.#grow()
    put(this.#slots, [commitment.readUInt32LE(0), commitment.readUInt32LE(4), place])
    this.#count++
  }

  #grow(): void {
    const { first, second, place } = this.#slots
    const larger = emptySlots(place.length * 2)
    for (const [slot, at] of place.entries()) {
      if (at !== NOWHERE) put(larger, [first[slot] ?? 0, second[slot] ?? 0, at])
    }
    this.#slots = larger
  }
}

function emptySlots(count: number): Slots {
  return {
    first: new Uint32Array(count),
    second: new Uint32Array(count),
    place: new Float64Array(count).fill(NOWHERE),
  }
}

function put(slots: Slots, [one, two, at]: readonly [number, number, number]): void {
  const mask = slots.place.length - 1
  let slot = one & mask
  while (slots.place[slot] !== NOWHERE) slot = (slot + 1) & mask
  slots.first[slot] = one
  slots.second[slot] = two
  slots.place[slot] = at
}
