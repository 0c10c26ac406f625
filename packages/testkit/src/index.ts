/** What tests share: seeded randomness, virtual time, the model, the scenario language, suites and properties. */
export * from './clock.ts'
export { ModelLedger, type ModelOptions } from './model/model-ledger.ts'
export * from './prng.ts'
export * from './state-machine.ts'
