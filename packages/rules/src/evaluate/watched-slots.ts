/**
 * Which accounts a rule remembers something of, each with a place: for as long as it matters, and of no more than so many. What nobody moved for the whole window
 * gives its place away; of too many, one of those that moved longest ago.
 */
import { WATCHED_ACCOUNTS_MAX } from '../limits.ts'

const START = 256
/** Places that are looked at to find one that moved long ago. */
const LOOKED_AT = 16
const FREE = -1
/** Slots below it have their place in an array, which is seldom missed by the cache; those above in a map. */
const NEAR_SLOTS = 1 << 18

export class WatchedSlots {
  readonly #lasts: number
  readonly #max: number
  /** Place + 1 of the slots below `NEAR_SLOTS`; 0: none. */
  #near = new Int32Array(START)
  readonly #far = new Map<number, number>()
  /** By place. */
  #slots = new Int32Array(START).fill(FREE)
  #touched = new Float64Array(START)
  readonly #free: number[] = []
  #used = 0
  /** Goes round over all places. */
  #hand = 0
  /** Whether what was touched last remembers nothing: it is new, or did not move for the whole window. */
  isFresh = false
  /** Accounts that were forgotten although they mattered. */
  forgotten = 0

  /** @param lasts so many steps after it moved, nothing of an account matters */
  constructor(lasts: number, max = WATCHED_ACCOUNTS_MAX) {
    this.#lasts = lasts
    this.#max = max
  }

  get size(): number {
    return this.#used - this.#free.length
  }

  /** The account moves in `step`, which never goes back. @returns its place */
  touch(slot: number, step: number): number {
    const known = this.#find(slot)
    if (known !== FREE) {
      this.isFresh = step - (this.#touched[known] ?? 0) >= this.#lasts
      this.#touched[known] = step
      return known
    }
    this.isFresh = true
    this.#sweep(step)
    const place = this.#free.pop() ?? this.#used++
    if (place >= this.#slots.length) this.#grow(place)
    this.#slots[place] = slot
    this.#touched[place] = step
    this.#set(slot, place)
    return place
  }

  #find(slot: number): number {
    if (slot < NEAR_SLOTS) return (this.#near[slot] ?? 0) - 1
    return this.#far.get(slot) ?? FREE
  }

  /** @param place `FREE`: none any more */
  #set(slot: number, place: number): void {
    if (slot >= NEAR_SLOTS) {
      if (place === FREE) this.#far.delete(slot)
      else this.#far.set(slot, place)
      return
    }
    if (slot >= this.#near.length) {
      const near = new Int32Array(Math.max(slot + 1, this.#near.length * 2))
      near.set(this.#near)
      this.#near = near
    }
    this.#near[slot] = place + 1
  }

  /** Two at a time: more go than come. */
  #sweep(step: number): void {
    for (let looked = 0; looked < 2 && this.#used > 0; looked++) {
      const place = this.#hand % this.#used
      this.#hand = place + 1
      if (this.#slots[place] === FREE) continue
      if (step - (this.#touched[place] ?? 0) >= this.#lasts) this.#giveAway(place)
    }
    if (this.size < this.#max) return
    this.forgotten++
    this.#giveAway(this.#longAgo())
  }

  #longAgo(): number {
    let found = this.#hand % this.#used
    for (let looked = 0; looked < LOOKED_AT; looked++) {
      const place = (this.#hand + looked) % this.#used
      if (this.#slots[place] === FREE) continue
      const isOlder = (this.#touched[place] ?? 0) < (this.#touched[found] ?? 0)
      if (this.#slots[found] === FREE || isOlder) found = place
    }
    return found
  }

  #giveAway(place: number): void {
    this.#set(this.#slots[place] ?? 0, FREE)
    this.#slots[place] = FREE
    this.#free.push(place)
  }

  #grow(place: number): void {
    const length = Math.max(place + 1, this.#slots.length * 2)
    const slots = new Int32Array(length).fill(FREE)
    slots.set(this.#slots)
    const touched = new Float64Array(length)
    touched.set(this.#touched)
    this.#slots = slots
    this.#touched = touched
  }
}
