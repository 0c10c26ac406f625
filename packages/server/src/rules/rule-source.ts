/** Where the evaluator works, as the server sees it: told how far the book is durable, it tells what fired and how far it came. */
import type { Firing, RuleWork } from '@tallystick/rules'

/** A firing without the rule's text, which the log has. */
export type FiringFacts = Omit<Firing, 'rule'> & Omit<Firing['rule'], 'form'>

export interface RuleNews {
  readonly firings: readonly FiringFacts[]
  /** Newest event that was evaluated, and its time, ns. */
  readonly sequence: number
  readonly time: bigint
  /** ns at which something falls due if no event comes before. */
  readonly nextDue: bigint | undefined
  readonly work: readonly RuleWork[]
}

export interface RuleSource {
  /** One at a time: the next is asked for when the news of the one before are there. It may stop before `through`. */
  follow(through: number): void
  close(): Promise<void>
}

export function factsOf({ rule, ...firing }: Firing): FiringFacts {
  const { form, ...version } = rule
  void form
  return { ...firing, ...version }
}
