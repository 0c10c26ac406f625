/**
 * Rows for COPY in its binary format: made where they are sent from, without a text or an object per value. Whoever writes them says each column in its turn, with the
 * method of its type; PostgreSQL refuses rows that do not fit the table.
 */
import { COPY_CHUNK_BYTES, COPY_FIRST_CHUNK_BYTES } from './limits.ts'

/** What every file of the format begins with, its flags and its extension's length. */
const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\u00ff\r\n\0', 'latin1'), Buffer.alloc(8)])
const WORD = 0x1_0000_0000
const NUMERIC_BASE = 10_000
/** Of a numeric, without its digits: their count, weight, sign and scale. */
const NUMERIC_BYTES = 8
/** Days between 1970 and the year 2000, from which PostgreSQL counts. */
const EPOCH_DAYS = 10_957

export class CopyRows {
  /** Rows. */
  count = 0
  readonly #columns: number
  readonly #full: Uint8Array[] = []
  #bytes = new Uint8Array(0)
  #at = 0
  /** Digits of the newest numeric, the last ones first. */
  readonly #digits = new Uint16Array(10)

  /** @param columns of each row. */
  constructor(columns: number) {
    this.#columns = columns
  }

  /** Begins a row. */
  begin(): void {
    if (this.count++ === 0) this.#first()
    this.#room(2)
    this.#u16(this.#columns)
  }

  null(): void {
    this.#room(4)
    this.#u32(0xffff_ffff)
  }

  boolean(value: boolean): void {
    this.#room(5)
    this.#u32(1)
    this.#bytes[this.#at++] = value ? 1 : 0
  }

  integer(value: number): void {
    this.#room(8)
    this.#u32(4)
    this.#u32(value)
  }

  /** @param value not negative; as a number below 2^53. */
  bigint(value: number | bigint): void {
    if (typeof value === 'number') this.bigintWords(Math.floor(value / WORD), value)
    else this.bigintWords(Number(value >> 32n), Number(value & 0xffff_ffffn))
  }

  bigintWords(high: number, low: number): void {
    this.#room(12)
    this.#u32(8)
    this.#u32(high)
    this.#u32(low)
  }

  /** A whole number that is not negative. */
  numeric(value: bigint): void {
    if (value < 1n << 64n) {
      return this.numericWords(Number(value >> 32n), Number(value & 0xffff_ffffn))
    }
    const digits = value.toString()
    const count = Math.ceil(digits.length / 4)
    this.#numericHead(count)
    const first = digits.length - (count - 1) * 4
    this.#u16(Number(digits.slice(0, first)))
    for (let at = first; at < digits.length; at += 4) this.#u16(Number(digits.slice(at, at + 4)))
  }

  /** Of two words of 32 bits each. */
  numericWords(high: number, low: number): void {
    const digits = this.#digits
    let count = 0
    // Divides both words together: what is left of the upper one goes into the lower, and stays below 2^53.
    for (; high > 0; count++) {
      const upper = Math.floor(high / NUMERIC_BASE)
      const rest = (high - upper * NUMERIC_BASE) * WORD + low
      low = Math.floor(rest / NUMERIC_BASE)
      digits[count] = rest - low * NUMERIC_BASE
      high = upper
    }
    for (; low > 0; count++) {
      const upper = Math.floor(low / NUMERIC_BASE)
      digits[count] = low - upper * NUMERIC_BASE
      low = upper
    }
    this.#numericHead(count)
    for (let digit = count - 1; digit >= 0; digit--) this.#u16(digits[digit] as number)
  }

  /** @param from where its 16 bytes begin, the least significant first. */
  uuid(bytes: Uint8Array, from: number): void {
    this.#room(20)
    this.#u32(16)
    for (let byte = 15; byte >= 0; byte--) this.#bytes[this.#at++] = bytes[from + byte] as number
  }

  /** @param id the same as a number. */
  uuidOf(id: bigint): void {
    this.#room(20)
    this.#u32(16)
    for (let bits = 96n; bits >= 0n; bits -= 32n) this.#u32(Number((id >> bits) & 0xffff_ffffn))
  }

  date(daysSince1970: number): void {
    this.integer(daysSince1970 - EPOCH_DAYS)
  }

  text(value: string): void {
    this.utf8(Buffer.from(value))
  }

  /** A text as bytes. */
  utf8(value: Uint8Array): void {
    this.#room(4 + value.length)
    this.#u32(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  /** JSON as text, for a column of jsonb. */
  json(value: string): void {
    const bytes = Buffer.from(value)
    this.#room(5 + bytes.length)
    this.#u32(1 + bytes.length)
    this.#bytes[this.#at++] = 1
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** All rows, to be sent in order. Nothing can be added afterwards. */
  end(): readonly Uint8Array[] {
    this.#room(2)
    this.#u16(0xffff)
    this.#full.push(this.#bytes.subarray(0, this.#at))
    this.#bytes = new Uint8Array(0)
    return this.#full
  }

  #first(): void {
    this.#bytes = new Uint8Array(COPY_FIRST_CHUNK_BYTES)
    this.#bytes.set(HEADER)
    this.#at = HEADER.length
  }

  /** Where a value begins, a new chunk may: PostgreSQL takes the bytes as they come. */
  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    this.#full.push(this.#bytes.subarray(0, this.#at))
    this.#bytes = new Uint8Array(Buffer.allocUnsafeSlow(Math.max(bytes, COPY_CHUNK_BYTES)).buffer)
    this.#at = 0
  }

  #numericHead(digits: number): void {
    this.#room(4 + NUMERIC_BYTES + 2 * digits)
    this.#u32(NUMERIC_BYTES + 2 * digits)
    this.#u16(digits)
    this.#u16(digits === 0 ? 0 : digits - 1)
    this.#u32(0)
  }

  #u16(value: number): void {
    const bytes = this.#bytes
    bytes[this.#at] = value >>> 8
    bytes[this.#at + 1] = value
    this.#at += 2
  }

  #u32(value: number): void {
    const bytes = this.#bytes
    bytes[this.#at] = value >>> 24
    bytes[this.#at + 1] = value >>> 16
    bytes[this.#at + 2] = value >>> 8
    bytes[this.#at + 3] = value
    this.#at += 4
  }
}
