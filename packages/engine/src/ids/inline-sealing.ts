/** Sealing on the caller's own thread: for tests, simulations and disks that no other thread can open. */
import { Sealer } from './sealer.ts'
import type { SealedIdsOptions, Sealing } from './sealed-ids.ts'
import type { SealState } from './seal-state.ts'

export class InlineSealing implements Sealing {
  onState: (state: SealState) => void = () => {}
  readonly #sealer: Sealer

  private constructor(sealer: Sealer) {
    this.#sealer = sealer
  }

  static start(options: SealedIdsOptions): { sealing: Sealing; state: SealState } {
    const { disk, directory, journal, seed, onProgress } = options
    const sealer = new Sealer({
      disk,
      directory,
      journalId: journal.id,
      firstSequence: journal.firstSequence,
      lastSequence: journal.lastSequence,
      seed,
      book: () => journal.book,
      onProgress,
    })
    return { sealing: new InlineSealing(sealer), state: sealer.state() }
  }

  seal(from: number, through: number): Promise<SealState> {
    return this.#do(() => this.#sealer.seal(from, through))
  }

  repair(files: readonly string[]): Promise<SealState> {
    return this.#do(() => this.#sealer.repair(files))
  }

  async #do(work: () => void): Promise<SealState> {
    work()
    while (this.#sealer.step());
    return this.#sealer.state()
  }

  /** Made with the next task: whoever asks for it is in the middle of a look-up. */
  wantFilter(file: string): void {
    this.#sealer.wantFilter(file)
  }

  seen(): void {
    this.#sealer.tidy()
  }

  async close(): Promise<void> {
    this.#sealer.close()
  }
}
