/**
 * `Ledger-Sequence`: an opaque token of how far an answer saw. It carries the shard and a mark of this ledger, so that a
 * token of another one is told from one of the future.
 */
import { createHmac } from 'node:crypto'

const TOKEN = /^s0\.([0-9a-f]{8})\.([0-9a-z]{1,11})$/

export class SequenceTokens {
  readonly #prefix: string
  #last = -1
  #text = ''

  constructor(secret: Buffer) {
    const mark = createHmac('sha256', secret).update('sequence').digest('hex').slice(0, 8)
    this.#prefix = `s0.${mark}.`
  }

  write(sequence: number): string {
    if (sequence !== this.#last) {
      this.#last = sequence
      this.#text = this.#prefix + sequence.toString(36)
    }
    return this.#text
  }

  /** undefined: not a token of this ledger. */
  read(token: string): number | undefined {
    const digits = TOKEN.exec(token)?.[2]
    if (digits === undefined || !token.startsWith(this.#prefix)) return undefined
    const sequence = Number.parseInt(digits, 36)
    return Number.isSafeInteger(sequence) ? sequence : undefined
  }
}
