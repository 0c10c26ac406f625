/** An account's chain of entries: each knows the one before it and one far before it (Myers' skew-binary jumps). */
import type { Balances, EntryView } from '@tallystick/scenario'

export interface Entry {
  readonly number: bigint
  readonly sequence: bigint
  readonly balances: Balances
  readonly previous: Entry | undefined
  readonly jump: Entry | undefined
}

const numberOf = (entry: Entry | undefined): bigint => entry?.number ?? 0n
const sequenceOf = (entry: Entry | undefined): bigint => entry?.sequence ?? 0n

export function append(last: Entry | undefined, sequence: bigint, balances: Balances): Entry {
  return { number: numberOf(last) + 1n, sequence, balances, previous: last, jump: jumpFrom(last) }
}

/** j(n) for the entry that follows `last`: two equal jumps in a row become one. */
function jumpFrom(last: Entry | undefined): Entry | undefined {
  const once = last?.jump
  const twice = once?.jump
  const equal = numberOf(last) - numberOf(once) === numberOf(once) - numberOf(twice)
  return equal ? twice : last
}

/** Oldest first. */
export function chain(last: Entry | undefined): EntryView[] {
  const views: EntryView[] = []
  for (let entry = last; entry !== undefined; entry = entry.previous) {
    views.push({
      ...entry.balances,
      number: entry.number,
      sequence: entry.sequence,
      previous: sequenceOf(entry.previous),
      jump: sequenceOf(entry.jump),
    })
  }
  return views.reverse()
}
