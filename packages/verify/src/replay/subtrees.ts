/** What crossed the boundaries of accounts' subtrees: a transfer inside of one does not count. Only accounts with a child or a subtree limit have totals. */
import type { Balances } from '../account-tree.ts'
import type { AccountTable } from './account-table.ts'

type Writable<Type> = { -readonly [Field in keyof Type]: Type[Field] }

export interface Subtree extends Writable<Balances> {
  /** u128; `NO_LIMIT`: none. */
  limit: bigint
}

export const NO_LIMIT = (1n << 128n) - 1n

export class Subtrees {
  readonly #accounts: AccountTable
  readonly #totals: Subtree[] = []

  constructor(accounts: AccountTable) {
    this.#accounts = accounts
  }

  of(slot: number): Subtree | undefined {
    const number = this.#accounts.subtree(slot)
    return number === undefined ? undefined : this.#totals[number]
  }

  /** They begin as the account's own balances. */
  ensure(slot: number): Subtree {
    const known = this.of(slot)
    if (known !== undefined) return known
    const begun = { ...this.#accounts.balances(slot), limit: NO_LIMIT }
    this.#accounts.setSubtree(slot, this.#totals.push(begun) - 1)
    return begun
  }

  /** Slots whose subtrees a transfer between the two leaves: from `slot` upward, up to where both lie. */
  crossed(slot: number, other: number): number[] {
    const accounts = this.#accounts
    const isAlone = accounts.parent(slot) === undefined && accounts.subtree(slot) === undefined
    if (isAlone) return []
    const ends = new Set(this.#upward(other))
    const path: number[] = []
    for (const at of this.#upward(slot)) {
      if (ends.has(at)) break
      path.push(at)
    }
    return path
  }

  *#upward(slot: number): Generator<number> {
    // A parent is always opened before its child, so this ends.
    for (let at: number | undefined = slot; at !== undefined; at = this.#accounts.parent(at)) {
      yield at
    }
  }
}
