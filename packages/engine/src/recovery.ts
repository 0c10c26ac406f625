/**
 * Opens what lies on disk: the newest snapshot that is whole, the journal, the sealed runs; and replays what the snapshot does
 * not have. Nothing in the journal is changed: that begins with its writer.
 */
import { type Disk, type Journal, openJournal } from '@tallystick/journal'
import { Ledger, type LedgerOptions, type OldIds } from '@tallystick/ledger'

import { Book } from './book.ts'
import { Followers } from './followers.ts'
import { GuardedIds } from './guarded-ids.ts'
import { KeyTable } from './ids/key-table.ts'
import { SealedIds } from './ids/sealed-ids.ts'
import { Indexes, type SavedIndexes } from './indexes.ts'
import { GROUPS } from './limits.ts'
import type { OpenProgress } from './open.ts'
import { replayBook } from './replay.ts'
import { RequestKeys } from './request-keys.ts'
import type { Sizes } from './sizes.ts'
import { findSnapshots, SnapshotReader } from './snapshots/snapshot-reader.ts'

export interface RecoveryOptions {
  readonly disk: Disk
  /** Of the data; the journal lies in `book`, snapshots in `snapshots`, sealed runs in `ids`. */
  readonly directory: string
  readonly shard: number
  /** Let threads of their own seal ids. */
  readonly threads: boolean
  /** Keep all ids in memory and write no snapshots: the directory is in memory too. */
  readonly inMemory: boolean
  /** Of the hash tables: random, but in simulations. */
  readonly seed: number
  /** Random bytes, for the id of a new journal. */
  readonly random: (into: Uint8Array) => void
  readonly sizes: Sizes
  readonly onProgress: (progress: OpenProgress) => void
  readonly onNote: (note: string) => void
}

/** A whole ledger as the disk has it, ready to be written on. */
export interface Recovered {
  readonly journal: Journal
  readonly book: Book
  readonly ledger: Ledger
  readonly sealed: SealedIds | undefined
  readonly keys: RequestKeys
  readonly indexes: Indexes
  readonly followers: Followers
  /** Sequence of the snapshot that was loaded; 0 = none. */
  readonly snapshotSequence: number
}

export const bookDirectory = (directory: string): string => `${directory}/book`
export const snapshotDirectory = (directory: string): string => `${directory}/snapshots`
export const proofsDirectory = (directory: string): string => `${directory}/proofs`
export const idsDirectory = (directory: string): string => `${directory}/ids`

/** What stands in for sealed runs where there are none. */
export const NO_OLD_IDS: OldIds = { empty: true, largest: -1, transfer: () => 0, touch: () => 0 }

export async function recover(options: RecoveryOptions): Promise<Recovered> {
  const snapshots = openSnapshots(options)
  let journal: Journal | undefined
  try {
    journal = openBook(options, snapshots)
    const recovered = await rebuild(options, journal, snapshots)
    return recovered
  } catch (error) {
    await journal?.close()
    throw error
  } finally {
    for (const snapshot of snapshots) snapshot.close()
  }
}

/** Snapshots with a whole header, newest first. */
function openSnapshots({ disk, directory, inMemory, onNote }: RecoveryOptions): SnapshotReader[] {
  if (inMemory) return []
  return findSnapshots(disk, snapshotDirectory(directory)).flatMap((path) => {
    try {
      return [new SnapshotReader(disk, path)]
    } catch (error) {
      onNote(`a snapshot is passed over: ${String(error)}`)
      return []
    }
  })
}

function openBook(options: RecoveryOptions, snapshots: readonly SnapshotReader[]): Journal {
  const { disk, directory, shard, random, sizes, onNote, onProgress } = options
  const { segmentBytes, groupBytes } = sizes
  const snapshot = snapshots[0]?.header.sequence ?? 0
  const journal = openJournal({
    ...{ disk, shard, random, segmentBytes, groupBytes, groups: GROUPS },
    directory: bookDirectory(directory),
    from: { sequence: snapshot + 1 },
    durableAtLeast: snapshot,
    onProgress: (done, total) => onProgress({ stage: 'verify', done, total }),
  })
  const { torn } = journal.report
  if (torn !== undefined) {
    onNote(`an unfinished write is cut from ${torn.file} at ${torn.offset}: ${torn.reason}`)
  }
  return journal
}

async function rebuild(
  options: RecoveryOptions,
  journal: Journal,
  snapshots: readonly SnapshotReader[],
): Promise<Recovered> {
  const { seed, onProgress } = options
  const book = new Book(journal.reader)
  const sealed = options.inMemory ? undefined : await openSealed(options, journal)
  const sealedThrough = sealed?.through ?? 0
  const oldIds = sealed === undefined ? undefined : new GuardedIds(sealed, options.onNote)
  const { ledger, saved, snapshotSequence } = loadLedger(options, snapshots, {
    journalId: journal.id,
    make: (idBase) => ({ recall: book, oldIds: oldIds ?? NO_OLD_IDS, hashSeed: seed, idBase }),
    sealedThrough,
  })
  const keys = new RequestKeys(new KeyTable(seed, sealedThrough), oldIds)
  const indexes = new Indexes(ledger, book, saved)
  const followers = new Followers(indexes)
  await replayBook({
    ...{ ledger, reader: journal.reader, followers, keys, sealedThrough },
    onProgress: (done, total) => onProgress({ stage: 'replay', done, total }),
  })
  return { journal, book, ledger, sealed, keys, indexes, followers, snapshotSequence }
}

function openSealed(options: RecoveryOptions, journal: Journal): Promise<SealedIds> {
  const { disk, directory, threads, seed, shard, onProgress, onNote } = options
  return SealedIds.open({
    ...{ disk, seed },
    directory: idsDirectory(directory),
    journal: {
      id: journal.id,
      firstSequence: journal.reader.firstSequence,
      lastSequence: journal.reader.lastSequence,
      directory: bookDirectory(directory),
      shard,
      book: journal.reader,
    },
    thread: threads,
    onProgress: (done, total) => onProgress({ stage: 'ids', done, total }),
    onFailure: (error) => onNote(`ids are no longer sealed, memory will grow: ${error.message}`),
  })
}

/** The newest snapshot that is whole, or an empty ledger. */
function loadLedger(
  { onNote, onProgress }: RecoveryOptions,
  snapshots: readonly SnapshotReader[],
  from: {
    journalId: Uint8Array
    make: (idBase: number) => LedgerOptions
    sealedThrough: number
  },
): { ledger: Ledger; saved: SavedIndexes | undefined; snapshotSequence: number } {
  for (const snapshot of snapshots) {
    const { sequence, journalId, pages } = snapshot.header
    try {
      if (Buffer.compare(journalId, from.journalId) !== 0) throw new Error('of another journal')
      const options = from.make(Math.min(sequence, from.sealedThrough))
      const saved = snapshot.indexes()
      const ledger = Ledger.load(options, snapshot.head(), (n, into) => {
        if (n % 256 === 0) onProgress({ stage: 'snapshot', done: n, total: pages })
        snapshot.page(n, into)
      })
      return { ledger, saved, snapshotSequence: sequence }
    } catch (error) {
      onNote(`the snapshot of event ${sequence} is passed over: ${String(error)}`)
    }
  }
  return { ledger: new Ledger(from.make(0)), saved: undefined, snapshotSequence: 0 }
}
