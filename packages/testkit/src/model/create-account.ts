/** Accounts: opening one, and what of it can never change. */
import {
  ACCOUNT_FLAGS_KNOWN,
  AccountFlags as Flag,
  AccountStatus as Status,
  type CreateAccount,
  DEPTH_MAX,
  NO_SUBTREE_LIMIT,
  U128_MAX,
} from '@tallystick/ledger'
import { upward } from './ancestors.ts'
import { type Outcome, outcome } from './outcome.ts'
import { type Account, type Event, NOTHING, type State } from './state.ts'

const LIMITING = Flag.debitsMustNotExceedCredits | Flag.creditsMustNotExceedDebits

export function createAccount(state: State, asked: CreateAccount, event: Event): Outcome {
  const objection = checkIdentity(state, asked) ?? checkShape(asked) ?? checkParent(state, asked)
  if (objection !== undefined) return outcome(objection)
  if (lacksFlag(asked.flags, asked.subtreeLimit)) return outcome(Status.subtreeLimitNeedsAFlag)
  const { operation: _, ...given } = asked
  state.accounts.set(asked.id, {
    ...given,
    timestamp: event.timestamp,
    own: NOTHING,
    subtree: asked.subtreeLimit === NO_SUBTREE_LIMIT ? undefined : NOTHING,
    lastEntry: undefined,
    closedBy: 0n,
  })
  if (asked.parent !== 0n) beginTotals(state, asked.parent)
  return outcome(Status.created)
}

function checkIdentity(state: State, asked: CreateAccount): Status | undefined {
  if ((asked.flags & ~ACCOUNT_FLAGS_KNOWN) !== 0) return Status.reservedFlag
  if (asked.id === 0n) return Status.idMustNotBeZero
  if (asked.id === U128_MAX) return Status.idMustNotBeIntMax
  const recorded = state.accounts.get(asked.id)
  return recorded === undefined ? undefined : checkSame(asked, recorded)
}

function checkSame(asked: CreateAccount, recorded: Account): Status {
  const differing = (asked.flags ^ recorded.flags) & ~Flag.closed
  if (differing !== 0) return Status.existsWithDifferentFlags
  if (asked.address !== recorded.address) return Status.existsWithDifferentAddress
  if (asked.parent !== recorded.parent) return Status.existsWithDifferentParent
  if (asked.asset !== recorded.asset) return Status.existsWithDifferentAsset
  if (asked.code !== recorded.code) return Status.existsWithDifferentCode
  return Status.exists
}

function checkShape(asked: CreateAccount): Status | undefined {
  if ((asked.flags & LIMITING) === LIMITING) return Status.flagsAreMutuallyExclusive
  if (asked.asset === 0) return Status.assetMustNotBeZero
  if (asked.code === 0) return Status.codeMustNotBeZero
  return undefined
}

function checkParent(state: State, asked: CreateAccount): Status | undefined {
  if (asked.parent === 0n) return undefined
  const parent = state.accounts.get(asked.parent)
  if (parent === undefined) return Status.parentNotFound
  if (parent.asset !== asked.asset) return Status.parentHasDifferentAsset
  if (upward(state, parent.id).length >= DEPTH_MAX) return Status.parentTooDeep
  return undefined
}

/** A subtree limit bounds the side that a flag names, so there must be one. */
export function lacksFlag(flags: number, subtreeLimit: bigint): boolean {
  return subtreeLimit !== NO_SUBTREE_LIMIT && (flags & LIMITING) === 0
}

/** Up to its first child an account is its whole subtree: the totals begin as its own balances. */
export function beginTotals(state: State, id: bigint): void {
  const account = state.accountOf(id)
  if (account.subtree === undefined) state.change(id, { subtree: account.own })
}
