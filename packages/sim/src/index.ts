/** The deterministic simulator, for its command line and its tests. */
export { CASE_NAMES, CASES, Coverage } from './coverage.ts'
export { PLANT_NAMES, PLANTS, type PlantName } from './plants.ts'
export { type RunOptions, type RunResult, runSeed } from './simulation.ts'
export { type DamagedBook, makeBook } from './damage/damaged-book.ts'
export { DAMAGE_NAMES, type DamageName, DAMAGES } from './damage/damages.ts'
export type { FailingCall } from './damage/failing-calls.ts'
export {
  failProofCall,
  makeProvedBook,
  PROOF_FATES,
  type ProofFate,
  proofFateOf,
  type ProvedBook,
} from './damage/proof-trial.ts'
export { failRead, type Fate, FATES, fateOf } from './damage/trial.ts'
