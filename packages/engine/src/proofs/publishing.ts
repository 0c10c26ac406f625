/** When what was hashed is synced and shown: at once after a pause, and while there is news not more often than a disk likes. */
import { PUBLISH_MS, PUBLISH_WANTED_MS } from './limits.ts'
import type { ProofHead } from './proof-files.ts'
import type { ProofMaker } from './proof-maker.ts'

export class Publishing {
  /** Newest sequence for which somebody waits. */
  wanted = 0
  readonly #maker: ProofMaker
  readonly #onHead: (head: ProofHead) => void
  #publishedAt = Number.NEGATIVE_INFINITY

  constructor(maker: ProofMaker, onHead: (head: ProofHead) => void) {
    this.#maker = maker
    this.#onHead = onHead
  }

  /** Syncs and tells what there is, if it is time. */
  publish(): void {
    if (this.dueIn() !== 0) return
    this.#onHead(this.#maker.publish())
    this.#publishedAt = performance.now()
  }

  /** ms until there is something to publish; undefined: nothing is waiting for it. */
  dueIn(): number | undefined {
    const { head, size } = this.#maker
    if (size === head.size) return undefined
    const isWanted = this.wanted > head.size && this.wanted <= size
    const pause = isWanted ? PUBLISH_WANTED_MS : PUBLISH_MS
    return Math.max(0, Math.ceil(this.#publishedAt + pause - performance.now()))
  }
}
