import { expect, test } from 'vitest'
import { Side } from './stretches.ts'

const side = (): Side => {
  const side = new Side()
  side.add({ items: 100, seconds: 1, latencies: Float64Array.of(3, 1), cpu: { server: 1 } })
  side.add({ items: 100, seconds: 2, latencies: Float64Array.of(9), cpu: { server: 2 } })
  side.add({ items: 400, seconds: 1, latencies: Float64Array.of(2, 4), cpu: { server: 1 } })
  return side
}

test('the rate of a side is that of its middle stretch', () => {
  expect([side().rate, side().spread, side().items]).toEqual([100, { min: 50, max: 400 }, 600])
})

test('percentiles are those of all stretches together', () => {
  expect(side().latency).toEqual({ p50: 3, p99: 9, max: 9 })
})

test('CPU time is told per second and per item', () => {
  expect(side().cpu('server')).toEqual({ cores: 1, itemUs: 4e6 / 600 })
  expect(side().cpu('client').cores).toBeNaN()
})
