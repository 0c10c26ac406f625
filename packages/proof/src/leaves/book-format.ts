/**
 * Where the fields of a book body lie that leaves are made of (docs/decisions/0001-the-book.md), in bytes. Said again here,
 * because an auditor makes leaves from a book without the ledger's code.
 */

export const BodyField = {
  timestamp: 0,
  salt: 8,
  rulesVersion: 40,
  shard: 44,
  requestCount: 48,
  recordCount: 52,
  requestsOffset: 56,
  offsetsOffset: 60,
} as const

export const RequestField = {
  length: 0,
  firstEvent: 8,
  eventCount: 12,
  /** 16 bytes, and behind them the digest of 32. */
  id: 16,
} as const

export const RecordField = {
  kind: 0,
  status: 1,
  form: 2,
  words: 4,
  code: 6,
  flags: 8,
  metadataLength: 10,
  asset: 12,
  id: 16,
  /** The end of what all records have. */
  fields: 32,
} as const

export const Kind = {
  transfer: 1,
  release: 2,
  account: 3,
  limit: 4,
  metadata: 5,
  close: 6,
  reopen: 7,
  asset: 8,
  books: 9,
} as const
export const CONTROL_KINDS = { first: 32, last: 63 } as const

/** A created transfer and a release. */
export const MovedField = {
  debitSlot: 32,
  creditSlot: 36,
  amount: 40,
  debitSide: 48,
  creditSide: 104,
  sections: 160,
} as const
export const SIDE_BYTES = 56

export interface Section {
  readonly bit: number
  readonly bytes: number
}
const section = (index: number, bytes: number): Section => ({ bit: 1 << index, bytes })

/** In the order in which they follow. */
export const MovedSection = {
  wide: section(0, 72),
  pending: section(1, 56),
  timeout: section(2, 8),
  effective: section(3, 8),
  requested: section(4, 16),
  lateDebit: section(5, 8),
  lateCredit: section(6, 8),
  metadata: section(7, 0),
} as const

export const RefusedField = {
  debitAccountId: 32,
  creditAccountId: 48,
  amount: 64,
  sections: 80,
} as const
export const RefusedSection = {
  pending: section(1, 16),
  timeout: section(2, 8),
  effective: section(3, 8),
  seen: section(5, 8),
  limit: section(6, 64),
  metadata: section(7, 0),
} as const

/** Parent, limit and subtree limit are 48 bytes. */
export const AccountField = {
  parent: 32,
  slot: 80,
  addressLength: 84,
  seen: 88,
  address: 96,
} as const

/** Limit, subtree limit and both from before are 64 bytes. */
export const LimitField = { limit: 40 } as const
export const MetadataField = { metadata: 40 } as const
export const AssetField = { name: 32 } as const
export const ControlField = { statement: 32 } as const
/** Until, and until before: 16 bytes. */
export const BooksField = { until: 40 } as const
/** Of limit, metadata, closure and books records. */
export const SLOT_AT = 32
export const NO_SLOT = 0xffff_ffff

/** Byte offset in the record of a section, whether it is there or not. */
export function sectionAt(
  form: number,
  sections: Readonly<Record<string, Section>>,
  { from, wanted }: { from: number; wanted: Section },
): number {
  let at = from
  for (const { bit, bytes } of Object.values(sections)) {
    if (bit < wanted.bit && (form & bit) !== 0) at += bytes
  }
  return at
}

export function align8(bytes: number): number {
  return (bytes + 7) & ~7
}
