/**
 * A PostgreSQL server of our own: started, waited for, stopped. It ends when this process does, however that dies; what is left of an
 * earlier one is ended first.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  mkdtempSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { DatabaseUnavailable } from '../errors.ts'
import {
  SERVER_LOG_BYTES_MAX,
  SOCKET_PATH_BYTES_MAX,
  START_MS_MAX,
  START_POLL_MS,
  STOP_MS_MAX,
} from '../limits.ts'
import { Cluster, SUPERUSER } from './cluster.ts'
import { findProgram, type Program } from './program.ts'
import { serverUser } from './server-user.ts'

export interface EmbeddedOptions {
  /** Beside the ledger's own files. */
  readonly directory: string
  /** Of the superuser: what the cluster is made with. */
  readonly password: string
}

/** What `pg` connects with. */
export interface SocketAddress {
  /** Directory of the socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

/** There is always one of that name. */
const DATABASE = 'postgres'
/** Only names the socket: nothing listens on it. */
const PORT = 5432

export class EmbeddedServer {
  readonly address: SocketAddress
  /** Resolves when it has ended, be it asked for or not. */
  readonly ended: Promise<void>
  readonly pid: number
  readonly #child: ChildProcess
  readonly #shortcut: string | undefined

  private constructor(cluster: Cluster, child: ChildProcess, password: string) {
    this.#child = child
    child.unref()
    this.pid = child.pid ?? 0
    const socket = resolve(cluster.socket)
    this.#shortcut = shortcutTo(socket)
    const host = this.#shortcut === undefined ? socket : join(this.#shortcut, 's')
    this.address = { host, port: PORT, user: SUPERUSER, password, database: DATABASE }
    const guard = guardOf(cluster, this.pid)
    this.ended = new Promise((resolve) => {
      child.once('close', () => {
        guard.kill()
        if (this.#shortcut !== undefined) rmSync(this.#shortcut, { recursive: true, force: true })
        resolve()
      })
    })
  }

  /** Resolves when it takes connections. @throws DatabaseRefused, DatabaseUnavailable */
  static async start({ directory, password }: EmbeddedOptions): Promise<EmbeddedServer> {
    const user = await serverUser()
    const program = await findProgram(user)
    const cluster = new Cluster(directory, user)
    await endOrphan(cluster)
    if (!cluster.isMade) await cluster.make(program, password)
    const server = new EmbeddedServer(cluster, launch(cluster, program), password)
    try {
      await server.#ready(cluster)
      return server
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  /** A fast shutdown: what is not committed is rolled back. */
  async stop(): Promise<void> {
    this.#child.ref()
    this.#child.kill('SIGINT')
    const late = setTimeout(() => this.#child.kill('SIGQUIT'), STOP_MS_MAX)
    await this.ended
    clearTimeout(late)
  }

  async #ready(cluster: Cluster): Promise<void> {
    const until = performance.now() + START_MS_MAX
    while (performance.now() < until) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new DatabaseUnavailable(`PostgreSQL did not start: ${lastWords(cluster)}`)
      }
      const running = cluster.running()
      if (running?.pid === this.pid && running.isReady) return
      await sleep(START_POLL_MS)
    }
    throw new DatabaseUnavailable(`PostgreSQL was not ready within ${START_MS_MAX} ms`)
  }
}

function launch(cluster: Cluster, { postgres }: Program): ChildProcess {
  const { path, options } = cluster.place()
  const isLong =
    (statSync(cluster.log, { throwIfNoEntry: false })?.size ?? 0) > SERVER_LOG_BYTES_MAX
  const log = openSync(cluster.log, isLong ? 'w' : 'a', 0o600)
  try {
    // In a session of its own: an interrupt of the terminal is for us, and we stop it when its turn has come.
    return spawn(postgres, ['-D', path, '-p', String(PORT), ...SETTINGS.flatMap(asArgument)], {
      ...options,
      detached: true,
      stdio: ['ignore', log, log],
    })
  } finally {
    closeSync(log)
  }
}

const asArgument = (setting: string): string[] => ['-c', setting]

/** No network, no replication; everything that makes a commit durable stays as it is. */
const SETTINGS = [
  'listen_addresses=',
  'unix_socket_directories=../socket',
  'unix_socket_permissions=0700',
  'max_connections=50',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=2GB',
  'checkpoint_timeout=15min',
  'maintenance_work_mem=256MB',
  'jit=off',
  'timezone=UTC',
  'log_timezone=UTC',
]

/** Waits for us to die, which ends its standard input, and then ends the server. Outlives a SIGKILL of ours. */
function guardOf({ user }: Cluster, pid: number): ChildProcess {
  const script = 'read -r _; kill -INT "$1"'
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], {
    ...user,
    ...{ cwd: '/', env: {}, detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  })
  guard.unref()
  return guard
}

/** A server that outlived the process that had started it, as when both guards were killed. @throws DatabaseUnavailable */
async function endOrphan(cluster: Cluster): Promise<void> {
  const { pid } = cluster.running() ?? {}
  if (pid === undefined || !isPostgres(pid)) return
  process.kill(pid, 'SIGINT')
  const until = performance.now() + STOP_MS_MAX
  while (isPostgres(pid)) {
    if (performance.now() > until) {
      throw new DatabaseUnavailable(`another PostgreSQL, process ${pid}, uses ${cluster.data}`)
    }
    await sleep(START_POLL_MS)
  }
}

/** The number of a process that died may be another's by now. */
function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0)
    if (process.platform !== 'linux') return true
    // A zombie has ended; only its parent has not looked.
    return /^\d+ \(postgres\) [^ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A link with a short path, since that of a socket may not be long. @returns the directory that holds it as `s`. */
function shortcutTo(socket: string): string | undefined {
  if (Buffer.byteLength(socket) <= SOCKET_PATH_BYTES_MAX - '/.s.PGSQL.5432'.length) return undefined
  const directory = mkdtempSync(join(tmpdir(), 'tally-pg-'))
  symlinkSync(socket, join(directory, 's'))
  return directory
}

function lastWords({ log }: Cluster): string {
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  const fatal = lines.findLast((line) => /FATAL|PANIC|error/.test(line)) ?? lines.at(-1) ?? ''
  return fatal.replace(/^.*?(FATAL|PANIC): */, '')
}
