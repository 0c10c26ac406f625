/** PostgreSQL: the embedded server, or one from outside; a pool that knows whether it is there; migrations. */
export { Database } from './database.ts'
export type { DatabaseOptions, DatabaseState, DatabaseStatus } from './database.ts'
export { DatabaseRefused, DatabaseUnavailable } from './errors.ts'
export { ownMigrations, readMigrations } from './migrations.ts'
export type { Migration, MigrationSet } from './migrations.ts'
export { isDatabaseUrl } from './source.ts'
export type { DatabaseSource } from './source.ts'
