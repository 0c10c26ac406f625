/**
 * Makes a book beside the place where it will lie, in an empty data directory, and moves it there by one rename when it is proved: a
 * directory has a whole book or none.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { bookDirectory } from '@tallystick/engine'
import { type Disk, DirectoryLock, privateDirectory, RealDisk } from '@tallystick/journal'

import { BackupRefused } from './errors.ts'

/** Where the book lies until it is proved. A run that died leaves it, and the next one begins it anew. */
const STAGING = 'restoring'

const PRIVATE = 'private'

const LOCK_NAME = 'lock.sqlite'

/** What the lock leaves, and what a run that died does. */
const OWN_NAMES = new Set([STAGING, LOCK_NAME, `${LOCK_NAME}-journal`])

/** Where a book is made: a data directory of its own. */
export interface Staging {
  readonly disk: Disk
  readonly staging: string
}

/** @param make throws unless the book is proved. @throws BackupRefused, DirectoryLocked, and what `make` throws. */
export async function installProved<Report>(
  { directory, dryRun }: { readonly directory: string; readonly dryRun: boolean },
  make: (place: Staging) => Promise<Report>,
): Promise<Report> {
  const disk = new RealDisk()
  const existed = checkEmpty(directory)
  disk.makeDirectory(directory)
  const lock = new DirectoryLock(directory)
  const staging = join(directory, STAGING)
  try {
    // Asked again under the lock: somebody may have been quicker.
    checkEmpty(directory)
    rmSync(staging, { recursive: true, force: true })
    const report = await make({ disk, staging })
    if (!dryRun) install(disk, { directory, staging })
    return report
  } finally {
    rmSync(staging, { recursive: true, force: true })
    lock.release()
    if (dryRun) rmSync(join(directory, LOCK_NAME), { force: true })
    if (dryRun && !existed) rmSync(directory, { recursive: true })
  }
}

/** Whether the directory is there. @throws BackupRefused when something is in it. */
function checkEmpty(directory: string): boolean {
  let names: string[]
  try {
    names = readdirSync(directory)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
  // Moved there by a run that died before it moved the book.
  const own = names.includes(STAGING) ? new Set([...OWN_NAMES, PRIVATE]) : OWN_NAMES
  const foreign = names.find((name) => !own.has(name))
  if (foreign === undefined) return true
  throw new BackupRefused(
    `${directory} is not empty (${foreign}): name an empty directory, then put it in place of the old one.`,
  )
}

function install(
  disk: Disk,
  { directory, staging }: { readonly directory: string; readonly staging: string },
): void {
  const personal = privateDirectory(directory)
  rmSync(personal, { recursive: true, force: true })
  if (existsSync(privateDirectory(staging))) {
    disk.rename(privateDirectory(staging), personal)
    disk.syncDirectory(directory)
  }
  // The last: from now on it is a data directory.
  disk.rename(bookDirectory(staging), bookDirectory(directory))
  disk.syncDirectory(directory)
}
