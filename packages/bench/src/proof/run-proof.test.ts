import { expect, test } from 'vitest'
import { runProof } from './run-proof.ts'

test('leaves of both sorts go into one tree, the first stretch of each unreported', () => {
  const { stretches, bareNs, tiles } = runProof({
    ...{ accounts: 100, batch: 50, seed: 1 },
    stretches: [
      { sort: 'plain', leaves: 100 },
      { sort: 'posts', leaves: 60 },
      { sort: 'plain', leaves: 120 },
      { sort: 'posts', leaves: 50 },
    ],
  })
  expect(stretches.map(({ sort, leaves }) => [sort, leaves])).toEqual([
    ['plain', 150],
    ['posts', 50],
  ])
  expect(stretches.map(({ latencies }) => latencies.length)).toEqual([3, 1])
  expect(tiles).toBe(1)
  expect(bareNs).toBeGreaterThan(0)
})
