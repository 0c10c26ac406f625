/** Reads from the disk alone where the groups of the book begin: an observer's view, which asks the engine nothing. */
import { openJournal } from '@tallystick/journal'

import { DiskPort } from './disk-port.ts'
import type { VirtualDisk } from './virtual-disk.ts'

export const DIRECTORY = 'data'

export interface GroupPlace {
  readonly firstSequence: number
  readonly count: number
}

/** The groups that begin at `from` or later and end at `through` or earlier. @throws JournalCorrupt */
export function groupsOf(disk: VirtualDisk, from: number, through: number): GroupPlace[] {
  if (from > through) return []
  const journal = openJournal({
    ...{ disk: new DiskPort(disk), directory: `${DIRECTORY}/book` },
    from: { sequence: from },
  })
  const groups: GroupPlace[] = []
  const last = Math.min(through, journal.reader.lastSequence)
  if (last >= from) {
    for (const { firstSequence, count } of journal.reader.frames(from, last)) {
      if (count > 0) groups.push({ firstSequence, count })
    }
  }
  journal.reader.close()
  return groups
}
