/** What a receipt shows, as lines for people. */
import { toBase64 } from './bytes.ts'
import type { Content, OtherFields } from './content.ts'
import { formatId } from './ids.ts'
import { grouped } from './report.ts'
import type { ShownEvent, ShownSide } from './shown-event.ts'
import { formatTime } from './time-text.ts'

/** Label and value; amounts are in the asset's smallest units. */
export type ShownLine = readonly [label: string, value: string]

export function shownLines(event: ShownEvent): ShownLine[] {
  const { request, id, code, content, metadata, facts } = event
  return [
    ['event', `${grouped(event.sequence)} of ${event.log}, shard ${event.shard}`],
    ['what', `${event.what}: ${event.status}`],
    ['when', event.at],
    ['request', request === undefined ? 'none: by the ledger itself' : request.id],
    ...optional('request digest', request?.digest),
    ...optional('id', id),
    ...optional('code', code?.toString()),
    ...(content === undefined ? [] : contentLines(content)),
    ...optional('metadata', metadata && metadataText(metadata)),
    ...sideLines('debit', event.debit),
    ...sideLines('credit', event.credit),
    ...(facts === undefined
      ? []
      : [
          ['limit of', formatId(facts.account)] as const,
          ['needed', grouped(facts.needed)] as const,
          ['available', grouped(facts.available)] as const,
          ['limit', grouped(facts.limit)] as const,
        ]),
  ]
}

function optional(label: string, value: string | undefined): ShownLine[] {
  return value === undefined ? [] : [[label, value]]
}

function sideLines(label: string, side: ShownSide | undefined): ShownLine[] {
  if (side === undefined) return []
  const { account, address, asset, amount, entry } = side
  return [
    [label, `${grouped(amount)} of asset ${asset}`],
    [`${label} account`, address === undefined ? account : `${address} (${account})`],
    ...(entry === undefined
      ? []
      : [
          [
            `${label} after`,
            `debits ${grouped(entry.debitsPosted)} posted, ${grouped(entry.debitsPending)} pending; ` +
              `credits ${grouped(entry.creditsPosted)} posted, ${grouped(entry.creditsPending)} pending; ` +
              `the account's entry ${grouped(entry.number)}`,
          ] as const,
        ]),
  ]
}

function contentLines(content: Content): ShownLine[] {
  if (content.sort === 'other') {
    const { account, asset } = content
    return [
      ...optional('account', account === 0n ? undefined : formatId(account)),
      ...optional('asset', asset === 0 ? undefined : `${asset}`),
      ...fieldLines(content.fields),
    ]
  }
  const { timeout, effectiveAt } = content
  const common = [
    ...optional('timeout', timeout === undefined ? undefined : `${grouped(timeout)} s`),
    ...optional('value date', effectiveAt === undefined ? undefined : formatTime(effectiveAt)),
  ]
  if (content.sort === 'refused') {
    const { pendingId, seen } = content
    return [
      ...optional('refers to', pendingId === undefined ? undefined : formatId(pendingId)),
      ...common,
      ...optional('repeats', seen === undefined ? undefined : `event ${grouped(seen)}`),
    ]
  }
  const { pending, requested } = content
  if (pending === undefined) return [...common, ...requestedLine(requested)]
  const { id, sequence, captured, remaining } = pending
  return [
    ['refers to', `${formatId(id)}, event ${grouped(sequence)}`],
    ['of that', `${grouped(captured)} taken, ${grouped(remaining)} still held`],
    ...common,
    ...requestedLine(requested),
  ]
}

function requestedLine(requested: bigint | undefined): ShownLine[] {
  return optional('requested', requested === undefined ? undefined : grouped(requested))
}

function fieldLines(fields: OtherFields): ShownLine[] {
  switch (fields.of) {
    case 'account':
      return [
        ...optional('address', fields.address === '' ? undefined : fields.address),
        ...optional('parent', fields.parent === 0n ? undefined : formatId(fields.parent)),
        ['limit', grouped(fields.limit)],
        ['subtree limit', subtreeLimit(fields.subtreeLimit)],
        ...optional('repeats', fields.seen === 0n ? undefined : `event ${grouped(fields.seen)}`),
      ]
    case 'limit':
      return [
        ['limit', `${grouped(fields.limit)}, before ${grouped(fields.limitBefore)}`],
        [
          'subtree limit',
          `${subtreeLimit(fields.subtreeLimit)}, before ${subtreeLimit(fields.subtreeLimitBefore)}`,
        ],
      ]
    case 'books':
      return [
        ['closed until', formatTime(fields.until)],
        ['before', formatTime(fields.untilBefore)],
      ]
    case 'control':
    case 'metadata':
    case 'asset':
    case 'closure':
      return []
  }
}

/** 2^128 − 1: no total can pass it. */
function subtreeLimit(limit: bigint): string {
  return limit === (1n << 128n) - 1n ? 'none' : grouped(limit)
}

/** As text where it is one, else as base64. */
function metadataText(metadata: Uint8Array): string {
  try {
    return JSON.stringify(new TextDecoder('utf-8', { fatal: true }).decode(metadata))
  } catch {
    return toBase64(metadata)
  }
}
