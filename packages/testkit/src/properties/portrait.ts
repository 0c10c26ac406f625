/** Everything that a machine shows, as plain values: two machines are alike when their portraits are. */
import type { AccountView, Decision, EntryView, HoldView, StateMachine } from '@tallystick/scenario'
import { fourOf } from './history.ts'
import type { Issued } from './issued.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export const portraitOfDecision = (decision: Decision): object => {
  const { operation, status, sequence, timestamp, id, amount, refusal } = decision
  const limits = refusal === undefined ? undefined : { ...refusal }
  return { operation, status, sequence, timestamp, id, amount, limits }
}

/** Cheap enough for every batch. */
export function portraitOfState(machine: StateMachine): object {
  return {
    lastTimestamp: machine.lastTimestamp(),
    lastSequence: machine.lastSequence(),
    nextDeadline: machine.nextDeadline(),
    state: hex(machine.stateBytes()),
  }
}

export function portraitOf(machine: StateMachine, issued: Issued): object {
  const ids = [...machine.accountIds()].sort((a, b) => (a < b ? -1 : 1))
  const transfers = [...new Set(issued.transfers.map(({ id }) => id))]
  return {
    ids,
    accounts: [...ids, 999n].map((id) => portraitOfAccount(machine.account(id))),
    entries: [...ids, 999n].map((id) => machine.entries(id).map(portraitOfEntry)),
    holds: transfers.map((id) => portraitOfHold(machine.hold(id))),
    reversed: transfers.map((id) => machine.reversed(id)),
    content: hex(machine.contentBytes()),
    ...portraitOfState(machine),
  }
}

function portraitOfAccount(view: AccountView | undefined): object | undefined {
  if (view === undefined) return undefined
  const { id, address, asset, code, flags, parent, limit, subtreeLimit, timestamp } = view
  return {
    ...{ id, address, asset, code, flags, parent, limit, subtreeLimit, timestamp },
    entryCount: view.entryCount,
    metadata: hex(view.metadata),
    own: fourOf(view),
    subtree: view.subtree === undefined ? undefined : fourOf(view.subtree),
  }
}

const portraitOfEntry = (entry: EntryView): object => {
  const { number, sequence, previous, jump } = entry
  return { number, sequence, previous, jump, ...fourOf(entry) }
}

function portraitOfHold(view: HoldView | undefined): object | undefined {
  if (view === undefined) return undefined
  const { id, status, amount, captured, remaining, deadline } = view
  return { id, status, amount, captured, remaining, deadline }
}
