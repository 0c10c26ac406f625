/** How long this disk takes to make 4 KiB durable: the physical floor under every durable answer. */
import fs from 'node:fs'
import { join } from 'node:path'

import { Percentiles } from '../report/percentiles.ts'

const BLOCK_BYTES = 4_096
/** Written and overwritten in place, so that a sync has no size of a file to write. */
const BLOCKS = 256

export interface SyncTime {
  /** ms. */
  readonly p50: number
  readonly p99: number
}

/** Write and fdatasync of 4 KiB into space that was written before. */
export function measureSync(directory: string, times: number): SyncTime {
  const path = join(directory, 'sync-time')
  const file = fs.openSync(path, 'w', 0o600)
  try {
    fs.writeSync(file, Buffer.alloc(BLOCK_BYTES * BLOCKS))
    fs.fsyncSync(file)
    const block = Buffer.alloc(BLOCK_BYTES, 1)
    const samples: number[] = []
    for (let time = 0; time < times; time++) {
      const begun = performance.now()
      fs.writeSync(file, block, 0, BLOCK_BYTES, (time % BLOCKS) * BLOCK_BYTES)
      fs.fdatasyncSync(file)
      samples.push(performance.now() - begun)
    }
    const percentiles = Percentiles.of(samples)
    return { p50: percentiles.at(50), p99: percentiles.at(99) }
  } finally {
    fs.closeSync(file)
    fs.rmSync(path)
  }
}
