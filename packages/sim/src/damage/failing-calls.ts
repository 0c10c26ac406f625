/** A disk of which one call fails with EIO: a sector that cannot be read now and perhaps can be the next time, or a sync that did not come through. */
import { type Disk, diskErrorCode, type FileHandle } from '@tallystick/journal'

import { PassingDisk } from '../passing-disk.ts'

export type FailingCall = 'read' | 'sync'

export interface Failing {
  readonly call: FailingCall
  /** Number of the call that fails, from 1; 0 = none. */
  readonly failAt: number
  /** Beginnings of the paths that are meant; default: all. */
  readonly within?: readonly string[]
}

export class FailingCalls extends PassingDisk {
  /** Of the kind that fails, so far. */
  calls = 0
  readonly #failing: Failing

  constructor(disk: Disk, failing: Failing) {
    super(disk)
    this.#failing = failing
  }

  override pread(file: FileHandle, target: Uint8Array, position: number): number {
    this.#count('read', file)
    return super.pread(file, target, position)
  }

  override fdatasync(file: FileHandle): void {
    this.#count('sync', file)
    super.fdatasync(file)
  }

  #count(call: FailingCall, file: FileHandle): void {
    const { failAt, within = [''] } = this.#failing
    const path = this.paths.get(file) ?? ''
    if (call !== this.#failing.call || !within.some((start) => path.startsWith(start))) return
    if (++this.calls !== failAt) return
    throw Object.assign(new Error(`EIO: ${path} cannot be ${call}`), { code: 'EIO' })
  }
}

export const isEio = (error: unknown): boolean => diskErrorCode(error) === 'EIO'
