/** What each kind of rule watches for. */
import { COUNTERPARTIES_MAX, RATE_STEPS, WINDOW_STEPS } from '../limits.ts'
import type {
  BalanceWhen,
  LimitUsedWhen,
  NewCounterpartyWhen,
  RunningOutWhen,
  VelocityWhen,
  When,
} from '../rule-form.ts'
import { Alarms } from './alarms.ts'
import { Counterparties } from './counterparties.ts'
import { SlidingWindow } from './sliding-window.ts'
import { isAsked, type Measured, type MovedSide, type UseChange, type Watch } from './watch.ts'
import { WatchedAccounts } from './watched-accounts.ts'

const MS = 1_000
const MS_PER_DAY = 86_400_000
const NS_PER_SECOND = 1_000_000_000n
const DAY_SECONDS = 86_400n

/** @param putMs when the version was put */
export function watchOf(when: When, putMs: number): Watch {
  switch (when.kind) {
    case 'balance':
      return new BalanceWatch(when)
    case 'running_out':
      return new RunningOutWatch(when)
    case 'hold_deadline':
      return { beforeDeadline: BigInt(when.before_seconds) * NS_PER_SECOND }
    case 'velocity':
      return when.measure === 'counterparties' ? new CrowdWatch(when) : new VelocityWatch(when)
    case 'new_counterparty':
      return new StrangerWatch(when, putMs)
    case 'limit_used':
      return limitWatch(when)
  }
}

class BalanceWatch implements Watch {
  readonly #ofAvailable: boolean
  readonly #below: boolean
  readonly #threshold: bigint
  readonly #rearm: bigint
  readonly #alarms = new Alarms()

  constructor({ of, is, threshold, rearm }: BalanceWhen) {
    this.#ofAvailable = of === 'available'
    this.#below = is === 'below'
    this.#threshold = BigInt(threshold)
    this.#rearm = BigInt(rearm)
  }

  moved({ slot, balance, balanceBefore, limit, use, useBefore }: MovedSide): Measured | undefined {
    const value = this.#ofAvailable ? limit - use : balance
    const before = this.#ofAvailable ? limit - useBefore : balanceBefore
    const isBack = this.#below ? value >= this.#rearm : value <= this.#rearm
    const fires = this.#alarms.moved(slot, this.#isBeyond(before), this.#isBeyond(value), isBack)
    return fires ? { value, bound: this.#threshold } : undefined
  }

  #isBeyond(value: bigint): boolean {
    return this.#below ? value < this.#threshold : value > this.#threshold
  }
}

interface Outflow {
  readonly window: SlidingWindow
  isAlarmed: boolean
}

/** Balance and outflow are held against each other by cross-multiplication: nothing is rounded. */
class RunningOutWatch implements Watch {
  readonly #within: bigint
  readonly #over: bigint
  readonly #stepMs: number
  readonly #accounts = new WatchedAccounts<Outflow>(
    () => ({ window: new SlidingWindow(RATE_STEPS), isAlarmed: false }),
    RATE_STEPS,
  )

  constructor({ within_days: within, over_days: over }: RunningOutWhen) {
    this.#within = BigInt(within)
    this.#over = BigInt(over)
    this.#stepMs = (over * MS_PER_DAY) / RATE_STEPS
  }

  get forgotten(): number {
    return this.#accounts.forgotten
  }

  moved({ slot, isDebit, kind, posted, balance, ms }: MovedSide): Measured | undefined {
    const step = Math.floor(ms / this.#stepMs)
    const account = this.#accounts.touch(slot, step)
    const { window } = account
    if (isDebit && kind !== 'reversal') window.add(step, posted)
    else window.slide(step)
    const lasts = balance * this.#over
    const spent = window.total * this.#within
    // A quarter more than what it fires at: else every top-up would end it, and every purchase fire anew.
    if (account.isAlarmed) {
      account.isAlarmed = lasts * 4n <= spent * 5n
      return undefined
    }
    if (window.total === 0n || lasts > spent) return undefined
    account.isAlarmed = true
    const left = balance < 0n ? 0n : balance
    const value = (left * this.#over * DAY_SECONDS) / window.total
    return { value, bound: this.#within * DAY_SECONDS }
  }
}

/** How often, or how much. */
class VelocityWatch implements Watch {
  readonly #when: VelocityWhen
  readonly #above: bigint
  readonly #stepMs: number
  readonly #accounts = new WatchedAccounts<Outflow>(
    () => ({ window: new SlidingWindow(WINDOW_STEPS), isAlarmed: false }),
    WINDOW_STEPS,
  )

  constructor(when: VelocityWhen) {
    this.#when = when
    this.#above = BigInt(when.above)
    this.#stepMs = (when.over_seconds * MS) / WINDOW_STEPS
  }

  get forgotten(): number {
    return this.#accounts.forgotten
  }

  moved(side: MovedSide): Measured | undefined {
    const { direction, measure } = this.#when
    if (!isAsked(side, direction)) return undefined
    const { slot, amount, ms } = side
    const step = Math.floor(ms / this.#stepMs)
    const account = this.#accounts.touch(slot, step)
    const { window } = account
    window.slide(step)
    if (window.total <= this.#above) account.isAlarmed = false
    window.add(step, measure === 'count' ? 1n : amount)
    if (account.isAlarmed || window.total <= this.#above) return undefined
    account.isAlarmed = true
    return { value: window.total, bound: this.#above }
  }
}

interface Crowd {
  readonly others: Counterparties
  isAlarmed: boolean
}

/** With how many. One more than the threshold is all that has to be known. */
class CrowdWatch implements Watch {
  readonly #when: VelocityWhen
  readonly #above: number
  readonly #stepMs: number
  readonly #accounts: WatchedAccounts<Crowd>

  constructor(when: VelocityWhen) {
    const above = Number(when.above)
    this.#when = when
    this.#above = above
    this.#stepMs = (when.over_seconds * MS) / WINDOW_STEPS
    const make = (): Crowd => ({ others: new Counterparties(above + 1), isAlarmed: false })
    this.#accounts = new WatchedAccounts(make, WINDOW_STEPS)
  }

  get forgotten(): number {
    return this.#accounts.forgotten
  }

  moved(side: MovedSide): Measured | undefined {
    if (!isAsked(side, this.#when.direction)) return undefined
    const { slot, counterparty, ms } = side
    const step = Math.floor(ms / this.#stepMs)
    const account = this.#accounts.touch(slot, step)
    const { others } = account
    others.slide(step, WINDOW_STEPS)
    if (others.size <= this.#above) account.isAlarmed = false
    others.add(counterparty, step)
    if (account.isAlarmed || others.size <= this.#above) return undefined
    account.isAlarmed = true
    return { value: BigInt(others.size), bound: BigInt(this.#above) }
  }
}

/** Much money, and nothing to do with each other before. */
class StrangerWatch implements Watch {
  readonly #when: NewCounterpartyWhen
  readonly #from: bigint
  readonly #stepMs: number
  readonly #learnedMs: number
  readonly #accounts = new WatchedAccounts(
    () => new Counterparties(COUNTERPARTIES_MAX),
    WINDOW_STEPS,
  )

  constructor(when: NewCounterpartyWhen, putMs: number) {
    this.#when = when
    this.#from = BigInt(when.amount_from)
    this.#stepMs = (when.over_seconds * MS) / WINDOW_STEPS
    this.#learnedMs = putMs + when.learn_seconds * MS
  }

  get forgotten(): number {
    return this.#accounts.forgotten
  }

  moved(side: MovedSide): Measured | undefined {
    if (!isAsked(side, this.#when.direction)) return undefined
    const { slot, counterparty, amount, ms } = side
    const step = Math.floor(ms / this.#stepMs)
    const known = this.#accounts.touch(slot, step)
    known.slide(step, WINDOW_STEPS)
    const isNew = known.add(counterparty, step)
    if (!isNew || amount < this.#from || ms < this.#learnedMs) return undefined
    return { value: amount, bound: this.#from }
  }
}

/** When so many percent of a limit are used. Without a limit nothing is. */
class LimitAlarm {
  readonly #percent: bigint
  readonly #rearm: bigint
  readonly #alarms = new Alarms()

  constructor({ percent, rearm_percent: rearm }: LimitUsedWhen) {
    this.#percent = BigInt(percent)
    this.#rearm = BigInt(rearm)
  }

  changed({ slot, before, after, limit }: UseChange): Measured | undefined {
    const isBeyond = this.#isBeyond(after, limit)
    const isBack = !isBeyond && after * 100n <= this.#rearm * limit
    const fires = this.#alarms.moved(slot, this.#isBeyond(before, limit), isBeyond, isBack)
    return fires ? { value: after, bound: limit } : undefined
  }

  #isBeyond(used: bigint, limit: bigint): boolean {
    return limit > 0n && used * 100n >= this.#percent * limit
  }
}

function limitWatch(when: LimitUsedWhen): Watch {
  const alarm = new LimitAlarm(when)
  if (when.of === 'subtree') return { used: (change) => alarm.changed(change) }
  return {
    moved: ({ slot, useBefore: before, use: after, limit }) =>
      alarm.changed({ slot, before, after, limit }),
  }
}
