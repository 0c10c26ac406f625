/** Restores a backup into an empty directory: everything is read, verified and decided again before it is installed. */
import { bookDirectory, rootsOfBook, verifyLedger, type VerifyReport } from '@tallystick/engine'
import { type Disk, privateDirectory, privateFile, segmentName } from '@tallystick/journal'
import { type Checkpoint, equalBytes, toBase64 } from '@tallystick/verify'

import { BackupSource } from './backup-source.ts'
import { checkpointOf } from './checkpoints.ts'
import { cutBook, type RestorePoint } from './cut-book.ts'
import { BackupDamaged, BackupRefused } from './errors.ts'
import { installProved, type Staging } from './install.ts'
import type { CheckSignature, PieceEntry } from './manifest.ts'
import type { BackupStore } from './store.ts'

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
  /** Of the proof log's tree, hashed from the restored book; base64 of 32 bytes. */
  readonly proofRoot: string
  /** What the backup's checkpoint says of it; undefined: it has none. */
  readonly checkpoint: RestoredCheckpoint | undefined
  readonly verified: VerifyReport
  /** Of personal data, encrypted: all that the backup has, also of later events. */
  readonly privateBytes: number
}

export interface RestoredCheckpoint {
  readonly origin: string
  /** Events that were signed. */
  readonly size: number
  /** The restored book begins with those very events; `behind`: it has fewer, and that log's signer will refuse it. */
  readonly book: 'continues' | 'behind'
}

/**
 * @throws BackupRefused when the directory is not empty, there is no backup, or it has no such moment; BackupDamaged with object and
 * place when anything in it is not what was written; DirectoryLocked; StoreFailed.
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const { directory, store, checkSignature, dryRun = false } = options
  return installProved({ directory, dryRun }, async ({ disk, staging }) => {
    const source = await BackupSource.open(store, checkSignature)
    await fetchPieces(source, { disk, staging, options })
    const privateBytes = await fetchPrivate(source, { disk, staging })
    const { shard } = source.manifest
    const sequence = await cutBook({ disk, directory: staging, shard }, options.to)
    return { ...(await prove(source, { staging, sequence, options })), privateBytes }
  })
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
  { disk, staging, options }: Staging & { options: RestoreOptions },
): Promise<void> {
  const { to, onProgress } = options
  const wanted = wantedPieces(source, to)
  if (wanted.length === 0) {
    throw new BackupRefused(
      source.pieces.length === 0
        ? `The backup in ${source.store.name} is empty.`
        : `The backup in ${source.store.name} has nothing from before that moment.`,
    )
  }
  const book = bookDirectory(staging)
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

/** @returns how many bytes there are. */
async function fetchPrivate(source: BackupSource, { disk, staging }: Staging): Promise<number> {
  const pieces = source.manifest.private
  if (pieces.length === 0) return 0
  const directory = privateDirectory(staging)
  disk.makeDirectory(directory)
  let offset = 0
  for (const piece of pieces) {
    const bytes = await source.readPrivate(piece)
    writeAt(disk, privateFile(directory), { bytes, offset })
    offset += bytes.length
  }
  disk.syncDirectory(directory)
  return offset
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
): Promise<Omit<RestoreReport, 'privateBytes'>> {
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
  const root = await proveRoots(source, { staging, sequence })
  return {
    ...{ sequence, timestamp, backupSequence: manifest.sequence },
    ...{ contentHash, stateHash, provedByManifest, verified, ...root },
  }
}

/** Holds the tree of the restored book against the root that was proved, and the one that was signed. */
async function proveRoots(
  { manifest, store }: BackupSource,
  { staging, sequence }: { staging: string; sequence: number },
): Promise<Pick<RestoreReport, 'proofRoot' | 'checkpoint'>> {
  const { state, checkpoint: note, shard } = manifest
  const signed = note === undefined ? undefined : checkpointOf(note)
  const covered = signed === undefined || signed.size > sequence ? sequence : Number(signed.size)
  const roots = await rootsOfBook({ directory: staging, shard }, [covered, sequence])
  const [signedRoot = new Uint8Array(0), root = new Uint8Array(0)] = roots
  const damaged = (reason: string): BackupDamaged =>
    new BackupDamaged({ object: store.name, offset: 0, reason })
  const proofRoot = toBase64(root)
  if (state?.sequence === sequence && state.proofRoot !== proofRoot) {
    throw damaged(`its ${sequence} events have the root ${proofRoot}, not ${state.proofRoot}`)
  }
  const book = signed !== undefined && signed.size > sequence ? 'behind' : 'continues'
  if (signed !== undefined && book === 'continues' && !equalBytes(signed.root, signedRoot)) {
    throw damaged(
      `its first ${covered} events have the root ${toBase64(signedRoot)}, and its checkpoint says ${toBase64(signed.root)}: they were changed`,
    )
  }
  return { proofRoot, checkpoint: signed && restored(signed, book) }
}

const restored = (
  { origin, size }: Checkpoint,
  book: RestoredCheckpoint['book'],
): RestoredCheckpoint => ({ origin, size: Number(size), book })
