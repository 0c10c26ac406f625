/** The content of an event: what the content's hash of its leaf stands for (docs/decisions/0013-the-proof-log.md). */
import { hash } from 'node:crypto'

import {
  AccountField,
  BooksField,
  CONTROL_KINDS,
  Kind,
  LimitField,
  MovedSection,
  RecordField,
  RefusedSection,
} from './book-format.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { RecordBytes } from './record.ts'

/** Of the form of a moved transfer: how its numbers are stored, and what came late, is the book's business alone. */
export const CONTENT_FORM = 0x1f9e

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}

export function writeMoved(writer: ByteWriter, record: RecordBytes): void {
  const { pending, timeout, effective, requested, metadata } = MovedSection
  writeHead(writer.begin('TLC1'), record, record.form & CONTENT_FORM)
  for (const section of [pending, timeout, effective, requested]) {
    if (record.has(section)) writer.bytes(record.bytes(record.section(section), section.bytes))
  }
  if (record.has(metadata)) writer.bytes(sha256(record.metadata))
}

/** @param facts what is hashed of what the limit said, where one did. */
export function writeRefused(
  writer: ByteWriter,
  record: RecordBytes,
  facts: Uint8Array | undefined,
): void {
  const { pending, timeout, effective, seen, metadata } = RefusedSection
  writeHead(writer.begin('TLR1'), record, record.form)
  for (const section of [pending, timeout, effective, seen]) {
    if (record.has(section)) writer.bytes(record.bytes(record.section(section), section.bytes))
  }
  if (facts !== undefined) writer.bytes(sha256(facts))
  if (record.has(metadata)) writer.bytes(sha256(record.metadata))
}

function writeHead(writer: ByteWriter, record: RecordBytes, form: number): void {
  writer
    .u16(form)
    .u16(record.u16(RecordField.flags))
    .u16(record.u16(RecordField.code))
    .u16(record.u16(RecordField.metadataLength))
    .bytes(record.bytes(RecordField.id, 16))
}

/** Events without sides. @throws RangeError for a kind that 0001 keeps for later */
export function writeOther(
  writer: ByteWriter,
  record: RecordBytes,
  { salt, accountId }: { salt: Uint8Array; accountId: Uint8Array },
): void {
  writer
    .begin('TLO1')
    .bytes(salt)
    .u16(record.u16(RecordField.flags))
    .u16(record.u16(RecordField.code))
    .u32(record.u32(RecordField.asset))
    .bytes(record.bytes(RecordField.id, 16))
    .bytes(accountId)
  switch (record.kind) {
    case Kind.account:
      writer
        .bytes(record.bytes(AccountField.parent, 48))
        .bytes(record.bytes(AccountField.seen, 8))
        .u32(record.address.length)
        .bytes(record.address)
        .bytes(sha256(record.metadata))
      return
    case Kind.limit:
      writer.u32(record.form).bytes(record.bytes(LimitField.limit, 64))
      return
    case Kind.metadata:
    case Kind.asset:
      writer.bytes(sha256(record.metadata))
      return
    case Kind.close:
    case Kind.reopen:
      return
    case Kind.books:
      writer.bytes(record.bytes(BooksField.until, 16))
      return
    default:
      if (record.kind < CONTROL_KINDS.first || record.kind > CONTROL_KINDS.last) {
        throw new RangeError(`A record of kind ${record.kind} has no leaf: the kind is reserved.`)
      }
      writer.bytes(sha256(record.metadata))
  }
}
