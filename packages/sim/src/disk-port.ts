/** The disk as one process sees it: the `Disk` port over a virtual disk, with that process's handles and its faults. */
import type { Disk, FileHandle, OpenMode } from '@tallystick/journal'

import type { DiskCall, FaultPlan } from './faults.ts'
import type { DiskNews } from './disk-news.ts'
import type { VirtualDisk } from './virtual-disk.ts'
import type { VirtualFile } from './virtual-file.ts'

/** The process is dead: none of its calls reaches the disk any more. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied'
}

interface Open {
  readonly path: string
  readonly file: VirtualFile
}

export class DiskPort implements Disk {
  readonly #disk: VirtualDisk
  readonly #faults: FaultPlan | undefined
  readonly #news: DiskNews | undefined
  readonly #open: (Open | undefined)[] = []

  /** @param faults none: an observer, who changes nothing and to whom nothing happens. */
  constructor(disk: VirtualDisk, faults?: FaultPlan, news?: DiskNews) {
    this.#disk = disk
    this.#faults = faults
    this.#news = news
  }

  open(path: string, mode: OpenMode): FileHandle {
    let file = this.#disk.find(path)
    if (file === undefined && mode === 'create') file = this.#create(path)
    if (file === undefined) throw diskError('ENOENT', path)
    return this.#open.push({ path, file }) - 1
  }

  #create(path: string): VirtualFile {
    if (!this.#disk.hasDirectory(directoryOf(path))) throw diskError('ENOENT', path)
    if (this.#disk.usedBytes >= this.#disk.limitBytes) throw diskError('ENOSPC', path)
    let made: VirtualFile | undefined
    this.#do('create', path, () => (made = this.#disk.create(path)))
    if (made === undefined) throw diskError('EIO', path)
    return made
  }

  close(file: FileHandle): void {
    this.#open[file] = undefined
  }

  pread(handle: FileHandle, target: Uint8Array, position: number): number {
    const { path, file } = this.#at(handle)
    let read = 0
    this.#do('read', path, () => (read = file.read(target, position)))
    return read
  }

  pwrite(handle: FileHandle, source: Uint8Array, position: number): number {
    const { path, file } = this.#at(handle)
    const fits = this.#fits(file, source, position)
    if (fits === 0 && source.length > 0) throw diskError('ENOSPC', path)
    const bytes = source.subarray(0, fits)
    this.#do('write', path, () => file.write(bytes, position))
    this.#news?.wrote(path, bytes, position)
    return fits
  }

  /** Bytes of a write for which there is space. */
  #fits(file: VirtualFile, source: Uint8Array, position: number): number {
    const growth = position + source.length - file.size
    const { limitBytes } = this.#disk
    if (growth <= 0 || limitBytes === Number.POSITIVE_INFINITY) return source.length
    const excess = Math.max(0, this.#disk.usedBytes + growth - limitBytes)
    return Math.max(0, source.length - Math.min(excess, growth))
  }

  fdatasync(handle: FileHandle): void {
    const { path, file } = this.#at(handle)
    this.#do('sync', path, () => file.sync())
  }

  truncate(handle: FileHandle, size: number): void {
    const { path, file } = this.#at(handle)
    this.#do('truncate', path, () => file.truncate(size))
  }

  size(handle: FileHandle): number {
    return this.#at(handle).file.size
  }

  rename(from: string, to: string): void {
    const file = this.#disk.find(from)
    if (file === undefined) throw diskError('ENOENT', from)
    this.#do('rename', to, () => this.#disk.rename(from, to, file))
    this.#news?.named(to)
  }

  unlink(path: string): void {
    if (this.#disk.find(path) === undefined) throw diskError('ENOENT', path)
    this.#do('unlink', path, () => this.#disk.unlink(path))
  }

  readdir(path: string): string[] {
    if (!this.#disk.hasDirectory(path)) throw diskError('ENOENT', path)
    let names: string[] = []
    this.#do('read', path, () => (names = this.#disk.names(path)))
    return names
  }

  makeDirectory(path: string): void {
    this.#disk.makeDirectory(path)
  }

  syncDirectory(path: string): void {
    this.#do('syncDirectory', path, () => this.#disk.syncDirectory(path))
  }

  #do(call: DiskCall, path: string, work: () => void): void {
    const fate = this.#faults?.draw(call) ?? 'done'
    this.#news?.called(call, path, fate)
    if (fate === 'fails') throw diskError('EIO', path)
    // A sync within which the power goes has not returned: nobody may count on it, and nothing of it is sure.
    if (fate === 'done' || (fate === 'dies within' && !call.startsWith('sync'))) work()
    if (fate !== 'done') throw new ProcessDied(`the process died in ${call} of ${path}`)
  }

  #at(handle: FileHandle): Open {
    const open = this.#open[handle]
    if (open === undefined) throw diskError('EBADF', String(handle))
    return open
  }
}

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))

function diskError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code })
}
