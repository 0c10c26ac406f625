/** What each kind of rule watches for. */
import { COUNTERPARTIES_MAX, WINDOW_STEPS } from '../limits.ts'
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
import { Bound, SlidingWindows } from './sliding-windows.ts'
import { isAsked, type Measured, type MovedSide, type UseChange, type Watch } from './watch.ts'
import { WatchedSlots } from './watched-slots.ts'

const MS = 1_000
const MS_PER_DAY = 86_400_000
const NS_PER_SECOND = 1_000_000_000n
const DAY_SECONDS = 86_400n
/** By more than what rounding could do. */
const FAR = 1.000_001

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

  moved(side: MovedSide): Measured | undefined {
    const { slot } = side
    const value = this.#ofAvailable ? side.available : side.balance
    const before = this.#ofAvailable ? side.availableBefore : side.balanceBefore
    const isBack = this.#below ? value >= this.#rearm : value <= this.#rearm
    const fires = this.#alarms.moved(slot, this.#isBeyond(before), this.#isBeyond(value), isBack)
    return fires ? { value, bound: this.#threshold } : undefined
  }

  #isBeyond(value: bigint): boolean {
    return this.#below ? value < this.#threshold : value > this.#threshold
  }
}

/** Balance and outflow are held against each other by cross-multiplication: nothing is rounded. */
class RunningOutWatch implements Watch {
  readonly #within: bigint
  readonly #over: bigint
  readonly #aboutWithin: number
  readonly #aboutOver: number
  readonly #stepMs: number
  readonly #slots = new WatchedSlots(WINDOW_STEPS)
  readonly #windows = new SlidingWindows(WINDOW_STEPS)

  constructor({ within_days: within, over_days: over }: RunningOutWhen) {
    this.#within = BigInt(within)
    this.#over = BigInt(over)
    this.#aboutWithin = within
    this.#aboutOver = over
    this.#stepMs = (over * MS_PER_DAY) / WINDOW_STEPS
  }

  get forgotten(): number {
    return this.#slots.forgotten
  }

  moved(side: MovedSide): Measured | undefined {
    const { slot, isDebit, kind, posted, ms } = side
    const windows = this.#windows
    const step = Math.floor(ms / this.#stepMs)
    const place = this.#slots.touch(slot, step)
    windows.slide(place, step, this.#slots.isFresh)
    if (isDebit && kind !== 'reversal') windows.add(place, posted, side.aboutPosted)
    // Far from it, as nearly always: rounded numbers tell.
    const about = windows.about(place) * this.#aboutWithin
    const isFar = side.aboutBalance * this.#aboutOver > about * FAR
    if (isFar && !windows.isAlarmed(place)) return undefined
    return this.#near(place, side.balance)
  }

  #near(place: number, balance: bigint): Measured | undefined {
    const windows = this.#windows
    const total = windows.total(place)
    const lasts = balance * this.#over
    const spent = total * this.#within
    // A quarter more than what it fires at: else every top-up would end it, and every purchase fire anew.
    if (windows.isAlarmed(place)) {
      windows.setAlarmed(place, lasts * 4n <= spent * 5n)
      return undefined
    }
    if (total === 0n || lasts > spent) return undefined
    windows.setAlarmed(place, true)
    const left = balance < 0n ? 0n : balance
    const value = (left * this.#over * DAY_SECONDS) / total
    return { value, bound: this.#within * DAY_SECONDS }
  }
}

/** How often, or how much. */
class VelocityWatch implements Watch {
  readonly #when: VelocityWhen
  readonly #above: Bound
  readonly #stepMs: number
  readonly #slots = new WatchedSlots(WINDOW_STEPS)
  readonly #windows = new SlidingWindows(WINDOW_STEPS)

  constructor(when: VelocityWhen) {
    this.#when = when
    this.#above = new Bound(BigInt(when.above))
    this.#stepMs = (when.over_seconds * MS) / WINDOW_STEPS
  }

  get forgotten(): number {
    return this.#slots.forgotten
  }

  moved(side: MovedSide): Measured | undefined {
    const { direction, measure } = this.#when
    if (!isAsked(side, direction)) return undefined
    const windows = this.#windows
    const step = Math.floor(side.ms / this.#stepMs)
    const place = this.#slots.touch(side.slot, step)
    windows.slide(place, step, this.#slots.isFresh)
    // It is in alarm as long as there is too much.
    const wasAlarmed = windows.isAbove(place, this.#above)
    if (measure === 'count') windows.add(place, 1n, 1)
    else windows.add(place, side.amount, side.aboutAmount)
    if (wasAlarmed || !windows.isAbove(place, this.#above)) return undefined
    return { value: windows.total(place), bound: this.#above.exact }
  }
}

/** With how many. One more than the threshold is all that has to be known. */
class CrowdWatch implements Watch {
  readonly #when: VelocityWhen
  readonly #above: number
  readonly #stepMs: number
  readonly #slots = new WatchedSlots(WINDOW_STEPS)
  /** By place. */
  readonly #others: Counterparties[] = []

  constructor(when: VelocityWhen) {
    this.#when = when
    this.#above = Number(when.above)
    this.#stepMs = (when.over_seconds * MS) / WINDOW_STEPS
  }

  get forgotten(): number {
    return this.#slots.forgotten
  }

  moved(side: MovedSide): Measured | undefined {
    if (!isAsked(side, this.#when.direction)) return undefined
    const step = Math.floor(side.ms / this.#stepMs)
    const place = this.#slots.touch(side.slot, step)
    if (this.#slots.isFresh) this.#others[place] = new Counterparties(this.#above + 1)
    const others = this.#others[place]
    if (others === undefined) return undefined
    others.slide(step, WINDOW_STEPS)
    // It is in alarm as long as there are too many.
    const wasAlarmed = others.size > this.#above
    others.add(side.counterparty, step)
    if (wasAlarmed || others.size <= this.#above) return undefined
    return { value: BigInt(others.size), bound: BigInt(this.#above) }
  }
}

/** Much money, and nothing to do with each other before. */
class StrangerWatch implements Watch {
  readonly #when: NewCounterpartyWhen
  readonly #from: bigint
  readonly #stepMs: number
  readonly #learnedMs: number
  readonly #slots = new WatchedSlots(WINDOW_STEPS)
  /** By place. */
  readonly #known: Counterparties[] = []

  constructor(when: NewCounterpartyWhen, putMs: number) {
    this.#when = when
    this.#from = BigInt(when.amount_from)
    this.#stepMs = (when.over_seconds * MS) / WINDOW_STEPS
    this.#learnedMs = putMs + when.learn_seconds * MS
  }

  get forgotten(): number {
    return this.#slots.forgotten
  }

  moved(side: MovedSide): Measured | undefined {
    if (!isAsked(side, this.#when.direction)) return undefined
    const { amount, ms } = side
    const step = Math.floor(ms / this.#stepMs)
    const place = this.#slots.touch(side.slot, step)
    if (this.#slots.isFresh) this.#known[place] = new Counterparties(COUNTERPARTIES_MAX)
    const known = this.#known[place]
    if (known === undefined) return undefined
    known.slide(step, WINDOW_STEPS)
    const isNew = known.add(side.counterparty, step)
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
    const isBack = !isBeyond && (limit === 0n ? after <= 0n : after * 100n <= this.#rearm * limit)
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
