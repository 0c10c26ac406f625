/** Everything that happens in a run, as a running digest: equal seeds give equal digests. What a person wants to read is told too. */
import { createHash } from 'node:crypto'

import type { VirtualClock } from './virtual-clock.ts'

export class Trace {
  readonly #hash = createHash('sha256')
  readonly #tell: ((line: string) => void) | undefined
  readonly #clock: VirtualClock
  events = 0

  /** @param tell gets the lines for people. */
  constructor(clock: VirtualClock, tell?: (line: string) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  /** Something small happened. */
  note(what: string): void {
    this.events++
    this.#hash.update(what)
    this.#hash.update('\n')
  }

  /** Something happened that a person wants to know. */
  tell(what: string): void {
    this.note(what)
    if (this.#tell === undefined) return
    const seconds = Number(this.#clock.monotonic() / 1_000_000n) / 1_000
    this.#tell(`${seconds.toFixed(3).padStart(12)} s  ${what}`)
  }

  /** Of all so far, hex. */
  digest(): string {
    return this.#hash.copy().digest('hex')
  }
}
