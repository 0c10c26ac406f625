/** What the evaluator knows of accounts: everything since the first event, so that a rule can be put at any time. */
import { Addresses } from './addresses.ts'
import { BigColumn } from './big-column.ts'
import type { Opening } from './movement.ts'

const START = 1_024
const DEBITS = 0
const CREDITS = 1
const NONE = 2
const LIMITING = { debits: DEBITS, credits: CREDITS, none: NONE } as const
/** Levels above the deepest account, and then some. */
const LEVELS_MAX = 16

export class Accounts {
  readonly addresses = new Addresses()
  /** Credits less debits, posted. */
  readonly balances = new BigColumn()
  /** What its limit binds. */
  readonly uses = new BigColumn()
  /** Of those that have children: what crosses their subtree. */
  readonly #subtreeUses = new Map<number, bigint>()
  readonly #limits = new Map<number, bigint>()
  readonly #subtreeLimits = new Map<number, bigint>()
  /** Of accounts without an address. */
  readonly #ids = new Map<number, string>()
  readonly #assets: string[] = []
  readonly #assetNumbers = new Map<string, number>()
  #assetOf = new Uint32Array(START)
  #limiting = new Uint8Array(START)
  /** Slot + 1; 0: none. */
  #parents = new Uint32Array(START)
  count = 0

  open({ slot, address, id, asset, limiting, parent, limit, subtreeLimit }: Opening): void {
    if (slot >= this.#parents.length) this.#grow(slot)
    if (address === '') this.#ids.set(slot, id)
    this.addresses.set(slot, address)
    this.#assetOf[slot] = this.#assetNumber(asset)
    this.#limiting[slot] = LIMITING[limiting]
    this.#parents[slot] = parent + 1
    if (parent >= 0 && !this.#subtreeUses.has(parent)) {
      this.#subtreeUses.set(parent, this.uses.at(parent))
    }
    this.setLimit(slot, limit)
    if (subtreeLimit !== undefined) this.#subtreeLimits.set(slot, subtreeLimit)
    this.count = Math.max(this.count, slot + 1)
  }

  setLimit(slot: number, limit: bigint): void {
    if (limit === 0n) this.#limits.delete(slot)
    else this.#limits.set(slot, limit)
  }

  /** @param limit undefined: none */
  setSubtreeLimit(slot: number, limit: bigint | undefined): void {
    if (limit === undefined) this.#subtreeLimits.delete(slot)
    else this.#subtreeLimits.set(slot, limit)
  }

  /** Without a flag nothing may be used beyond what is there, and nothing says so. */
  limit(slot: number): bigint {
    return this.#limiting[slot] === NONE ? 0n : (this.#limits.get(slot) ?? 0n)
  }
  /** 0: none that could be used. */
  subtreeLimit(slot: number): bigint {
    return this.#subtreeLimits.get(slot) ?? 0n
  }
  asset(slot: number): string {
    return this.#assets[this.#assetOf[slot] ?? 0] ?? ''
  }
  /** Address, or the id of one that has none. */
  name(slot: number): string {
    return this.#ids.get(slot) ?? this.addresses.at(slot)
  }

  /** By how much a movement on one side changes what its limit binds. */
  useChange(slot: number, isDebit: boolean, pending: bigint, posted: bigint): bigint {
    const isBound = (this.#limiting[slot] === CREDITS) !== isDebit
    return isBound ? pending + posted : -posted
  }

  /** Whether it is in a tree, or is one by itself. */
  inTree(slot: number): boolean {
    if ((this.#parents[slot] ?? 0) !== 0 || this.#subtreeUses.has(slot)) return true
    return this.#subtreeLimits.size > 0 && this.#subtreeLimits.has(slot)
  }

  /** The accounts whose subtree's boundary a movement between the two crosses, from `slot` upward. */
  *crossed(slot: number, other: number): Generator<number> {
    const end = this.#meeting(slot, other)
    for (let at = slot; at !== end && at >= 0; at = this.parent(at)) yield at
  }

  /** What crosses the subtree of an account, after a change of it. */
  changeSubtree(slot: number, change: bigint): bigint {
    const known = this.#subtreeUses.get(slot)
    // Its own is all that crosses the subtree of an account without children.
    if (known === undefined) return this.uses.at(slot)
    this.#subtreeUses.set(slot, known + change)
    return known + change
  }

  /** -1: none. */
  parent(slot: number): number {
    return (this.#parents[slot] ?? 0) - 1
  }

  #meeting(slot: number, other: number): number {
    const above = new Set<number>()
    for (let at = slot, n = 0; at >= 0 && n < LEVELS_MAX; at = this.parent(at), n++) above.add(at)
    for (let at = other, n = 0; at >= 0 && n < LEVELS_MAX; at = this.parent(at), n++) {
      if (above.has(at)) return at
    }
    return -1
  }

  #assetNumber(asset: string): number {
    let number = this.#assetNumbers.get(asset)
    if (number === undefined) {
      number = this.#assets.push(asset) - 1
      this.#assetNumbers.set(asset, number)
    }
    return number
  }

  #grow(slot: number): void {
    const length = Math.max(slot + 1, this.#parents.length * 2)
    const [assets, limiting] = [new Uint32Array(length), new Uint8Array(length)]
    const parents = new Uint32Array(length)
    assets.set(this.#assetOf)
    limiting.set(this.#limiting)
    parents.set(this.#parents)
    this.#assetOf = assets
    this.#limiting = limiting
    this.#parents = parents
  }
}
