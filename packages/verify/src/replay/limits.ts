/** Whether a transfer kept within what accounts and subtrees allowed when it was decided. Captures are not asked: their hold was. */
import type { Balances } from '../account-tree.ts'
import { formatId } from '../ids.ts'
import { grouped } from '../report.ts'
import { AccountFlag } from './account-table.ts'
import type { LedgerState } from './ledger-state.ts'
import { NO_LIMIT } from './subtrees.ts'

const MAX = (1n << 128n) - 1n

export interface LimitQuestion {
  /** Slots. */
  readonly debit: number
  readonly credit: number
  readonly amount: bigint
}

/** Before the transfer is applied. @returns what is wrong, without full stops. */
export function limitProblems(state: LedgerState, question: LimitQuestion): string[] {
  if (question.amount === 0n) return []
  return [...sideProblems(state, question, 'debit'), ...sideProblems(state, question, 'credit')]
}

function sideProblems(
  { accounts, subtrees }: LedgerState,
  { debit, credit, amount }: LimitQuestion,
  which: 'debit' | 'credit',
): string[] {
  const [slot, other] = which === 'debit' ? [debit, credit] : [credit, debit]
  const flag =
    which === 'debit'
      ? AccountFlag.debitsMustNotExceedCredits
      : AccountFlag.creditsMustNotExceedDebits
  const problems: string[] = []
  const hold = (what: string, at: number, room: bigint): void => {
    if (amount <= room) return
    const taken = `${grouped(amount)} ${which === 'debit' ? 'were debited' : 'were credited'}`
    problems.push(
      `${what} ${formatId(accounts.id(at))} had room for ${grouped(room)}, and ${taken}`,
    )
  }
  if (accounts.has(slot, flag) && !accounts.has(slot, AccountFlag.unsure)) {
    hold('account', slot, roomOf(accounts.balances(slot), accounts.limit(slot), which))
  }
  for (const at of subtrees.crossed(slot, other)) {
    const totals = subtrees.of(at)
    if (totals === undefined || totals.limit === NO_LIMIT || !accounts.has(at, flag)) continue
    hold('the subtree of account', at, roomOf(totals, totals.limit, which))
  }
  return problems
}

function roomOf(totals: Balances, limit: bigint, which: 'debit' | 'credit'): bigint {
  const { debitsPending, debitsPosted, creditsPending, creditsPosted } = totals
  const [against, used] =
    which === 'debit'
      ? [creditsPosted, debitsPending + debitsPosted]
      : [debitsPosted, creditsPending + creditsPosted]
  const allowed = against + limit > MAX ? MAX : against + limit
  return allowed > used ? allowed - used : 0n
}
