import { type Batch, formatBatches, parse, type Scenario } from '@tallystick/scenario'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ModelLedger } from '../model/model-ledger.ts'
import { playHistory } from './play-history.ts'
import { historyWishes } from './wish.ts'

const model = () => new ModelLedger()

test('what is written can be read again', () => {
  const same = fc.property(historyWishes({ batchesMax: 6, commandsMax: 8 }), (wish) => {
    const { batches, names } = playHistory(model, wish, () => () => undefined)
    const plain = batches.map(({ commands, proposed, dryRun = false }) => ({
      ...{ commands, proposed, dryRun },
    }))
    expect(batchesOf(parse(formatBatches(batches, names)))).toEqual(plain)
  })
  fc.assert(same, { seed: 7, numRuns: 100 })
})

/** The batches of a scenario whose times are all absolute. */
function batchesOf(scenario: Scenario): Batch[] {
  const batches: Batch[] = []
  let proposed = 0n
  for (const step of scenario.steps) {
    if (step.kind === 'clock') proposed = step.nanoseconds
    if (step.kind !== 'batch') continue
    const commands = step.asked.map(({ command }) => command)
    batches.push({ commands, proposed, dryRun: step.dryRun })
  }
  return batches
}
