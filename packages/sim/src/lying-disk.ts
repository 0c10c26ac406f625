/** A planted bug: a disk that says at once that the journal is synced. */
import type { FileHandle } from '@tallystick/journal'

import { PassingDisk } from './passing-disk.ts'

export class LyingDisk extends PassingDisk {
  override fdatasync(file: FileHandle): void {
    if (!this.isSegment(file)) super.fdatasync(file)
  }
}
