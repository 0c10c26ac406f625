/** What a proved receipt shows, as data that any program can print: who, what, how much, when, and at whose request. */
import { toHex } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Content, Facts } from './content.ts'
import { formatId, formatRequestId } from './ids.ts'
import { EventKind, type Leaf } from './leaf.ts'
import type { OpenedEvent, OpenedSide } from './opened-event.ts'
import type { Entry } from './side.ts'
import { statusName } from './statuses.ts'
import { formatTime } from './time-text.ts'

export interface ShownEvent {
  /** The log's origin. */
  readonly log: string
  /** Of the tree in which it is proved to be. */
  readonly treeSize: bigint
  readonly sequence: bigint
  readonly shard: number
  /** `hold`, `capture of a hold`, … */
  readonly what: string
  /** `created`, `exceeds_credits`, … */
  readonly status: string
  /** RFC 3339 in UTC with nine decimals. */
  readonly at: string
  /** Absent when the ledger did it by itself. */
  readonly request?: { readonly id: string; readonly digest: string }
  /** Here and below: absent is what the receipt does not show. Ids are UUID text. */
  readonly id?: string
  readonly code?: number
  readonly content?: Content
  readonly metadata?: Uint8Array
  readonly debit?: ShownSide
  readonly credit?: ShownSide
  readonly facts?: Facts
}

export interface ShownSide {
  /** Account id as UUID text. */
  readonly account: string
  readonly address?: string
  readonly asset: number
  /** In the asset's smallest units: moved, held or released; what was asked when it was refused. */
  readonly amount: bigint
  /** Balances after the event; absent when it was refused. */
  readonly entry?: Entry
}

export function describeEvent(event: OpenedEvent, { origin, size }: Checkpoint): ShownEvent {
  const { leaf, content, metadata, debit, credit, facts } = event
  return {
    log: origin,
    treeSize: size,
    sequence: leaf.sequence,
    shard: leaf.shard,
    what: nameOf(leaf, content),
    status: statusName(leaf.kind, leaf.status),
    at: formatTime(leaf.timestamp),
    ...requestOf(leaf),
    ...(content && { id: formatId(content.id), code: content.code, content }),
    ...(metadata && { metadata }),
    ...(debit && { debit: sideOf(debit) }),
    ...(credit && { credit: sideOf(credit) }),
    ...(facts && { facts }),
  }
}

/** In words, for the sentence "The receipt does not show …". */
export function hiddenParts(event: OpenedEvent): string[] {
  const { leaf, content, metadata, debit, credit, facts } = event
  const sides = leaf.kind === EventKind.transfer || leaf.kind === EventKind.release
  return [
    ...(content === undefined ? ['the content'] : []),
    ...(metadata === undefined && content?.metadataHash !== undefined ? ['the metadata'] : []),
    ...(sides && debit === undefined ? ['the debit side'] : []),
    ...(sides && credit === undefined ? ['the credit side'] : []),
    ...(facts === undefined && content?.sort === 'refused' && content.factsHash !== undefined
      ? ['what the limit said']
      : []),
  ]
}

function requestOf({ requestId, requestDigest }: Leaf): Pick<ShownEvent, 'request'> {
  if (requestId.every((byte) => byte === 0) && requestDigest.every((byte) => byte === 0)) return {}
  return { request: { id: formatRequestId(requestId), digest: toHex(requestDigest) } }
}

function sideOf({ account, address, asset, amount, entry }: OpenedSide): ShownSide {
  return {
    account: formatId(account),
    ...(address !== undefined && { address }),
    asset,
    amount,
    ...(entry && { entry }),
  }
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [EventKind.release, 'release of a hold'],
  [EventKind.account, 'opening of an account'],
  [EventKind.limit, 'change of a limit'],
  [EventKind.metadata, 'change of metadata'],
  [EventKind.close, 'closing of an account'],
  [EventKind.reopen, 'reopening of an account'],
  [EventKind.asset, 'registration of an asset'],
  [EventKind.books, 'closing of books'],
  [EventKind.statement, 'statement'],
  [EventKind.control, 'change of rights'],
  [EventKind.rule, 'change or firing of a rule'],
])

/** Flag bits of transfers that change what it is. */
const TRANSFER_NAMES: readonly (readonly [number, string])[] = [
  [1 << 1, 'hold'],
  [1 << 2, 'capture of a hold'],
  [1 << 3, 'void of a hold'],
  [1 << 9, 'reversal'],
]

function nameOf({ kind }: Leaf, content: Content | undefined): string {
  if (kind !== EventKind.transfer) return NAMES.get(kind) ?? `control event ${kind}`
  if (content === undefined) return 'transfer, hold, capture, void or reversal'
  const [, name] = TRANSFER_NAMES.find(([bit]) => (content.flags & bit) !== 0) ?? []
  return name ?? 'transfer'
}
