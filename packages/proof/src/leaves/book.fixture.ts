/** Events as the bytes of a book body, written from docs/decisions/0001-the-book.md alone. */
import { join, le, padded, text, u16, u128, u32, u64 } from './bytes.fixture.ts'
import type {
  Book,
  Event,
  Moved,
  Other,
  Refused,
  RequestValues,
  SideValues,
} from './events.fixture.ts'
import type { BookBody } from './frame.ts'

const LOW = 2n ** 64n - 1n
const NO_SLOT = 0xffff_ffff

/** The body at byte `start` of a memory that is full of something else. */
export function bookBody(book: Book, start: number): BookBody {
  const body = encodeBody(book)
  const buffer = new ArrayBuffer(start + body.length + 64)
  const u8 = new Uint8Array(buffer).fill(0xa5)
  u8.set(body, start)
  return {
    memory: { u8, u16: new Uint16Array(buffer), u32: new Uint32Array(buffer) },
    start,
    firstSequence: book.firstSequence,
  }
}

function encodeBody(book: Book): Uint8Array {
  const records = book.events.map(encodeRecord)
  const offsets: number[] = []
  let at = 64
  for (const { length } of records) {
    offsets.push(at)
    at += length
  }
  const requests = join(...book.requests.map(encodeRequest))
  return join(
    ...[u64(book.firstTimestamp), book.salt, u16(book.rulesVersion), u16(0), u32(book.shard)],
    ...[u32(book.requests.length), u32(records.length), u32(at), u32(at + requests.length)],
    ...records,
    requests,
    padded(join(...offsets.map(u32))),
  )
}

function encodeRequest({ first, count, id, digest }: RequestValues): Uint8Array {
  const names = padded(text('someone'.repeat((first % 5) + 1)))
  const rest = [id, digest, u64(1), new Uint8Array(16), names]
  const length = 16 + join(...rest).length
  return join(u32(length), u16(1), u16(1), u32(first), u32(count), ...rest)
}

function encodeRecord(event: Event): Uint8Array {
  const { form, fields } = fieldsOf(event)
  const metadata = 'metadata' in event ? event.metadata.length : 0
  const words = 4 + fields.length / 8
  return join(
    ...[le(1, event.kind), le(1, event.status), u16(form), u16(words), u16(event.code)],
    ...[u16(event.flags), u16(metadata), u32(event.asset), u128(event.id)],
    fields,
  )
}

interface Fields {
  readonly form: number
  readonly fields: Uint8Array
}

function fieldsOf(event: Event): Fields {
  if (event.sort === 'moved') return movedFields(event)
  if (event.sort === 'refused') return refusedFields(event)
  return otherFields(event)
}

/** Those of the sections that are there, one for each bit of the form. */
function sections(all: readonly (Uint8Array | undefined)[]): Fields {
  const form = all.reduce((bits, part, bit) => (part === undefined ? bits : bits | (1 << bit)), 0)
  return { form, fields: join(...all) }
}

function movedFields(event: Moved): Fields {
  const { debit, credit, pending, timeout, effective, requested, metadata } = event
  const limbs = [event.amount, ...debit.balances, ...credit.balances]
  const isWide = limbs.some((value) => value > LOW)
  const { form, fields } = sections([
    isWide ? join(...limbs.map((value) => u64(value >> 64n))) : undefined,
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
    event.lateDebit === undefined ? undefined : u64(event.lateDebit),
    event.lateCredit === undefined ? undefined : u64(event.lateCredit),
    metadata.length === 0 ? undefined : padded(metadata),
  ])
  const head = [u32(debit.slot), u32(credit.slot), u64(event.amount & LOW)]
  return {
    form: form | event.inherited,
    fields: join(...head, sideFields(debit), sideFields(credit), fields),
  }
}

function sideFields({ number, previous, jump, balances }: SideValues): Uint8Array {
  const lower = balances.map((value) => u64(value & LOW))
  return join(u64(number), u64(previous), u64(jump), ...lower)
}

function refusedFields(event: Refused): Fields {
  const { pendingId, timeout, effective, seen, limit, metadata } = event
  const { form, fields } = sections([
    undefined,
    pendingId === undefined ? undefined : u128(pendingId),
    timeout === undefined ? undefined : join(u32(timeout), u32(0)),
    effective === undefined ? undefined : u64(effective),
    undefined,
    seen === undefined ? undefined : u64(seen),
    limit &&
      join(u128(limit.account), u128(limit.needed), u128(limit.available), u128(limit.limit)),
    metadata.length === 0 ? undefined : padded(metadata),
  ])
  const head = [u128(event.debitId), u128(event.creditId), u128(event.amount)]
  return { form, fields: join(...head, fields) }
}

function otherFields(event: Other): Fields {
  const slot = u32(event.slot < 0 ? NO_SLOT : event.slot)
  switch (event.sort) {
    case 'account':
      return {
        form: 0,
        fields: join(
          ...[u128(event.parent), u128(event.limit), u128(event.subtreeLimit), slot],
          ...[u16(event.address.length), u16(0), u64(event.seen)],
          ...[padded(text(event.address)), padded(event.metadata)],
        ),
      }
    case 'limit':
      return { form: event.given, fields: join(slot, u32(0), ...event.limits.map(u128)) }
    case 'metadata':
      return { form: 0, fields: join(slot, u32(0), padded(event.metadata)) }
    case 'closure':
      return { form: 0, fields: join(slot, u32(0)) }
    case 'asset':
      return { form: 0, fields: padded(event.metadata) }
    case 'books':
      return { form: 0, fields: join(slot, u32(0), u64(event.until), u64(event.before)) }
    case 'control':
      return { form: 0, fields: padded(event.metadata) }
  }
}
