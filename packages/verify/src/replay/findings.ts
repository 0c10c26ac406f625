/** What a replay found wrong, by what it is about. */
import { Problems } from '../problems.ts'
import { grouped } from '../report.ts'

/** In the order in which they are told. */
export const FINDINGS = [
  'openings',
  'decisions',
  'links',
  'balances',
  'holds',
  'limits',
  'ids',
  'accounts_roots',
  'trial_balance',
] as const
export type Finding = (typeof FINDINGS)[number]

export class Findings {
  readonly problems: Readonly<Record<Finding, Problems>> = {
    ...{ openings: new Problems(), decisions: new Problems(), links: new Problems() },
    ...{ balances: new Problems(), holds: new Problems(), limits: new Problems() },
    ...{ ids: new Problems(), accounts_roots: new Problems(), trial_balance: new Problems() },
  }

  /** @param sentence what is wrong with the event, without its full stop. */
  event(finding: Finding, sequence: bigint, sentence: string): void {
    this.problems[finding].add(`Event ${grouped(sequence)}: ${sentence}.`)
  }
}
