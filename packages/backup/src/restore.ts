/**
 * Restores a backup into an empty directory. Everything is read, verified and decided again beside the place where it will lie; only what
 * was proved is moved there, by one rename.
 */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { bookDirectory, verifyLedger, type VerifyReport } from '@tallystick/engine'
import { type Disk, DirectoryLock, RealDisk, segmentName } from '@tallystick/journal'

import { BackupSource } from './backup-source.ts'
import { cutBook, type RestorePoint } from './cut-book.ts'
import { BackupDamaged, BackupRefused } from './errors.ts'
import type { CheckSignature, PieceEntry } from './manifest.ts'
import type { BackupStore } from './store.ts'

/** Where the book lies until it is proved. A restore that died leaves it, and the next one begins it anew. */
const STAGING = 'restoring'

/** What the lock leaves, and what a restore that died does. */
const OWN_NAMES = new Set([STAGING, 'lock.sqlite', 'lock.sqlite-journal'])

export interface RestoreProgress {
  readonly stage: 'pieces' | 'verify'
  /** Bytes of pieces; events decided again. */
  readonly done: number
  readonly total: number
}

export interface RestoreOptions {
  readonly store: BackupStore
  /** Empty, or not there yet. */
  readonly directory: string
  readonly to: RestorePoint
  /** Default: manifests may be unsigned. */
  readonly checkSignature?: CheckSignature
  /** Read and prove everything, and install nothing. */
  readonly dryRun?: boolean
  readonly onProgress?: (progress: RestoreProgress) => void
}

export interface RestoreReport {
  /** Newest event that was restored: the last of a whole group. */
  readonly sequence: number
  /** Its time, ns since 1970. */
  readonly timestamp: bigint
  /** Newest event of the backup. */
  readonly backupSequence: number
  readonly contentHash: string
  readonly stateHash: string
  /** The manifest has the state hash of this very event, and it is the same. */
  readonly provedByManifest: boolean
  readonly verified: VerifyReport
}

/**
 * @throws BackupRefused when the directory is not empty, there is no backup, or it has no such moment; BackupDamaged with object and
 * place when anything in it is not what was written; DirectoryLocked; StoreFailed.
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const { directory, store, checkSignature, dryRun = false } = options
  const disk = new RealDisk()
  const existed = checkEmpty(directory)
  disk.makeDirectory(directory)
  const lock = new DirectoryLock(directory)
  const staging = join(directory, STAGING)
  try {
    // Asked again under the lock: somebody may have been quicker.
    checkEmpty(directory)
    rmSync(staging, { recursive: true, force: true })
    const source = await BackupSource.open(store, checkSignature)
    await fetchPieces(source, disk, options)
    const end = await cutBook(
      { disk, directory: staging, shard: source.manifest.shard },
      options.to,
    )
    const report = await prove(source, { staging, sequence: end, options })
    if (!dryRun) install(disk, directory)
    return report
  } finally {
    rmSync(staging, { recursive: true, force: true })
    lock.release()
    if (dryRun) rmSync(join(directory, 'lock.sqlite'), { force: true })
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
  const foreign = names.find((name) => !OWN_NAMES.has(name))
  if (foreign === undefined) return true
  throw new BackupRefused(
    `${directory} is not empty (${foreign}): restore into an empty directory, then put it in place of the old one.`,
  )
}

/** Pieces that may have what is wanted. */
function wantedPieces({ pieces }: BackupSource, to: RestorePoint): readonly PieceEntry[] {
  switch (to.kind) {
    case 'now':
      return pieces
    case 'sequence':
      return pieces.filter(({ from }) => from.sequence <= to.sequence)
    case 'time': {
      const later = pieces.findIndex(
        ({ timestamp }) => timestamp !== undefined && timestamp > to.at,
      )
      return later < 0 ? pieces : pieces.slice(0, later)
    }
  }
}

async function fetchPieces(
  source: BackupSource,
  disk: Disk,
  { to, directory, onProgress }: RestoreOptions,
): Promise<void> {
  const wanted = wantedPieces(source, to)
  if (wanted.length === 0) {
    throw new BackupRefused(
      source.pieces.length === 0
        ? `The backup in ${source.store.name} is empty.`
        : `The backup in ${source.store.name} has nothing from before that moment.`,
    )
  }
  const book = bookDirectory(join(directory, STAGING))
  disk.makeDirectory(book)
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const piece of wanted) {
    const bytes = await source.read(piece)
    writeAt(disk, `${book}/${segmentName(piece.from.segment)}`, {
      bytes,
      offset: piece.from.offset,
    })
    done += bytes.length
    onProgress?.({ stage: 'pieces', done, total })
  }
  disk.syncDirectory(book)
}

function writeAt(disk: Disk, path: string, { bytes, offset }: { bytes: Buffer; offset: number }) {
  const file = disk.open(path, 'create')
  try {
    for (let done = 0; done < bytes.length;) {
      done += disk.pwrite(file, bytes.subarray(done), offset + done)
    }
    disk.fdatasync(file)
  } finally {
    disk.close(file)
  }
}

/** Decides everything again and compares with what the manifest says. */
async function prove(
  source: BackupSource,
  { staging, sequence, options }: { staging: string; sequence: number; options: RestoreOptions },
): Promise<RestoreReport> {
  const { manifest, store } = source
  const verified = await verifyLedger({
    ...{ directory: staging, shard: manifest.shard },
    onProgress: ({ done, total }) => options.onProgress?.({ stage: 'verify', done, total }),
  })
  const { sound, problems, contentHash, stateHash, lastTimestamp: timestamp } = verified
  const damaged = (reason: string): BackupDamaged =>
    new BackupDamaged({ object: store.name, offset: 0, reason })
  if (!sound || contentHash === undefined || stateHash === undefined) {
    throw damaged(`its journal does not hold: ${problems[0]?.text ?? 'it cannot be decided again'}`)
  }
  if (verified.lastSequence !== sequence) {
    throw damaged(`its journal ends with event ${verified.lastSequence}, not with ${sequence}`)
  }
  const { state } = manifest
  const provedByManifest = state?.sequence === sequence
  if (provedByManifest && (state.stateHash !== stateHash || state.contentHash !== contentHash)) {
    throw damaged(
      `deciding event 1 to ${sequence} again gives the state ${stateHash}, and the manifest says ${state.stateHash}`,
    )
  }
  return {
    ...{ sequence, timestamp, backupSequence: manifest.sequence },
    ...{ contentHash, stateHash, provedByManifest, verified },
  }
}

/** One rename: a directory has a whole book or none. */
function install(disk: Disk, directory: string): void {
  disk.rename(bookDirectory(join(directory, STAGING)), bookDirectory(directory))
  disk.syncDirectory(directory)
}
