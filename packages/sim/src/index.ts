/** The deterministic simulator, for its command line and its tests. */
export { CASE_NAMES, CASES, Coverage } from './coverage.ts'
export { PLANT_NAMES, PLANTS, type PlantName } from './plants.ts'
export { type RunOptions, type RunResult, runSeed } from './simulation.ts'
