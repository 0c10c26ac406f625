/** The evaluator against a naive scan: for each kind of rule, what it must fire is computed anew from all events for each of them. */
import { Prng } from '@tallystick/testkit'
import { describe, expect, test } from 'vitest'

import type { When } from '../rule-form.ts'
import { Evaluator, type Firing } from './evaluator.ts'
import { naiveFirings } from './naive-firings.fixture.ts'
import { madeUpStream, ruleOf, tell, type Stream } from './stream.fixture.ts'

const DAY = 86_400
const WHENS: readonly When[] = [
  { kind: 'balance', of: 'balance', is: 'below', threshold: '300', rearm: '500' },
  { kind: 'balance', of: 'balance', is: 'above', threshold: '900', rearm: '700' },
  { kind: 'balance', of: 'available', is: 'below', threshold: '-100', rearm: '-100' },
  { kind: 'balance', of: 'available', is: 'above', threshold: '600', rearm: '0' },
  { kind: 'running_out', within_days: 2, over_days: 1 },
  { kind: 'running_out', within_days: 30, over_days: 7 },
  { kind: 'hold_deadline', before_seconds: 3_600 },
  { kind: 'hold_deadline', before_seconds: 2 * DAY },
  { kind: 'velocity', measure: 'count', direction: 'debit', over_seconds: 3_600, above: '2' },
  { kind: 'velocity', measure: 'sum', direction: 'both', over_seconds: DAY, above: '700' },
  { kind: 'velocity', measure: 'sum', direction: 'credit', over_seconds: 61, above: '0' },
  {
    kind: 'velocity',
    measure: 'counterparties',
    direction: 'debit',
    over_seconds: DAY,
    above: '2',
  },
  {
    kind: 'velocity',
    measure: 'counterparties',
    direction: 'both',
    over_seconds: 3_600,
    above: '1',
  },
  {
    ...{ kind: 'new_counterparty', direction: 'debit', amount_from: '150' },
    ...{ over_seconds: DAY, learn_seconds: 7_200 },
  },
  {
    ...{ kind: 'new_counterparty', direction: 'both', amount_from: '0' },
    ...{ over_seconds: 3_600, learn_seconds: 0 },
  },
  { kind: 'limit_used', of: 'account', percent: 80, rearm_percent: 50 },
  { kind: 'limit_used', of: 'subtree', percent: 60, rearm_percent: 60 },
]

function fired(stream: Stream, whens: readonly When[], putAt: number): Firing[] {
  const firings: Firing[] = []
  const evaluator = new Evaluator((firing) => firings.push(firing))
  tell(evaluator, stream, { putAt, rules: whens.map((when, n) => ruleOf(`rule-${n}`, when)) })
  return firings
}

const shown = ({ sequence, account, counterparty, value, bound, hold }: Firing): string =>
  [sequence, account, counterparty, value, bound, hold ?? '-'].join(' ')

describe('a rule fires exactly where a naive scan says', () => {
  test.each(WHENS.map((when) => [JSON.stringify(when), when] as const))('%s', (_text, when) => {
    let count = 0
    for (let seed = 1; seed <= 12; seed++) {
      const stream = madeUpStream(new Prng(seed), 200)
      const putAt = 10 + (seed % 3) * 40
      const expected = naiveFirings(stream, when, putAt)
      expect(fired(stream, [when], putAt).map(shown), `seed ${seed}`).toEqual(expected)
      count += expected.length
    }
    expect(count).toBeGreaterThan(10)
  })

  test('many at once do what each does alone, each firing in a place of its own that only grows', () => {
    const stream = madeUpStream(new Prng(99), 400)
    const together = fired(stream, WHENS, 10)
    for (const [n, when] of WHENS.entries()) {
      const own = together.filter(({ rule }) => rule.rule === `rule-${n}`)
      expect(own.map(shown)).toEqual(fired(stream, [when], 10).map(shown))
    }
    const places = together.map(({ sequence, ordinal }) => sequence * 1_000 + ordinal)
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
  })
})
