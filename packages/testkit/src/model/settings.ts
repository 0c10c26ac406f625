/** Everything that can be changed later: limits, metadata, closure, assets' names, closed books. */
import { AccessState, type Ceiling, type Charge, decodeControl } from '@tallystick/access'
import { RulesState } from '@tallystick/rules'
import {
  AccountFlags as Flag,
  AssetStatus,
  type Attest,
  AttestStatus,
  BooksStatus,
  type ChangeLimit,
  type ChangeMetadata,
  type CloseAccount,
  type CloseBooks,
  type Command,
  ClosureStatus,
  type Control,
  ControlStatus,
  LimitStatus,
  MetadataStatus,
  NO_SUBTREE_LIMIT,
  Operation,
  type RegisterAsset,
  type ReopenAccount,
  type Rule,
  RuleStatus,
} from '@tallystick/ledger'
import { beginTotals, lacksFlag } from './create-account.ts'
import { type Outcome, outcome } from './outcome.ts'
import type { Event, State } from './state.ts'

export const hasReservedFlag = ({ flags }: { readonly flags: number }): boolean =>
  (flags & ~Flag.linked) !== 0

export function changeLimit(state: State, asked: ChangeLimit): Outcome {
  if (hasReservedFlag(asked)) return outcome(LimitStatus.reservedFlag)
  const account = state.accounts.get(asked.id)
  if (account === undefined) return outcome(LimitStatus.accountNotFound)
  const subtreeLimit = asked.subtreeLimit ?? account.subtreeLimit
  if (lacksFlag(account.flags, subtreeLimit)) return outcome(LimitStatus.subtreeLimitNeedsAFlag)
  state.change(asked.id, { limit: asked.limit ?? account.limit, subtreeLimit })
  if (subtreeLimit !== NO_SUBTREE_LIMIT) beginTotals(state, asked.id)
  return outcome(LimitStatus.changed)
}

export function changeMetadata(state: State, asked: ChangeMetadata): Outcome {
  if (hasReservedFlag(asked)) return outcome(MetadataStatus.reservedFlag)
  if (!state.accounts.has(asked.id)) return outcome(MetadataStatus.accountNotFound)
  state.change(asked.id, { metadata: asked.metadata })
  return outcome(MetadataStatus.changed)
}

export function closeAccount(state: State, asked: CloseAccount): Outcome {
  if (hasReservedFlag(asked)) return outcome(ClosureStatus.reservedFlag)
  const account = state.accounts.get(asked.id)
  if (account === undefined) return outcome(ClosureStatus.accountNotFound)
  if ((account.flags & Flag.closed) !== 0) return outcome(ClosureStatus.accountAlreadyClosed)
  state.change(asked.id, { flags: account.flags | Flag.closed })
  return outcome(ClosureStatus.changed)
}

export function reopenAccount(state: State, asked: ReopenAccount): Outcome {
  if (hasReservedFlag(asked)) return outcome(ClosureStatus.reservedFlag)
  const account = state.accounts.get(asked.id)
  if (account === undefined) return outcome(ClosureStatus.accountNotFound)
  if ((account.flags & Flag.closed) === 0) return outcome(ClosureStatus.accountNotClosed)
  if (account.closedBy !== 0n) return outcome(ClosureStatus.accountClosedByTransfer)
  state.change(asked.id, { flags: account.flags & ~Flag.closed })
  return outcome(ClosureStatus.changed)
}

export function registerAsset(state: State, asked: RegisterAsset): Outcome {
  if (hasReservedFlag(asked)) return outcome(AssetStatus.reservedFlag)
  if (asked.asset === 0) return outcome(AssetStatus.assetMustNotBeZero)
  const name = state.assets.get(asked.asset)
  if (name === asked.name) return outcome(AssetStatus.exists)
  if (name !== undefined) return outcome(AssetStatus.existsWithDifferentName)
  const names = [...state.assets.all().values()]
  if (names.includes(asked.name)) return outcome(AssetStatus.nameTaken)
  state.assets.set(asked.asset, asked.name)
  return outcome(AssetStatus.created)
}

export function closeBooks(state: State, asked: CloseBooks): Outcome {
  if (hasReservedFlag(asked)) return outcome(BooksStatus.reservedFlag)
  if (asked.id !== 0n && !state.accounts.has(asked.id)) return outcome(BooksStatus.accountNotFound)
  if (asked.id === 0n && asked.asset === 0) return outcome(BooksStatus.assetMustNotBeZero)
  if (asked.id === 0n) state.booksOfAssets.set(asked.asset, asked.until)
  else state.booksOfSubtrees.set(asked.id, asked.until)
  return outcome(BooksStatus.changed)
}

export function attest(asked: Attest): Outcome {
  return outcome(hasReservedFlag(asked) ? AttestStatus.reservedFlag : AttestStatus.created)
}

/** Rights have one implementation: the model holds the ledger to when and in which order it is asked. */
export function accessOf(state: State): AccessState {
  const access = new AccessState()
  const all = [...state.controls.all(), ...state.charged.all()]
  for (const [, fact] of all.sort(([a], [b]) => (a < b ? -1 : 1))) {
    if ('statement' in fact) access.fold(fact.statement, fact.timestamp)
    else for (const ceiling of ceilingsFor(access, fact.by, fact)) ceiling.charge(fact)
  }
  return access
}

/**
 * The first command of a batch was decided, and what follows it may hang on it.
 * @returns whether the rest is decided. If so, then in the name of whoever asked for what was approved.
 */
export function goesOn(state: State, first: Command | undefined, status: number): boolean {
  if (first?.operation !== Operation.control) return true
  const command = decodeControl(first.statement)
  if (command?.control !== 'approve') return true
  if (status !== ControlStatus.changed) return false
  state.by = accessOf(state).approvals.find(command.approval)?.by ?? ''
  return true
}

/** Those that a transfer of somebody is held to, and of the one on whose behalf he asks. */
export function ceilingsFor(access: AccessState, by: string, charge: Charge): Ceiling[] {
  const names = [...new Set(by.split('/'))]
  return names
    .flatMap((name) => [...access.ceilings.of(name)])
    .filter((each) => each.covers(charge))
}

export function control(state: State, asked: Control, event: Event): Outcome {
  if (hasReservedFlag(asked)) return outcome(ControlStatus.reservedFlag)
  const { rest } = state
  // On behalf of another nobody is a second person.
  const by = state.by.includes('/') ? '' : state.by
  const deciding = { at: event.timestamp, by, rest: () => rest }
  const status = accessOf(state).decide(asked.statement, deciding)
  if (status !== ControlStatus.changed) return outcome(status)
  state.controls.set(event.sequence, { statement: asked.statement, timestamp: event.timestamp })
  return outcome(status)
}

export function rulesOf(state: State): RulesState {
  const rules = new RulesState()
  for (const [sequence, { statement, timestamp }] of state.rules.all()) {
    rules.fold(statement, timestamp, Number(sequence))
  }
  return rules
}

export function rule(state: State, asked: Rule, event: Event): Outcome {
  if (hasReservedFlag(asked)) return outcome(RuleStatus.reservedFlag)
  const status = rulesOf(state).decide(asked.statement, Number(event.sequence))
  if (status !== RuleStatus.changed) return outcome(status)
  state.rules.set(event.sequence, { statement: asked.statement, timestamp: event.timestamp })
  return outcome(status)
}
