/** What tests share: seeded randomness, virtual time, the model, the scenario language, suites and properties. */
export {
  formatBatches,
  formatCommand,
  idOfLabel,
  LedgerMachine,
  MemoryBook,
  parse,
  play,
  render,
  type Report,
  run,
  type RunOptions,
  type Scenario,
  ScenarioError,
  type Step,
  VirtualClock,
} from '@tallystick/scenario'
export type {
  AccountView,
  Balances,
  Batch,
  Decision,
  EntryView,
  HoldView,
  MakeMachine,
  MakeOptions,
  Refusal,
  StateMachine,
} from '@tallystick/scenario'
export { check } from './check.ts'
export { installPackages, type InstalledPackages } from './install-packages.ts'
export { ModelLedger } from './model/model-ledger.ts'
export {
  type Debian,
  type EmbeddedSource,
  embeddedSource,
  isRunning,
  JOURNAL,
  openDatabase,
  pidOf,
  startDebian,
  until,
} from './postgres-places.ts'
export * from './prng.ts'
export { auditMachine } from './properties/audit-machine.ts'
export { compareLong, compareMachines } from './properties/compare-machines.ts'
export { History } from './properties/history.ts'
export { Issued } from './properties/issued.ts'
export { openingOf, realizeBatch } from './properties/realize.ts'
export type { Wish } from './properties/wish.ts'
export { checkReplay, invariants } from './properties/invariants.ts'
export type { PropertyOptions } from './properties/run-property.ts'
export { ShownLog } from './shown-log.ts'
export { SlowTree } from './slow-tree.ts'
export { ledgerSuite } from './suites/ledger-suite.ts'
export { RandomCommands } from './random-commands.ts'
