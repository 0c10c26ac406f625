/**
 * The manifest: which files make up the set of runs. One line of JSON and its CRC-32, replaced as a whole, so that
 * a crash leaves the set of before or the set of after; files that it does not name are leftovers.
 */
import { crc32 } from 'node:zlib'

import { type Disk, diskErrorCode } from '@tallystick/journal'

import type { Family } from './run-format.ts'

const NAME = 'manifest'
const VERSION = 2
/** The same without `filtered`: every key is in the filters. */
const VERSION_ALL_FILTERED = 1

/** A run, or a stretch of the book without anything of that family: then there is no file. */
export interface RunPlace {
  readonly family: Family
  readonly from: number
  readonly through: number
  /** 0: sealed from the journal; each merge gives one more. */
  readonly level: number
  /** 0: no file. */
  readonly entries: number
  /** Blocks of entries; 0: no file. */
  readonly blocks: number
  /** Whether its keys are in the filters of its family. false: it is asked for every key between its smallest and its largest. */
  readonly filtered: boolean
}

export interface FilterPlace {
  readonly family: Family
  /** Its file, without the directory. */
  readonly file: string
  readonly keys: number
}

export interface Manifest {
  readonly version: typeof VERSION
  /** Hexadecimal. */
  readonly journalId: string
  /** Of the filters' hash. */
  readonly seed: number
  /** In order of family, then of sequence. */
  readonly runs: readonly RunPlace[]
  /** Oldest first within their family. */
  readonly filters: readonly FilterPlace[]
}

export function emptyManifest(journalId: string, seed: number): Manifest {
  return { version: VERSION, journalId, seed, runs: [], filters: [] }
}

/** undefined: there is none, or it does not hold. */
export function readManifest(disk: Disk, directory: string): Manifest | undefined {
  const text = readText(disk, `${directory}/${NAME}`)
  const [line, checksum] = text?.split('\n') ?? []
  if (line === undefined || checksum !== checksumOf(line)) return undefined
  // The checksum says that this program wrote it.
  const manifest = JSON.parse(line) as Omit<Manifest, 'version'> & { readonly version: number }
  if (manifest.version === VERSION) return { ...manifest, version: VERSION }
  if (manifest.version !== VERSION_ALL_FILTERED) return undefined
  const runs = manifest.runs.map((run) => ({ ...run, filtered: true }))
  return { ...manifest, version: VERSION, runs }
}

function readText(disk: Disk, path: string): string | undefined {
  try {
    const file = disk.open(path, 'read')
    try {
      const bytes = Buffer.alloc(disk.size(file))
      return bytes.subarray(0, disk.pread(file, bytes, 0)).toString('latin1')
    } finally {
      disk.close(file)
    }
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Replaces the manifest; when it returns, the new one would survive a loss of power. */
export function writeManifest(disk: Disk, directory: string, manifest: Manifest): void {
  const line = JSON.stringify(manifest)
  const path = `${directory}/${NAME}`
  writeWhole(disk, `${path}.part`, Buffer.from(`${line}\n${checksumOf(line)}\n`, 'latin1'))
  disk.rename(`${path}.part`, path)
  disk.syncDirectory(directory)
}

function writeWhole(disk: Disk, path: string, bytes: Buffer): void {
  const file = disk.open(path, 'create')
  try {
    disk.truncate(file, 0)
    if (disk.pwrite(file, bytes, 0) !== bytes.length) {
      throw Object.assign(new Error(`${path} could not be written whole`), { code: 'ENOSPC' })
    }
    disk.fdatasync(file)
  } finally {
    disk.close(file)
  }
}

function checksumOf(line: string): string {
  return crc32(line).toString(16).padStart(8, '0')
}

/** Deletes every file of the directory that is neither the manifest nor named by `keep`. */
export function deleteOthers(disk: Disk, directory: string, keep: ReadonlySet<string>): void {
  for (const name of disk.readdir(directory)) {
    if (name !== NAME && !keep.has(name)) disk.unlink(`${directory}/${name}`)
  }
}
