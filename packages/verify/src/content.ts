/** What the content's hash of a leaf stands for (decision 0013), one form for each sort of event. */
import { ByteReader } from './byte-reader.ts'
import { EventKind, isMoved, isRefusedTransfer, type Leaf } from './leaf.ts'

/** Which sections follow: bits of the record's form. */
const Form = {
  pending: 1 << 1,
  timeout: 1 << 2,
  effective: 1 << 3,
  requested: 1 << 4,
  seen: 1 << 5,
  facts: 1 << 6,
  metadata: 1 << 7,
} as const
/** Bits 8 … 12: what a post or void left out of its request. */
const INHERITED = 0b1_1111 << 8
const MOVED_FORMS = Form.pending | Form.timeout | Form.effective | Form.requested | Form.metadata
const REFUSED_FORMS =
  Form.pending | Form.timeout | Form.effective | Form.seen | Form.facts | Form.metadata

interface Common {
  /** As asked: `TransferFlags` or `AccountFlags`. */
  readonly flags: number
  readonly code: number
  /** u128: of the transfer, the account, or what was asked. */
  readonly id: bigint
  /** SHA-256 of the metadata, of an asset's name, or of a control event's statement. Absent: there is none. */
  readonly metadataHash?: Uint8Array
  /** Bytes; absent where the form does not say it. */
  readonly metadataLength?: number
}

export interface MovedContent extends Common {
  readonly sort: 'moved'
  readonly pending?: Pending
  /** Seconds until a hold is released. */
  readonly timeout?: number
  /** Value date as asked, ns since 1970. */
  readonly effectiveAt?: bigint
  /** As asked, where it is not the amount that was moved. */
  readonly requested?: bigint
}

/** What a post, void, release or reversal refers to. */
export interface Pending {
  /** Of the hold or the transfer. */
  readonly id: bigint
  readonly sequence: bigint
  /** Captured of the hold, or reversed of the transfer, after this event. */
  readonly captured: bigint
  /** Still held after this event. */
  readonly remaining: bigint
}

export interface RefusedContent extends Common {
  readonly sort: 'refused'
  /** The hold or transfer that the request named. */
  readonly pendingId?: bigint
  readonly timeout?: number
  readonly effectiveAt?: bigint
  /** Sequence of the record that this one repeats. */
  readonly seen?: bigint
  /** SHA-256 of the facts: what a limit said when it refused. */
  readonly factsHash?: Uint8Array
}

export interface OtherContent extends Common {
  readonly sort: 'other'
  /** Number of the asset; 0: none. */
  readonly asset: number
  /** The account that it is about; 0: none. */
  readonly account: bigint
  readonly fields: OtherFields
}

export type OtherFields =
  | {
      readonly of: 'account'
      readonly parent: bigint
      readonly limit: bigint
      readonly subtreeLimit: bigint
      readonly seen: bigint
      readonly address: string
    }
  | {
      readonly of: 'limit'
      /** Bit 0: the limit was given; 1: the subtree limit was. */
      readonly form: number
      readonly limit: bigint
      readonly subtreeLimit: bigint
      readonly limitBefore: bigint
      readonly subtreeLimitBefore: bigint
    }
  /** ns since 1970, both. */
  | { readonly of: 'books'; readonly until: bigint; readonly untilBefore: bigint }
  | { readonly of: 'metadata' | 'asset' | 'closure' | 'control' }

export type Content = MovedContent | RefusedContent | OtherContent

/** Whether the bytes are those that the leaf names is for the caller to check. @throws MalformedEvent */
export function decodeContent(bytes: Uint8Array, leaf: Leaf): Content {
  const reader = new ByteReader('The content', bytes)
  const content = decodeSort(reader, leaf)
  reader.end()
  return content
}

function decodeSort(reader: ByteReader, leaf: Leaf): Content {
  if (isMoved(leaf)) return decodeMoved(reader)
  return isRefusedTransfer(leaf) ? decodeRefused(reader) : decodeOther(reader, leaf.kind)
}

function decodeMoved(reader: ByteReader): MovedContent {
  reader.tag(['TLC1'])
  const { form, metadataLength, ...common } = headOf(reader, MOVED_FORMS | INHERITED)
  return {
    sort: 'moved',
    ...common,
    ...((form & Form.pending) !== 0 && { pending: pendingOf(reader) }),
    ...((form & Form.timeout) !== 0 && { timeout: timeoutOf(reader) }),
    ...((form & Form.effective) !== 0 && { effectiveAt: reader.u64() }),
    ...((form & Form.requested) !== 0 && { requested: reader.u128() }),
    ...((form & Form.metadata) !== 0 && { metadataLength, metadataHash: reader.bytes(32) }),
  }
}

function decodeRefused(reader: ByteReader): RefusedContent {
  reader.tag(['TLR1'])
  const { form, metadataLength, ...common } = headOf(reader, REFUSED_FORMS)
  return {
    sort: 'refused',
    ...common,
    ...((form & Form.pending) !== 0 && { pendingId: reader.u128() }),
    ...((form & Form.timeout) !== 0 && { timeout: timeoutOf(reader) }),
    ...((form & Form.effective) !== 0 && { effectiveAt: reader.u64() }),
    ...((form & Form.seen) !== 0 && { seen: reader.u64() }),
    ...((form & Form.facts) !== 0 && { factsHash: reader.bytes(32) }),
    ...((form & Form.metadata) !== 0 && { metadataLength, metadataHash: reader.bytes(32) }),
  }
}

interface Head {
  readonly form: number
  readonly flags: number
  readonly code: number
  readonly metadataLength: number
  readonly id: bigint
}

function headOf(reader: ByteReader, forms: number): Head {
  const form = reader.u16()
  if ((form & ~forms) !== 0) reader.fail(`has the form ${form}, of which a bit is not known`)
  const flags = reader.u16()
  const code = reader.u16()
  const metadataLength = reader.u16()
  if (((form & Form.metadata) !== 0) !== metadataLength > 0) {
    reader.fail(`has metadata of ${metadataLength} bytes, but its form says otherwise`)
  }
  return { form, flags, code, metadataLength, id: reader.u128() }
}

function pendingOf(reader: ByteReader): Pending {
  const id = reader.u128()
  const sequence = reader.u64()
  return { id, sequence, captured: reader.u128(), remaining: reader.u128() }
}

function timeoutOf(reader: ByteReader): number {
  const timeout = reader.u32()
  reader.zeros(4)
  return timeout
}

function decodeOther(reader: ByteReader, kind: number): OtherContent {
  reader.tag(['TLO1'])
  reader.bytes(16)
  const common = { flags: reader.u16(), code: reader.u16(), asset: reader.u32() }
  const ids = { id: reader.u128(), account: reader.u128() }
  const fields = fieldsOf(reader, kind)
  const named = ['account', 'metadata', 'asset', 'control'].includes(fields.of)
  return {
    sort: 'other',
    ...common,
    ...ids,
    fields,
    ...(named && { metadataHash: reader.bytes(32) }),
  }
}

function fieldsOf(reader: ByteReader, kind: number): OtherFields {
  switch (kind) {
    case EventKind.account:
      return accountOf(reader)
    case EventKind.limit:
      return limitOf(reader)
    case EventKind.metadata:
      return { of: 'metadata' }
    case EventKind.close:
    case EventKind.reopen:
      return { of: 'closure' }
    case EventKind.asset:
      return { of: 'asset' }
    case EventKind.books:
      return { of: 'books', until: reader.u64(), untilBefore: reader.u64() }
    default:
      return { of: 'control' }
  }
}

function accountOf(reader: ByteReader): OtherFields {
  const parent = reader.u128()
  const limits = { limit: reader.u128(), subtreeLimit: reader.u128() }
  const seen = reader.u64()
  return { of: 'account', parent, ...limits, seen, address: reader.ascii(reader.u32()) }
}

function limitOf(reader: ByteReader): OtherFields {
  const form = reader.u32()
  const after = { limit: reader.u128(), subtreeLimit: reader.u128() }
  const before = { limitBefore: reader.u128(), subtreeLimitBefore: reader.u128() }
  return { of: 'limit', form, ...after, ...before }
}

/** What a limit said when it refused a transfer; all u128, amounts in the asset's smallest units. */
export interface Facts {
  readonly account: bigint
  readonly needed: bigint
  readonly available: bigint
  readonly limit: bigint
}

/** @throws MalformedEvent */
export function decodeFacts(bytes: Uint8Array): Facts {
  const reader = new ByteReader('What the limit said', bytes)
  reader.tag(['TLF1'])
  reader.bytes(16)
  const account = reader.u128()
  const amounts = { needed: reader.u128(), available: reader.u128(), limit: reader.u128() }
  reader.end()
  return { account, ...amounts }
}
