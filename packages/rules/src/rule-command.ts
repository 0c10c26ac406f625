/**
 * What changes the rules, and what they did, as commands of the log. Each has one form in bytes: ASCII JSON with its fields in a fixed order and
 * nothing between them, so that an auditor reads a proven statement without a tool of ours, and equal commands are equal bytes.
 */
import { isRuleForm, orderedForm, type RuleForm, type RuleKind } from './rule-form.ts'

export interface PutRule {
  readonly rules: 'put'
  readonly rule: string
  /** One more than the one before: of two who change a rule at once only one does. */
  readonly version: number
  /** The principal who put it. */
  readonly owner: string
  readonly form: RuleForm
}

interface RemoveRule {
  readonly rules: 'remove'
  readonly rule: string
}

/** Says only that time went on: an idle ledger has no other clock that everybody reads alike. */
interface Tick {
  readonly rules: 'tick'
}

export interface FireRule {
  readonly rules: 'fire'
  /** 128 bits, hex: a function of rule, version, place and account. */
  readonly firing: string
  readonly rule: string
  readonly version: number
  readonly kind: RuleKind
  /** Sequence of the event at which it fired, and the how-many-eth firing of that event it is. */
  readonly sequence: number
  readonly ordinal: number
  /** That event's time, ns. */
  readonly time: string
  /** Address, or id in hex of an account that has none. */
  readonly account: string
  readonly counterparty: string | null
  /** What was measured, and what it was held against. */
  readonly value: string
  readonly bound: string
  /** Sequence of the hold that is near its deadline. */
  readonly hold: number | null
  /** Id, hex, of the hold that freezes the account. */
  readonly freeze: string | null
  /** Firings of this rule that were left out since the one before: there were too many. */
  readonly suppressed: number
}

export type RuleCommand = PutRule | RemoveRule | Tick | FireRule

/** Names of rules. */
const RULE_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/
const OWNER = /^[a-z0-9][a-z0-9._@-]{0,63}$/
const NUMBER = /^(0|-?[1-9]\d{0,59})$/
const TIME = /^(0|[1-9]\d{0,18})$/
const ACCOUNT = /^[\x21-\x7e]{1,255}$/
const ID = /^[0-9a-f]{32}$/
const KINDS = /^(balance|running_out|hold_deadline|velocity|new_counterparty|limit_used)$/

type Check = (value: unknown) => boolean

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const positive: Check = (value) => count(value) && value !== 0

/** Fields of each command in their order, with what each has to be. */
const FORMS: Readonly<Record<RuleCommand['rules'], Readonly<Record<string, Check>>>> = {
  put: { rule: matches(RULE_ID), version: positive, owner: matches(OWNER), form: isRuleForm },
  remove: { rule: matches(RULE_ID) },
  tick: {},
  fire: {
    ...{ firing: matches(ID), rule: matches(RULE_ID), version: positive, kind: matches(KINDS) },
    ...{ sequence: positive, ordinal: count, time: matches(TIME) },
    ...{ account: matches(ACCOUNT), counterparty: orNull(matches(ACCOUNT)) },
    ...{ value: matches(NUMBER), bound: matches(NUMBER) },
    ...{ hold: orNull(positive), freeze: orNull(matches(ID)), suppressed: count },
  },
}

function textOf(command: RuleCommand): string {
  const given: Readonly<Record<string, unknown>> = { ...command }
  const ordered: Record<string, unknown> = { rules: command.rules }
  for (const field of Object.keys(FORMS[command.rules])) ordered[field] = given[field]
  if (command.rules === 'put') ordered['form'] = orderedForm(command.form)
  return JSON.stringify(ordered)
}

/** The bytes of a command. Fields are written in their order, whatever order they came in. */
export function encodeRuleCommand(command: RuleCommand): Uint8Array {
  return Uint8Array.from(textOf(command), (character) => character.charCodeAt(0))
}

/** The command of these bytes; undefined: they are none, or not in its one form. */
export function decodeRuleCommand(bytes: Uint8Array): RuleCommand | undefined {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  const parsed = parse(text)
  if (parsed === undefined) return undefined
  const { rules } = parsed
  if (typeof rules !== 'string' || !Object.hasOwn(FORMS, rules)) return undefined
  for (const [field, check] of Object.entries(FORMS[rules as RuleCommand['rules']])) {
    if (!Object.hasOwn(parsed, field) || !check(parsed[field])) return undefined
  }
  const command = parsed as object as RuleCommand
  // Another order, a space, an escape, a field too many, a name twice: then it is not this text.
  return textOf(command) === text ? command : undefined
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
