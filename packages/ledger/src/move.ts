/**
 * Moves money: changes the rows of both accounts and the totals of the subtrees that are crossed, links the
 * entries, and writes the record. It decides nothing; whoever calls it has checked every rule.
 */
import { NO_PARENT, Row32, Row64 } from './accounts.ts'
import { Chain } from './chain.ts'
import { Operation } from './command.ts'
import type { Group } from './group.ts'
import { add, big, subtract } from './limbs.ts'
import { MovedField, MovedForm, SideField } from './record.ts'
import type { State } from './state.ts'
import { Subtree64 } from './subtrees.ts'

/** What is moved, in units of 8 bytes of `Move.r`; u128 as lower and upper limb. */
export const R = {
  /** What the record calls the amount. */
  amount: 0,
  addPending: 2,
  subPending: 4,
  addPosted: 6,
  requested: 8,
  captured: 10,
  remaining: 12,
  pendingId: 14,
  id: 16,
  /** As asked; 0 = none. */
  effectiveAsked: 18,
  timestamp: 19,
  /** Upper limbs seen while the record was written. */
  wide: 20,
  effective: 21,
} as const

/** Fields are numbers set by whoever decides; bigints stay in `r`, where they cost nothing. */
export class Move {
  readonly r = new BigUint64Array(24)
  /** The same in halves of 32 bits. */
  readonly words = new Uint32Array(this.r.buffer)
  kind: number = Operation.createTransfer
  flags = 0
  code = 0
  asset = 0
  form = 0
  debitSlot = 0
  creditSlot = 0
  timeout = 0
  pendingSequence = 0
  metadata: Uint8Array = new Uint8Array(0)
}

export class Mover {
  readonly #state: State
  readonly chain: Chain
  readonly move = new Move()
  group: Group | undefined

  constructor(state: State) {
    this.#state = state
    this.chain = new Chain(state.accounts)
  }

  /** Applies `move` as the event `sequence` and writes its record at the group's position. */
  apply(sequence: number): void {
    const group = this.group as Group
    const { move } = this
    const { r } = move
    const at = group.position
    this.chain.begin(sequence)
    r[R.wide] = r[R.amount + 1] as bigint
    const asked = r[R.effectiveAsked] as bigint
    r[R.effective] = asked === 0n ? (r[R.timestamp] as bigint) : asked
    const lateDebit = this.#side(move.debitSlot, true, at)
    const lateCredit = this.#side(move.creditSlot, false, at)
    this.#ancestors()
    let form = move.form
    if (r[R.wide] !== 0n) form |= MovedForm.wide
    if (lateDebit) form |= MovedForm.lateDebit
    if (lateCredit) form |= MovedForm.lateCredit
    if (asked !== 0n) form |= MovedForm.effective
    this.#head(group, at, form)
    group.position = form === 0 ? at + MovedField.sections : this.#sections(group, at, form)
    const words = (group.position - at) >>> 3
    group.memory.u16[(at >>> 1) + 2] = words
  }

  /** Changes one account and writes its side. @returns whether the entry came late for its value date. */
  #side(slot: number, debit: boolean, at: number): boolean {
    const { accounts, undo } = this.#state
    const group = this.group as Group
    const out = group.memory.u64
    const { r } = this.move
    accounts.rows.touch(slot)
    if (undo.recording) undo.account(slot)
    const words = accounts.row32(slot)
    const version = accounts.base32(slot) + Row32.version
    words[version] = (words[version] as number) | 1
    const row = accounts.row64(slot)
    const base = accounts.base64(slot)
    const pending = base + (debit ? Row64.debitsPending : Row64.creditsPending)
    add(row, pending, r, R.addPending)
    subtract(row, pending, r, R.subPending)
    add(row, pending + 2, r, R.addPosted)
    const side = at + (debit ? MovedField.debitSide : MovedField.creditSide)
    this.chain.link(words, accounts.base32(slot), group.memory.u32, side >>> 2)
    const balances = (side + SideField.debitsPending) >>> 3
    for (let i = 0; i < 4; i++) {
      out[balances + i] = row[base + Row64.debitsPending + i * 2] as bigint
      r[R.wide] = (r[R.wide] as bigint) | (row[base + Row64.debitsPending + i * 2 + 1] as bigint)
    }
    const late = (row[base + Row64.effectiveNewest] as bigint) > (r[R.effective] as bigint)
    if (!late) row[base + Row64.effectiveNewest] = r[R.effective] as bigint
    if (!undo.recording) words[version] += 1
    return late
  }

  /** Totals of each ancestor whose subtree holds one side and not the other. */
  #ancestors(): void {
    const { accounts } = this.#state
    const { debitSlot, creditSlot } = this.move
    const debitRow = accounts.row32(debitSlot)
    const debitBase = accounts.base32(debitSlot)
    const creditRow = accounts.row32(creditSlot)
    const creditBase = accounts.base32(creditSlot)
    const alone =
      debitRow[debitBase + Row32.parent] === NO_PARENT &&
      creditRow[creditBase + Row32.parent] === NO_PARENT &&
      debitRow[debitBase + Row32.subtree] === 0 &&
      creditRow[creditBase + Row32.subtree] === 0
    if (alone) return
    this.#crossed(debitSlot, creditSlot, true)
    this.#crossed(creditSlot, debitSlot, false)
  }

  #crossed(slot: number, other: number, debit: boolean): void {
    const { accounts, subtrees, undo } = this.#state
    const { r } = this.move
    const pending = big(r, R.addPending) - big(r, R.subPending)
    const posted = big(r, R.addPosted)
    const end = meeting(this.#state, slot, other)
    for (let at = slot; at !== end; at = accounts.parent(at)) {
      const row = subtreeRow(this.#state, at)
      if (row < 0) continue
      if (undo.recording) undo.subtree(row)
      const first = debit ? Subtree64.debitsPending : Subtree64.creditsPending
      if (pending !== 0n) subtrees.change(row, first, pending)
      if (posted !== 0n) subtrees.change(row, first + 2, posted)
    }
  }

  #head(group: Group, at: number, form: number): void {
    const { move } = this
    const { u8, u16, u32, u64 } = group.memory
    u8[at] = move.kind
    u8[at + 1] = 0
    const half = at >>> 1
    u16[half + 1] = form
    u16[half + 3] = move.code
    u16[half + 4] = move.flags
    u16[half + 5] = (form & MovedForm.metadata) === 0 ? 0 : move.metadata.length
    const word = at >>> 2
    u32[word + 3] = move.asset
    u32[word + 8] = move.debitSlot
    u32[word + 9] = move.creditSlot
    const long = at >>> 3
    u64[long + 2] = move.r[R.id] as bigint
    u64[long + 3] = move.r[R.id + 1] as bigint
    u64[long + 5] = move.r[R.amount] as bigint
  }

  /** The optional sections, in the order of their bits. @returns where the record ends. */
  #sections(group: Group, start: number, form: number): number {
    const { move } = this
    const { r } = move
    const { u8, u32, u64 } = group.memory
    let at = start + MovedField.sections
    if ((form & MovedForm.wide) !== 0) at = this.#upperLimbs(group, at)
    if ((form & MovedForm.pending) !== 0) {
      const long = at >>> 3
      u64[long] = r[R.pendingId] as bigint
      u64[long + 1] = r[R.pendingId + 1] as bigint
      u32[(at >>> 2) + 4] = move.pendingSequence >>> 0
      u32[(at >>> 2) + 5] = Math.floor(move.pendingSequence / 0x1_0000_0000)
      for (let i = 0; i < 4; i++) u64[long + 3 + i] = r[R.captured + i] as bigint
      at += 56
    }
    if ((form & MovedForm.timeout) !== 0) {
      u32[at >>> 2] = move.timeout
      u32[(at >>> 2) + 1] = 0
      at += 8
    }
    if ((form & MovedForm.effective) !== 0) {
      u64[at >>> 3] = r[R.effectiveAsked] as bigint
      at += 8
    }
    if ((form & MovedForm.requested) !== 0) {
      u64[at >>> 3] = r[R.requested] as bigint
      u64[(at >>> 3) + 1] = r[R.requested + 1] as bigint
      at += 16
    }
    if ((form & MovedForm.lateDebit) !== 0) at = this.#newest(group, at, move.debitSlot)
    if ((form & MovedForm.lateCredit) !== 0) at = this.#newest(group, at, move.creditSlot)
    if ((form & MovedForm.metadata) === 0) return at
    const end = at + ((move.metadata.length + 7) & ~7)
    u64[(end >>> 3) - 1] = 0n
    u8.set(move.metadata, at)
    return end
  }

  #upperLimbs(group: Group, at: number): number {
    const { accounts } = this.#state
    const { u64 } = group.memory
    const { debitSlot, creditSlot, r } = this.move
    const long = at >>> 3
    u64[long] = r[R.amount + 1] as bigint
    const debit = accounts.base64(debitSlot) + Row64.debitsPending + 1
    const credit = accounts.base64(creditSlot) + Row64.debitsPending + 1
    for (let i = 0; i < 4; i++) {
      u64[long + 1 + i] = accounts.row64(debitSlot)[debit + i * 2] as bigint
      u64[long + 5 + i] = accounts.row64(creditSlot)[credit + i * 2] as bigint
    }
    return at + 72
  }

  #newest(group: Group, at: number, slot: number): number {
    const { accounts } = this.#state
    const newest = accounts.base64(slot) + Row64.effectiveNewest
    group.memory.u64[at >>> 3] = accounts.row64(slot)[newest] as bigint
    return at + 8
  }
}

/** Row of the account's subtree totals, -1 = it has none. */
export function subtreeRow(state: State, slot: number): number {
  const { accounts } = state
  return (accounts.row32(slot)[accounts.base32(slot) + Row32.subtree] as number) - 1
}

/** The lowest account that both lie under (or are), NO_PARENT = none: subtrees from there up are not crossed. */
export function meeting(state: State, slot: number, other: number): number {
  const { accounts } = state
  let a = slot
  let b = other
  while (a !== b) {
    if (a === NO_PARENT || b === NO_PARENT) return NO_PARENT
    if (accounts.depth(a) >= accounts.depth(b)) a = accounts.parent(a)
    else b = accounts.parent(b)
  }
  return a
}
