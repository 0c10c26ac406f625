/** Packed batches of plain transfers, for a ledger in the same process. */
import { COMMAND_SIZE, CommandField, Memory, Operation, type PackedBatch } from '@tallystick/ledger'

import { EURO } from '../load/euro.ts'
import { Pairs } from '../load/pairs.ts'
import type { Xorshift } from '../load/random.ts'
import { TransferIds } from '../load/transfer-ids.ts'

const AMOUNT_MAX = 1_000

export interface BatchSpec {
  readonly accounts: number
  /** Transfers. */
  readonly batch: number
  /** Codes 1 to this, at random; default 1. */
  readonly codes?: number
}

/** One caller's batches; the last one is free once it was answered. */
export class PackedBatches {
  readonly #batch: PackedBatch
  readonly #random: Xorshift
  readonly #pairs: Pairs
  readonly #ids: TransferIds
  readonly #codes: number

  constructor({ accounts, batch, codes = 1 }: BatchSpec, random: Xorshift) {
    this.#random = random
    this.#pairs = new Pairs(random, accounts, 'uniform')
    this.#ids = new TransferIds(random, 'time')
    this.#codes = codes
    const dataOffset = batch * COMMAND_SIZE
    this.#batch = { memory: Memory.allocate(dataOffset), count: batch, dataOffset, dataLength: 0 }
    const { u8, u32 } = this.#batch.memory
    for (let at = 0; at < dataOffset; at += COMMAND_SIZE) {
      u32[(at + CommandField.asset) >>> 2] = EURO.number
      u8[at + CommandField.operation] = Operation.createTransfer
    }
  }

  make(): PackedBatch {
    const { u16, u32 } = this.#batch.memory
    this.#ids.begin()
    for (let at = 0; at < this.#batch.dataOffset; at += COMMAND_SIZE) {
      this.#ids.next()
      this.#pairs.next()
      u32.set(this.#ids.words, at >>> 2)
      u32[(at + CommandField.debitAccountId) >>> 2] = this.#pairs.debit + 1
      u32[(at + CommandField.creditAccountId) >>> 2] = this.#pairs.credit + 1
      u16[(at + CommandField.code) >>> 1] = 1 + this.#random.below(this.#codes)
      u32[(at + CommandField.amount) >>> 2] = 1 + this.#random.below(AMOUNT_MAX)
    }
    return this.#batch
  }
}
