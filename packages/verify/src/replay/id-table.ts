/** Ids of 128 bits and a number for each, in flat memory: 24 bytes a place, of which three quarters are taken at most. */

const FIRST_PLACES = 1_024
const FILL = 0.75
const LOW = (1n << 64n) - 1n

export class IdTable {
  /** Lower and upper half of each place's id; zeros: it is free, since no id is zero. */
  #ids = new BigUint64Array(2 * FIRST_PLACES)
  #values = new Float64Array(FIRST_PLACES)
  #count = 0

  get count(): number {
    return this.#count
  }

  /** @returns undefined when it is not there. */
  find(id: bigint): number | undefined {
    if (id === 0n) return undefined
    const place = this.#place(id & LOW, id >> 64n)
    return this.#isFree(place) ? undefined : this.#values[place]
  }

  /** @returns the number that the id has already, which it keeps; undefined: it is new. */
  add(id: bigint, value: number): number | undefined {
    if (id === 0n) return undefined
    const [lower, upper] = [id & LOW, id >> 64n]
    const place = this.#place(lower, upper)
    if (!this.#isFree(place)) return this.#values[place]
    this.#ids[2 * place] = lower
    this.#ids[2 * place + 1] = upper
    this.#values[place] = value
    this.#count++
    if (this.#count > this.#values.length * FILL) this.#grow()
    return undefined
  }

  /** Where the id is, or where it would be. */
  #place(lower: bigint, upper: bigint): number {
    const mask = this.#values.length - 1
    let place = hashOf(lower, upper) & mask
    while (!this.#isFree(place)) {
      if (this.#ids[2 * place] === lower && this.#ids[2 * place + 1] === upper) return place
      place = (place + 1) & mask
    }
    return place
  }

  #isFree(place: number): boolean {
    return this.#ids[2 * place] === 0n && this.#ids[2 * place + 1] === 0n
  }

  #grow(): void {
    const [ids, values] = [this.#ids, this.#values]
    this.#ids = new BigUint64Array(2 * ids.length)
    this.#values = new Float64Array(2 * values.length)
    for (let from = 0; from < values.length; from++) {
      const [lower = 0n, upper = 0n] = [ids[2 * from], ids[2 * from + 1]]
      if (lower === 0n && upper === 0n) continue
      const place = this.#place(lower, upper)
      this.#ids[2 * place] = lower
      this.#ids[2 * place + 1] = upper
      this.#values[place] = values[from] as number
    }
  }
}

/** Ids are hashes, random, or counted upwards: each of their four words may be what tells them apart. */
function hashOf(lower: bigint, upper: bigint): number {
  let hash = Number(lower & 0xffff_ffffn)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ Number(lower >> 32n)
  hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39) ^ Number(upper & 0xffff_ffffn)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ Number(upper >> 32n)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
