/**
 * Reads the JSON of a batch of plain transfers into packed commands, byte by byte and without a value per field: by far the most frequent
 * batch, and three times as fast as parsing, checking and planning it (docs/decisions/0009). It knows one shape only. Whatever else it meets,
 * right or wrong, is left to the general way, which also finds the words for what is wrong; a property test holds the two to each other.
 *
 *   {"commands":[{"operation":"create_transfer","id":…,"debit_account":…,"credit_account":…,"amount":…,"asset":…,"code":…},…]}
 *
 * with the fields of a command in any order, `code` or not, spaces between tokens, no escapes, and accounts that are known already.
 */
import { BATCH_COMMANDS_MAX } from '@tallystick/contract'
import { Operation, type PackedBatch } from '@tallystick/engine'
import { COMMAND_SIZE, CommandField, Memory } from '@tallystick/ledger'

import type { AddressTable } from '../address-table.ts'
import { hexDigits } from './hex-digits.ts'

export interface PlainNames {
  readonly addresses: AddressTable
  /** Number of an asset that a transfer may name; undefined: none, or not known yet. */
  asset(text: string): number | undefined
}

const QUOTE = 0x22
const COMMA = 0x2c
const ZERO = 0x30
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** More digits than this are left to bigints. */
export const PLAIN_AMOUNT_DIGITS_MAX = 15

/** By the length of the name, which tells them apart: place in the mask of what was seen, and the name itself. */
const FIELDS: readonly (Field | undefined)[] = fieldsByLength([
  ...['operation', 'id', 'debit_account', 'credit_account', 'amount', 'asset', 'code'],
])
const SEEN_ALL = 0b111_1111
const SEEN_CODE = 0b100_0000

interface Field {
  readonly bit: number
  readonly bytes: Uint8Array
}

const CREATE_TRANSFER = Buffer.from('"create_transfer"')
const HEAD = Buffer.from('{"commands":[')
const SHORTEST_BYTES = COMMAND_SIZE
const WORDS = COMMAND_SIZE >>> 2

/** Memories that wait to be used again, all of one size: nothing but plain transfers was ever in them. */
const pool: Memory[] = []
const POOLED_BYTES = 64 * 1024
const POOL_MAX = 64

/** The ledger no longer reads it. */
export function giveBack({ memory }: PackedBatch): void {
  if (memory.byteLength === POOLED_BYTES && pool.length < POOL_MAX) pool.push(memory)
}

export class PlainBatchReader {
  readonly #names: PlainNames
  #bytes: Uint8Array = HEAD
  #at = 0
  #u32 = new Uint32Array(0)
  /** Of the asset before: nearly always the next one too. */
  #assetText = Buffer.alloc(0)
  #asset = 0

  constructor(names: PlainNames) {
    this.#names = names
  }

  /** undefined: not a batch of plain transfers, or none that is right. */
  read(body: Buffer): PackedBatch | undefined {
    // A command takes more bytes as JSON than packed.
    const most = Math.min(Math.floor(body.length / SHORTEST_BYTES), BATCH_COMMANDS_MAX)
    const bytes = most * COMMAND_SIZE
    const memory =
      bytes > POOLED_BYTES ? Memory.allocate(bytes) : (pool.pop() ?? Memory.allocate(POOLED_BYTES))
    this.#bytes = body
    this.#u32 = memory.u32
    const count = this.#commands(most)
    const batch = { memory, count, dataOffset: count * COMMAND_SIZE, dataLength: 0 }
    if (count > 0) return batch
    giveBack(batch)
    return undefined
  }

  /** 0: it is not what is read here. */
  #commands(most: number): number {
    const bytes = this.#bytes
    this.#at = 0
    if (!this.#takes(HEAD)) return 0
    for (let count = 0; count < most; ) {
      if (!this.#command(count++ * WORDS)) return 0
      this.#skip()
      const next = bytes[this.#at++]
      if (next === COMMA) continue
      if (next !== 0x5d) return 0
      this.#skip()
      if (bytes[this.#at++] !== CLOSE_BRACE) return 0
      this.#skip()
      return this.#at === bytes.length ? count : 0
    }
    return 0
  }

  /** @param word where the packed command begins. */
  #command(word: number): boolean {
    const bytes = this.#bytes
    this.#skip()
    if (bytes[this.#at++] !== OPEN_BRACE) return false
    const { u32 } = { u32: this.#u32 }
    u32[word + (CommandField.code >>> 2)] = 1
    u32[word + (CommandField.operation >>> 2)] = Operation.createTransfer
    let seen = 0
    for (;;) {
      this.#skip()
      const field = this.#name()
      if (field === undefined || (seen & field.bit) !== 0) return false
      seen |= field.bit
      this.#skip()
      if (bytes[this.#at++] !== COLON) return false
      this.#skip()
      if (!this.#value(field.bit, word)) return false
      this.#skip()
      const next = bytes[this.#at++]
      if (next === COMMA) continue
      return next === CLOSE_BRACE && (seen | SEEN_CODE) === SEEN_ALL
    }
  }

  #name(): Field | undefined {
    const bytes = this.#bytes
    const from = this.#at + 1
    if (bytes[this.#at] !== QUOTE) return undefined
    let to = from
    while (to < from + FIELDS.length && bytes[to] !== QUOTE) to++
    const field = FIELDS[to - from]
    if (field === undefined) return undefined
    for (let index = 0; index < field.bytes.length; index++) {
      if (bytes[from + index] !== field.bytes[index]) return undefined
    }
    this.#at = to + 1
    return field
  }

  #value(bit: number, word: number): boolean {
    if (bit === 1) return this.#takes(CREATE_TRANSFER)
    if (bit === SEEN_CODE) return this.#code(word)
    if (this.#bytes[this.#at++] !== QUOTE) return false
    switch (bit) {
      case 2:
        return this.#id(word)
      case 4:
        return this.#account(word + (CommandField.debitAccountId >>> 2))
      case 8:
        return this.#account(word + (CommandField.creditAccountId >>> 2))
      case 16:
        return this.#amount(word + (CommandField.amount >>> 2))
      default:
        return this.#assetName(word + (CommandField.asset >>> 2))
    }
  }

  #id(word: number): boolean {
    const bytes = this.#bytes
    const at = this.#at
    const a = hexDigits(bytes, at, 8)
    const b = hexDigits(bytes, at + 9, 4) * 0x1_0000 + hexDigits(bytes, at + 14, 4)
    const c = hexDigits(bytes, at + 19, 4) * 0x1_0000 + hexDigits(bytes, at + 24, 4)
    const d = hexDigits(bytes, at + 28, 8)
    // What is no digit made its part NaN.
    if (!(a + b + c + d >= 0) || bytes[at + 36] !== QUOTE) return false
    const dashes = [bytes[at + 8], bytes[at + 13], bytes[at + 18], bytes[at + 23]]
    void dashes
    this.#u32[word + 3] = a
    this.#u32[word + 2] = b
    this.#u32[word + 1] = c
    this.#u32[word] = d
    this.#at = at + 37
    return isDash(bytes, at + 8) && isDash(bytes, at + 13) && isDash(bytes, at + 18) && isDash(bytes, at + 23)
  }
}
