/** The holds that are open, and when rules want to hear of them. */
import { Deadlines, type Due } from './deadlines.ts'
import type { Movement } from './movement.ts'
import type { Active, RuleSet } from './rule-set.ts'

export interface OpenHold {
  readonly sequence: number
  readonly debitSlot: number
  readonly creditSlot: number
  /** ns; 0: never. */
  readonly deadline: bigint
  remaining: bigint
}

/** A hold that a rule has to tell of. */
export interface DueHold {
  readonly active: Active
  readonly slot: number
}

/** Below it, what is stale is left to run out. */
const STALE_MIN = 1_024

export class OpenHolds {
  readonly #rules: RuleSet
  readonly #holds = new Map<number, OpenHold>()
  readonly #deadlines = new Deadlines<DueHold>()
  /** At most so many of what is due are of holds that ended or rules that changed. */
  #stale = 0

  constructor(rules: RuleSet) {
    this.#rules = rules
  }

  get size(): number {
    return this.#holds.size
  }
  find(sequence: number): OpenHold | undefined {
    return this.#holds.get(sequence)
  }

  open({ sequence, debitSlot, creditSlot, deadline, amount }: Movement): void {
    const hold = { sequence, debitSlot, creditSlot, deadline, remaining: amount }
    this.#holds.set(sequence, hold)
    if (deadline === 0n) return
    for (const active of this.#rules.of(debitSlot).deadlines) this.#expect(hold, active, debitSlot)
    for (const active of this.#rules.of(creditSlot).deadlines) {
      // Of a hold between two that it watches a rule tells once.
      if (this.#rules.of(debitSlot).deadlines.includes(active)) continue
      this.#expect(hold, active, creditSlot)
    }
  }

  /** @returns how much of it is no longer held. */
  resolve({ holdSequence, remainingAfter }: Movement): bigint {
    const hold = this.#holds.get(holdSequence)
    if (hold === undefined) throw new Error(`hold ${holdSequence} was never made`)
    const released = hold.remaining - remainingAfter
    hold.remaining = remainingAfter
    if (remainingAfter === 0n) {
      this.#holds.delete(holdSequence)
      if (hold.deadline !== 0n) this.#tidy()
    }
    return released
  }

  /** A rule was put: holds that are open concern it, too. */
  watch(active: Active): void {
    this.#tidy()
    if (active.watch.beforeDeadline === undefined) return
    for (const hold of this.#holds.values()) {
      if (hold.deadline === 0n) continue
      const { debitSlot, creditSlot } = hold
      const slot = [debitSlot, creditSlot].find((each) =>
        this.#rules.of(each).deadlines.includes(active),
      )
      if (slot !== undefined) this.#expect(hold, active, slot)
    }
  }

  /** ns at which the next of them is due. */
  get nextDue(): bigint | undefined {
    for (let due = this.#deadlines.earliest; due !== undefined; due = this.#deadlines.earliest) {
      if (this.#matters(due)) return due.at
      this.#deadlines.take()
    }
    return undefined
  }

  /** Takes what is due by then, one at a time. */
  takeDue(by: bigint): { readonly hold: OpenHold; readonly due: DueHold } | undefined {
    const at = this.#deadlines.size === 0 ? undefined : this.nextDue
    if (at === undefined || at > by) return undefined
    const due = this.#deadlines.take()
    const hold = due === undefined ? undefined : this.#holds.get(due.hold)
    return due === undefined || hold === undefined ? undefined : { hold, due: due.item }
  }

  #expect({ sequence: hold, deadline }: OpenHold, active: Active, slot: number): void {
    const at = deadline - (active.watch.beforeDeadline ?? 0n)
    this.#deadlines.add({ at, hold, order: active.order, item: { active, slot } })
  }

  #matters({ hold, item }: Due<DueHold>): boolean {
    return this.#holds.has(hold) && this.#rules.isActive(item.active)
  }

  #tidy(): void {
    this.#stale++
    if (this.#stale < STALE_MIN || this.#stale < this.#deadlines.size / 2) return
    this.#deadlines.keep((due) => this.#matters(due))
    this.#stale = 0
  }
}
