/** A server from start to stop, as a process: settings, what the terminal shows, signals, exit codes. */
import { join } from 'node:path'

import { DirectoryLocked, JournalCorrupt, JournalRefused } from '@tallystick/journal'

import type { DatabaseSource } from '@tallystick/postgres'

import { type RunningServer, startServer } from '../start-server.ts'
import { VERSION } from '../version.ts'
import { greet, type Output, Progress, sayReady } from './banner.ts'
import { brokersOf } from './broker-settings.ts'
import { helpText } from './help.ts'
import { type Keys, openKeys } from './key-directory.ts'
import { errorFields, openLog } from './log.ts'
import { StartRefused } from './setting.ts'
import { readSettings, type Settings } from './settings.ts'

const STOPPED = 0
const FAILED = 1
const SETTING_IS_WRONG = 2
const DIRECTORY_IN_USE = 3
const DATA_IS_DAMAGED = 4
const MEGABYTE = 1024 * 1024
const DAY_MS = 24 * 60 * 60 * 1000

/** Serves until a signal comes. @returns the exit code. */
export async function runServer(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  output: Output = process.stdout,
): Promise<number> {
  try {
    const { settings, asks } = readSettings(args, env)
    if (asks !== undefined) {
      output.write(asks === 'help' ? helpText(VERSION) : `${VERSION}\n`)
      return STOPPED
    }
    const keys = openKeys(settings.keys, settings.rootKey)
    return await serveUntilStopped(settings, keys, output)
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`)
    return codeOf(error)
  }
}

async function serveUntilStopped(settings: Settings, keys: Keys, output: Output): Promise<number> {
  const log = openLog(settings.logLevel)
  const { promise: stop, resolve } = Promise.withResolvers<number>()
  const began = performance.now()
  const progress = new Progress(output)
  const server = await startServer({
    data: settings.data,
    keys: settings.keys,
    rootKey: keys.rootKey,
    listen: settings.listen,
    adminListen: settings.adminListen,
    publicUrl: settings.publicUrl,
    allowCardNumbers: settings.allowCardNumbers,
    webhooksAllowPrivate: settings.webhooksAllowPrivate,
    brokers: brokersOf(settings),
    maxConnections: settings.maxConnections,
    ...{ trustedProxies: settings.trustedProxies, proxyHeader: settings.proxyHeader },
    ...{ callsPerSecond: settings.callsPerSecond },
    ...{ callsPerSecondOfKey: settings.callsPerSecondOfKey },
    ...{ wrongKeysPerMinute: settings.wrongKeysPerMinute, oidcIssuers: settings.oidcIssuers },
    ...{ proofs: settings.proofs, logOrigin: settings.logOrigin },
    ...{ witnesses: settings.witnesses, witnessQuorum: settings.witnessQuorum },
    checkpointsTo: settings.checkpointsTo,
    checkpointsEveryMs: settings.checkpointsEvery * 1_000,
    ...{ shippedMarker: settings.shippedMarker, database: databaseOf(settings) },
    snapshotEveryBytes: settings.snapshotMegabytes * MEGABYTE,
    scrubPeriodMs: settings.scrubDays * DAY_MS,
    log,
    onProgress: (step) => progress.show(step),
    onFatal: () => resolve(FAILED),
  })
  progress.end()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('stopping', { signal })
      resolve(STOPPED)
    })
  }
  greet(output, { version: VERSION, settings, keys, server })
  sayReady(output, server.ledger, performance.now() - began)
  const code = await stop
  if (code !== STOPPED) {
    // What is on disk is safe; what is in memory is not known to be true, so nothing more is written.
    await server.abandon()
    process.exit(code)
  }
  return closeOf(server, log)
}

function databaseOf({ database, databaseUrl, data, keys }: Settings): DatabaseSource | undefined {
  if (database === 'off') return undefined
  if (databaseUrl !== undefined) return { kind: 'outside', url: databaseUrl }
  return {
    kind: 'embedded',
    directory: join(data, 'postgres'),
    passwordFile: join(keys, 'postgres.password'),
  }
}

async function closeOf(server: RunningServer, log: ReturnType<typeof openLog>): Promise<number> {
  // A second signal does not wait.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => process.exit(FAILED))
  try {
    await server.close()
    process.removeAllListeners('SIGTERM')
    process.removeAllListeners('SIGINT')
    log.info('stopped')
    return STOPPED
  } catch (error) {
    log.error('could not stop in order; a restart recovers', errorFields(error))
    return FAILED
  }
}

function codeOf(error: unknown): number {
  if (error instanceof StartRefused) return SETTING_IS_WRONG
  if (error instanceof DirectoryLocked) return DIRECTORY_IN_USE
  if (error instanceof JournalCorrupt || error instanceof JournalRefused) return DATA_IS_DAMAGED
  return hasCode(error, 'EADDRINUSE') || hasCode(error, 'EACCES') ? SETTING_IS_WRONG : FAILED
}

/** What happened and how to mend it. */
function sentenceOf(error: unknown): string {
  if (error instanceof StartRefused) return error.message
  if (error instanceof DirectoryLocked) {
    return `${error.directory} is in use by another Tallystick: stop that one, or give this one its own --data.`
  }
  if (error instanceof JournalCorrupt) {
    return `${error.message}. Nothing was changed. tally verify says what is wrong, tally repair mends it from a backup.`
  }
  if (error instanceof JournalRefused) return `${error.message}. Nothing was changed.`
  if (hasCode(error, 'EADDRINUSE')) {
    return 'The address of --listen is in use: stop who uses it, or choose another, like --listen 127.0.0.1:7412.'
  }
  if (hasCode(error, 'EACCES'))
    return `${String(error)}: choose a directory or port that this user may use.`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
