/** Expiry: which holds are due at a time, and in which order they are released. */
import type { Hold, State } from './state.ts'

export function openHolds(state: State): Hold[] {
  return [...state.holds.all().values()].filter((hold) => hold.status === 'pending')
}

/** By deadline, then by the order in which they were made. */
export function dueHolds(state: State, time: bigint): Hold[] {
  return openHolds(state)
    .filter((hold) => hold.deadline !== 0n && hold.deadline <= time)
    .sort((a, b) => compare(a.deadline, b.deadline) || compare(a.sequence, b.sequence))
}

export function earliestDeadline(state: State): bigint | undefined {
  return openHolds(state)
    .map((hold) => hold.deadline)
    .filter((deadline) => deadline !== 0n)
    .sort(compare)[0]
}

export const compare = (a: bigint | number, b: bigint | number): number =>
  a < b ? -1 : a > b ? 1 : 0
