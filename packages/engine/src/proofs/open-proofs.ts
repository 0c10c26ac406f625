/** Opens the proof log of a ledger, and lets it follow. */
import type { Disk, Journal } from '@tallystick/journal'
import type { CopyAccountId } from '@tallystick/proof'

import type { Book } from '../book.ts'
import { bookDirectory, proofsDirectory } from '../recovery.ts'
import type { Scheduler } from '../scheduler.ts'
import { InlineProofs } from './inline-proofs.ts'
import { ProofFiles } from './proof-files.ts'
import { FollowingProofLog } from './proof-log.ts'
import { EMPTY_HEAD } from './proof-maker.ts'
import type { Proving, ProvingOptions } from './proving.ts'
import { rootsOfBook } from './root-at.ts'
import { rootsInThread } from './roots-thread.ts'
import { ThreadProofs } from './thread-proofs.ts'

export interface OpenProofsOptions {
  readonly disk: Disk
  /** Of the data. */
  readonly directory: string
  readonly shard: number
  readonly journal: Journal
  readonly book: Book
  readonly accounts: CopyAccountId
  /** Follow in a thread; then the disk is the real one. */
  readonly threads: boolean
  readonly scheduler: Scheduler
  readonly onNote: (note: string) => void
}

export interface OpenedProofs {
  readonly log: FollowingProofLog
  readonly proving: Proving
}

export function openProofs(options: OpenProofsOptions): OpenedProofs {
  const { disk, directory: data, shard, journal, book, accounts, onNote } = options
  const directory = proofsDirectory(data)
  const place = { disk, directory, journalId: journal.id }
  disk.makeDirectory(directory)
  const files = new ProofFiles({ ...place, mode: 'read' })
  const log = new FollowingProofLog({
    journalId: journal.id.toString('hex'),
    book,
    accounts,
    files,
    trees: place,
    head: EMPTY_HEAD,
    onNote,
    bookRoots: (sizes) =>
      options.threads
        ? rootsInThread({ directory: data, shard, sizes })
        : rootsOfBook({ disk, directory: data, shard }, sizes),
  })
  const telling: ProvingOptions = {
    onHead: (head) => {
      // It has been made anew: what was open are files that are gone.
      if (head.size < log.head.size) files.close()
      log.grew(head)
    },
    onNote,
    onFailure: (why) => {
      log.failure = why
      onNote(`the proof log has stopped, the ledger goes on: ${why}`)
    },
  }
  const proving = options.threads
    ? new ThreadProofs(telling, {
        ...{ directory, bookDirectory: bookDirectory(data), journalId: journal.id },
      })
    : inline(options, telling, log)
  log.start(proving)
  proving.durable(journal.reader.lastSequence)
  return { log, proving }
}

function inline(
  { disk, directory: data, journal, scheduler, onNote }: OpenProofsOptions,
  telling: ProvingOptions,
  log: FollowingProofLog,
): Proving {
  const directory = proofsDirectory(data)
  const place = { disk, directory, bookDirectory: bookDirectory(data), journalId: journal.id }
  const proofs = new InlineProofs({ ...place, onNote }, scheduler, telling)
  log.grew(proofs.head)
  return proofs
}
