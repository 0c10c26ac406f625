import { Operation, TransferStatus } from '@tallystick/ledger'
import { expect, test } from 'vitest'
import { ModelLedger } from '../model/model-ledger.ts'
import type { MakeOptions } from '@tallystick/scenario'
import { auditMachine } from './audit-machine.ts'
import { compareLong, compareMachines } from './compare-machines.ts'

const SEED = 20_261_121
const model = (options?: MakeOptions) => new ModelLedger(options)

test('no history breaks an invariant of the model', () => {
  auditMachine(model, { seed: SEED, runs: 300 })
})

test('made-up histories reach deep: much is created, and nearly every status is given', () => {
  const counts = new Map<number, number>()
  auditMachine(model, { seed: SEED + 1, runs: 300 }, ({ operation, status }) => {
    if (operation === Operation.createTransfer) counts.set(status, (counts.get(status) ?? 0) + 1)
  })
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  expect(counts.get(TransferStatus.created)).toBeGreaterThan(total / 3)
  expect(counts.size).toBeGreaterThan(Object.keys(TransferStatus).length - 8)
})

test('two models are alike', () => {
  compareMachines(model, model, { seed: SEED, runs: 50 })
})

test('one long history', () => {
  compareLong(model, model, { seed: SEED, size: { batchesMax: 800, commandsMax: 12 } })
})
