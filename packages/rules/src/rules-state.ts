/**
 * The state machine of rules: which there are, in which version, and how far their firings are on record. `decide` only looks, `fold` changes, in
 * the order of the log. Evaluating them is another's: this only says what the log says.
 */
import { FIRINGS_KEPT, RULES_MAX, RULES_PER_OWNER_MAX, VERSIONS_KEPT } from './limits.ts'
import { decodeRuleCommand, type FireRule, type PutRule } from './rule-command.ts'
import type { RuleForm } from './rule-form.ts'
import { RuleStatus } from './rule-status.ts'
import { canonicalRules, type SavedRules } from './saved-rules.ts'

export interface RuleVersion {
  readonly version: number
  readonly owner: string
  /** ns since 1970. */
  readonly at: bigint
  /** Of the event that put it: it watches what comes after. */
  readonly sequence: number
  readonly form: RuleForm
}

export interface RuleRecord {
  readonly rule: string
  /** Newest last; the oldest are left out. Never empty. */
  readonly versions: readonly RuleVersion[]
  /** All that there ever were, of every version. */
  readonly firings: number
  /** Sequences of the newest firings' own events, newest last. */
  readonly recent: readonly number[]
}

/** Where a firing came: the event, and the how-many-eth of that event. */
export interface FiringPlace {
  readonly sequence: number
  readonly ordinal: number
}

/** The version that counts. */
export function newestOf({ versions }: RuleRecord): RuleVersion {
  const newest = versions.at(-1)
  if (newest === undefined) throw new Error('a rule has a version')
  return newest
}

/** What may be asked of the state by those who only read it. */
export type RulesReader = Pick<RulesState, 'version' | 'rule' | 'rules' | 'firings' | 'last'>

export class RulesState {
  readonly #rules = new Map<string, RuleRecord>()
  #version = 0
  #firings = 0
  #last: FiringPlace = { sequence: 0, ordinal: 0 }

  /** Counts changes of rules, firings not among them. 0: nobody ever put one. */
  get version(): number {
    return this.#version
  }
  /** All that there ever were, those of removed rules too. */
  get firings(): number {
    return this.#firings
  }
  /** The newest firing on record. What comes at or before it was fired, or will never be. */
  get last(): FiringPlace {
    return this.#last
  }
  rule(id: string): RuleRecord | undefined {
    return this.#rules.get(id)
  }
  /** In the order in which they were put first. */
  get rules(): Iterable<RuleRecord> {
    return this.#rules.values()
  }

  /** How the command with these bytes would be answered as event `sequence`. Changes nothing. */
  decide(statement: Uint8Array, sequence: number): RuleStatus {
    const command = decodeRuleCommand(statement)
    if (command === undefined) return RuleStatus.malformedRule
    switch (command.rules) {
      case 'put':
        return this.#checkPut(command)
      case 'remove':
        return this.#rules.has(command.rule) ? RuleStatus.changed : RuleStatus.ruleNotFound
      case 'tick':
        return RuleStatus.changed
      case 'fire':
        // Of what did not happen yet nothing can be said; it would stand in the way of all that comes.
        if (command.sequence >= sequence) return RuleStatus.malformedRule
        return isAfter(command, this.#last) ? RuleStatus.changed : RuleStatus.firingAlreadyRecorded
    }
  }

  #checkPut({ rule, version, owner }: PutRule): RuleStatus {
    const known = this.#rules.get(rule)
    const next = known === undefined ? 1 : newestOf(known).version + 1
    if (version !== next) return RuleStatus.ruleVersionConflict
    if (known !== undefined) return RuleStatus.changed
    if (this.#rules.size >= RULES_MAX) return RuleStatus.tooManyRules
    let own = 0
    for (const each of this.#rules.values()) if (newestOf(each).owner === owner) own++
    return own < RULES_PER_OWNER_MAX ? RuleStatus.changed : RuleStatus.tooManyRules
  }

  /** Folds in a command that was decided `changed`. @param at ns since 1970 */
  fold(statement: Uint8Array, at: bigint, sequence: number): void {
    const command = decodeRuleCommand(statement)
    if (command === undefined)
      throw new Error('a command about rules that was accepted can be read')
    switch (command.rules) {
      case 'put':
        this.#version++
        return this.#put(command, at, sequence)
      case 'remove':
        this.#version++
        this.#rules.delete(command.rule)
        return
      case 'tick':
        return
      case 'fire':
        return this.#fired(command, sequence)
    }
  }

  #put({ rule, version, owner, form }: PutRule, at: bigint, sequence: number): void {
    const { versions = [], firings = 0, recent = [] } = this.#rules.get(rule) ?? {}
    const newest = [...versions, { version, owner, at, sequence, form }].slice(-VERSIONS_KEPT)
    this.#rules.set(rule, { rule, versions: newest, firings, recent })
  }

  #fired({ rule, sequence: place, ordinal }: FireRule, sequence: number): void {
    this.#last = { sequence: place, ordinal }
    this.#firings++
    const known = this.#rules.get(rule)
    if (known === undefined) return
    const recent = [...known.recent, sequence].slice(-FIRINGS_KEPT)
    this.#rules.set(rule, { ...known, firings: known.firings + 1, recent })
  }

  get isEmpty(): boolean {
    return this.#version === 0 && this.#firings === 0
  }

  /** What a snapshot keeps of it. */
  save(): SavedRules {
    const { version, firings, last } = this
    return { version, firings, last, rules: [...this.#rules.values()] }
  }

  load({ version, firings, last, rules }: SavedRules): void {
    this.#version = version
    this.#firings = firings
    this.#last = last
    for (const rule of rules) this.#rules.set(rule.rule, rule)
  }

  /** The canonical bytes: equal for equal logs (docs/decisions/0030). */
  bytes(): Uint8Array {
    return canonicalRules(this.save())
  }
}

export function isAfter(place: FiringPlace, other: FiringPlace): boolean {
  if (place.sequence !== other.sequence) return place.sequence > other.sequence
  return place.ordinal > other.ordinal
}
