/** The state as of an event of a data directory that another process may be writing: the newest snapshot before it, and the book. */
import { type Disk, openJournal, RealDisk } from '@tallystick/journal'
import { Ledger } from '@tallystick/ledger'

import { Book } from '../book.ts'
import { Followers } from '../followers.ts'
import { Indexes } from '../indexes.ts'
import { bookDirectory, NO_OLD_IDS, snapshotDirectory } from '../recovery.ts'
import { replayBook } from '../replay.ts'
import { findSnapshots, SnapshotReader } from '../snapshots/snapshot-reader.ts'
import { hashOf } from './snapshot-check.ts'

export interface StateAtOptions {
  /** Of the data. */
  readonly directory: string
  readonly disk?: Disk
  readonly shard?: number
  /** An event that is the last of its group. */
  readonly sequence: number
  /** Events done, events in all. */
  readonly onProgress?: (done: number, total: number) => void
}

/** The hashes of a state, hex SHA-256. */
export interface StateHashes {
  readonly sequence: number
  /** Of that event, ns since 1970. */
  readonly timestamp: bigint
  readonly contentHash: string
  readonly stateHash: string
}

/** Folds, decides nothing again. Needs the memory that the ledger does. @throws JournalCorrupt, JournalRefused, what the disk throws. */
export async function stateAt(options: StateAtOptions): Promise<StateHashes> {
  const { directory, disk = new RealDisk(), shard = 0, sequence, onProgress = () => {} } = options
  const journal = openJournal({
    ...{ disk, shard, from: { sequence: 1 }, durableAtLeast: sequence },
    directory: bookDirectory(directory),
  })
  try {
    const { reader } = journal
    const book = new Book(reader)
    const { ledger, indexes } = newestState(book, { disk, directory, sequence, id: journal.id })
    await replayBook({
      ...{ ledger, reader, onProgress, sealedThrough: ledger.lastSequence, through: sequence },
      followers: new Followers(indexes),
      keys: { find: () => 0, add: () => {} },
    })
    const { read, lastTimestamp } = ledger
    const [contentHash, stateHash] = [hashOf(read.contentBytes()), hashOf(read.stateBytes())]
    return { sequence, timestamp: lastTimestamp, contentHash, stateHash }
  } finally {
    await journal.close()
  }
}

interface Wanted {
  readonly disk: Disk
  readonly directory: string
  readonly sequence: number
  /** Of the journal. */
  readonly id: Buffer
}

/** The newest snapshot that is whole and not behind the event, or an empty ledger. */
function newestState(book: Book, wanted: Wanted): { ledger: Ledger; indexes: Indexes } {
  const { disk, directory, sequence, id } = wanted
  for (const path of findSnapshots(disk, snapshotDirectory(directory))) {
    let snapshot: SnapshotReader | undefined
    try {
      snapshot = new SnapshotReader(disk, path)
      const { header } = snapshot
      if (header.sequence > sequence || Buffer.compare(header.journalId, id) !== 0) continue
      const pages = snapshot
      const options = { recall: book, oldIds: NO_OLD_IDS, idBase: header.sequence }
      const ledger = Ledger.load(options, pages.head(), (n, into) => pages.page(n, into))
      return { ledger, indexes: new Indexes(ledger, book, pages.indexes()) }
    } catch {
      // Broken, or taken away meanwhile by the process that owns the directory: the one before it will do, or the whole book.
    } finally {
      snapshot?.close()
    }
  }
  const ledger = new Ledger({ recall: book, oldIds: NO_OLD_IDS, idBase: 0 })
  return { ledger, indexes: new Indexes(ledger, book, undefined) }
}
