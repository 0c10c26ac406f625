import { expect, test } from 'vitest'

import { readCommandLine, STEPS } from './command-line.ts'
import { failureText } from './report.ts'
import { Violation } from './violation.ts'

test.each([
  ['', { asks: 'many', seed: undefined, seeds: 1, steps: STEPS }],
  ['--seed 7', { asks: 'one', seed: 7 }],
  ['--seeds 20 --from 3 --steps 9', { asks: 'many', seed: 3, seeds: 20, steps: 9 }],
  ['--seed 1 --plant skip-sync', { asks: 'one', plant: 'skip-sync' }],
  ['--seed x --help', { asks: 'help' }],
])('%s', (text, expected) => {
  expect(readCommandLine(text.split(' ').filter(Boolean))).toMatchObject(expected)
})

test.each([
  ['--seed', '--seed needs a value, like --seed 7.'],
  ['--seed -1', '--seed is "-1": use a whole number from 0'],
  ['--steps 0', '--steps is "0": use a whole number from 1'],
  ['--fast', '--fast is unknown: --help lists all there is.'],
  ['--plant rot', 'There is no plant rot. There are: skip-sync,'],
])('%s is refused', (text, message) => {
  expect(() => readCommandLine(text.split(' '))).toThrow(message)
})

test('a failure names the check, what was expected and seen, and how to see it again', () => {
  const violation = new Violation('nothing is lost', { expected: 'it', seen: 'nothing' })
  const text = failureText(violation, { seed: 5, steps: 10, plant: 'skip-sync' })
  expect(text.split('\n').slice(1)).toEqual([
    'seed 5 failed: nothing is lost',
    '  expected   it',
    '  saw        nothing',
    '  reproduce  npm run sim -- --seed 5 --steps 10 --plant skip-sync',
  ])
})
