import { freshSeed } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { Coverage, PLANT_NAMES, runSeed } from '../src/index.ts'

const STEPS = 1_500
/** Every one of them was run before and held; together they visit every case. */
const FIXED_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]
/** Fixed seeds within which each planted bug has to be found. */
const PLANT_SEEDS = 8

const sound = async (seed: number, steps: number) => {
  const result = await runSeed({ seed, steps })
  expect(result.violation?.message, `seed ${seed}`).toBeUndefined()
  return result
}

test('every check holds on the fixed seeds, and they visit every case', async () => {
  const coverage = new Coverage()
  for (const seed of FIXED_SEEDS) coverage.take((await sound(seed, STEPS)).coverage)
  console.log(coverage.table())
  expect(coverage.missing).toEqual([])
})

test('every check holds on a fresh seed', async () => {
  const seed = freshSeed()
  console.log(`npm run sim -- --seed ${seed}`)
  await sound(seed, STEPS)
})

test('the same seed is the same run, another seed another', async () => {
  const first = await sound(11, 600)
  const again = await sound(11, 600)
  const other = await sound(12, 600)
  expect(first.traced).toBeGreaterThan(1_000)
  expect([again.digest, again.traced]).toEqual([first.digest, first.traced])
  expect(other.digest).not.toBe(first.digest)
})

test.each(PLANT_NAMES)('a planted bug is found: %s', async (plant) => {
  let found: string | undefined
  for (let seed = 1; seed <= PLANT_SEEDS && found === undefined; seed++) {
    const { violation } = await runSeed({ seed, steps: STEPS, plant })
    if (violation !== undefined) found = `seed ${seed}: ${violation.message}`
  }
  console.log(`${plant} is found by ${found}`)
  expect(found).toBeDefined()
})
