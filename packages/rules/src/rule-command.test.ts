import { describe, expect, test } from 'vitest'

import { decodeRuleCommand, encodeRuleCommand, type PutRule } from './rule-command.ts'
import { faultOf, type RuleForm } from './rule-form.ts'

const form: RuleForm = {
  ...{ description: 'low', enabled: true, addresses: ['partners:*'], asset: 'EUR/2' },
  action: 'event',
  when: { kind: 'balance', of: 'available', is: 'below', threshold: '100', rearm: '120' },
}
const put: PutRule = { rules: 'put', rule: 'low', version: 1, owner: 'ada', form }

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const decoded = (text: string): unknown => decodeRuleCommand(Buffer.from(text, 'latin1'))

const changed = (change: Partial<RuleForm>): string | undefined =>
  faultOf({ ...form, ...change })?.field

describe('a command about rules', () => {
  test('has one form, whatever order its fields came in', () => {
    const bytes = encodeRuleCommand(put)
    const { form: first, ...rest } = put
    const mixed: PutRule = { form: first, ...rest }
    expect(encodeRuleCommand(mixed)).toEqual(bytes)
    expect(decodeRuleCommand(bytes)).toEqual(put)
  })

  test.each([
    ['a space', (text: string) => text.replace('"low"', ' "low"')],
    ['an escape', (text: string) => text.replace('"low"', String.raw`"\u006cow"`)],
    ['a field too many', (text: string) => text.replace('"version"', '"x":1,"version"')],
    ['a name twice', (text: string) => text.replace('"version":1', '"version":1,"version":1')],
    [
      'another order',
      (text: string) => text.replace('"rules":"put","rule":"low"', '"rule":"low","rules":"put"'),
    ],
    ['no owner', (text: string) => text.replace('"owner":"ada",', '')],
    ['version 0', (text: string) => text.replace('"version":1', '"version":0')],
    ['another kind', (text: string) => text.replace('"kind":"balance"', '"kind":"toString"')],
    ['a number for an amount', (text: string) => text.replace('"100"', '100')],
  ])('is none with %s', (_name, spoil) => {
    const text = textOf(encodeRuleCommand(put))
    expect(spoil(text)).not.toBe(text)
    expect(decoded(spoil(text))).toBeUndefined()
  })
})

describe('a rule', () => {
  test.each([
    ['without addresses', { addresses: [] }, 'addresses'],
    ['on the same addresses twice', { addresses: ['a', 'a'] }, 'addresses'],
    ['on what is no pattern', { addresses: ['partners:*:x'] }, 'addresses'],
    ['about amounts of no asset', { asset: null }, 'asset'],
    ['about no asset that there can be', { asset: 'EUR' }, 'asset'],
    ['that is described in another script', { description: 'nízko' }, 'description'],
  ])('%s is refused', (_name, change, field) => {
    expect(changed(change)).toBe(field)
  })

  test.each([
    ['balance', { threshold: '-0' }, 'when.threshold'],
    ['balance', { rearm: '99' }, 'when.rearm'],
    ['running_out', { within_days: 366 }, 'when.within_days'],
    ['hold_deadline', { before_seconds: 0 }, 'when.before_seconds'],
    ['velocity', { over_seconds: 59 }, 'when.over_seconds'],
    ['velocity', { measure: 'counterparties', above: '1001' }, 'when.above'],
    ['new_counterparty', { amount_from: '1e3' }, 'when.amount_from'],
    ['limit_used', { rearm_percent: 91 }, 'when.rearm_percent'],
  ])('of the kind %s with %j is refused', (kind, change, field) => {
    const whens: Record<string, object> = {
      balance: form.when,
      running_out: { kind, within_days: 3, over_days: 7 },
      hold_deadline: { kind, before_seconds: 60 },
      velocity: { kind, measure: 'count', direction: 'debit', over_seconds: 60, above: '3' },
      new_counterparty: {
        ...{ kind, direction: 'debit', amount_from: '3', over_seconds: 60, learn_seconds: 0 },
      },
      limit_used: { kind, of: 'account', percent: 90, rearm_percent: 80 },
    }
    const when = whens[kind] as RuleForm['when']
    expect(changed({ when })).toBeUndefined()
    expect(changed({ when: { ...when, ...change } as RuleForm['when'] })).toBe(field)
  })
})
