/**
 * A disk that loses power: at a chosen call it stops, and what was not synced by then survives in part, sector by sector and
 * in any order; names that were made or removed since the directory's last sync may be as before.
 */
import { type Disk, type FileHandle, MemoryDisk, type OpenMode } from '../src/index.ts'

const SECTOR_BYTES = 512

export class PowerLost extends Error {}

type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly size: number }

/** A file as it is seen, what of it is safe, and the changes between the two. */
interface CrashFile {
  readonly disk: MemoryDisk
  readonly seen: FileHandle
  safe: Buffer
  changes: Change[]
}

export class CrashDisk implements Disk {
  readonly #random: () => number
  #callsLeft: number
  #names = new Map<string, CrashFile>()
  #safeNames = new Map<string, CrashFile>()
  readonly #open: (CrashFile | undefined)[] = []

  constructor(options: { random: () => number; calls: number }) {
    this.#random = options.random
    this.#callsLeft = options.calls
  }

  /** The disk after the loss of power, with so many calls until the next one. */
  restarted(calls: number): CrashDisk {
    const next = new CrashDisk({ random: this.#random, calls })
    const names = new Set([...this.#names.keys(), ...this.#safeNames.keys()])
    for (const name of names) {
      const [now, safe] = [this.#names.get(name), this.#safeNames.get(name)]
      const file = now === safe || this.#random() < 0.5 ? now : safe
      if (file !== undefined) next.#place(name, this.#survivor(file))
    }
    return next
  }

  open(path: string, mode: OpenMode): FileHandle {
    this.#count()
    let file = this.#names.get(path)
    if (file === undefined && mode === 'create') {
      file = newFile(Buffer.alloc(0))
      this.#names.set(path, file)
    }
    if (file === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
    return this.#open.push(file) - 1
  }

  close(file: FileHandle): void {
    this.#open[file] = undefined
  }

  pread(handle: FileHandle, target: Uint8Array, position: number): number {
    this.#check()
    const { disk, seen } = this.#at(handle)
    return disk.pread(seen, target, position)
  }

  pwrite(handle: FileHandle, source: Uint8Array, position: number): number {
    const file = this.#at(handle)
    // The last write before the power goes may be part of what survives.
    file.changes.push({ kind: 'write', position, bytes: Buffer.from(source) })
    this.#count()
    return file.disk.pwrite(file.seen, source, position)
  }

  fdatasync(handle: FileHandle): void {
    this.#count()
    const file = this.#at(handle)
    file.safe = file.disk.contents('file')
    file.changes = []
  }

  truncate(handle: FileHandle, size: number): void {
    const file = this.#at(handle)
    file.changes.push({ kind: 'truncate', size })
    this.#count()
    file.disk.truncate(file.seen, size)
  }

  size(handle: FileHandle): number {
    this.#check()
    const { disk, seen } = this.#at(handle)
    return disk.size(seen)
  }

  rename(from: string, to: string): void {
    this.#count()
    const file = this.#names.get(from)
    if (file === undefined) throw new Error('ENOENT')
    this.#names.delete(from)
    this.#names.set(to, file)
  }

  unlink(path: string): void {
    this.#count()
    this.#names.delete(path)
  }

  readdir(path: string): string[] {
    this.#check()
    return [...this.#names.keys()].map((name) => name.slice(path.length + 1))
  }

  makeDirectory(): void {}

  syncDirectory(): void {
    this.#count()
    this.#safeNames = new Map(this.#names)
  }

  #place(name: string, bytes: Buffer): void {
    const file = newFile(bytes)
    this.#names.set(name, file)
    this.#safeNames.set(name, file)
  }

  #survivor(file: CrashFile): Buffer {
    const image = new MemoryDisk()
    image.place('file', file.safe)
    const handle = image.open('file', 'write')
    for (const change of file.changes) {
      if (change.kind === 'write') this.#survive(image, handle, change)
      else if (this.#random() < 0.5) image.truncate(handle, change.size)
    }
    return image.contents('file')
  }

  #survive(image: MemoryDisk, file: FileHandle, change: Change & { kind: 'write' }): void {
    const { position, bytes } = change
    // Most writes survive as a whole or not at all; the rest by sectors.
    const fate = this.#random()
    for (let at = 0; at < bytes.length;) {
      const sectorEnd = SECTOR_BYTES - ((position + at) % SECTOR_BYTES)
      const end = Math.min(bytes.length, at + sectorEnd)
      const survives = fate < 0.2 || (fate > 0.4 && this.#random() < 0.5)
      if (survives) image.pwrite(file, bytes.subarray(at, end), position + at)
      at = end
    }
  }

  #at(handle: FileHandle): CrashFile {
    const file = this.#open[handle]
    if (file === undefined) throw new Error('the file is not open')
    return file
  }

  #check(): void {
    if (this.#callsLeft <= 0) throw new PowerLost('the power is gone')
  }

  #count(): void {
    this.#check()
    this.#callsLeft--
    this.#check()
  }
}

function newFile(bytes: Buffer): CrashFile {
  const disk = new MemoryDisk()
  disk.place('file', bytes)
  return { disk, seen: disk.open('file', 'write'), safe: Buffer.from(bytes), changes: [] }
}
