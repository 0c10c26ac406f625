/** The leaf of a decided event, 172 bytes (decision 0013): what everybody may see of it, and three commitments. */
import { ByteReader } from './byte-reader.ts'

export const LEAF_SIZE = 172

/** What was decided. 32 … 63 are control events, of which statements are the first; the rest is reserved. */
export const EventKind = {
  transfer: 1,
  /** Of a hold, by the ledger itself. */
  release: 2,
  account: 3,
  limit: 4,
  metadata: 5,
  close: 6,
  reopen: 7,
  asset: 8,
  books: 9,
  statement: 32,
  /** Of rights. */
  control: 33,
  /** Of rules, and what they did. */
  rule: 34,
} as const

export interface Leaf {
  /** `EventKind`, or a control event. */
  readonly kind: number
  /** 0: done. Anything else is a refusal, by the kind's own table. */
  readonly status: number
  /** Version of the rules by which it was decided. */
  readonly rules: number
  readonly shard: number
  /** From 1. */
  readonly sequence: bigint
  /** ns since 1970. */
  readonly timestamp: bigint
  /** 16 bytes; zeros when the ledger did it by itself. */
  readonly requestId: Uint8Array
  /** SHA-256 of the parsed command, 32 bytes; zeros likewise. */
  readonly requestDigest: Uint8Array
  /** SHA-256, 32 bytes, of the content. */
  readonly content: Uint8Array
  /** SHA-256 of the side, 32 bytes; zeros when the event has none. */
  readonly debit: Uint8Array
  readonly credit: Uint8Array
}

/** A created transfer, hold, post, void, reversal, or a release: it has balances on both sides. */
export function isMoved({ kind, status }: Leaf): boolean {
  return kind === EventKind.release || (kind === EventKind.transfer && status === 0)
}

export function isRefusedTransfer({ kind, status }: Leaf): boolean {
  return kind === EventKind.transfer && status !== 0
}

/** @throws MalformedEvent unless every field can be what it is */
export function decodeLeaf(bytes: Uint8Array): Leaf {
  const reader = new ByteReader('The leaf', bytes)
  reader.tag(['TLE1'])
  const leaf = {
    kind: reader.u8(),
    status: reader.u8(),
    rules: reader.u16(),
    shard: reader.u32(),
    sequence: reader.u64(),
    timestamp: reader.u64(),
    requestId: reader.bytes(16),
    requestDigest: reader.bytes(32),
    content: reader.bytes(32),
    debit: reader.bytes(32),
    credit: reader.bytes(32),
  }
  reader.end()
  const problem = problemOf(leaf)
  return problem === undefined ? leaf : reader.fail(problem)
}

function problemOf(leaf: Leaf): string | undefined {
  const { kind, status, rules, sequence } = leaf
  if (!isKnownKind(kind)) return `is of kind ${kind}, which is reserved`
  if (rules === 0) return 'has no version of the rules'
  if (sequence === 0n) return 'has the sequence 0, but sequences begin at 1'
  if (isZero(leaf.content)) return 'has no content'
  const sides = kind === EventKind.transfer || kind === EventKind.release
  if (isZero(leaf.debit) === sides || isZero(leaf.credit) === sides) {
    return sides ? 'is of a transfer, but without both sides' : `is of kind ${kind}, but has a side`
  }
  if (kind !== EventKind.release) return undefined
  if (status !== 0) return `is a release with the status ${status}`
  if (isZero(leaf.requestId) && isZero(leaf.requestDigest)) return undefined
  return 'is a release, which nobody requests, but has a request'
}

function isKnownKind(kind: number): boolean {
  return (kind >= EventKind.transfer && kind <= EventKind.books) || (kind >= 32 && kind <= 63)
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
