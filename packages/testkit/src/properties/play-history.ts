/** Plays a made-up history on one machine and shows each batch to whoever wants to compare. */
import type { Batch, Decision, MakeMachine, StateMachine } from '@tallystick/scenario'
import { Issued } from './issued.ts'
import { openingOf, realizeBatch } from './realize.ts'
import type { HistoryWish } from './wish.ts'

export interface Round {
  readonly machine: StateMachine
  readonly batch: Batch
  readonly decisions: readonly Decision[]
  readonly issued: Issued
  /** The last batch of the history. */
  readonly isLast: boolean
}

export interface PlayedHistory {
  readonly batches: readonly Batch[]
  readonly names: ReadonlyMap<bigint, string>
  readonly error: unknown
}

export const optionsOf = ({ releasesPerBatchMax }: HistoryWish): Parameters<MakeMachine>[0] =>
  releasesPerBatchMax === 0 ? {} : { releasesPerBatchMax }

/** Stops at the first round that throws, and keeps what was thrown beside the batches that led to it. */
export function playHistory(
  make: MakeMachine,
  wish: HistoryWish,
  begin: (machine: StateMachine) => (round: Round) => void,
): PlayedHistory {
  const machine = make(optionsOf(wish))
  const issued = new Issued(machine, wish.scaleBits)
  const batches: Batch[] = []
  const { names } = issued
  let clock = 1n
  try {
    const show = begin(machine)
    const play = (batch: Batch, isLast: boolean): void => {
      batches.push(batch)
      const decisions = machine.apply(batch)
      if (batch.dryRun !== true) issued.endBatch(decisions)
      show({ machine, batch, decisions, issued, isLast })
    }
    play(openingOf(issued, wish.accounts), false)
    for (const [index, each] of wish.batches.entries()) {
      const batch = realizeBatch(issued, each, clock)
      if (batch.proposed > clock) clock = batch.proposed
      play(batch, index === wish.batches.length - 1)
    }
    return { batches, names, error: undefined }
  } catch (error) {
    return { batches, names, error }
  }
}
