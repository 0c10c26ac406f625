/** The ledger as tables of PostgreSQL. */
export { readModelMigrations } from './migrations.ts'
export { ReadModels } from './read-models.ts'
export type {
  FollowedLedger,
  ReadModelsOptions,
  ReadModelsState,
  ReadModelsStatus,
} from './read-models.ts'
export { type QueryResource, sortsOf } from './query/fields.ts'
export { type Filter, FilterRefused } from './query/filter.ts'
export { parseFilter, type SequenceOfReference } from './query/parse-filter.ts'
export { filterOfText } from './query/parse-text.ts'
export type { Reach } from './query/reach-sql.ts'
export { type Found, type FoundRow, type Query, runQuery } from './query/run-query.ts'
export { Agreement, type Checked, type TotalsNow } from './reports/agreement-job.ts'
export {
  agedHoldsReport,
  balancesReport,
  type BalancesRow,
  moversReport,
  turnoverReport,
} from './reports/reports.ts'
