/**
 * What a rule says: which accounts it watches, for what, and what it does. It has one form in bytes, its fields in a fixed order, all of them
 * there. Amounts are decimal texts in minor units, as everywhere.
 */
import { isAddressPattern } from '@tallystick/access'
import { parseAsset } from '@tallystick/money'

import {
  BEFORE_SECONDS_MAX,
  COUNTERPARTIES_MAX,
  DAYS_MAX,
  DESCRIPTION_LENGTH_MAX,
  PATTERNS_PER_RULE_MAX,
  RATE_DAYS_MAX,
  WINDOW_SECONDS_MAX,
  WINDOW_SECONDS_MIN,
} from './limits.ts'

/** Fires when the value passes the threshold, and not again before it came back to `rearm`. */
export interface BalanceWhen {
  readonly kind: 'balance'
  /** What was posted, or what may still be used: holds and limits counted. */
  readonly of: 'balance' | 'available'
  readonly is: 'below' | 'above'
  readonly threshold: string
  readonly rearm: string
}

/** Fires when the balance, at the rate at which it went out in the last `over_days`, is gone within `within_days`. */
export interface RunningOutWhen {
  readonly kind: 'running_out'
  readonly within_days: number
  readonly over_days: number
}

/** Fires once for each hold that is still open so many seconds before its deadline. */
interface HoldDeadlineWhen {
  readonly kind: 'hold_deadline'
  readonly before_seconds: number
}

/** Of an account: what it gave, what it got, or both. */
type Direction = 'debit' | 'credit' | 'both'

/** Fires when transfers and holds in the window come to more than `above`. */
export interface VelocityWhen {
  readonly kind: 'velocity'
  readonly measure: 'count' | 'sum' | 'counterparties'
  readonly direction: Direction
  readonly over_seconds: number
  readonly above: string
}

/** Fires for a transfer or hold of at least `amount_from` with an account that it had nothing to do with for `over_seconds`. */
export interface NewCounterpartyWhen {
  readonly kind: 'new_counterparty'
  readonly direction: Direction
  readonly amount_from: string
  readonly over_seconds: number
  /** From when it was put it only learns who is known, so long. */
  readonly learn_seconds: number
}

/** Fires when so many percent of the account's own limit, or of that of its subtree, are used. */
export interface LimitUsedWhen {
  readonly kind: 'limit_used'
  readonly of: 'account' | 'subtree'
  readonly percent: number
  readonly rearm_percent: number
}

export type When =
  | BalanceWhen
  | RunningOutWhen
  | HoldDeadlineWhen
  | VelocityWhen
  | NewCounterpartyWhen
  | LimitUsedWhen

export type RuleKind = When['kind']

/** `event`: it is told. `freeze`: besides, a hold closes the account until somebody voids it. */
export type RuleAction = 'event' | 'freeze'

export interface RuleForm {
  readonly description: string
  readonly enabled: boolean
  /** `*`, `partners:acme:*`, `partners:acme`. */
  readonly addresses: readonly string[]
  /** Like `EUR/2`; null: of any, for rules that know no amounts. */
  readonly asset: string | null
  readonly action: RuleAction
  readonly when: When
}

type Check = (value: unknown) => boolean

const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value)
const integer =
  (min: number, max: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)

const amount = matches(/^(0|[1-9]\d{0,38})$/)
const signed = matches(/^(0|-?[1-9]\d{0,38})$/)
const seconds = integer(WINDOW_SECONDS_MIN, WINDOW_SECONDS_MAX)
const direction = oneOf('debit', 'credit', 'both')

/** Fields of each kind in their order, with what each has to be. */
const WHENS: Readonly<Record<RuleKind, Readonly<Record<string, Check>>>> = {
  balance: {
    ...{ of: oneOf('balance', 'available'), is: oneOf('below', 'above') },
    ...{ threshold: signed, rearm: signed },
  },
  running_out: { within_days: integer(1, DAYS_MAX), over_days: integer(1, RATE_DAYS_MAX) },
  hold_deadline: { before_seconds: integer(1, BEFORE_SECONDS_MAX) },
  velocity: {
    measure: oneOf('count', 'sum', 'counterparties'),
    ...{ direction, over_seconds: seconds, above: amount },
  },
  new_counterparty: {
    ...{ direction, amount_from: amount, over_seconds: seconds },
    learn_seconds: integer(0, WINDOW_SECONDS_MAX),
  },
  limit_used: {
    of: oneOf('account', 'subtree'),
    ...{ percent: integer(1, 100), rearm_percent: integer(0, 100) },
  },
}

/** What asks for amounts has to say of which asset. */
const needsAsset = (when: When): boolean =>
  when.kind === 'balance' ||
  when.kind === 'running_out' ||
  when.kind === 'new_counterparty' ||
  (when.kind === 'velocity' && when.measure === 'sum')

/** Why a form cannot be a rule's: the field and a sentence; undefined: it can. */
export interface FormFault {
  readonly field: string
  readonly detail: string
}

const fault = (field: string, detail: string): FormFault => ({ field, detail })

export function faultOf(form: RuleForm): FormFault | undefined {
  const { description, addresses, asset, when } = form
  if (description.length > DESCRIPTION_LENGTH_MAX || !/^[\x20-\x7e]*$/.test(description)) {
    return fault('description', `At most ${DESCRIPTION_LENGTH_MAX} printable ASCII characters.`)
  }
  const isFew = addresses.length > 0 && addresses.length <= PATTERNS_PER_RULE_MAX
  if (!isFew || new Set(addresses).size !== addresses.length) {
    return fault('addresses', `Give 1 to ${PATTERNS_PER_RULE_MAX} patterns, each once.`)
  }
  const wrong = addresses.find((pattern) => !isAddressPattern(pattern))
  if (wrong !== undefined) {
    return fault('addresses', `${wrong} is no pattern: *, partners:acme:* or partners:acme.`)
  }
  if (asset !== null && parseAsset(asset) === undefined) {
    return fault('asset', `${asset} is no asset: a code and its scale, like EUR/2.`)
  }
  if (asset === null && needsAsset(when)) {
    return fault('asset', 'A rule that knows amounts has one asset: say which.')
  }
  return whenFault(when)
}

function whenFault(when: When): FormFault | undefined {
  for (const [field, check] of Object.entries(WHENS[when.kind])) {
    const value = fieldsOf(when)[field]
    if (!check(value)) return fault(`when.${field}`, `${JSON.stringify(value)} is not allowed.`)
  }
  if (when.kind === 'balance') {
    const [threshold, rearm] = [BigInt(when.threshold), BigInt(when.rearm)]
    const isBehind = when.is === 'below' ? rearm < threshold : rearm > threshold
    if (isBehind) return fault('when.rearm', 'It lies where the rule fires: it would never end.')
  }
  if (when.kind === 'limit_used' && when.rearm_percent > when.percent) {
    return fault('when.rearm_percent', 'It lies where the rule fires: it would never end.')
  }
  const isCountOfAccounts = when.kind === 'velocity' && when.measure === 'counterparties'
  if (isCountOfAccounts && BigInt(when.above) > COUNTERPARTIES_MAX) {
    return fault('when.above', `At most ${COUNTERPARTIES_MAX} counterparties are told apart.`)
  }
  return undefined
}

function fieldsOf(value: object): Readonly<Record<string, unknown>> {
  return { ...value }
}

/** The form with its fields in order, so that equal rules are equal texts. */
export function orderedForm(form: RuleForm): object {
  const { description, enabled, addresses, asset, action, when } = form
  const given = fieldsOf(when)
  const ordered: Record<string, unknown> = { kind: when.kind }
  for (const field of Object.keys(WHENS[when.kind])) ordered[field] = given[field]
  return { description, enabled, addresses, asset, action, when: ordered }
}

/** Whether a value read from outside has the shape of a form and is one without fault. */
export function isRuleForm(value: unknown): value is RuleForm {
  if (typeof value !== 'object' || value === null) return false
  const { description, enabled, addresses, asset, action, when } = value as Partial<RuleForm>
  if (typeof description !== 'string' || typeof enabled !== 'boolean') return false
  if (!Array.isArray(addresses) || addresses.some((each) => typeof each !== 'string')) return false
  if (asset !== null && typeof asset !== 'string') return false
  if (action !== 'event' && action !== 'freeze') return false
  if (typeof when !== 'object' || when === null || !Object.hasOwn(WHENS, when.kind)) return false
  return faultOf(value as RuleForm) === undefined
}
