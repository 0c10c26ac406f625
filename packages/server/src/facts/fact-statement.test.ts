import { openLedger } from '@tallystick/engine'
import { Memory, RecordCursor } from '@tallystick/ledger'
import { expect, onTestFinished, test } from 'vitest'

import { statedFact, stateFact } from './fact-statement.ts'

const FACT = {
  id: '0f6f3f0e-52a5-4b9e-9d8e-3f1f2b6a7c11',
  ...{ type: 'read_models.differed', data: '{"compared_sequence":"7","differences":["é"]}' },
}

test('a fact is one event of the log, however often it is told, and says what it said', async () => {
  const ledger = await openLedger({ memory: true })
  onTestFinished(() => ledger.close())
  const sequence = await stateFact(ledger, FACT)
  const again = await Promise.all([stateFact(ledger, FACT), stateFact(ledger, FACT)])
  expect(again).toEqual([sequence, sequence])
  expect(ledger.lastSequence).toBe(sequence)
  const record = new RecordCursor(Memory.allocate(8))
  ledger.reader.frame(sequence).point(0, record)
  expect(statedFact(record)).toEqual({
    type: 'read_models.differed',
    fields: '"compared_sequence":"7","differences":["é"]',
  })
})

test('a fact that this version does not know is none', async () => {
  const ledger = await openLedger({ memory: true })
  onTestFinished(() => ledger.close())
  const sequence = await stateFact(ledger, { ...FACT, type: 'moon.full' })
  const record = new RecordCursor(Memory.allocate(8))
  ledger.reader.frame(sequence).point(0, record)
  expect(statedFact(record)).toBeUndefined()
})
