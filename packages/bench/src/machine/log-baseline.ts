/**
 * The bare log: the same bytes, written one after another into space that is zero-filled ahead, each write followed by
 * fdatasync on the same thread. No checksum, no decision, no socket: what a journal cannot beat.
 */
import fs from 'node:fs'
import { join } from 'node:path'

import { Percentiles } from '../report/percentiles.ts'

/** Written over again and again: enough that the disk's own cache is not flattered by one block. */
const SPACE_BYTES = 64 * 1024 * 1024

export interface LogBaseline {
  /** ms of one write and sync. */
  readonly latency: Percentiles
  readonly writesPerSecond: number
}

export interface LogWork {
  readonly directory: string
  /** Of one write. */
  readonly bytes: number
  /** Stops after so many writes, */
  readonly writes: number
  /** or after so long. */
  readonly seconds: number
}

export function measureLog({ directory, bytes, writes, seconds }: LogWork): LogBaseline {
  const path = join(directory, 'bare-log')
  const file = fs.openSync(path, 'w', 0o600)
  try {
    const space = Math.max(SPACE_BYTES, bytes)
    fs.writeSync(file, Buffer.alloc(space))
    fs.fsyncSync(file)
    const body = Buffer.alloc(bytes, 1)
    const samples: number[] = []
    const begun = performance.now()
    let at = 0
    let now = begun
    while (samples.length < writes && now - begun < seconds * 1_000) {
      if (at + bytes > space) at = 0
      fs.writeSync(file, body, 0, bytes, at)
      fs.fdatasyncSync(file)
      at += bytes
      const done = performance.now()
      samples.push(done - now)
      now = done
    }
    const writesPerSecond = (samples.length * 1_000) / (now - begun)
    return { latency: Percentiles.of(samples), writesPerSecond }
  } finally {
    fs.closeSync(file)
    fs.rmSync(path)
  }
}
