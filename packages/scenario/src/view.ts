/** What the machine shows when a scenario looks: named facts, as text. */
import { AccountFlags, NO_SUBTREE_LIMIT } from '@tallystick/ledger'
import type { Balances, Decision, StateMachine } from './state-machine.ts'
import type { ViewStep } from './step.ts'
import { writeMetadata } from './value-text.ts'

export type Facts = ReadonlyMap<string, string>

const NONE: Facts = new Map([['status', 'none']])

const facts = (record: Readonly<Record<string, bigint | string>>): Facts =>
  new Map(Object.entries(record).map(([name, value]) => [name, String(value)]))

export function look(machine: StateMachine, step: ViewStep, releases: readonly Decision[]): Facts {
  switch (step.view) {
    case 'balance':
      return four(machine.account(step.subject))
    case 'subtree':
      return four(machine.account(step.subject)?.subtree)
    case 'hold':
      return hold(machine, step.subject)
    case 'look':
      return account(machine, step.subject)
    case 'entry':
      return entry(machine, step)
    case 'reversed':
      return facts({ amount: machine.reversed(step.subject) })
    case 'released':
      return facts({ ids: releases.map(({ id }) => id).join(' ') })
    case 'next_deadline':
      return deadline(machine)
  }
}

function four(balances: Balances | undefined): Facts {
  if (balances === undefined) return NONE
  return facts({
    dp: balances.debitsPending,
    dpo: balances.debitsPosted,
    cp: balances.creditsPending,
    cpo: balances.creditsPosted,
  })
}

function hold(machine: StateMachine, id: bigint): Facts {
  const view = machine.hold(id)
  if (view === undefined) return NONE
  const { status, amount, captured, remaining, deadline } = view
  return facts({ status, amount, captured, remaining, deadline })
}

function account(machine: StateMachine, id: bigint): Facts {
  const view = machine.account(id)
  if (view === undefined) return NONE
  return facts({
    status: (view.flags & AccountFlags.closed) === 0 ? 'open' : 'closed',
    flags: BigInt(view.flags),
    address: view.address,
    asset: BigInt(view.asset),
    code: BigInt(view.code),
    parent: view.parent,
    limit: view.limit,
    subtree: view.subtreeLimit === NO_SUBTREE_LIMIT ? 'none' : view.subtreeLimit,
    metadata: writeMetadata(view.metadata),
    timestamp: view.timestamp,
    entries: view.entryCount,
  })
}

function entry(machine: StateMachine, step: ViewStep): Facts {
  const view = machine.entries(step.subject).find(({ number }) => number === step.number)
  if (view === undefined) return NONE
  const { sequence, previous, jump } = view
  return new Map([...four(view), ...facts({ sequence, previous, jump })])
}

function deadline(machine: StateMachine): Facts {
  const at = machine.nextDeadline()
  return at === undefined ? NONE : facts({ at })
}
