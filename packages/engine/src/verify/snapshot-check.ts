/** Holds the newest snapshots against the book: whole, and with the events behind them the state that deciding again gave. */
import { createHash } from 'node:crypto'

import type { Disk, JournalReader } from '@tallystick/journal'
import { Ledger } from '@tallystick/ledger'

import { Book } from '../book.ts'
import { Followers } from '../followers.ts'
import { Indexes } from '../indexes.ts'
import { NO_OLD_IDS } from '../recovery.ts'
import { replayBook } from '../replay.ts'
import { findSnapshots, SnapshotReader } from '../snapshots/snapshot-reader.ts'
import type { Problems } from './report.ts'

export interface SnapshotCheck {
  readonly disk: Disk
  /** Of the snapshots. */
  readonly directory: string
  readonly reader: JournalReader
  readonly problems: Problems
  /** Of the state that deciding again gave. */
  readonly stateHash: string
  readonly onProgress: (done: number, total: number) => void
}

export async function checkSnapshots(check: SnapshotCheck): Promise<void> {
  const { disk, directory, problems } = check
  for (const path of findSnapshots(disk, directory)) {
    try {
      await checkSnapshot(check, path)
    } catch (error) {
      problems.add('snapshot', undefined, error instanceof Error ? error.message : String(error))
    }
  }
}

async function checkSnapshot(check: SnapshotCheck, path: string): Promise<void> {
  const { reader, onProgress } = check
  const snapshot = new SnapshotReader(check.disk, path)
  try {
    const { sequence } = snapshot.header
    if (sequence > reader.lastSequence) {
      throw new Error(`${path} is of event ${sequence}, which the book does not have`)
    }
    const book = new Book(reader)
    // Ids do not matter here: nothing is decided, only folded in.
    const options = { recall: book, oldIds: NO_OLD_IDS, idBase: sequence }
    const ledger = Ledger.load(options, snapshot.head(), (n, into) => snapshot.page(n, into))
    const indexes = new Indexes(ledger, book, snapshot.indexes())
    await replayBook({
      ...{ ledger, reader, onProgress, sealedThrough: sequence },
      followers: new Followers(indexes),
      keys: { find: () => 0, add: () => {} },
    })
    if (hashOf(ledger.read.stateBytes()) !== check.stateHash) {
      throw new Error(`${path} and the events behind it give another state than deciding again`)
    }
  } finally {
    snapshot.close()
  }
}

export function hashOf(pieces: Iterable<Uint8Array>): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}
