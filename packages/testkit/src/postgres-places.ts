/** Where tests have PostgreSQL: embedded ones of their own, and one of Debian that they share, each with a database of its own. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import {
  connect,
  Database,
  type DatabaseSource,
  type MigrationSet,
  ownMigrations,
} from '@tallystick/postgres'
import { onTestFinished } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../../scripts/services/postgres.ts', import.meta.url))

export type EmbeddedSource = Extract<DatabaseSource, { kind: 'embedded' }>

/** Removed when the test is over. */
export function embeddedSource(): EmbeddedSource {
  const path = mkdtempSync(join(tmpdir(), 'tally-pg-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const directory = join(path, 'postgres')
  return { kind: 'embedded', directory, passwordFile: join(path, 'postgres.password') }
}

export interface Debian {
  /** A new, empty database. */
  readonly source: () => Promise<DatabaseSource>
  readonly stop: () => Promise<void>
}

/** Debian's server, until `stop`. */
export async function startDebian(): Promise<Debian> {
  const child = spawn(process.execPath, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  const source = async (): Promise<DatabaseSource> => {
    const name = `t${randomBytes(6).toString('hex')}`
    const client = await connect({ connectionString: url }, () => {})
    await client.query(`create database ${name}`)
    await client.end()
    return { kind: 'outside', url: url.replace(/postgres$/, name) }
  }
  const stop = async (): Promise<void> => {
    const ended = once(child, 'close')
    child.stdin.end()
    await ended
  }
  return { source, stop }
}

export const JOURNAL = Buffer.alloc(16, 7)

export interface Opened {
  readonly database: Database
  readonly notes: string[]
}

/** Closed when the test is over. */
export function openDatabase(
  source: DatabaseSource,
  migrations: readonly MigrationSet[] = [ownMigrations()],
  journalId: Uint8Array = JOURNAL,
): Opened {
  const notes: string[] = []
  const onNote = (_level: string, note: string): void => void notes.push(note)
  const database = Database.open({ source, migrations, journalId, onNote })
  onTestFinished(() => database.close())
  return { database, notes }
}

/** Of the embedded server, as it says itself. */
export function pidOf({ directory }: EmbeddedSource): number {
  return Number(readFileSync(join(directory, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** Looks again and again until it is so; a test that waits for ever is ended by its own limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Whether a process does something still: one that has ended may wait for its parent to look. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return (
      process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    )
  } catch {
    return false
  }
}
