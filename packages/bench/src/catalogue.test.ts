import { expect, test } from 'vitest'
import { QUICK_SECONDS_MAX, WORKLOADS } from './catalogue.ts'

test('names are unique', () => {
  const names = WORKLOADS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

test('all quick runs fit into a minute', () => {
  const seconds = WORKLOADS.map(({ quickSeconds = 0 }) => quickSeconds)
  expect(seconds.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(QUICK_SECONDS_MAX)
})
