/**
 * Fetches what a stretch of commands will touch before the first of them is applied, in passes, so that the
 * cache misses of 256 transfers overlap instead of standing in line (docs/decisions/0005).
 */
import type { Accounts } from './accounts.ts'
import { COMMAND_SIZE, CommandField, type PackedBatch } from './batch.ts'
import { COMMANDS_PER_BATCH_MAX } from './limits.ts'
import type { Memory } from './memory.ts'
import { readShapes } from './shapes.ts'

/** Commands per pass: their rows (128 KiB) fit in the second-level cache; 8,190 at a time cost 200 ns more each. */
export const STRETCH = 256

const COMMAND_WORDS = COMMAND_SIZE / 4
const DEBIT_WORD = CommandField.debitAccountId / 4
const CREDIT_WORD = CommandField.creditAccountId / 4

export class Fetch {
  readonly #accounts: Accounts
  /** Slots of the accounts that each command of the batch names; -1 = none when it was fetched. */
  readonly debitSlots = new Int32Array(COMMANDS_PER_BATCH_MAX)
  readonly creditSlots = new Int32Array(COMMANDS_PER_BATCH_MAX)
  /** `Shape` of each command of the batch. */
  readonly shapes = new Uint8Array(COMMANDS_PER_BATCH_MAX)
  readonly #debitHashes = new Uint32Array(STRETCH * 2)
  readonly #creditHashes = new Uint32Array(STRETCH * 2)
  /** Keeps the fetches from being optimised away. */
  sink = 0

  constructor(accounts: Accounts) {
    this.#accounts = accounts
  }

  /** Finds the accounts of commands `from` to `to`, and fetches their rows. */
  accounts(batch: PackedBatch, from: number, to: number): void {
    this.#places(batch.memory.u32, from, to)
    this.#rows(from, to)
    readShapes(batch.memory.u32, this.shapes, from, to)
    this.#verify(batch.memory, from, to)
  }

  /** First pass: hashes, and the table's places. */
  #places(u32: Uint32Array, from: number, to: number): void {
    const at = from * COMMAND_WORDS
    const ids = { step: COMMAND_WORDS, count: to - from }
    const debits = { ...ids, at: at + DEBIT_WORD }
    const credits = { ...ids, at: at + CREDIT_WORD }
    this.sink = this.#accounts.peek(u32, debits, this.#debitHashes)
    this.sink |= this.#accounts.peek(u32, credits, this.#creditHashes)
  }

  /** Second pass: the likely slots, and their rows, whether it is them or not. */
  #rows(from: number, to: number): void {
    const accounts = this.#accounts
    accounts.likely(this.#debitHashes, this.debitSlots, from, to)
    accounts.likely(this.#creditHashes, this.creditSlots, from, to)
    this.sink = accounts.touchRows(this.debitSlots, from, to)
    this.sink |= accounts.touchRows(this.creditSlots, from, to)
  }

  /** Third pass: whether it is them. */
  #verify(memory: Memory, from: number, to: number): void {
    const accounts = this.#accounts
    const { debitSlots, creditSlots } = this
    const { u32 } = memory
    for (let index = from; index < to; index++) {
      const debit = index * COMMAND_WORDS + DEBIT_WORD
      const credit = index * COMMAND_WORDS + CREDIT_WORD
      const debitSlot = debitSlots[index] as number
      const creditSlot = creditSlots[index] as number
      if (debitSlot >= 0 && !accounts.has(debitSlot, u32, debit)) {
        debitSlots[index] = accounts.find(u32, debit)
      }
      if (creditSlot >= 0 && !accounts.has(creditSlot, u32, credit)) {
        creditSlots[index] = accounts.find(u32, credit)
      }
    }
  }
}
