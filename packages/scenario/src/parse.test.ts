import { U128_MAX } from '@tallystick/ledger'
import { expect, test } from 'vitest'
import { parse } from './parse.ts'
import type { Batch } from './state-machine.ts'
import type { Scenario } from './step.ts'

test.each([
  ['transfr T A B 5', 'line 1: "transfr" is not a step'],
  ['\n\naccount', 'line 3: the id is missing'],
  ['transfer T A B', 'line 1: the amount is missing'],
  ['transfer T A B five', 'line 1: "five" is not an amount'],
  ['transfer T A B 5 pendng', 'line 1: what does "pendng" mean here?'],
  ['transfer T A B 5 timout=3', 'line 1: what does "timout=" mean here?'],
  ['transfer T A B 5 timeout=x', 'line 1: "x" is no number'],
  ['account A -> creatd', 'line 1: "creatd" is not a status of this command'],
  ['account A -> exceeds_credits', 'line 1: "exceeds_credits" is not a status of this command'],
  ['balance A 0 0 0 0 -> created', 'line 1: "balance" has no status to expect'],
  ['batch\naccount A', 'line 1: this block has no commit'],
  ['batch\nbatch', 'line 2: "batch" cannot stand inside a block'],
  ['commit', 'line 1: there is no block to commit'],
  ['at yesterday', 'line 1: "yesterday" is not a time'],
  ['books A', 'line 1: until= is missing'],
  ['balance A 0 0 0 0 0', 'line 1: what does "0" mean here?'],
])('%j is refused: %s', (text, message) => {
  expect(() => parse(text)).toThrow(message)
})

test('comments and empty lines are nothing', () => {
  expect(parse('\n  # all\n\n').steps).toEqual([])
  expect(batchesOf(parse('account A # the first'))).toEqual(batchesOf(parse('account A')))
})

test('amounts, ids and times have short forms', () => {
  const [batch] = batchesOf(parse('at 2026-01-01T00:00:00Z\ntransfer 7 max A max-1 effective=5s'))
  expect(batch?.proposed).toBe(1_767_225_600_000_000_000n)
  expect(batch?.commands[0]).toMatchObject({
    id: 7n,
    debitAccountId: U128_MAX,
    amount: U128_MAX - 1n,
    effectiveAt: 5_000_000_000n,
  })
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
