/** Sentences about what is wrong, of which there may be millions: the first are kept, the rest is counted. */
import { type Checklist, grouped } from './report.ts'

const TOLD_MAX = 20

export class Problems {
  readonly #told: string[] = []
  #further = 0

  add(sentence: string): void {
    if (this.#told.length < TOLD_MAX) this.#told.push(sentence)
    else this.#further++
  }

  /** One failed check for each, or one that holds. */
  conclude(list: Checklist, name: string, right: string): void {
    this.tell(list, name)
    if (this.#told.length === 0) list.pass(name, right)
  }

  /** One failed check for each. */
  tell(list: Checklist, name: string): void {
    for (const sentence of this.#told) list.fail(name, sentence)
    if (this.#further > 0) list.fail(name, `And ${grouped(this.#further)} more like these.`)
  }
}
