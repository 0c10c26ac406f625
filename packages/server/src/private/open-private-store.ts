/** Opens the private data of a server: ciphertexts beside the journal, keys beside the root key, or both in memory. */
import { type Disk, MemoryDisk, privateDirectory, RealDisk } from '@tallystick/journal'

import { PrivateFile } from './private-file.ts'
import { PrivateStore } from './private-data.ts'
import { SubjectKeys } from './subject-keys.ts'

export interface PrivatePlaces {
  /** Data directory; undefined: in memory. */
  readonly data: string | undefined
  /** What the data lies on. */
  readonly disk: Disk | undefined
  /** Keys directory; undefined: in memory. */
  readonly keys: string | undefined
  readonly onNote: (note: string) => void
}

/** @throws JournalCorrupt for ciphertexts that were damaged. */
export function openPrivateStore(places: PrivatePlaces): PrivateStore {
  const { data, keys, onNote } = places
  const disk = data === undefined ? new MemoryDisk() : (places.disk ?? new RealDisk())
  const keysDisk = keys === undefined ? new MemoryDisk() : new RealDisk()
  return new PrivateStore(
    new SubjectKeys(keysDisk, `${keys ?? 'keys'}/subjects`),
    new PrivateFile(disk, privateDirectory(data ?? 'data'), onNote),
  )
}
