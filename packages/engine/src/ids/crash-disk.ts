/** A disk for tests that stops at a chosen call, and shows what a loss of power would leave: what was synced, or all of it. */
import { type Disk, type FileHandle, MemoryDisk, type OpenMode } from '@tallystick/journal'

/** The power went: no call succeeds any more. */
export class PowerLost extends Error {
  override readonly name = 'PowerLost'
}

interface Inode {
  bytes: Buffer
  synced: Buffer
}

export class CrashDisk implements Disk {
  /** Calls that change something, so far. */
  calls = 0
  readonly #callsMax: number
  readonly #open: (Inode | undefined)[] = []
  readonly #names = new Map<string, Inode>()
  /** Names as of the last sync of their directory. */
  #syncedNames = new Map<string, Inode>()

  /** @param image what the disk begins with. @param callsMax changing calls that succeed. */
  constructor(image: MemoryDisk, directory: string, callsMax = Number.POSITIVE_INFINITY) {
    this.#callsMax = callsMax
    for (const name of image.readdir(directory)) {
      const bytes = image.contents(`${directory}/${name}`)
      this.#names.set(`${directory}/${name}`, { bytes, synced: bytes })
    }
    this.#syncedNames = new Map(this.#names)
  }

  /** `kept`: everything that was written came through. `lost`: only what was synced. */
  afterCrash(fate: 'kept' | 'lost'): MemoryDisk {
    const disk = new MemoryDisk()
    const names = fate === 'kept' ? this.#names : this.#syncedNames
    for (const [path, inode] of names)
      disk.place(path, fate === 'kept' ? inode.bytes : inode.synced)
    return disk
  }

  #change(): void {
    if (this.calls >= this.#callsMax) throw new PowerLost()
    this.calls++
  }

  #at(file: FileHandle): Inode {
    const inode = this.#open[file]
    if (inode === undefined) throw new Error('the file is not open')
    return inode
  }

  open(path: string, mode: OpenMode): FileHandle {
    let inode = this.#names.get(path)
    if (inode === undefined) {
      if (mode !== 'create') throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
      this.#change()
      inode = { bytes: Buffer.alloc(0), synced: Buffer.alloc(0) }
      this.#names.set(path, inode)
    }
    return this.#open.push(inode) - 1
  }

  close(file: FileHandle): void {
    this.#open[file] = undefined
  }

  pread(file: FileHandle, target: Uint8Array, position: number): number {
    return this.#at(file).bytes.copy(target, 0, position, position + target.length)
  }

  pwrite(file: FileHandle, source: Uint8Array, position: number): number {
    this.#change()
    const inode = this.#at(file)
    const bytes = Buffer.alloc(Math.max(inode.bytes.length, position + source.length))
    inode.bytes.copy(bytes)
    bytes.set(source, position)
    inode.bytes = bytes
    return source.length
  }

  fdatasync(file: FileHandle): void {
    this.#change()
    const inode = this.#at(file)
    inode.synced = inode.bytes
  }

  truncate(file: FileHandle, size: number): void {
    this.#change()
    const inode = this.#at(file)
    inode.bytes = Buffer.from(inode.bytes.subarray(0, size))
  }

  size(file: FileHandle): number {
    return this.#at(file).bytes.length
  }

  rename(from: string, to: string): void {
    this.#change()
    const inode = this.#names.get(from)
    if (inode === undefined) throw new Error(`no ${from}`)
    this.#names.set(to, inode)
    this.#names.delete(from)
  }

  unlink(path: string): void {
    this.#change()
    this.#names.delete(path)
  }

  readdir(path: string): string[] {
    const names = [...this.#names.keys()].filter((name) => name.startsWith(`${path}/`))
    return names.map((name) => name.slice(path.length + 1))
  }

  makeDirectory(): void {}

  syncDirectory(): void {
    this.#change()
    this.#syncedNames = new Map(this.#names)
  }
}
