/** A line on a terminal that is written over itself while a long check runs. */
import { grouped } from '../report.ts'

/** ms between two drawings. */
const DRAW_EVERY_MS = 200
const CLEAR = '\r\u001b[K'

export class ProgressLine {
  readonly #write: (text: string) => void
  readonly #now: () => number
  #drawnAt = -Infinity
  #drawn = false

  /** @param now ms, of any clock that never goes back */
  constructor(write: (text: string) => void, now: () => number) {
    this.#write = write
    this.#now = now
  }

  show(done: bigint, total: bigint): void {
    const now = this.#now()
    if (now - this.#drawnAt < DRAW_EVERY_MS) return
    this.#drawnAt = now
    this.#drawn = true
    const percent = total === 0n ? 100n : (done * 100n) / total
    this.#write(`${CLEAR}${grouped(done)} of ${grouped(total)} events, ${percent} %`)
  }

  clear(): void {
    if (this.#drawn) this.#write(CLEAR)
    this.#drawn = false
  }
}
