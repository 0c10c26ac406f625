/** What a rule must fire, in the slowest and plainest way: for each movement everything is added up again from the first event on. */
import type { When } from '../rule-form.ts'
import type { Movement, Opening } from './movement.ts'
import type { Stream } from './stream.fixture.ts'

interface Moved {
  readonly account: Opening
  readonly other: Opening
  readonly isDebit: boolean
  readonly movement: Movement
}

const HOUR_MS = 3_600_000
/** Of a window. */
const STEPS = 30
const isPosted = ({ kind }: Movement): boolean =>
  kind === 'transfer' || kind === 'capture' || kind === 'reversal'
const msOf = ({ timestamp }: Movement): number => Number(timestamp / 1_000_000n)

export function naiveFirings(stream: Stream, when: When, putAt: number): string[] {
  return new Naive(stream, putAt).firings(when)
}

class Naive {
  readonly #stream: Stream
  readonly #putAt: number
  readonly #accounts: Opening[]
  readonly #movements: Movement[]
  readonly #putMs: number

  constructor(stream: Stream, putAt: number) {
    this.#stream = stream
    this.#putAt = putAt
    this.#accounts = stream.flatMap(({ opening }) => opening ?? [])
    this.#movements = stream.flatMap(({ movement }) => movement ?? [])
    this.#putMs = Number((stream[putAt - 1]?.time ?? 0n) / 1_000_000n)
  }

  firings(when: When): string[] {
    if (when.kind === 'hold_deadline') return this.#deadlines(when.before_seconds)
    const found: string[] = []
    for (const movement of this.#movements) {
      if (movement.sequence <= this.#putAt) continue
      for (const moved of this.#sides(movement, when)) {
        const measured = this.#measured(when, moved)
        if (measured === undefined) continue
        const { account, other } = moved
        found.push([movement.sequence, account.address, other.address, ...measured, '-'].join(' '))
      }
    }
    return found
  }

  /** Whom a movement concerns: both sides, or all whose subtree it enters or leaves. */
  #sides(movement: Movement, when: When): Moved[] {
    const [debit, credit] = [this.#at(movement.debitSlot), this.#at(movement.creditSlot)]
    if (when.kind === 'limit_used' && when.of === 'subtree') {
      const crossed = (from: Opening, to: Opening, isDebit: boolean): Moved[] =>
        this.#up(from)
          .filter((each) => !this.#up(to).includes(each))
          .map((account) => ({ account, other: to, isDebit, movement }))
      return [...crossed(debit, credit, true), ...crossed(credit, debit, false)]
    }
    return [
      { account: debit, other: credit, isDebit: true, movement },
      { account: credit, other: debit, isDebit: false, movement },
    ]
  }

  #measured(when: When, moved: Moved): readonly bigint[] | undefined {
    switch (when.kind) {
      case 'balance': {
        const [threshold, rearm] = [BigInt(when.threshold), BigInt(when.rearm)]
        const isBelow = when.is === 'below'
        const valueOf = (sequence: number): bigint => {
          const { account } = moved
          if (when.of === 'balance') return this.#balance(account, sequence)
          return limitOf(account) - this.#use([account], account, sequence)
        }
        const isBeyond = (value: bigint): boolean =>
          isBelow ? value < threshold : value > threshold
        const isBack = (value: bigint): boolean => (isBelow ? value >= rearm : value <= rearm)
        const fires = this.#crosses(moved, when, { valueOf, isBeyond, isBack })
        return fires ? [valueOf(moved.movement.sequence), threshold] : undefined
      }
      case 'limit_used': {
        const { account } = moved
        const isSubtree = when.of === 'subtree'
        const limit = isSubtree ? (account.subtreeLimit ?? 0n) : limitOf(account)
        const inside = isSubtree
          ? this.#accounts.filter((a) => this.#up(a).includes(account))
          : [account]
        const valueOf = (sequence: number): bigint => this.#use(inside, account, sequence)
        const isBeyond = (used: bigint): boolean =>
          limit > 0n && used * 100n >= BigInt(when.percent) * limit
        const isBack = (used: bigint): boolean =>
          !isBeyond(used) && used * 100n <= BigInt(when.rearm_percent) * limit
        const fires = this.#crosses(moved, when, { valueOf, isBeyond, isBack })
        return fires ? [valueOf(moved.movement.sequence), limit] : undefined
      }
      case 'running_out':
        return this.#runsOut(when, moved)
      case 'velocity':
        return this.#velocity(when, moved)
      case 'new_counterparty': {
        const { other, movement } = moved
        const before = this.#asked(moved, when).slice(0, -1)
        if (!this.#asked(moved, when).some((each) => each.movement === movement)) return undefined
        const isKnown = before.some((each) => each.other === other)
        const isLearned = msOf(movement) >= this.#putMs + when.learn_seconds * 1_000
        const isMuch = movement.amount >= BigInt(when.amount_from)
        return !isKnown && isLearned && isMuch
          ? [movement.amount, BigInt(when.amount_from)]
          : undefined
      }
      case 'hold_deadline':
        return undefined
    }
  }

  /** Movements that concern the account since the rule was put, oldest first, this one the last. */
  #history({ account, movement: { sequence: last } }: Moved, when: When): Moved[] {
    return this.#movements
      .filter(({ sequence }) => sequence > this.#putAt && sequence <= last)
      .flatMap((movement) => this.#sides(movement, when))
      .filter((moved) => moved.account === account)
  }

  #crosses(
    moved: Moved,
    when: When,
    {
      valueOf,
      isBeyond,
      isBack,
    }: {
      readonly valueOf: (sequence: number) => bigint
      readonly isBeyond: (value: bigint) => boolean
      readonly isBack: (value: bigint) => boolean
    },
  ): boolean {
    const sequences = this.#history(moved, when).map(({ movement }) => movement.sequence)
    let isAlarmed = isBeyond(valueOf((sequences[0] ?? 1) - 1))
    let fires = false
    for (const sequence of sequences) {
      const value = valueOf(sequence)
      fires = !isAlarmed && isBeyond(value)
      isAlarmed = isAlarmed ? !isBack(value) : fires
    }
    return fires
  }

  /** What counts for how often and how much, in the window that this one ends; itself the last, if it counts. */
  #asked(moved: Moved, when: Extract<When, { kind: 'velocity' | 'new_counterparty' }>): Moved[] {
    const stepMs = (when.over_seconds * 1_000) / STEPS
    const now = Math.floor(msOf(moved.movement) / stepMs)
    return this.#history(moved, when).filter(({ movement, isDebit }) => {
      const isKind = movement.kind === 'transfer' || movement.kind === 'hold'
      const isDirection = when.direction === 'both' || (when.direction === 'debit') === isDebit
      return isKind && isDirection && Math.floor(msOf(movement) / stepMs) > now - STEPS
    })
  }

  #velocity(
    when: Extract<When, { kind: 'velocity' }>,
    moved: Moved,
  ): readonly bigint[] | undefined {
    const above = BigInt(when.above)
    const total = (those: readonly Moved[]): bigint => {
      if (when.measure === 'count') return BigInt(those.length)
      if (when.measure === 'sum') return those.reduce((sum, each) => sum + each.movement.amount, 0n)
      const others = BigInt(new Set(those.map(({ other }) => other)).size)
      return others > above + 1n ? above + 1n : others
    }
    const own = this.#history(moved, when)
    let isAlarmed = false
    let fires = false
    for (const each of own) {
      const window = this.#asked(each, when)
      fires = false
      if (window.at(-1)?.movement !== each.movement) continue
      if (total(window.slice(0, -1)) <= above) isAlarmed = false
      fires = !isAlarmed && total(window) > above
      isAlarmed ||= fires
    }
    return fires ? [total(this.#asked(moved, when)), above] : undefined
  }

  #runsOut(
    when: Extract<When, { kind: 'running_out' }>,
    moved: Moved,
  ): readonly bigint[] | undefined {
    const [within, over] = [BigInt(when.within_days), BigInt(when.over_days)]
    const stepMs = (when.over_days * 24 * HOUR_MS) / STEPS
    const own = this.#history(moved, when)
    const spentAt = (index: number): bigint => {
      const now = Math.floor(msOf((own[index] as Moved).movement) / stepMs)
      return own
        .slice(0, index + 1)
        .filter(({ movement }) => Math.floor(msOf(movement) / stepMs) > now - STEPS)
        .filter(
          ({ movement, isDebit }) => isDebit && movement.kind !== 'reversal' && isPosted(movement),
        )
        .reduce((sum, { movement }) => sum + movement.amount, 0n)
    }
    let isAlarmed = false
    let fires = false
    for (const [index, { account, movement }] of own.entries()) {
      const step = (at: Moved | undefined): number =>
        at === undefined ? -1_000 : Math.floor(msOf(at.movement) / stepMs)
      if (step(own[index]) - step(own[index - 1]) >= STEPS) isAlarmed = false
      const spent = spentAt(index)
      const lasts = this.#balance(account, movement.sequence) * over
      fires = !isAlarmed && spent > 0n && lasts <= spent * within
      isAlarmed = isAlarmed ? lasts * 4n <= spent * within * 5n : fires
    }
    if (!fires) return undefined
    const balance = this.#balance(moved.account, moved.movement.sequence)
    const left = balance < 0n ? 0n : balance
    return [(left * over * 86_400n) / spentAt(own.length - 1), within * 86_400n]
  }

  #deadlines(before: number): string[] {
    const found: { at: bigint; sequence: number; text: string }[] = []
    for (const hold of this.#movements.filter(({ kind }) => kind === 'hold')) {
      const at = hold.deadline - BigInt(before) * 1_000_000_000n
      if (hold.deadline === 0n) continue
      const event = this.#stream.find(
        ({ sequence, time }) => sequence > Math.max(this.#putAt, hold.sequence) && time >= at,
      )
      if (event === undefined) continue
      const remaining = this.#remaining(hold, event.sequence - 1)
      if (remaining === 0n) continue
      const names = `${this.#at(hold.debitSlot).address} ${this.#at(hold.creditSlot).address}`
      const text = `${event.sequence} ${names} ${remaining} ${before} ${hold.sequence}`
      found.push({ at, sequence: event.sequence, text })
    }
    found.sort((a, b) => a.sequence - b.sequence || (a.at < b.at ? -1 : 1))
    return found.map(({ text }) => text)
  }

  #remaining(hold: Movement, through: number): bigint {
    let remaining = hold.amount
    for (const { sequence, holdSequence, remainingAfter } of this.#movements) {
      if (holdSequence === hold.sequence && sequence <= through) remaining = remainingAfter
    }
    return remaining
  }

  #balance(account: Opening, through: number): bigint {
    let balance = 0n
    for (const movement of this.#movements) {
      if (movement.sequence > through || !isPosted(movement)) continue
      if (movement.debitSlot === account.slot) balance -= movement.amount
      if (movement.creditSlot === account.slot) balance += movement.amount
    }
    return balance
  }

  /** What crossed the boundary around some accounts, by the side that an account's limit binds. */
  #use(inside: readonly Opening[], of: Opening, through: number): bigint {
    const has = (slot: number): boolean => inside.some((each) => each.slot === slot)
    let use = 0n
    for (const movement of this.#movements) {
      const { debitSlot, creditSlot, amount, sequence, kind } = movement
      if (sequence > through || has(debitSlot) === has(creditSlot)) continue
      const isBound = has(debitSlot) === (of.limiting !== 'credits')
      if (isPosted(movement)) use += isBound ? amount : -amount
      if (isBound && kind === 'hold') use += this.#remaining(movement, through)
    }
    return use
  }

  #at(slot: number): Opening {
    return this.#accounts[slot] as Opening
  }

  /** The account and those above it. */
  #up(account: Opening): Opening[] {
    return account.parent < 0 ? [account] : [account, ...this.#up(this.#at(account.parent))]
  }
}

const limitOf = ({ limiting, limit }: Opening): bigint => (limiting === 'none' ? 0n : limit)
