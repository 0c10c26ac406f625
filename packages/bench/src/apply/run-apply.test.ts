import { expect, test } from 'vitest'
import { runApply } from './run-apply.ts'

test('stretches are applied to one ledger, the first of them unreported', () => {
  const { stretches, memoryNs } = runApply({
    ...{ accounts: 100, ids: 'random', batch: 50, seed: 1, holdsPercent: 20 },
    stretches: [
      { spread: 'uniform', transfers: 100 },
      { spread: 'uniform', transfers: 120 },
      { spread: 'hot', transfers: 50 },
    ],
  })
  expect(stretches.map(({ spread, transfers }) => [spread, transfers])).toEqual([
    ['uniform', 150],
    ['hot', 50],
  ])
  expect(stretches.map(({ latencies }) => latencies.length)).toEqual([3, 1])
  expect(memoryNs).toBeGreaterThan(0)
})
