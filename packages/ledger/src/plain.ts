/**
 * The short way through a transfer. Nearly every one is plain: it posts or holds, in no chain, with no data, no value date and a new
 * id, between two open accounts without ancestors whose numbers are all below 2^62. Such a transfer is decided and recorded here in a few
 * straight passes over the rows; everything else, and everything that might be refused, takes the long way in `transfers.ts`.
 * Both ways are held to the slow model by the same suites and random histories.
 */
import { type Accounts, NO_PARENT, ROW_SHIFT_32, ROW_SHIFT_64, Row32, Row64 } from './accounts.ts'
import type { PackedBatch } from './batch.ts'
import type { Chain } from './chain.ts'
import { Operation } from './command.ts'
import type { Fetch } from './fetch.ts'
import { AccountFlags } from './flags.ts'
import type { Group } from './group.ts'
import { openHold } from './open-hold.ts'
import { type Mover, R } from './move.ts'
import { MovedField, MovedForm, SideField } from './record.ts'
import type { Resolver } from './resolved.ts'
import { COMMAND_WORDS, Shape, Word } from './shapes.ts'
import { hasRoom } from './small-numbers.ts'
import type { State } from './state.ts'

const { closed, debitsMustNotExceedCredits, creditsMustNotExceedDebits } = AccountFlags
/** The first balance in a row, in units of 4 bytes: four of 16 bytes each, then the limit. */
const BALANCES = Row64.debitsPending * 2
const EFFECTIVE = Row64.effectiveNewest * 2
const RECORD_WORDS = MovedField.sections / 8

export class PlainTransfers {
  readonly #state: State
  readonly #accounts: Accounts
  readonly #chain: Chain
  readonly #resolver: Resolver
  readonly #fetch: Fetch
  readonly #mover: Mover
  readonly #rowMask: number
  readonly #chunkShift: number
  #batch: PackedBatch | undefined
  #group: Group | undefined
  /** Accounts from this slot on were opened by the batch itself, and may be undone by it. */
  #accountsMin = 0

  constructor(parts: { state: State; resolver: Resolver; fetch: Fetch; mover: Mover }) {
    const { state, mover } = parts
    this.#state = state
    this.#accounts = state.accounts
    this.#chain = mover.chain
    this.#resolver = parts.resolver
    this.#fetch = parts.fetch
    this.#mover = mover
    this.#rowMask = state.accounts.rows.rowMask
    this.#chunkShift = state.accounts.rows.chunkShift
  }

  /** Before the first command of a batch. */
  begin(batch: PackedBatch, group: Group): void {
    this.#batch = batch
    this.#group = group
    this.#accountsMin = this.#accounts.count
  }

  /** Decides command `index` as the event `sequence` and writes its record. @returns false: it is not plain, nothing was done. */
  decide(index: number, sequence: number): boolean {
    const { move } = this.#mover
    const shape = this.#fetch.shapes[index] as number
    if (shape === Shape.other || this.#resolver.ids[index] !== 0) return false
    const debit = this.#fetch.debitSlots[index] as number
    const credit = this.#fetch.creditSlots[index] as number
    if (debit < 0 || debit >= this.#accountsMin || credit < 0 || credit >= this.#accountsMin)
      return false
    if (debit === credit || !this.#state.books.empty) return false
    // A deadline may overflow only there.
    if (shape === Shape.held && (move.words[R.timestamp * 2 + 1] as number) >>> 30 !== 0)
      return false
    const { u32, u64 } = (this.#batch as PackedBatch).memory
    const at = index * COMMAND_WORDS
    move.r[R.amount] = u64[(at + Word.amount) >>> 1] as bigint
    const asset = u32[at + Word.asset] as number
    if (!this.#takes(debit, asset, debitsMustNotExceedCredits)) return false
    if (!this.#takes(credit, asset, creditsMustNotExceedDebits)) return false
    const { ids } = this.#state
    const vacancy = ids.vacancy(this.#resolver, index)
    if (vacancy < 0) return false
    ids.fill(this.#resolver, index, vacancy, sequence)
    this.#state.transferCount++
    this.#chain.begin(sequence)
    const group = this.#group as Group
    const start = group.position
    const pending = shape === Shape.held
    this.#side(debit, Row64.debitsPosted - (pending ? 2 : 0), start + MovedField.debitSide)
    this.#side(credit, Row64.creditsPosted - (pending ? 2 : 0), start + MovedField.creditSide)
    move.debitSlot = debit
    move.creditSlot = credit
    this.#head(at)
    if (pending) this.#hold(at, sequence)
    return true
  }

  /** Whether the account takes the amount for sure. false: perhaps not, or it is not plain. */
  #takes(slot: number, asset: number, limiting: number): boolean {
    const row = this.#accounts.rows.u32[slot >>> this.#chunkShift] as Uint32Array
    const base = (slot & this.#rowMask) << ROW_SHIFT_32
    if (row[base + Row32.asset] !== asset || row[base + Row32.parent] !== NO_PARENT) return false
    const flags = row[base + Row32.flagsAndCode] as number
    if ((flags & closed) !== 0 || row[base + Row32.subtree] !== 0) return false
    let tops = 0
    let uppers = 0
    for (let at = base + BALANCES; at < base + BALANCES + 20; at += 4) {
      tops |= row[at + 1] as number
      uppers |= (row[at + 2] as number) | (row[at + 3] as number)
    }
    if (uppers !== 0 || tops >>> 30 !== 0) return false
    const { words } = this.#mover.move
    const high = row[base + EFFECTIVE + 1] as number
    const now = words[R.timestamp * 2 + 1] as number
    // Late for its value date: no hurry either.
    if (high > now) return false
    if (high === now && (row[base + EFFECTIVE] as number) > (words[R.timestamp * 2] as number))
      return false
    return (flags & limiting) === 0 || hasRoom(this.#accounts, this.#mover.move, slot, limiting)
  }

  /** Adds the amount to one balance of an account, links the entry, and writes the record's side at byte `side`. */
  #side(slot: number, balance: number, side: number): void {
    const { rows } = this.#accounts
    const chunk = slot >>> this.#chunkShift
    const row = rows.u32[chunk] as Uint32Array
    const base = (slot & this.#rowMask) << ROW_SHIFT_32
    const long = (slot & this.#rowMask) << ROW_SHIFT_64
    const longs = rows.u64[chunk] as BigUint64Array
    const { r } = this.#mover.move
    rows.touch(slot)
    row[base + Row32.version] = (row[base + Row32.version] as number) | 1
    const { u32, u64 } = (this.#group as Group).memory
    this.#chain.link(row, base, u32, side >>> 2)
    longs[long + balance] = BigInt.asUintN(
      64,
      (longs[long + balance] as bigint) + (r[R.amount] as bigint),
    )
    longs[long + Row64.effectiveNewest] = r[R.timestamp] as bigint
    const to = (side + SideField.debitsPending) >>> 3
    u64[to] = longs[long + Row64.debitsPending] as bigint
    u64[to + 1] = longs[long + Row64.debitsPosted] as bigint
    u64[to + 2] = longs[long + Row64.creditsPending] as bigint
    u64[to + 3] = longs[long + Row64.creditsPosted] as bigint
    row[base + Row32.version] = (row[base + Row32.version] as number) + 1
  }

  /** Writes what the record says besides its sides; `at` is the command's first word. Ends the record. */
  #head(at: number): void {
    const { debitSlot, creditSlot } = this.#mover.move
    const from = (this.#batch as PackedBatch).memory
    const group = this.#group as Group
    const { u32, u64 } = group.memory
    const word = group.position >>> 2
    const long = group.position >>> 3
    const codeAndFlags = from.u32[at + Word.codeAndFlags] as number
    const timeout = from.u32[at + Word.timeout] as number
    const form = timeout === 0 ? 0 : MovedForm.timeout
    const words = timeout === 0 ? RECORD_WORDS : RECORD_WORDS + 1
    u32[word] = Operation.createTransfer | (form << 16)
    u32[word + 1] = words | (codeAndFlags << 16)
    u32[word + 2] = codeAndFlags >>> 16
    u32[word + 3] = from.u32[at + Word.asset] as number
    u64[long + 2] = from.u64[at >>> 1] as bigint
    u64[long + 3] = from.u64[(at >>> 1) + 1] as bigint
    u32[word + MovedField.debitSlot / 4] = debitSlot
    u32[word + MovedField.creditSlot / 4] = creditSlot
    u64[long + MovedField.amount / 8] = from.u64[(at + Word.amount) >>> 1] as bigint
    if (timeout !== 0) {
      u32[word + MovedField.sections / 4] = timeout
      u32[word + MovedField.sections / 4 + 1] = 0
    }
    group.position += words * 8
  }

  /** The transfer that was made is an open hold. */
  #hold(at: number, sequence: number): void {
    const { u32, u64 } = (this.#batch as PackedBatch).memory
    const { move } = this.#mover
    const codeAndFlags = u32[at + Word.codeAndFlags] as number
    move.flags = codeAndFlags >>> 16
    move.code = codeAndFlags & 0xffff
    move.asset = u32[at + Word.asset] as number
    move.timeout = u32[at + Word.timeout] as number
    move.r[R.id] = u64[at >>> 1] as bigint
    move.r[R.id + 1] = u64[(at >>> 1) + 1] as bigint
    move.r[R.amount + 1] = 0n
    openHold(this.#state, move, sequence)
  }
}
