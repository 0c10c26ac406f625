/**
 * Reads the JSON of a batch of plain transfers into packed commands, byte by byte and without a value per field: by far the most frequent
 * batch, and three times as fast as parsing, checking and planning it (docs/decisions/0009). It knows one shape only. Whatever else it meets,
 * right or wrong, is left to the general way, which also finds the words for what is wrong; a property test holds the two to each other.
 *
 *   {"commands":[{"operation":"create_transfer","id":…,"debit_account":…,"credit_account":…,"amount":…,"asset":…,"code":…},…]}
 *
 * with the fields of a command in any order, `code` or not, spaces between tokens, no escapes, and accounts that are known already. A single transfer is
 * read in the same way, if it has just the other fields: no operation, and an id that is left to the server.
 */
import { BATCH_COMMANDS_MAX, CODE_MAX } from '@tallystick/contract'
import { Operation, type PackedBatch } from '@tallystick/engine'
import { COMMAND_SIZE, CommandField, Memory, writeU128 } from '@tallystick/ledger'

import { AddressTable } from '../address-table.ts'
import { hexDigits } from './hex-digits.ts'

/** What names in a body mean; undefined: nothing yet, or nothing right. */
export interface PlainNames {
  account(address: string): bigint | undefined
  asset(text: string): number | undefined
}

const QUOTE = 0x22
const DASH = 0x2d
const BACKSLASH = 0x5c
const COMMA = 0x2c
const ZERO = 0x30
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** More digits than this are left to bigints. */
export const PLAIN_AMOUNT_DIGITS_MAX = 15

/** The longest text that is looked for: an address. */
const TEXT_BYTES_MAX = 255
const FIELD_LENGTH_MAX = 14

/** By the length of the name, which tells them apart: place in the mask of what was seen, and the name itself. */
const FIELDS: readonly (Field | undefined)[] = fieldsByLength([
  ...['operation', 'id', 'debit_account', 'credit_account', 'amount', 'asset', 'code'],
])
const SEEN_ALL = 0b111_1111
/** Of a transfer that stands alone. */
const SEEN_ALONE = 0b111_1100
const SEEN_CODE = 0b100_0000

interface Field {
  readonly bit: number
  /** Where its value's first place is noted. */
  readonly place: number
  readonly bytes: Uint8Array
}

const CREATE_TRANSFER = Buffer.from('"create_transfer"')
const HEAD = ['{', '"commands"', ':', '['].map((token) => Buffer.from(token))
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
  readonly #addresses = new AddressTable()
  #bytes: Uint8Array = CREATE_TRANSFER
  #at = 0
  #memory = Memory.allocate(0)
  #u32: Uint32Array = this.#memory.u32
  /** Of the asset before: nearly always the next one too. */
  #assetText = Buffer.alloc(0)
  #asset = 0
  /** Where the values of the command that was read last lie in the body, quotes included: from and to, in the order of `FIELDS`. */
  readonly places = new Int32Array(14)

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
    this.#memory = memory
    this.#u32 = memory.u32
    const count = this.#commands(most)
    const batch = { memory, count, dataOffset: count * COMMAND_SIZE, dataLength: 0 }
    if (count > 0) return batch
    giveBack(batch)
    return undefined
  }

  /** Reads one transfer into 128 bytes that hold nothing but such a transfer, or nothing. @returns false: it is not plain, or not right. */
  readAlone(body: Buffer, memory: Memory): boolean {
    this.#bytes = body
    this.#memory = memory
    this.#u32 = memory.u32
    this.#at = 0
    this.places.fill(0)
    if (!this.#command(0, SEEN_ALONE)) return false
    this.#skip()
    return this.#at === body.length
  }

  /** 0: it is not what is read here. */
  #commands(most: number): number {
    const bytes = this.#bytes
    this.#at = 0
    for (const token of HEAD) {
      this.#skip()
      if (!this.#takes(token)) return 0
    }
    for (let count = 0; count < most;) {
      if (!this.#command(count++ * WORDS, SEEN_ALL)) return 0
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

  /** @param word where the packed command begins. @param all the fields that it has. */
  #command(word: number, all: number): boolean {
    const bytes = this.#bytes
    this.#skip()
    if (bytes[this.#at++] !== OPEN_BRACE) return false
    const u32 = this.#u32
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
      this.places[field.place] = this.#at
      if (!this.#value(field.bit, word)) return false
      this.places[field.place + 1] = this.#at
      this.#skip()
      const next = bytes[this.#at++]
      if (next === COMMA) continue
      return next === CLOSE_BRACE && (seen | SEEN_CODE) === all
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
    // What is no digit made its part NaN, and NaN is not at least 0.
    if (!(a + b + c + d >= 0) || !hasDashes(bytes, at) || bytes[at + 36] !== QUOTE) return false
    const u32 = this.#u32
    u32[word + 3] = a
    u32[word + 2] = b
    u32[word + 1] = c
    u32[word] = d
    this.#at = at + 37
    return true
  }

  #account(word: number): boolean {
    const from = this.#at
    const to = this.#endOfText()
    if (to < 0) return false
    const found = this.#addresses.find(this.#bytes, from, to)
    if (found < 0) return this.#unknown(word, from, to)
    const { words } = this.#addresses
    const u32 = this.#u32
    for (let index = 0; index < 4; index++) u32[word + index] = words[found + index] as number
    return true
  }

  #unknown(word: number, from: number, to: number): boolean {
    const address = Buffer.from(this.#bytes.subarray(from, to)).toString('latin1')
    const id = this.#names.account(address)
    if (id === undefined) return false
    this.#addresses.add(this.#bytes, { from, to }, id)
    writeU128(this.#memory, word * 4, id)
    return true
  }

  /** Above 0 and exact as a number. */
  #amount(word: number): boolean {
    const from = this.#at
    const amount = this.#digits(PLAIN_AMOUNT_DIGITS_MAX)
    if (amount === 0 || this.#bytes[this.#at++] !== QUOTE || from === this.#at) return false
    const u32 = this.#u32
    u32[word] = amount
    u32[word + 1] = amount / 0x1_0000_0000
    u32[word + 2] = 0
    u32[word + 3] = 0
    return true
  }

  #code(word: number): boolean {
    const code = this.#digits(5)
    if (code === 0 || code > CODE_MAX) return false
    this.#u32[word + (CommandField.code >>> 2)] = code
    return true
  }

  /** A number without a leading zero; 0 when there is none, or it is longer. */
  #digits(most: number): number {
    const bytes = this.#bytes
    const from = this.#at
    let at = from
    let value = 0
    for (; at <= from + most; at++) {
      const digit = (bytes[at] as number) - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      value = value * 10 + digit
    }
    this.#at = at
    return bytes[from] === ZERO || at > from + most ? 0 : value
  }

  #assetName(word: number): boolean {
    const from = this.#at
    const to = this.#endOfText()
    if (to < 0) return false
    if (!this.#isAssetBefore(from, to)) {
      const text = Buffer.from(this.#bytes.subarray(from, to))
      const asset = this.#names.asset(text.toString('latin1'))
      if (asset === undefined) return false
      this.#assetText = text
      this.#asset = asset
    }
    this.#u32[word] = this.#asset
    return true
  }

  #isAssetBefore(from: number, to: number): boolean {
    const before = this.#assetText
    if (before.length !== to - from) return false
    for (let index = 0; index < before.length; index++) {
      if (before[index] !== this.#bytes[from + index]) return false
    }
    return true
  }

  /** Place of the closing quote, which is passed; -1: there is none near, or an escape before it. */
  #endOfText(): number {
    const bytes = this.#bytes
    const from = this.#at
    for (let at = from; at <= from + TEXT_BYTES_MAX; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) {
        this.#at = at + 1
        return at
      }
      if (byte === BACKSLASH) return -1
    }
    return -1
  }

  #takes(expected: Uint8Array): boolean {
    const bytes = this.#bytes
    const from = this.#at
    for (let index = 0; index < expected.length; index++) {
      if (bytes[from + index] !== expected[index]) return false
    }
    this.#at = from + expected.length
    return true
  }

  /** Spaces between tokens. */
  #skip(): void {
    const bytes = this.#bytes
    let byte = bytes[this.#at]
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      byte = bytes[++this.#at]
    }
  }
}

function hasDashes(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at + 8] === DASH &&
    bytes[at + 13] === DASH &&
    bytes[at + 18] === DASH &&
    bytes[at + 23] === DASH
  )
}

function fieldsByLength(names: readonly string[]): (Field | undefined)[] {
  const fields: (Field | undefined)[] = []
  for (let length = 0; length <= FIELD_LENGTH_MAX; length++) {
    const index = names.findIndex((name) => name.length === length)
    const bytes = Buffer.from(names[index] ?? '')
    fields.push(index < 0 ? undefined : { bit: 1 << index, place: index * 2, bytes })
  }
  return fields
}
