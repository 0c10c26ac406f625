/** Which fields each resource can be asked by: where they lie, what they are compared with, and which have an index. */
import type { Comparison } from './filter.ts'

const RESOURCES = ['accounts', 'transfers', 'entries', 'holds'] as const
export type QueryResource = (typeof RESOURCES)[number]

/**
 * `account`: an address, for the slot of its account. `parent`: an address, for an id. `time`: RFC 3339, for ns. `request`: the events of a request follow each
 * other. `reference`: the sequence of what it names, which the ledger knows.
 */
type FieldKind =
  | 'address'
  | 'account'
  | 'parent'
  | 'asset'
  | 'amount'
  | 'whole'
  | 'code'
  | 'time'
  | 'boolean'
  | 'request'
  | 'reference'
  | 'metadata'
  | readonly string[]

export interface Field {
  readonly name: string
  readonly kind: FieldKind
  /** Of SQL. */
  readonly column: string
  /** Of whole numbers and times, of SQL. */
  readonly type: 'bigint' | 'numeric'
  /** Comparisons that an index answers. */
  readonly indexed: readonly Comparison[]
}

const EXACT = ['eq', 'in'] as const
const RANGE = ['eq', 'in', 'gt', 'gte', 'lt', 'lte'] as const

/** What can be compared how, by kind. */
export function comparisonsOf({ kind }: Field): readonly Comparison[] {
  if (kind === 'address' || kind === 'account') return ['eq', 'in', 'prefix']
  if (kind === 'boolean') return ['eq']
  const isRanged = kind === 'amount' || kind === 'whole' || kind === 'time' || kind === 'code'
  return isRanged ? RANGE : EXACT
}

const field = (
  name: string,
  kind: FieldKind,
  { column = name, indexed = [] }: { column?: string; indexed?: readonly Comparison[] } = {},
): Field => ({ name, kind, column, indexed, type: NUMERIC.includes(column) ? 'numeric' : 'bigint' })

/** Value dates and deadlines reach further than a bigint does. */
const NUMERIC: readonly string[] = ['effective_ns', 'expires_ns']

const metadata = field('metadata', 'metadata', { indexed: EXACT })
const asset = field('asset', 'asset')
const code = field('code', 'code', { indexed: EXACT })
const sequence = field('sequence', 'whole', { indexed: RANGE })
const timestamp = field('timestamp', 'time', { column: 'timestamp_ns', indexed: RANGE })
const request = field('request_id', 'request', { column: 'sequence', indexed: EXACT })
const reference = field('reference', 'reference', { column: 'sequence', indexed: EXACT })
const KINDS = ['posted', 'held', 'captured', 'voided', 'reversed'] as const

const accounts = [
  field('address', 'address', { indexed: ['eq', 'in', 'prefix'] }),
  ...[asset, code, metadata],
  field('parent', 'parent', { column: 'parent_id', indexed: EXACT }),
  field('closed', 'boolean'),
  field('balance', 'amount', { column: '(credits_posted - debits_posted)' }),
  field('debits_posted', 'amount'),
  field('credits_posted', 'amount'),
  field('debits_pending', 'amount'),
  field('credits_pending', 'amount'),
  field('entries', 'whole'),
  field('created_at', 'time', { column: 'timestamp_ns' }),
]

const movement = [
  ...[asset, code, metadata, sequence, timestamp],
  field('amount', 'amount'),
  field('effective_at', 'time', { column: 'effective_ns' }),
]

const sides = [
  field('debit_account', 'account', { column: 'debit_slot', indexed: EXACT }),
  field('credit_account', 'account', { column: 'credit_slot', indexed: EXACT }),
]

const FIELDS: Readonly<Record<QueryResource, readonly Field[]>> = {
  accounts,
  transfers: [...movement, ...sides, request, reference, field('kind', KINDS)],
  entries: [
    ...[...movement, request],
    field('account', 'account', { column: 'slot', indexed: EXACT }),
    field('counterparty', 'account', { column: 'counterparty_slot', indexed: EXACT }),
    field('direction', ['debit', 'credit']),
    field('number', 'whole'),
    field('kind', [...KINDS, 'expired']),
  ],
  holds: [
    ...[asset, code, metadata, sequence, timestamp, ...sides, request, reference],
    field('status', ['pending', 'captured', 'voided', 'expired'], { indexed: EXACT }),
    field('amount', 'amount'),
    field('captured', 'amount'),
    field('remaining', 'amount'),
    field('expires_at', 'time', { column: 'expires_ns' }),
  ],
}

/** By which order the rows may be asked for; the first is the default. */
const SORTS: Readonly<Record<QueryResource, readonly string[]>> = {
  accounts: ['-created_at', 'created_at', 'address', '-address'],
  transfers: ['-sequence', 'sequence'],
  entries: ['-sequence', 'sequence'],
  holds: ['-sequence', 'sequence'],
}

export const fieldsOf = (resource: QueryResource): readonly Field[] => FIELDS[resource]
export const sortsOf = (resource: QueryResource): readonly string[] => SORTS[resource]
