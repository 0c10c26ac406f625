/** The embedded server's directory: made once, as a whole or not at all. */
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'

import { DatabaseRefused } from '../errors.ts'
import type { Program } from './program.ts'
import { type Place, runProgram } from './run-program.ts'
import type { ServerUser } from './server-user.ts'

export const SUPERUSER = 'tallystick'

/**
 * `data/postgres`, 0700, of the server's user:
 *
 *     cluster/      what PostgreSQL keeps
 *     socket/       where it listens, and nowhere else
 *     server.log    what it says
 */
export class Cluster {
  readonly directory: string
  readonly user: ServerUser

  constructor(directory: string, user: ServerUser) {
    // Programs stand in it, and what is named from where we stand they would not find.
    this.directory = resolve(directory)
    this.user = user
    for (const each of [this.directory, this.socket]) this.#own(each)
  }

  get data(): string {
    return join(this.directory, 'cluster')
  }
  get socket(): string {
    return join(this.directory, 'socket')
  }
  get log(): string {
    return join(this.directory, 'server.log')
  }

  get isMade(): boolean {
    return existsSync(join(this.data, 'PG_VERSION'))
  }

  /**
   * How to start a program in `data`, and what it is told that its data directory is. The server's user may not be able to walk there
   * (root's `data` is 0700), but he may stand there: Linux names the place where a process stands so that it need not be walked to.
   */
  place(data = this.data): { readonly path: string; readonly options: Place } {
    const path = this.user.uid === undefined ? data : '/proc/self/cwd'
    return { path, options: { ...this.user, cwd: data, env: ENVIRONMENT } }
  }

  /** @throws DatabaseRefused */
  async make({ initdb }: Program, password: string): Promise<void> {
    const making = `${this.data}.making`
    const passwordFile = join(making, '..', 'password')
    rmSync(making, { recursive: true, force: true })
    this.#own(making)
    writeFileSync(passwordFile, password, { mode: 0o600 })
    this.#chown(passwordFile)
    const { path, options } = this.place(making)
    const shown = this.user.uid === undefined ? passwordFile : `${path}/../password`
    const { isDone, reason } = await runProgram(
      initdb,
      [
        ...['-D', path, '-U', SUPERUSER, '-E', 'UTF8', '--no-instructions'],
        ...['--auth=scram-sha-256', `--pwfile=${shown}`],
        ...['--locale-provider=builtin', '--locale=C.UTF-8'],
      ],
      options,
    )
    rmSync(passwordFile, { force: true })
    if (!isDone) {
      throw new DatabaseRefused(`PostgreSQL could not make ${this.data}: ${reason}`)
    }
    rmSync(this.data, { recursive: true, force: true })
    renameSync(making, this.data)
  }

  /** What the server wrote of itself; undefined: it does not run, as far as is known. */
  running(): { readonly pid: number; readonly isReady: boolean } | undefined {
    try {
      const lines = readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')
      const pid = Number(lines[0])
      return pid > 1 ? { pid, isReady: lines[7]?.trim() === 'ready' } : undefined
    } catch {
      return undefined
    }
  }

  #own(directory: string): void {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    this.#chown(directory)
  }

  #chown(path: string): void {
    const { uid, gid } = this.user
    if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
  }
}

/** Nothing of ours: our environment may hold a root key. */
const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' } as const
