/**
 * A file as its readers see it, what of it would survive a loss of power, and the changes between the two. Nothing else decides
 * what a crash leaves; damage that comes without a crash (bits that flip, sectors that are lost) would be done to both images here.
 */
import { type FileHandle, MemoryDisk } from '@tallystick/journal'
import type { Prng } from '@tallystick/testkit'

const SECTOR_BYTES = 512
const ZEROS = new Uint8Array(1024 * 1024)

type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number }

/** What a loss of power does to all unsynced changes: keeps them, loses them, or decides for each and for its sectors. */
export type Mood = 'kept' | 'lost' | 'mixed'

export class VirtualFile {
  readonly #images = new MemoryDisk()
  #seen: FileHandle
  readonly #safe: FileHandle
  #changes: Change[] = []

  constructor() {
    this.#seen = this.#images.open('seen', 'create')
    this.#safe = this.#images.open('safe', 'create')
  }

  get size(): number {
    return this.#images.size(this.#seen)
  }

  /** Unsynced changes. */
  get changes(): number {
    return this.#changes.length
  }

  bytes(): Buffer {
    return this.#images.contents('seen')
  }

  read(target: Uint8Array, position: number): number {
    return this.#images.pread(this.#seen, target, position)
  }

  write(source: Uint8Array, position: number): void {
    this.#images.pwrite(this.#seen, source, position)
    this.#changes.push({ kind: 'write', position, bytes: kept(source) })
  }

  truncate(size: number): void {
    resize(this.#images, this.#seen, size)
    this.#changes.push({ kind: 'truncate', size })
  }

  sync(): void {
    for (const change of this.#changes) {
      if (change.kind === 'truncate') resize(this.#images, this.#safe, change.size)
      else this.#images.pwrite(this.#safe, change.bytes, change.position)
    }
    this.#changes = []
  }

  /** The power goes. Each change has a fate of its own, whatever became of those before it. */
  losePower(prng: Prng, mood: Mood): void {
    if (this.#changes.length === 0) return
    if (mood === 'kept') return this.sync()
    for (const change of mood === 'lost' ? [] : this.#changes) {
      if (change.kind === 'write') this.#survive(prng, change)
      else if (prng.once(2)) resize(this.#images, this.#safe, change.size)
    }
    this.#changes = []
    this.#images.place('seen', this.#images.contents('safe'))
    this.#seen = this.#images.open('seen', 'write')
  }

  #survive(prng: Prng, { position, bytes }: Change & { kind: 'write' }): void {
    const fate = prng.below(10)
    if (fate < 2) return
    if (fate < 4) this.#images.pwrite(this.#safe, bytes, position)
    else if (fate < 7) this.#keep(bytes.subarray(0, prng.below(bytes.length + 1)), position)
    else this.#surviveBySectors(prng, bytes, position)
  }

  #surviveBySectors(prng: Prng, bytes: Uint8Array, position: number): void {
    const lossIn = 2 + prng.below(8)
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(bytes.length, at + SECTOR_BYTES - ((position + at) % SECTOR_BYTES))
      const lost = lossIn === 2 ? prng.once(2) : prng.once(lossIn)
      if (!lost) this.#keep(bytes.subarray(at, end), position + at)
      at = end
    }
  }

  #keep(bytes: Uint8Array, position: number): void {
    if (bytes.length > 0) this.#images.pwrite(this.#safe, bytes, position)
  }
}

/** Zeros are not copied: space is reserved by the megabyte. */
function kept(source: Uint8Array): Uint8Array {
  const zeros = ZEROS.subarray(0, source.length)
  const isZero = zeros.length === source.length && Buffer.compare(source, zeros) === 0
  return isZero ? zeros : Uint8Array.from(source)
}

function resize(disk: MemoryDisk, file: FileHandle, size: number): void {
  const before = disk.size(file)
  disk.truncate(file, Math.min(before, size))
  if (size > before) disk.pwrite(file, ZEROS.subarray(0, 1), size - 1)
}
