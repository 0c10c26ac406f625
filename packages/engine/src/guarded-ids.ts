/**
 * The sealed runs as everybody asks them. A run that turns out to be damaged is made again from the book in the background; whoever
 * asked meanwhile is told to come again, and nothing is decided on what may be incomplete.
 */
import type { Memory, OldIds } from '@tallystick/ledger'

import { EngineError } from './errors.ts'
import { DamagedRun } from './ids/run-format.ts'
import type { SealedIds } from './ids/sealed-ids.ts'

export class GuardedIds implements OldIds {
  readonly #sealed: SealedIds
  readonly #onNote: (note: string) => void
  #repairing = false

  constructor(sealed: SealedIds, onNote: (note: string) => void) {
    this.#sealed = sealed
    this.#onNote = onNote
  }

  get empty(): boolean {
    return this.#sealed.empty
  }

  get largest(): number {
    return this.#sealed.largest
  }

  transfer(memory: Memory, offset: number): number {
    try {
      return this.#sealed.transfer(memory, offset)
    } catch (error) {
      this.#guard(error)
    }
  }

  touch(sequence: number): number {
    try {
      return this.#sealed.touch(sequence)
    } catch (error) {
      this.#guard(error)
    }
  }

  /** Sequence of the first event of the request with that look-up key; 0 = none. */
  key(low: bigint, high: bigint): number {
    try {
      return this.#sealed.key(low, high)
    } catch (error) {
      this.#guard(error)
    }
  }

  #guard(error: unknown): never {
    if (!(error instanceof DamagedRun)) throw error
    void this.#repair(error.message)
    const message = 'an index is damaged and is being made again; try again'
    throw new EngineError('overloaded', message, { cause: error })
  }

  async #repair(found: string): Promise<void> {
    if (this.#repairing) return
    this.#repairing = true
    this.#onNote(`${found}; it is made again from the book`)
    try {
      await this.#sealed.repair()
    } catch (error) {
      this.#onNote(`it could not be made again: ${String(error)}`)
    } finally {
      this.#repairing = false
    }
  }
}
