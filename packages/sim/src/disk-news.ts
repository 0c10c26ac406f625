/** Follows the calls of the disk: every one goes into the trace, and what its name gives away is counted. */
import { crc32 } from 'node:zlib'

import type { Coverage } from './coverage.ts'
import type { DiskCall, Fate } from './faults.ts'
import type { Trace } from './trace.ts'

const RUN_NAME = /\/ids\/([a-z]+-\d+)-(\d+)\.run$/
const SNAPSHOT_NAME = /\/snapshots\/[^/]*\d{16}[^/]*$/
const SEGMENT_NAME = /\/book\/(\d+)\.book$/
const SEGMENT_HEADER_BYTES = 4_096

export class DiskNews {
  readonly #trace: Trace
  readonly #coverage: Coverage
  /** The last event of each run, by family and first event. */
  readonly #runs = new Map<string, number>()

  constructor(trace: Trace, coverage: Coverage) {
    this.#trace = trace
    this.#coverage = coverage
  }

  called(call: DiskCall, path: string, fate: Fate): void {
    this.#trace.note(`${call} ${path} ${fate}`)
  }

  wrote(path: string, bytes: Uint8Array, position: number): void {
    const checksum = crc32(bytes)
    this.#trace.note(`${position} ${bytes.length} ${checksum}`)
    const isHeader = position === 0 && bytes.length === SEGMENT_HEADER_BYTES
    const segment = isHeader ? SEGMENT_NAME.exec(path)?.[1] : undefined
    if (segment !== undefined && Number(segment) > 1) this.#coverage.add('rolled')
  }

  named(path: string): void {
    if (SNAPSHOT_NAME.test(path)) this.#coverage.add('snapshotsMade')
    const [, start, end] = RUN_NAME.exec(path) ?? []
    if (start === undefined) return
    const before = this.#runs.get(start) ?? 0
    this.#coverage.add(before > 0 && before < Number(end) ? 'merged' : 'sealed')
    this.#runs.set(start, Number(end))
  }
}
