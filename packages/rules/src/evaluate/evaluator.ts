/**
 * The evaluator: a deterministic function of the decided events, in their order, from the first one on. It has no clock but their time, and no
 * memory that grows with their number.
 */
import { FIRINGS_PER_HOUR_MAX } from '../limits.ts'
import type { RuleCommand } from '../rule-command.ts'
import { Accounts } from './accounts.ts'
import type { Movement, MovementKind, Opening } from './movement.ts'
import { OpenHolds } from './open-holds.ts'
import { type Active, RuleSet } from './rule-set.ts'
import { type Measured, type MovedSide, type WatchedRule } from './watch.ts'

export interface Firing {
  readonly rule: WatchedRule
  /** The event at which it came, the how-many-eth of that event, and its time, ns. */
  readonly sequence: number
  readonly ordinal: number
  readonly time: bigint
  readonly slot: number
  /** Address, or id of an account that has none. */
  readonly account: string
  readonly counterpartySlot: number
  readonly counterparty: string
  readonly value: bigint
  readonly bound: bigint
  /** Sequence of the hold that is near its deadline. */
  readonly hold: number | undefined
  /** Of the same rule, left out since the one before. */
  readonly suppressed: number
}

/** What is said of a rule at work. */
export interface RuleWork {
  readonly rule: string
  readonly version: number
  /** Left out since the newest one that was not. */
  readonly suppressed: number
  /** Accounts that it forgot although they mattered. */
  readonly forgotten: number
}

const NS_PER_MS = 1_000_000n
const HOUR_MS = 3_600_000

export class Evaluator {
  readonly #accounts = new Accounts()
  readonly #rules = new RuleSet(this.#accounts)
  readonly #holds = new OpenHolds(this.#rules)
  readonly #onFiring: (firing: Firing) => void
  readonly #side = new Side()
  #sequence = 0
  #time = 0n
  #ms = 0
  #ordinal = 0

  constructor(onFiring: (firing: Firing) => void) {
    this.#onFiring = onFiring
  }

  /** The newest event that it was told of. */
  get sequence(): number {
    return this.#sequence
  }
  /** ns at which something falls due, if no event comes before. */
  get nextDue(): bigint | undefined {
    return this.#holds.nextDue
  }
  get accountCount(): number {
    return this.#accounts.count
  }
  get work(): RuleWork[] {
    return [...this.#rules.all].map(({ rule: { rule, version }, suppressed, watch }) => ({
      ...{ rule, version, suppressed, forgotten: watch.forgotten ?? 0 },
    }))
  }

  /** An event of any kind: time goes on. Told before what the event itself does. */
  event(sequence: number, time: bigint): void {
    this.#sequence = sequence
    this.#time = time
    this.#ordinal = 0
    this.#ms = this.#rules.size === 0 ? 0 : Number(time / NS_PER_MS)
    for (let due = this.#holds.takeDue(time); due; due = this.#holds.takeDue(time)) {
      const { hold, due: item } = due
      const { slot, active } = item
      const other = slot === hold.debitSlot ? hold.creditSlot : hold.debitSlot
      const bound = (active.watch.beforeDeadline ?? 0n) / (NS_PER_MS * 1_000n)
      this.#fire(active, { slot, other }, { value: hold.remaining, bound }, hold.sequence)
    }
  }

  opened(opening: Opening): void {
    this.#accounts.open(opening)
  }

  /** @param limit undefined: as it was */
  limited(slot: number, limit: bigint | undefined): void {
    if (limit !== undefined) this.#accounts.setLimit(slot, limit)
  }

  /** @param limit undefined: none any more */
  subtreeLimited(slot: number, limit: bigint | undefined): void {
    this.#accounts.setSubtreeLimit(slot, limit)
  }

  /** A command about rules that was accepted. */
  commanded(command: RuleCommand): void {
    if (command.rules === 'remove') return this.#rules.remove(command.rule)
    if (command.rules !== 'put') return
    const { rule, version, form } = command
    const putMs = Number(this.#time / NS_PER_MS)
    const active = this.#rules.put(rule, version, form, putMs)
    if (active !== undefined) this.#holds.watch(active)
  }

  moved(movement: Movement): void {
    const { kind, amount, debitSlot, creditSlot } = movement
    let pending = 0n
    if (kind === 'hold') {
      pending = amount
      this.#holds.open(movement)
    } else if (kind !== 'transfer' && kind !== 'reversal') {
      pending = -this.#holds.resolve(movement)
    }
    const posted = isPosted(kind) ? amount : 0n
    const asked = { kind, amount, aboutAmount: Number(amount), pending, posted }
    this.#moveSide(debitSlot, creditSlot, true, asked)
    this.#moveSide(creditSlot, debitSlot, false, asked)
    if (this.#accounts.inTree(debitSlot)) this.#cross(debitSlot, creditSlot, true, asked)
    if (this.#accounts.inTree(creditSlot)) this.#cross(creditSlot, debitSlot, false, asked)
  }

  // oxlint-disable-next-line max-params -- told for every movement: an object less
  #moveSide(slot: number, other: number, isDebit: boolean, moved: Moved): void {
    const accounts = this.#accounts
    const { balances, uses } = accounts
    const balanceBefore = balances.at(slot)
    const useBefore = uses.at(slot)
    const balance = isDebit ? balanceBefore - moved.posted : balanceBefore + moved.posted
    const use = useBefore + accounts.useChange(slot, isDebit, moved.pending, moved.posted)
    balances.set(slot, balance)
    uses.set(slot, use)
    const { moved: watching } = this.#rules.of(slot)
    if (watching.length === 0) return
    const side = this.#side
    side.slot = slot
    side.isDebit = isDebit
    side.counterparty = other
    side.kind = moved.kind
    side.amount = moved.amount
    side.aboutAmount = moved.aboutAmount
    side.posted = moved.posted
    side.aboutPosted = moved.posted === 0n ? 0 : moved.aboutAmount
    side.ms = this.#ms
    side.balance = balance
    side.balanceBefore = balanceBefore
    side.aboutBalance = Number(balance)
    side.use = use
    side.useBefore = useBefore
    const limit = accounts.limit(slot)
    side.limit = limit
    side.available = limit - use
    side.availableBefore = limit - useBefore
    for (const active of watching) {
      const measured = active.watch.moved?.(side)
      if (measured !== undefined) this.#fire(active, { slot, other }, measured, undefined)
    }
  }

  // oxlint-disable-next-line max-params -- as above
  #cross(slot: number, other: number, isDebit: boolean, moved: Moved): void {
    const accounts = this.#accounts
    for (const at of accounts.crossed(slot, other)) {
      const change = accounts.useChange(at, isDebit, moved.pending, moved.posted)
      const after = accounts.changeSubtree(at, change)
      const { used } = this.#rules.of(at)
      for (const active of used) {
        const limit = accounts.subtreeLimit(at)
        const measured = active.watch.used?.({ slot: at, before: after - change, after, limit })
        if (measured !== undefined) this.#fire(active, { slot: at, other }, measured, undefined)
      }
    }
  }

  // oxlint-disable-next-line max-params -- what, whom, how much, of which hold
  #fire(
    active: Active,
    { slot, other }: { readonly slot: number; readonly other: number },
    { value, bound }: Measured,
    hold: number | undefined,
  ): void {
    const hour = Math.floor(this.#ms / HOUR_MS)
    if (hour !== active.hour) {
      active.hour = hour
      active.recorded = 0
    }
    if (active.recorded >= FIRINGS_PER_HOUR_MAX) {
      active.suppressed++
      return
    }
    active.recorded++
    const { suppressed, rule } = active
    active.suppressed = 0
    this.#onFiring({
      ...{ rule, sequence: this.#sequence, ordinal: this.#ordinal++, time: this.#time },
      ...{ slot, account: this.#accounts.name(slot) },
      ...{ counterpartySlot: other, counterparty: this.#accounts.name(other) },
      ...{ value, bound, hold, suppressed },
    })
  }
}

interface Moved {
  readonly kind: MovementKind
  readonly amount: bigint
  readonly aboutAmount: number
  readonly pending: bigint
  readonly posted: bigint
}

function isPosted(kind: MovementKind): boolean {
  return kind === 'transfer' || kind === 'capture' || kind === 'reversal'
}

/** Filled anew for each side of each movement that somebody watches. */
class Side implements MovedSide {
  slot = 0
  isDebit = false
  counterparty = 0
  kind: MovementKind = 'transfer'
  amount = 0n
  aboutAmount = 0
  posted = 0n
  aboutPosted = 0
  ms = 0
  balance = 0n
  balanceBefore = 0n
  aboutBalance = 0
  available = 0n
  availableBefore = 0n
  use = 0n
  useBefore = 0n
  limit = 0n
}
