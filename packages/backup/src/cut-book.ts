/** Cuts a book that lies ready for a restore at the moment that was asked for: behind a whole group, never inside one. */
import { bookDirectory } from '@tallystick/engine'
import { type Disk, type Frame, frameBytes, openJournal, segmentName } from '@tallystick/journal'
import { BodyField } from '@tallystick/ledger'

import type { DataDirectory } from './data-directory.ts'
import { BackupRefused } from './errors.ts'

/**
 * `now`: all there is. `sequence`: no event behind that one. `time`: no event after that moment, ns since 1970. The last
 * group that keeps to it as a whole is the last one restored: its requests were acknowledged together.
 */
export type RestorePoint =
  | { readonly kind: 'now' }
  | { readonly kind: 'sequence'; readonly sequence: number }
  | { readonly kind: 'time'; readonly at: bigint }

/** Verifies every block of the book, and cuts it. @returns its newest event. @throws BackupRefused, JournalCorrupt, JournalRefused. */
export async function cutBook(data: DataDirectory, to: RestorePoint): Promise<number> {
  const { disk, directory, shard } = data
  const book = bookDirectory(directory)
  const journal = openJournal({ disk, shard, directory: book })
  try {
    const { lastSequence, segments } = journal.report
    if (to.kind === 'now') return lastSequence
    let last: { segment: number; end: number; sequence: number } | undefined
    for (const frame of journal.reader.frames()) {
      if (!isWithin(frame, to)) break
      const { segment, offset, bodyBytes, firstSequence, count } = frame
      last = { segment, end: offset + frameBytes(bodyBytes), sequence: firstSequence + count - 1 }
    }
    if (last === undefined) {
      throw new BackupRefused('The first group of the backup ends behind that moment.')
    }
    for (let number = segments; number > last.segment; number--) {
      disk.unlink(`${book}/${segmentName(number)}`)
    }
    truncate(disk, `${book}/${segmentName(last.segment)}`, last.end)
    disk.syncDirectory(book)
    return last.sequence
  } finally {
    await journal.close()
  }
}

function isWithin({ firstSequence, count, body }: Frame, to: RestorePoint): boolean {
  if (to.kind === 'now' || count === 0) return true
  if (to.kind === 'sequence') return firstSequence + count - 1 <= to.sequence
  const timestamp = body.readBigUInt64LE(BodyField.timestamp)
  return timestamp + BigInt(count - 1) <= to.at
}

function truncate(disk: Disk, path: string, size: number): void {
  const file = disk.open(path, 'write')
  try {
    disk.truncate(file, size)
    disk.fdatasync(file)
  } finally {
    disk.close(file)
  }
}
