/**
 * Fetches what a stretch of commands will touch before the first of them is applied, in passes, so that the
 * cache misses of 256 transfers overlap instead of standing in line (docs/decisions/0005).
 */
import type { Accounts } from './accounts.ts'
import { COMMAND_SIZE, CommandField, type PackedBatch } from './batch.ts'
import { Operation } from './command.ts'
import { COMMANDS_PER_BATCH_MAX } from './limits.ts'

/** Commands per pass: their rows (128 KiB) fit in the second-level cache; 8,190 at a time cost 200 ns more each. */
export const STRETCH = 256

export class Fetch {
  readonly #accounts: Accounts
  /** Slots of the accounts that each command of the batch names; -1 = none when it was fetched. */
  readonly debitSlots = new Int32Array(COMMANDS_PER_BATCH_MAX)
  readonly creditSlots = new Int32Array(COMMANDS_PER_BATCH_MAX)
  readonly #hashes = new Uint32Array(STRETCH * 4)
  /** Keeps the fetches from being optimised away. */
  sink = 0

  constructor(accounts: Accounts) {
    this.#accounts = accounts
  }

  /** Finds the accounts of commands `from` to `to`, and fetches their rows. */
  accounts(batch: PackedBatch, from: number, to: number): void {
    const accounts = this.#accounts
    const hashes = this.#hashes
    const { u8, u32 } = batch.memory
    let sink = 0
    for (let index = from, at = 0; index < to; index++, at += 4) {
      const word = (index * COMMAND_SIZE) >>> 2
      sink |= accounts.peek(u32, word + CommandField.debitAccountId / 4, hashes, at)
      sink |= accounts.peek(u32, word + CommandField.creditAccountId / 4, hashes, at + 2)
    }
    for (let index = from, at = 0; index < to; index++, at += 4) {
      if (u8[index * COMMAND_SIZE + CommandField.operation] !== Operation.createTransfer) continue
      const word = (index * COMMAND_SIZE) >>> 2
      const debit = word + CommandField.debitAccountId / 4
      const credit = word + CommandField.creditAccountId / 4
      this.debitSlots[index] = accounts.findHashed(
        u32,
        debit,
        hashes[at] as number,
        hashes[at + 1] as number,
      )
      this.creditSlots[index] = accounts.findHashed(
        u32,
        credit,
        hashes[at + 2] as number,
        hashes[at + 3] as number,
      )
    }
    for (let index = from; index < to; index++) {
      if (u8[index * COMMAND_SIZE + CommandField.operation] !== Operation.createTransfer) continue
      const debit = this.debitSlots[index] as number
      const credit = this.creditSlots[index] as number
      if (debit >= 0) sink |= accounts.touchRow(debit)
      if (credit >= 0) sink |= accounts.touchRow(credit)
    }
    this.sink = sink
  }
}
