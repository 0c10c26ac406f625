/** The rules at work, and which of them watch an account: looked up when it moves for the first time after a rule changed. */
import type { RuleForm } from '../rule-form.ts'
import type { Accounts } from './accounts.ts'
import type { Watch, WatchedRule } from './watch.ts'
import { watchOf } from './watches.ts'

/** A version of a rule at work. */
export interface Active {
  readonly rule: WatchedRule
  readonly watch: Watch
  /** In which they fire when one event concerns several. */
  readonly order: number
  /** Of the hour that counts, and what of it was recorded and left out. */
  hour: number
  recorded: number
  suppressed: number
}

/** What watches one account. */
export interface Watchers {
  /** Its movements. */
  readonly moved: readonly Active[]
  /** What crosses its subtree. */
  readonly used: readonly Active[]
  /** Deadlines of its holds. */
  readonly deadlines: readonly Active[]
}

const NOBODY: Watchers = { moved: [], used: [], deadlines: [] }
const START = 1_024

export class RuleSet {
  readonly #accounts: Accounts
  readonly #active = new Map<string, Active>()
  #exact = new Map<string, Active[]>()
  #below = new Map<string, Active[]>()
  #all: Active[] = []
  #order = 0
  /** Sets of watchers that there are, and by account which, as of which change of the rules. */
  #sets: Watchers[] = []
  #setNumbers = new Map<string, number>()
  #setOf = new Uint32Array(START)
  #asOf = new Uint32Array(START)
  #generation = 0

  constructor(accounts: Accounts) {
    this.#accounts = accounts
  }

  get size(): number {
    return this.#active.size
  }
  get all(): Iterable<Active> {
    return this.#active.values()
  }
  isActive(active: Active): boolean {
    return this.#active.get(active.rule.rule) === active
  }

  /** @returns the version at work; undefined: it is switched off. */
  put(rule: string, version: number, form: RuleForm, putMs: number): Active | undefined {
    this.#active.delete(rule)
    const { enabled, action, when } = form
    let active: Active | undefined
    if (enabled) {
      const watched = { rule, version, kind: when.kind, action, form }
      const order = this.#order++
      const watch = watchOf(when, putMs)
      active = { rule: watched, watch, order, hour: 0, recorded: 0, suppressed: 0 }
      this.#active.set(rule, active)
    }
    this.#changed()
    return active
  }

  remove(rule: string): void {
    this.#active.delete(rule)
    this.#changed()
  }

  of(slot: number): Watchers {
    if (this.#active.size === 0) return NOBODY
    if (this.#asOf[slot] !== this.#generation) this.#look(slot)
    return this.#sets[this.#setOf[slot] ?? 0] ?? NOBODY
  }

  #changed(): void {
    this.#generation++
    this.#sets = []
    this.#setNumbers = new Map()
    this.#exact = new Map()
    this.#below = new Map()
    this.#all = []
    for (const active of this.#active.values()) {
      for (const pattern of active.rule.form.addresses) this.#index(pattern, active)
    }
  }

  #index(pattern: string, active: Active): void {
    if (pattern === '*') return void this.#all.push(active)
    const isBelow = pattern.endsWith(':*')
    const map = isBelow ? this.#below : this.#exact
    const key = isBelow ? pattern.slice(0, -2) : pattern
    const those = map.get(key)
    if (those === undefined) map.set(key, [active])
    else those.push(active)
  }

  #look(slot: number): void {
    const found = this.#watching(this.#accounts.addresses.at(slot), this.#accounts.asset(slot))
    const key = found.map(({ order }) => order).join()
    let number = this.#setNumbers.get(key)
    if (number === undefined) {
      const moved = found.filter(({ watch }) => watch.moved !== undefined)
      const used = found.filter(({ watch }) => watch.used !== undefined)
      const deadlines = found.filter(({ watch }) => watch.beforeDeadline !== undefined)
      number = this.#sets.push({ moved, used, deadlines }) - 1
      this.#setNumbers.set(key, number)
    }
    if (slot >= this.#setOf.length) this.#grow(slot)
    this.#setOf[slot] = number
    this.#asOf[slot] = this.#generation
  }

  #watching(address: string, asset: string): Active[] {
    const found = new Set(this.#all)
    for (const active of this.#exact.get(address) ?? []) found.add(active)
    for (let end = address.length; end > 0; end = address.lastIndexOf(':', end - 1)) {
      for (const active of this.#below.get(address.slice(0, end)) ?? []) found.add(active)
    }
    return [...found]
      .filter(({ rule }) => rule.form.asset === null || rule.form.asset === asset)
      .sort((a, b) => a.order - b.order)
  }

  #grow(slot: number): void {
    const length = Math.max(slot + 1, this.#setOf.length * 2)
    const [sets, asOf] = [new Uint32Array(length), new Uint32Array(length)]
    sets.set(this.#setOf)
    asOf.set(this.#asOf)
    this.#setOf = sets
    this.#asOf = asOf
  }
}
