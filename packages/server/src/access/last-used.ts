/**
 * When each key was last used: in memory, and once a minute in a file beside the ledger, so that a restart does not make a key look forgotten. Only people read it; a
 * file that is gone or damaged costs nothing but that.
 */
import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { LAST_USED_EVERY_MS } from '../limits.ts'

const FILE_NAME = 'last-used.json'
const NS_PER_MS = 1_000_000n

export interface LastUsedPlace {
  /** Of the ledger; undefined: nothing is kept. */
  readonly data: string | undefined
  readonly onTrouble: (error: unknown) => void
}

export class LastUsed {
  readonly #path: string | undefined
  readonly #onTrouble: (error: unknown) => void
  /** ms since 1970, by the id of a key. */
  readonly #times: Map<string, number>
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined

  constructor({ data, onTrouble }: LastUsedPlace) {
    this.#path = data === undefined ? undefined : join(data, FILE_NAME)
    this.#onTrouble = onTrouble
    this.#times = this.#path === undefined ? new Map() : timesIn(this.#path)
  }

  note(keyId: string, nowMs: number): void {
    this.#times.set(keyId, nowMs)
    if (this.#path === undefined) return
    this.#timer ??= setTimeout(() => void this.save(), LAST_USED_EVERY_MS).unref()
  }

  /** ns since 1970; undefined: never, as far as is known. */
  of(keyId: string): bigint | undefined {
    const ms = this.#times.get(keyId)
    return ms === undefined ? undefined : BigInt(ms) * NS_PER_MS
  }

  /** Writes what is not written yet. Never rejects. */
  async save(): Promise<void> {
    await this.#writing
    if (this.#timer === undefined || this.#path === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#write(this.#path)
    await this.#writing
  }

  async #write(path: string): Promise<void> {
    try {
      const text = JSON.stringify(Object.fromEntries(this.#times))
      await writeFile(`${path}.part`, text, { mode: 0o600 })
      await rename(`${path}.part`, path)
    } catch (error) {
      this.#onTrouble(error)
    }
  }
}

function timesIn(path: string): Map<string, number> {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof kept !== 'object' || kept === null) return new Map()
    const times = Object.entries(kept).filter(([, ms]) => Number.isSafeInteger(ms) && ms >= 0)
    return new Map(times as [string, number][])
  } catch {
    // None yet, or damaged: what is used from now on is known.
    return new Map()
  }
}
