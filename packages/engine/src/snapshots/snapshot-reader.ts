/** Finds snapshots and reads them back, page by page, trusting nothing that fails its checksum. */
import { crc32 } from 'node:zlib'

import { type Disk, diskErrorCode, type FileHandle } from '@tallystick/journal'

import { SNAPSHOT_PAGE_BYTES } from '../limits.ts'
import {
  decodeSnapshotHeader,
  INDEX_PIECE_HEAD_BYTES,
  indexPosition,
  pagePosition,
  SNAPSHOT_HEADER_BYTES,
  SNAPSHOT_PART_SUFFIX,
  SnapshotBroken,
  type SnapshotHeader,
  snapshotSequence,
  tablePosition,
} from './snapshot-format.ts'

/** Paths of the snapshots of a directory, newest first. */
export function findSnapshots(disk: Disk, directory: string): string[] {
  return namesIn(disk, directory)
    .filter((name) => snapshotSequence(name) !== undefined)
    .sort()
    .reverse()
    .map((name) => `${directory}/${name}`)
}

/** Removes what a crash left of snapshots that were not finished. */
export function removeParts(disk: Disk, directory: string): void {
  for (const name of namesIn(disk, directory)) {
    if (name.endsWith(SNAPSHOT_PART_SUFFIX)) disk.unlink(`${directory}/${name}`)
  }
}

function namesIn(disk: Disk, directory: string): string[] {
  try {
    return disk.readdir(directory)
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return []
    throw error
  }
}

export class SnapshotReader {
  readonly header: SnapshotHeader
  readonly #disk: Disk
  readonly #path: string
  readonly #file: FileHandle
  readonly #table: Buffer

  /** @throws SnapshotBroken, and what the disk throws. */
  constructor(disk: Disk, path: string) {
    this.#disk = disk
    this.#path = path
    this.#file = disk.open(path, 'read')
    try {
      this.header = decodeSnapshotHeader(path, this.#read(0, SNAPSHOT_HEADER_BYTES))
      const { pages, tableCrc } = this.header
      this.#table = this.#checked(tablePosition(this.header), pages * 4, tableCrc)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** @throws SnapshotBroken. */
  head(): string {
    const { headBytes, headCrc } = this.header
    return this.#checked(SNAPSHOT_HEADER_BYTES, headBytes, headCrc).toString('utf8')
  }

  /** The indexes by number, each in one piece. @throws SnapshotBroken. */
  indexes(): Map<number, Uint8Array> {
    const { indexBytes, indexCrc } = this.header
    const bytes = this.#checked(indexPosition(this.header), indexBytes, indexCrc)
    const pieces = new Map<number, Buffer[]>()
    for (let at = 0; at < bytes.length;) {
      const index = bytes.readUInt32LE(at)
      const from = at + INDEX_PIECE_HEAD_BYTES
      at = from + bytes.readUInt32LE(at + 4)
      pieces.set(index, [...(pieces.get(index) ?? []), bytes.subarray(from, at)])
    }
    return new Map([...pieces].map(([index, parts]) => [index, joined(parts)]))
  }

  /** Copies page `n`. @throws SnapshotBroken. */
  page(n: number, into: Uint8Array): void {
    const position = pagePosition(this.header, n)
    const read = this.#disk.pread(this.#file, into, position)
    if (read !== SNAPSHOT_PAGE_BYTES || crc32(into) !== this.#table.readUInt32LE(n * 4)) {
      throw new SnapshotBroken(this.#path, `page ${n} is damaged`)
    }
  }

  close(): void {
    this.#disk.close(this.#file)
  }

  #checked(position: number, length: number, crc: number): Buffer {
    const bytes = this.#read(position, length)
    if (crc32(bytes) === crc) return bytes
    throw new SnapshotBroken(this.#path, `${length} bytes at ${position} are damaged`)
  }

  #read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    if (this.#disk.pread(this.#file, bytes, position) !== length) {
      throw new SnapshotBroken(this.#path, 'is too short')
    }
    return bytes
  }
}

/** In memory of its own, so that it begins at a multiple of whatever it is read by. */
function joined(parts: readonly Buffer[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
