/** The ledger as tables of PostgreSQL. */
export { readModelMigrations } from './migrations.ts'
export { ReadModels } from './read-models.ts'
export type {
  FollowedLedger,
  ReadModelsOptions,
  ReadModelsState,
  ReadModelsStatus,
} from './read-models.ts'
