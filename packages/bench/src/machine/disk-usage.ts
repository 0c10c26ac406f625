/** Bytes that a directory takes on disk, by its first level: blocks that are really there, not lengths of files. */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const BLOCK_BYTES = 512

export interface DiskUsage {
  readonly bytes: number
  /** Name of each file or directory of the first level, and its bytes; the largest first. */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[]
}

export function diskUsage(directory: string): DiskUsage {
  const parts = readdirSync(directory)
    .map((name) => ({ name, bytes: bytesOf(join(directory, name)) }))
    .sort((a, b) => b.bytes - a.bytes)
  return { bytes: parts.reduce((sum, part) => sum + part.bytes, 0), parts }
}

function bytesOf(path: string): number {
  const stat = lstatSync(path)
  const own = stat.blocks * BLOCK_BYTES
  if (!stat.isDirectory()) return own
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), own)
}
