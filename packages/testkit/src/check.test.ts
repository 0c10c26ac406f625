import { expect, test } from 'vitest'
import { check } from './check.ts'
import { ModelLedger } from './model/model-ledger.ts'

test('what differs is told with its line', () => {
  const text = `
    account A
    account L dmnec
    transfer T L A 5 -> created 5
    balance A 0 0 0 5
    account A -> exists`
  expect(() => check(() => new ModelLedger(), text)).toThrow(
    [
      'line 4: transfer T L A 5: expected created, was exceeds_credits; expected amount 5, was 0',
      'line 5: balance A 0 0 0 5: expected cpo 5, was 0',
    ].join('\n'),
  )
})
