/** The tables. */
import { type MigrationSet, readMigrations } from '@tallystick/postgres'

export const readModelMigrations = (): MigrationSet =>
  readMigrations('read-models', new URL('./migrations/', import.meta.url))
