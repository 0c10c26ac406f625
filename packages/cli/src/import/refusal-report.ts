/** The rows that were refused, as a CSV file with the file's own columns, so that it can be mended and imported again. */
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs'
import { stringify } from 'csv-stringify/sync'
import type { RefusedRow } from './row-mapper.ts'

/** Reasons that are counted apart; a file has few. */
const REASONS_MAX = 100

export class RefusalReport {
  readonly path: string
  readonly #header: readonly string[]
  readonly #counts = new Map<string, number>()
  #file: number | undefined
  #count = 0

  /** Nothing is written before the first refusal; the report of an earlier run goes, unless this run goes `on` with it. */
  constructor(path: string, header: readonly string[], on: boolean) {
    this.path = path
    this.#header = header
    if (!on) rmSync(path, { force: true })
  }

  get count(): number {
    return this.#count
  }

  /** The commonest reason first. */
  get reasons(): readonly (readonly [reason: string, count: number])[] {
    return [...this.#counts].sort(([, a], [, b]) => b - a)
  }

  add({ row, record, reason, detail }: RefusedRow): void {
    this.#count++
    const known = this.#counts.get(reason)
    if (known !== undefined || this.#counts.size < REASONS_MAX) {
      this.#counts.set(reason, (known ?? 0) + 1)
    }
    this.#write([row.toString(), reason, detail, ...record])
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #write(cells: readonly string[]): void {
    if (this.#file === undefined) {
      const isNew = !existsSync(this.path)
      this.#file = openSync(this.path, 'a')
      if (isNew) writeSync(this.#file, stringify([['row', 'reason', 'detail', ...this.#header]]))
    }
    writeSync(this.#file, stringify([[...cells]]))
  }
}
