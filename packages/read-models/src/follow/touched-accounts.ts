/**
 * What a stretch of the book did to accounts: the balances of each right after its newest entry, and what was posted to it by day. Made for
 * millions of entries: it copies words, and makes no object and no bigint for one.
 */
import { MovedField, MovedForm, type RecordCursor, SideField } from '@tallystick/ledger'
import type { CopyRows } from '@tallystick/postgres'

import { Sum } from './sum.ts'

/** Of an account: the entry's number, then four balances of 128 bits, the least significant word of each first. */
const WORDS = 18
const FIRST_ACCOUNTS = 64

export type SideName = 'debit' | 'credit'

/** Posted money of one account in one day. */
export interface Turnover {
  readonly slot: number
  /** Days since 1970, UTC. */
  readonly day: number
  readonly debit: Sum
  readonly credit: Sum
}

interface Touched {
  /** Where its words begin. */
  readonly at: number
  sequence: number
  /** Of the newest day in which something was posted. */
  turnover: Turnover | undefined
}

export class TouchedAccounts {
  readonly turnovers: Turnover[] = []
  readonly #touched = new Map<number, Touched>()
  #words = new Uint32Array(FIRST_ACCOUNTS * WORDS)

  get count(): number {
    return this.#touched.size
  }

  /** The account's newest entry is that side of the record. */
  entry(slot: number, record: RecordCursor, side: SideName): void {
    const touched = this.#touch(slot)
    touched.sequence = record.sequence
    const words = this.#words
    const { u32 } = record.memory
    const { at } = touched
    const number = (record.offset + sideAt(side) + SideField.number) >>> 2
    words[at] = u32[number] as number
    words[at + 1] = u32[number + 1] as number
    const isWide = (record.form & MovedForm.wide) !== 0
    const lower = (record.offset + sideAt(side) + SideField.debitsPending) >>> 2
    const upper = (record.offset + upperAt(side)) >>> 2
    for (let word = 0; word < 8; word += 2) {
      const to = at + 2 + word * 2
      words[to] = u32[lower + word] as number
      words[to + 1] = u32[lower + word + 1] as number
      words[to + 2] = isWide ? (u32[upper + word] as number) : 0
      words[to + 3] = isWide ? (u32[upper + word + 1] as number) : 0
    }
  }

  /** That was posted to it. @param day never earlier than the one before. */
  posted(slot: number, day: number): Turnover {
    const touched = this.#touch(slot)
    if (touched.turnover?.day === day) return touched.turnover
    const turnover = { slot, day, debit: new Sum(), credit: new Sum() }
    this.turnovers.push(turnover)
    touched.turnover = turnover
    return turnover
  }

  /** Of each account: slot, entries, newest sequence, four balances. */
  write(rows: CopyRows): void {
    const words = this.#words
    for (const [slot, { at, sequence }] of this.#touched) {
      rows.begin()
      rows.integer(slot)
      rows.bigintWords(words[at + 1] as number, words[at] as number)
      rows.bigint(sequence)
      for (let balance = at + 2; balance < at + WORDS; balance += 4) this.#number(rows, balance)
    }
  }

  #number(rows: CopyRows, at: number): void {
    const words = this.#words
    const [low, high] = [words[at] as number, words[at + 1] as number]
    const [lower, upper] = [words[at + 2] as number, words[at + 3] as number]
    if (lower === 0 && upper === 0) return rows.numericWords(high, low)
    const above = (BigInt(upper) << 96n) | (BigInt(lower) << 64n)
    rows.numeric(above | (BigInt(high) << 32n) | BigInt(low))
  }

  #touch(slot: number): Touched {
    const known = this.#touched.get(slot)
    if (known !== undefined) return known
    const touched: Touched = { at: this.count * WORDS, sequence: 0, turnover: undefined }
    this.#touched.set(slot, touched)
    if (touched.at + WORDS > this.#words.length) {
      const more = new Uint32Array(this.#words.length * 2)
      more.set(this.#words)
      this.#words = more
    }
    return touched
  }
}

/** Byte offset in a record of a side. */
export const sideAt = (side: SideName): number =>
  side === 'debit' ? MovedField.debitSide : MovedField.creditSide

/** Byte offset in a wide record of the upper halves of a side's balances; those of the amount lie before both. */
export const upperAt = (side: SideName): number => MovedField.sections + (side === 'debit' ? 8 : 40)
