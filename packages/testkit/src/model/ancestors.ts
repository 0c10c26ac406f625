/** Subtrees: who contains whom, and which boundaries a transfer crosses. */
import type { Account, State } from './state.ts'

/** The account itself, its parent, and so on up to the root. */
export function upward(state: State, id: bigint): Account[] {
  const way: Account[] = []
  for (let at = state.accounts.get(id); at !== undefined; at = state.accounts.get(at.parent)) {
    way.push(at)
  }
  return way
}

/** Those whose subtree holds `id` but not `other`: a transfer between the two crosses their boundary. */
export function crossed(state: State, id: bigint, other: bigint): Account[] {
  const others = upward(state, other).map((account) => account.id)
  return upward(state, id).filter((account) => !others.includes(account.id))
}
