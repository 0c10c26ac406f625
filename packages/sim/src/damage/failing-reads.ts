/** A disk of which one read fails with EIO: a sector that cannot be read now, and perhaps can be the next time. */
import type { Disk, FileHandle } from '@tallystick/journal'

import { PassingDisk } from '../passing-disk.ts'

export class FailingReads extends PassingDisk {
  /** Reads so far. */
  reads = 0
  readonly #failAt: number

  /** @param failAt number of the read that fails, from 1; 0 = none. */
  constructor(disk: Disk, failAt: number) {
    super(disk)
    this.#failAt = failAt
  }

  override pread(file: FileHandle, target: Uint8Array, position: number): number {
    if (++this.reads === this.#failAt) {
      throw Object.assign(new Error('EIO: a sector cannot be read'), { code: 'EIO' })
    }
    return super.pread(file, target, position)
  }
}
