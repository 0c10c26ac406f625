/** Events as leaves, written from docs/decisions/0013-the-proof-log.md alone: from values, not from a book. */
import { createHash } from 'node:crypto'

import { join, le, text, u16, u128, u32, u64 } from './bytes.fixture.ts'
import type { Book, Moved, Other, Refused, SideValues } from './events.fixture.ts'

export interface ReferenceLeaf {
  readonly leaf: Uint8Array
  readonly content: Uint8Array
  readonly debit?: Uint8Array | undefined
  readonly credit?: Uint8Array | undefined
  readonly facts?: Uint8Array | undefined
  readonly metadata?: Uint8Array | undefined
}
type Parts = Omit<ReferenceLeaf, 'leaf'>

const LOW = 2n ** 64n - 1n

export function sha256(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(bytes).digest())
}

export function referenceLeaf(book: Book, index: number): ReferenceLeaf {
  const event = book.events[index]
  if (event === undefined) throw new Error(`no event ${index}`)
  const request = book.requests.find(({ first, count }) => first <= index && index < first + count)
  const parts = referenceParts(book, index)
  const commitment = (side: Uint8Array | undefined): Uint8Array =>
    side === undefined ? new Uint8Array(32) : sha256(side)
  const leaf = join(
    ...[text('TLE1'), le(1, event.kind), le(1, event.status), u16(book.rulesVersion)],
    ...[u32(book.shard), u64(book.firstSequence + index), u64(book.firstTimestamp + BigInt(index))],
    request?.id ?? new Uint8Array(16),
    request?.digest ?? new Uint8Array(32),
    ...[sha256(parts.content), commitment(parts.debit), commitment(parts.credit)],
  )
  return { leaf, ...parts }
}

function referenceParts(book: Book, index: number): Parts {
  const event = book.events[index]
  if (event === undefined) throw new Error(`no event ${index}`)
  const salts = (n: number): Uint8Array =>
    sha256(join(text('TLS1'), book.salt, u64(book.firstSequence + index), u32(n)))
  const debitSalt = salts(0).slice(0, 16)
  const creditSalt = salts(0).slice(16)
  const accountOf = (slot: number): Uint8Array => u128(book.accounts[slot] ?? 0n)
  if (event.sort === 'moved') {
    const side = (values: SideValues, salt: Uint8Array): Uint8Array =>
      movedSide(event, values, { salt, account: accountOf(values.slot) })
    return {
      content: movedContent(event),
      debit: side(event.debit, debitSalt),
      credit: side(event.credit, creditSalt),
      metadata: event.metadata.length === 0 ? undefined : event.metadata,
    }
  }
  if (event.sort === 'refused') {
    const facts = factsOf(event, salts(1).slice(0, 16))
    const side = (account: bigint, salt: Uint8Array): Uint8Array =>
      join(text('TLX1'), u32(event.asset), u128(event.amount), salt, u128(account))
    return {
      content: refusedContent(event, facts),
      debit: side(event.debitId, debitSalt),
      credit: side(event.creditId, creditSalt),
      facts,
      metadata: event.metadata.length === 0 ? undefined : event.metadata,
    }
  }
  const content = join(
    ...[text('TLO1'), debitSalt, u16(event.flags), u16(event.code), u32(event.asset)],
    ...[u128(event.id), accountOf(event.slot), otherFields(event)],
  )
  return { content, metadata: 'metadata' in event ? event.metadata : undefined }
}

function movedSide(
  event: Moved,
  { number, previous, jump, balances }: SideValues,
  { salt, account }: { salt: Uint8Array; account: Uint8Array },
): Uint8Array {
  const all = [event.amount, ...event.debit.balances, ...event.credit.balances]
  const isWide = all.some((value) => value > LOW)
  const lower = [
    ...[u32(event.asset), u64(event.amount & LOW), salt, account],
    ...[u64(number), u64(previous), u64(jump)],
    ...balances.map((value) => u64(value & LOW)),
  ]
  if (!isWide) return join(text('TLN1'), ...lower)
  const upper = [event.amount, ...balances].map((value) => u64(value >> 64n))
  return join(text('TLW1'), ...lower, ...upper)
}

function movedContent(event: Moved): Uint8Array {
  const { pending, timeout, effective, requested, metadata } = event
  const form =
    (pending === undefined ? 0 : 2) +
    (timeout === undefined ? 0 : 4) +
    (effective === undefined ? 0 : 8) +
    (requested === undefined ? 0 : 16) +
    (metadata.length === 0 ? 0 : 128) +
    event.inherited
  return join(
    ...[text('TLC1'), u16(form), u16(event.flags), u16(event.code), u16(metadata.length)],
    u128(event.id),
    pending &&
      join(
        u128(pending.id),
        u64(pending.sequence),
        u128(pending.captured),
        u128(pending.remaining),
      ),
    timeout === undefined ? undefined : join(u32(timeout), u32(0)),
    effective === undefined ? undefined : u64(effective),
    requested === undefined ? undefined : u128(requested),
    metadata.length === 0 ? undefined : sha256(metadata),
  )
}

function factsOf({ limit }: Refused, salt: Uint8Array): Uint8Array | undefined {
  if (limit === undefined) return undefined
  const { account, needed, available } = limit
  return join(text('TLF1'), salt, u128(account), u128(needed), u128(available), u128(limit.limit))
}

function refusedContent(event: Refused, facts: Uint8Array | undefined): Uint8Array {
  const { pendingId, timeout, effective, seen, metadata } = event
  const form =
    (pendingId === undefined ? 0 : 2) +
    (timeout === undefined ? 0 : 4) +
    (effective === undefined ? 0 : 8) +
    (seen === undefined ? 0 : 32) +
    (facts === undefined ? 0 : 64) +
    (metadata.length === 0 ? 0 : 128)
  return join(
    ...[text('TLR1'), u16(form), u16(event.flags), u16(event.code), u16(metadata.length)],
    u128(event.id),
    pendingId === undefined ? undefined : u128(pendingId),
    timeout === undefined ? undefined : join(u32(timeout), u32(0)),
    effective === undefined ? undefined : u64(effective),
    seen === undefined ? undefined : u64(seen),
    facts && sha256(facts),
    metadata.length === 0 ? undefined : sha256(metadata),
  )
}

function otherFields(event: Other): Uint8Array {
  switch (event.sort) {
    case 'account': {
      const address = text(event.address)
      return join(
        ...[u128(event.parent), u128(event.limit), u128(event.subtreeLimit), u64(event.seen)],
        ...[u32(address.length), address, sha256(event.metadata)],
      )
    }
    case 'limit':
      return join(u32(event.given), ...event.limits.map(u128))
    case 'metadata':
    case 'asset':
      return sha256(event.metadata)
    case 'closure':
      return new Uint8Array()
    case 'books':
      return join(u64(event.until), u64(event.before))
    case 'control':
      return sha256(event.metadata)
  }
}
