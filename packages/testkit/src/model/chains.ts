/** Linked chains: all or nothing. */
import {
  AccountFlags,
  burnsId,
  type Command,
  ControlStatus,
  Operation,
  type TransferStatus,
  TransferStatus as Status,
} from '@tallystick/ledger'
import { decide } from './decide.ts'
import { type Outcome, outcome } from './outcome.ts'
import { hasReservedFlag } from './settings.ts'
import type { Event, State } from './state.ts'

export interface Chain {
  readonly members: readonly Command[]
  /** The batch ended inside it. */
  readonly open: boolean
}

/** A command without `linked`, that no chain leads up to, is a chain of one. */
export function chainsOf(commands: readonly Command[]): Chain[] {
  const chains: Chain[] = []
  let members: Command[] = []
  for (const command of commands) {
    members.push(command)
    // The bit has the same place in every operation's flags.
    if ((command.flags & AccountFlags.linked) !== 0) continue
    chains.push({ members, open: false })
    members = []
  }
  if (members.length > 0) chains.push({ members, open: true })
  return chains
}

export function decideChain(state: State, chain: Chain, events: readonly Event[]): Outcome[] {
  const trial = state.fork()
  const outcomes: Outcome[] = []
  for (const [index, command] of chain.members.entries()) {
    const event = events[index]
    const isOpenEnd = chain.open && index === chain.members.length - 1
    const result =
      isOpenEnd || event === undefined
        ? outcome(Status.linkedEventChainOpen)
        : mustStandAlone(command) && chain.members.length > 1
          ? chained(command)
          : decide(trial, command, event)
    if (result.status !== Status.created) return undo(state, chain, index, result)
    outcomes.push(result)
  }
  trial.merge()
  return outcomes
}

/** What others are decided under may not be taken back. Both tables have the same numbers for it. */
function mustStandAlone(command: Command): boolean {
  return command.operation === Operation.control || command.operation === Operation.rule
}

function chained(command: Command): Outcome {
  return outcome(
    hasReservedFlag(command) ? ControlStatus.reservedFlag : ControlStatus.mustStandAlone,
  )
}

/** Nothing of the trial stays but the burnt id of the member that failed. */
function undo(state: State, chain: Chain, failed: number, failure: Outcome): Outcome[] {
  const culprit = chain.members[failed]
  if (
    culprit?.operation === Operation.createTransfer &&
    burnsId(failure.status as TransferStatus)
  ) {
    state.burnt.set(culprit.id, true)
  }
  const last = chain.members.length - 1
  return chain.members.map((_, index) => {
    if (index === failed) return failure
    if (chain.open && index === last) return outcome(Status.linkedEventChainOpen)
    return outcome(Status.linkedEventFailed)
  })
}
