/** Sums over all accounts at the end of a replay: what is debited is credited, and what is pending is held. */
import type { Balances } from '../account-tree.ts'
import { formatId } from '../ids.ts'
import { grouped } from '../report.ts'
import { BALANCES } from './account-table.ts'
import type { LedgerState } from './ledger-state.ts'

type Sums = { -readonly [Field in keyof Balances]: Balances[Field] }

export interface AssetTotals extends Balances {
  /** Number of the asset. */
  readonly asset: number
  readonly accounts: number
}

/** In order of asset. */
export function totalsByAsset({ accounts }: LedgerState): AssetTotals[] {
  const totals = new Map<number, Sums & { accounts: number }>()
  for (let slot = 0; slot < accounts.count; slot++) {
    const asset = accounts.asset(slot)
    const sums = totals.get(asset) ?? { ...zeros(), accounts: 0 }
    totals.set(asset, sums)
    addTo(sums, accounts.balances(slot))
    sums.accounts++
  }
  const rows = [...totals].map(([asset, sums]) => ({ asset, ...sums }))
  return rows.sort((a, b) => a.asset - b.asset)
}

/** As sentences. */
export function trialBalanceProblems(totals: readonly AssetTotals[]): string[] {
  return totals.flatMap((sums) =>
    (['Posted', 'Pending'] as const).flatMap((kind) => {
      const [debits, credits] = [sums[`debits${kind}`], sums[`credits${kind}`]]
      if (debits === credits) return []
      const [more, less] = debits > credits ? [debits, credits] : [credits, debits]
      return [
        `The trial balance of asset ${sums.asset} is not zero: ${grouped(debits)} are debited and ${grouped(credits)} credited (${kind.toLowerCase()}), which differ by ${grouped(more - less)}.`,
      ]
    }),
  )
}

/** Accounts whose pending balances are not what their open holds come to; as sentences. */
export function pendingProblems({ accounts, holds }: LedgerState): string[] {
  const held = new Map<number, Sums>()
  for (const { debit, credit, remaining } of holds.values()) {
    for (const [slot, name] of [
      [debit, 'debitsPending'],
      [credit, 'creditsPending'],
    ] as const) {
      const sums = held.get(slot) ?? zeros()
      sums[name] += remaining
      held.set(slot, sums)
    }
  }
  const problems: string[] = []
  for (let slot = 0; slot < accounts.count; slot++) {
    const has = accounts.balances(slot)
    const { debitsPending, creditsPending } = held.get(slot) ?? zeros()
    if (has.debitsPending === debitsPending && has.creditsPending === creditsPending) continue
    problems.push(
      `Account ${formatId(accounts.id(slot))} has ${grouped(has.debitsPending)} debits and ${grouped(has.creditsPending)} credits pending, but its open holds come to ${grouped(debitsPending)} and ${grouped(creditsPending)}.`,
    )
  }
  return problems
}

function zeros(): Sums {
  return { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }
}

function addTo(sums: Sums, balances: Balances): void {
  for (const name of BALANCES) sums[name] += balances[name]
}
