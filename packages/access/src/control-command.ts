/**
 * The control commands, and the one form that each has in bytes: ASCII JSON with its fields in a fixed order and nothing between them, so
 * that an auditor reads a proven statement without a tool of ours, and equal commands are equal bytes.
 */
import { isAddressPattern } from './address-pattern.ts'
import type { ApprovalAction } from './approval.ts'
import type { CeilingMeasure } from './ceiling.ts'
import { isIpAddress, isIpRange } from './ip-range.ts'
import {
  APPROVAL_SECONDS_MAX,
  CALLS_MAX,
  IP_RANGES_PER_KEY_MAX,
  PATTERNS_PER_GRANT_MAX,
  SCOPES_PER_GRANT_MAX,
} from './limits.ts'

/** Only a person can approve; a service is a program. */
export type PrincipalKind = 'person' | 'service'

export interface NewKey {
  /** Not a secret. */
  readonly key: string
  /** SHA-256 of the whole key, hex. */
  readonly hash: string
  /** How the key begins, for search. */
  readonly prefix: string
  /** ns since 1970 in decimal; null: never. */
  readonly expires_at: string | null
  /** Empty: from anywhere. */
  readonly ip_ranges: readonly string[]
}

/** How an attempt was turned away. `not_found`: what the caller may not see. */
export const REFUSALS = ['unauthenticated', 'forbidden', 'not_found', 'rate_limited'] as const
export type Refusal = (typeof REFUSALS)[number]

/** Attempts that came to nothing, alike in all that is told of them. Changes nothing: it is the log's memory of them. */
export interface NotedRefusals {
  readonly control: 'note_refusals'
  /** null, as with the next two: not known. */
  readonly principal: string | null
  readonly key: string | null
  /** On whose behalf. */
  readonly initiator: string | null
  /** An address of the network; `*`: several, of which too many were to be told one by one; '': it has none. */
  readonly source: string
  /** By its `operationId`; `*`, likewise. */
  readonly operation: string
  readonly result: Refusal
  /** ns since 1970, of the first and of the last of them. */
  readonly first: string
  readonly last: string
  readonly count: number
}

export type ControlCommand =
  | {
      readonly control: 'create_principal'
      readonly principal: string
      readonly kind: PrincipalKind
    }
  | { readonly control: 'disable_principal' | 'enable_principal'; readonly principal: string }
  | ({ readonly control: 'create_key'; readonly principal: string } & NewKey)
  /** The old one goes on until `until` (ns), so that nobody has to change all places at once. */
  | ({ readonly control: 'rotate_key'; readonly replaces: string; readonly until: string } & NewKey)
  | { readonly control: 'revoke_key'; readonly key: string }
  | { readonly control: 'put_role'; readonly role: string; readonly scopes: readonly string[] }
  | { readonly control: 'remove_role'; readonly role: string }
  | {
      readonly control: 'create_grant'
      readonly grant: string
      readonly principal: string
      /** null: the scopes alone. */
      readonly role: string | null
      readonly scopes: readonly string[]
      /** `*`, `partners:acme:*`, `partners:acme`. At least one. */
      readonly addresses: readonly string[]
    }
  | { readonly control: 'revoke_grant'; readonly grant: string }
  | NotedRefusals
  /** Tokens of that issuer for that subject are that principal's; null: nobody's any more. */
  | {
      readonly control: 'bind_identity'
      readonly issuer: string
      readonly subject: string
      readonly principal: string | null
    }
  | {
      readonly control: 'limit_calls'
      readonly principal: string
      /** null, both: the server's own again. */
      readonly per_second: number | null
      /** Calls that may come at once, after a rest. */
      readonly burst: number | null
    }
  | {
      readonly control: 'create_ceiling'
      readonly ceiling: string
      readonly principal: string
      readonly measure: CeilingMeasure
      /** Its number; null: any, which only `daily_count` can have. */
      readonly asset: number | null
      /** Minor units or transfers, in decimal. */
      readonly limit: string
      /** Of the accounts that are debited. */
      readonly addresses: readonly string[]
    }
  | { readonly control: 'revoke_ceiling'; readonly ceiling: string }
  /** Such actions wait for a second person from now on. */
  | {
      readonly control: 'create_policy'
      readonly policy: string
      readonly action: ApprovalAction
      /** Of reversals: its number; null: any. */
      readonly asset: number | null
      /** Of reversals: amounts above this one, minor units in decimal. */
      readonly above: string
      readonly addresses: readonly string[]
      /** How long an approval may be waited for. */
      readonly seconds: number
    }
  | { readonly control: 'remove_policy'; readonly policy: string }
  /** In the place of what was asked for. */
  | {
      readonly control: 'request_approval'
      readonly approval: string
      readonly request: string
      readonly by: string
      readonly action: ApprovalAction
      /** Number in the contract. */
      readonly operation: number
      readonly addresses: readonly string[]
      /** SHA-256 of the packed commands, hex. */
      readonly digest: string
      readonly count: number
      /** As packed, base64. */
      readonly commands: string
      /** ns since 1970 in decimal. */
      readonly expires_at: string
    }
  /** What was asked for follows it in the same request. */
  | {
      readonly control: 'approve'
      readonly approval: string
      readonly request: string
      readonly by: string
      readonly digest: string
    }
  | {
      readonly control: 'refuse_approval'
      readonly approval: string
      readonly request: string
      readonly by: string
    }

const NAME = /^[a-z0-9][a-z0-9._@-]{0,63}$/
const ID = /^[a-z]{3,5}_[0-9A-Z]{26}$/
/** Its digits are 128 bits: what a refusal names it by in the book. */
const CEILING = /^ceil_[0-7][0-9A-HJKMNP-TV-Z]{25}$/
const SCOPE = /^[a-z_]{2,20}:[a-z]{2,20}$/
const HASH = /^[0-9a-f]{64}$/
const KEY_PREFIX = /^tk_(live|test)_[0-9A-Za-z]{4,12}$/
const TIME = /^(0|[1-9]\d{0,18})$/
const U128 = /^(0|[1-9]\d{0,38})$/
const U128_MAX = (1n << 128n) - 1n
const U32_MAX = 0xffff_ffff
const ACTION = /^(limits|reversals|rights)$/
const BASE64 = /^[A-Za-z0-9+/]{4,4000}={0,2}$/

/** Of a key, of the root key, or of a token. */
const NOTED_KEY = /^[a-z]{3,5}(_[0-9A-Z]{26})?$/
/** Without what JSON would write in two ways. */
const ISSUER = /^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]{1,247}$/
const SUBJECT = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,255}$/
const OPERATION = /^(\*|[a-zA-Z]{1,64})$/

type Check = (value: unknown) => boolean

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)
const listOf =
  (check: (text: string) => boolean, min: number, max: number): Check =>
  (value) =>
    Array.isArray(value) &&
    value.length >= min &&
    value.length <= max &&
    value.every((item) => typeof item === 'string' && check(item)) &&
    new Set(value).size === value.length

const name = matches(NAME)
const id = matches(ID)
const time = matches(TIME)
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const calls: Check = (value) =>
  value === null ||
  (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= CALLS_MAX)
const amount: Check = (value) =>
  typeof value === 'string' && U128.test(value) && BigInt(value) <= U128_MAX
const wholeNumber =
  (min: number, max: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
const assetNumber = wholeNumber(1, U32_MAX)
const scopes = (min: number): Check => listOf((text) => SCOPE.test(text), min, SCOPES_PER_GRANT_MAX)

const NEW_KEY: Record<keyof NewKey, Check> = {
  key: id,
  hash: matches(HASH),
  prefix: matches(KEY_PREFIX),
  expires_at: (value) => value === null || time(value),
  ip_ranges: listOf(isIpRange, 0, IP_RANGES_PER_KEY_MAX),
}

/** Fields of each command in their order, with what each has to be. */
const FORMS: Record<ControlCommand['control'], Readonly<Record<string, Check>>> = {
  create_principal: { principal: name, kind: matches(/^(person|service)$/) },
  disable_principal: { principal: name },
  enable_principal: { principal: name },
  create_key: { principal: name, ...NEW_KEY },
  rotate_key: { replaces: id, until: time, ...NEW_KEY },
  revoke_key: { key: id },
  put_role: { role: name, scopes: scopes(1) },
  remove_role: { role: name },
  create_grant: {
    grant: id,
    principal: name,
    role: (value) => value === null || name(value),
    scopes: scopes(0),
    addresses: listOf(isAddressPattern, 1, PATTERNS_PER_GRANT_MAX),
  },
  revoke_grant: { grant: id },
  create_ceiling: {
    ceiling: matches(CEILING),
    principal: name,
    measure: matches(/^(transfer_amount|daily_amount|daily_count)$/),
    asset: (value) => value === null || assetNumber(value),
    limit: amount,
    addresses: listOf(isAddressPattern, 1, PATTERNS_PER_GRANT_MAX),
  },
  revoke_ceiling: { ceiling: matches(CEILING) },
  bind_identity: { issuer: matches(ISSUER), subject: matches(SUBJECT), principal: orNull(name) },
  note_refusals: {
    principal: orNull(name),
    key: orNull(matches(NOTED_KEY)),
    initiator: orNull(name),
    source: (value) =>
      value === '' || value === '*' || (typeof value === 'string' && isIpAddress(value)),
    operation: matches(OPERATION),
    result: (value) => REFUSALS.some((each) => each === value),
    first: time,
    last: time,
    count: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 1,
  },
  limit_calls: { principal: name, per_second: calls, burst: calls },
  create_policy: {
    policy: name,
    action: matches(ACTION),
    asset: (value) => value === null || assetNumber(value),
    above: amount,
    addresses: listOf(isAddressPattern, 1, PATTERNS_PER_GRANT_MAX),
    seconds: wholeNumber(60, APPROVAL_SECONDS_MAX),
  },
  remove_policy: { policy: name },
  request_approval: {
    ...{ approval: id, request: id, by: name, action: matches(ACTION) },
    operation: wholeNumber(0, 0xffff),
    addresses: listOf(isAddressPattern, 1, PATTERNS_PER_GRANT_MAX),
    digest: matches(HASH),
    count: wholeNumber(1, 64),
    commands: matches(BASE64),
    expires_at: time,
  },
  approve: { approval: id, request: id, by: name, digest: matches(HASH) },
  refuse_approval: { approval: id, request: id, by: name },
}

/** The bytes of a command. Fields are written in their order, whatever order they came in. */
export function encodeControl(command: ControlCommand): Uint8Array {
  const fields = Object.keys(FORMS[command.control])
  const given: Readonly<Record<string, unknown>> = { ...command }
  const ordered: Record<string, unknown> = { control: command.control }
  for (const field of fields) ordered[field] = given[field]
  const text = JSON.stringify(ordered)
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** The command of these bytes; undefined: they are none, or not in its one form. */
export function decodeControl(bytes: Uint8Array): ControlCommand | undefined {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  const parsed = parse(text)
  if (parsed === undefined) return undefined
  const { control } = parsed
  if (typeof control !== 'string' || !Object.hasOwn(FORMS, control)) return undefined
  const form = FORMS[control as ControlCommand['control']]
  for (const [field, check] of Object.entries(form)) {
    if (!Object.hasOwn(parsed, field) || !check(parsed[field])) return undefined
  }
  const names = Object.keys(parsed)
  if (names.join() !== ['control', ...Object.keys(form)].join()) return undefined
  // What is in order and of the right kinds may still have spaces, escapes, or a name twice.
  return JSON.stringify(parsed) === text ? (parsed as ControlCommand) : undefined
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
