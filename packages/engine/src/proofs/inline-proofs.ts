/** The proof log on the caller's own thread: for ledgers in memory, tests, and disks that no other thread can open. */
import type { Scheduler } from '../scheduler.ts'
import { SLICE_EVENTS } from './limits.ts'
import type { AccountsState } from './accounts-root.ts'
import { ProofMaker, type ProofMakerOptions } from './proof-maker.ts'
import type { ProofHead } from './proof-files.ts'
import type { Proving, ProvingOptions, TreeOrder } from './proving.ts'

export class InlineProofs implements Proving {
  readonly #place: ProofMakerOptions
  #maker: ProofMaker
  readonly #scheduler: Scheduler
  readonly #options: ProvingOptions
  #through = 0
  #isWaiting = false
  #hasEnded = false

  constructor(place: ProofMakerOptions, scheduler: Scheduler, options: ProvingOptions) {
    this.#place = place
    this.#maker = ProofMaker.open(place)
    this.#scheduler = scheduler
    this.#options = options
  }

  durable(sequence: number): void {
    this.#through = sequence
    if (this.#isWaiting || this.#hasEnded) return
    this.#isWaiting = true
    this.#scheduler.soon(() => this.#work())
  }

  /** Nothing lags here: it is at work already. */
  want(): void {}

  get head(): ProofHead {
    return this.#maker.head
  }

  remake(why: string): void {
    if (this.#hasEnded) return
    this.#maker.close()
    this.#maker = ProofMaker.open(this.#place, why)
    this.#options.onHead(this.#maker.head)
    this.durable(this.#through)
  }

  tree(order: TreeOrder): Promise<AccountsState | undefined> {
    return new Promise((resolve, reject) => {
      this.#scheduler.soon(() => {
        try {
          if (this.#hasEnded) throw new Error('the proof log has stopped')
          resolve(this.#maker.makeTree(order))
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
    })
  }

  async close(): Promise<void> {
    if (!this.#hasEnded) this.#maker.close()
    this.#hasEnded = true
  }

  #work(): void {
    this.#isWaiting = false
    if (this.#hasEnded) return
    try {
      this.#maker.follow(this.#through, SLICE_EVENTS)
      this.#options.onHead(this.#maker.publish())
    } catch (error) {
      this.#hasEnded = true
      this.#maker.close()
      this.#options.onFailure(error instanceof Error ? error.message : String(error))
    }
    if (this.#maker.size < this.#through) this.durable(this.#through)
  }
}
