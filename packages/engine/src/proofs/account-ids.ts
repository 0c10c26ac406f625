/** Ids of accounts in order of slot, as words that leaves are made of: 16 bytes each, the same as in the account's row. */
import { Memory, Operation, RecordCursor, RecordField } from '@tallystick/ledger'

import type { BookBody } from '../book-body.ts'
import { ACCOUNT_ID_BYTES } from './proof-files.ts'

const FIRST_SLOTS = 1_024
const WORDS = ACCOUNT_ID_BYTES / 4

export class AccountIds {
  #words: Uint32Array
  #count: number
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  /** @param known ids of the accounts that there are already. */
  constructor(known: Uint8Array) {
    this.#count = known.length / ACCOUNT_ID_BYTES
    this.#words = new Uint32Array(Math.max(FIRST_SLOTS, 2 * this.#count) * WORDS)
    new Uint8Array(this.#words.buffer).set(known)
  }

  get count(): number {
    return this.#count
  }

  /** Copies an account's id to four words of `target` from `at` on. */
  readonly copy = (slot: number, target: Uint32Array, at: number): void => {
    const words = this.#words
    const from = slot * WORDS
    target[at] = words[from] as number
    target[at + 1] = words[from + 1] as number
    target[at + 2] = words[from + 2] as number
    target[at + 3] = words[from + 3] as number
  }

  /** Adds the accounts that the events of a frame opened. */
  learn(body: BookBody): void {
    const { u8 } = body.memory
    for (let index = 0; index < body.count; index++) {
      const at = body.recordAt(index)
      if (u8[at] !== Operation.createAccount || u8[at + 1] !== 0) continue
      this.add(body.point(index, this.#cursor))
    }
  }

  /** An account was opened. One that is known already is passed over. */
  add(record: RecordCursor): void {
    if (record.slot !== this.#count) return
    if (this.#count * WORDS === this.#words.length) {
      const grown = new Uint32Array(2 * this.#words.length)
      grown.set(this.#words)
      this.#words = grown
    }
    const from = (record.offset + RecordField.id) >>> 2
    this.#words.set(record.memory.u32.subarray(from, from + WORDS), this.#count * WORDS)
    this.#count++
  }

  /** Ids from `slot` on, as they lie on disk: a view. */
  bytesFrom(slot: number): Uint8Array {
    const from = slot * ACCOUNT_ID_BYTES
    return new Uint8Array(this.#words.buffer, from, this.#count * ACCOUNT_ID_BYTES - from)
  }
}
