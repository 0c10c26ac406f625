/** How a dump is compressed, told by its name: `.ndjson.zst`, `.ndjson.gz`, or not at all `.ndjson`. */
import type { Transform } from 'node:stream'
import { createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib'

import { BackupRefused } from '../errors.ts'

export interface Compression {
  /** undefined: the bytes stay as they are. */
  readonly compress: () => Transform | undefined
  readonly decompress: () => Transform | undefined
}

const BY_ENDING: Readonly<Record<string, Compression>> = {
  '.ndjson.zst': {
    compress: () => createZstdCompress(),
    decompress: () => createZstdDecompress(),
  },
  '.ndjson.gz': { compress: () => createGzip(), decompress: () => createGunzip() },
  '.ndjson': { compress: () => undefined, decompress: () => undefined },
}

/** @throws BackupRefused. */
export function compressionOf(path: string): Compression {
  const found = Object.entries(BY_ENDING).find(([ending]) => path.endsWith(ending))
  if (found !== undefined) return found[1]
  throw new BackupRefused(
    `${path} says not how it is compressed: end its name with ${Object.keys(BY_ENDING).join(', ')}.`,
  )
}
