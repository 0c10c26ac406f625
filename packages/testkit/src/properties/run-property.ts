/** Runs a property over made-up histories; what fails is shrunk and told in the scenario language. */
import fc from 'fast-check'
import { formatBatches } from '@tallystick/scenario'
import type { PlayedHistory } from './play-history.ts'
import { type HistorySize, type HistoryWish, historyWishes } from './wish.ts'

export interface PropertyOptions {
  readonly seed: number
  readonly runs: number
  /** Batches of a history, commands of a batch. */
  readonly size?: HistorySize
}

const SIZE: HistorySize = { batchesMax: 16, commandsMax: 8 }

export function runProperty(
  play: (wish: HistoryWish) => PlayedHistory,
  { seed, runs, size = SIZE }: PropertyOptions,
): void {
  const holds = fc.property(historyWishes(size), (wish) => play(wish).error === undefined)
  const details = fc.check(holds, { seed, numRuns: runs })
  const wish = details.counterexample?.[0]
  if (!details.failed) return
  if (wish === undefined) throw new Error('the property failed without an example')
  throw tell(play(wish), seed)
}

/** One long history, not shrunk. */
export function runLong(
  play: (wish: HistoryWish) => PlayedHistory,
  { seed, size }: { readonly seed: number; readonly size: HistorySize },
): void {
  const wish = longWish(seed, size)
  const { error, batches } = play(wish)
  if (error !== undefined) {
    const message = `seed ${seed}: failed in batch ${batches.length} of ${wish.batches.length}`
    throw new Error(message, { cause: error })
  }
}

function longWish(seed: number, size: HistorySize): HistoryWish {
  const { batchesMax, commandsMax } = size
  const parts = fc.sample(historyWishes({ batchesMax: 16, commandsMax }), {
    seed,
    numRuns: Math.ceil(batchesMax / 4),
  })
  const batches = parts.flatMap((part) => part.batches).slice(0, batchesMax)
  const accounts = parts.flatMap((part) => part.accounts).slice(0, 12)
  return { scaleBits: 0, releasesPerBatchMax: 2, accounts, batches }
}

function tell({ batches, names, error }: PlayedHistory, seed: number): Error {
  const reason = error instanceof Error ? error.message : String(error)
  const story = formatBatches(batches, names)
  return new Error(`seed ${seed}\n\n${story}\n${reason}`, { cause: error })
}
