/** One version of a rule at work: told of every movement of the accounts that it watches, it says when it fires. */
import type { RuleAction, RuleForm, RuleKind } from '../rule-form.ts'
import type { MovementKind } from './movement.ts'

/** One side of a movement, as a rule that watches that account sees it. Read in place. */
export interface MovedSide {
  readonly slot: number
  readonly isDebit: boolean
  readonly counterparty: number
  readonly kind: MovementKind
  readonly amount: bigint
  /** The same as a number, rounded when it is large; likewise below. */
  readonly aboutAmount: number
  /** How much of it was posted; 0 of holds, voids and expiries. */
  readonly posted: bigint
  readonly aboutPosted: number
  /** ms since 1970. */
  readonly ms: number
  /** Credits less debits, posted. */
  readonly balance: bigint
  readonly balanceBefore: bigint
  readonly aboutBalance: number
  /** What may still be used. */
  readonly available: bigint
  readonly availableBefore: bigint
  /** What its limit binds: its own side pending and posted, less the other side posted. Without a flag as if debits were bound. */
  readonly use: bigint
  readonly useBefore: bigint
  readonly limit: bigint
}

/** What was measured, and what it was held against. */
export interface Measured {
  readonly value: bigint
  readonly bound: bigint
}

/** The rule that it is a version of. */
export interface WatchedRule {
  readonly rule: string
  readonly version: number
  readonly kind: RuleKind
  readonly action: RuleAction
  readonly form: RuleForm
}

/** How an account's use of its limit, or of that of its subtree, changed. */
export interface UseChange {
  readonly slot: number
  readonly before: bigint
  readonly after: bigint
  /** 0: none that could be used. */
  readonly limit: bigint
}

export interface Watch {
  /** An account that it watches moved. @returns what it fires with */
  moved?(side: MovedSide): Measured | undefined
  /** What crosses an account's subtree changed. */
  used?(change: UseChange): Measured | undefined
  /** ns before a hold's deadline at which it fires. */
  readonly beforeDeadline?: bigint
  /** Accounts that it forgot though they mattered. */
  readonly forgotten?: number
}

/**
 * Money that is asked for anew in that direction, and so counts for how often and how much: not what follows from a hold that was counted, and
 * not what only closes an account.
 */
export function isAsked(
  { kind, amount, isDebit }: MovedSide,
  direction: 'debit' | 'credit' | 'both',
): boolean {
  if ((kind !== 'transfer' && kind !== 'hold') || amount === 0n) return false
  return direction === 'both' || (direction === 'debit') === isDebit
}
