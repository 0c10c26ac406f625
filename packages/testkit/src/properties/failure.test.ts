import {
  type Batch,
  type Decision,
  type MakeMachine,
  type MakeOptions,
  parse,
  type StateMachine,
} from '@tallystick/scenario'
import { expect, test } from 'vitest'
import { ModelLedger } from '../model/model-ledger.ts'
import { auditMachine } from './audit-machine.ts'
import { compareMachines } from './compare-machines.ts'

const model: MakeMachine = (options) => new ModelLedger(options)

/** Says of every hold that one unit more remains. */
class Boaster extends ModelLedger {
  override hold(id: bigint) {
    const view = super.hold(id)
    return view === undefined ? undefined : { ...view, remaining: view.remaining + 1n }
  }
}

/** Forgets that the batch is a dry run. */
class Careless extends ModelLedger {
  override apply(batch: Batch): readonly Decision[] {
    return super.apply({ ...batch, dryRun: false })
  }
}

/** Releases one hold per batch, whatever it was told. */
const slow: MakeMachine = () => new ModelLedger({ releasesPerBatchMax: 1 })

const boaster = (options?: MakeOptions): StateMachine => new Boaster(options)
const careless = (options?: MakeOptions): StateMachine => new Careless(options)

/** The message of what was thrown; empty if nothing was. */
function complaint(prove: () => void): string {
  try {
    prove()
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

test('a difference is found, and told as a short scenario with its seed', () => {
  const message = complaint(() => compareMachines(model, boaster, { seed: 9, runs: 200 }))
  expect(message).toMatch(/^seed 9\n/)
  expect(message).toContain('different views')
  const story = message.split('\n\n')[1] ?? ''
  expect(story.split('\n').length).toBeLessThan(20)
  expect(parse(story).steps.length).toBeGreaterThan(0)
})

test('a machine that releases too few is found', () => {
  const message = complaint(() => compareMachines(model, slow, { seed: 9, runs: 500 }))
  expect(message).toContain('seed 9')
})

test('an invariant that is broken is found, by itself', () => {
  const options = { seed: 9, runs: 200 }
  expect(complaint(() => auditMachine(boaster, options))).toContain('what remains of hold')
  expect(complaint(() => auditMachine(careless, options))).toContain('a dry run left something')
})
