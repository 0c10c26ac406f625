/** Reads bodies of the book into a batch. Knows no database; it remembers only what a record does not say of itself. */
import { formatId, formatRequestId } from '@tallystick/contract'
import { type BookBody, NO_SUBTREE_LIMIT, savedRequests } from '@tallystick/engine'
import {
  AccountField,
  AccountFlags,
  LIMIT_GIVEN,
  LimitField,
  Memory,
  MovedField,
  MovedForm,
  Operation,
  RecordCursor,
  RecordField,
  SUBTREE_LIMIT_GIVEN,
  TransferFlags,
} from '@tallystick/ledger'
import { AssetRegistry } from '@tallystick/money'

import { SLICE_EVENTS } from '../limits.ts'
import type { Batch } from './batch.ts'
import { metadataText } from './metadata-text.ts'
import { type MovementKind, writeMovement } from './movement-row.ts'

const { pending, postPendingTransfer, voidPendingTransfer, reversal } = TransferFlags
const { closingDebit, closingCredit } = TransferFlags
const NS_PER_SECOND = 1_000_000_000n
const NS_PER_DAY = 86_400n * NS_PER_SECOND

/** An open hold that closed accounts: they are opened again when it ends. */
export interface ClosingHold {
  readonly sequence: number
  readonly flags: number
  readonly debitSlot: number
  readonly creditSlot: number
}

export interface Remembered {
  readonly assets: readonly { readonly number: number; readonly name: string }[]
  readonly closing: readonly ClosingHold[]
}

export class BookReader {
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  readonly #assets = new Map<number, Uint8Array>()
  readonly #closing = new Map<number, ClosingHold>()
  #requestOf = new Float64Array(0)

  constructor({ assets, closing }: Remembered) {
    for (const { number, code, scale } of AssetRegistry.iso.all()) {
      this.#assets.set(number, Buffer.from(`${code}/${scale}`))
    }
    for (const { number, name } of assets) this.#assets.set(number, Buffer.from(name))
    for (const hold of closing) this.#closing.set(hold.sequence, hold)
  }

  /** Yields now and then, so that what was read before can be sent meanwhile. */
  *read(body: BookBody, batch: Batch): Generator<undefined> {
    const requestOf = this.#requests(body, batch)
    for (let index = 0; index < body.count; index++) {
      if (index % SLICE_EVENTS === SLICE_EVENTS - 1) yield
      const record = body.point(index, this.#cursor)
      if (record.moved) this.#moved(record, batch, requestOf[index] ?? 0)
      else if (record.status === 0) this.#changed(record, batch)
    }
    batch.events += body.count
    batch.lastSequence = body.lastSequence
    batch.lastTimestamp = body.firstTimestamp + BigInt(body.count - 1)
  }

  /** @returns by event of the body, the first event of its request; 0: a release. Valid until the next body. */
  #requests(body: BookBody, batch: Batch): Float64Array {
    if (this.#requestOf.length < body.count) this.#requestOf = new Float64Array(body.count * 2)
    const requestOf = this.#requestOf.fill(0, 0, body.count)
    const { requests } = batch
    for (const { firstSequence, lastSequence, envelope } of savedRequests(body)) {
      const { principal, keyId, source, initiator, idempotencyKey } = envelope
      requests.begin()
      requests.bigint(firstSequence)
      requests.bigint(lastSequence)
      requests.text(formatRequestId(envelope.requestId))
      requests.integer(envelope.operation)
      for (const each of [principal, keyId, source, initiator, idempotencyKey]) {
        // Texts of requests come from outside: PostgreSQL has none with the character 0.
        requests.text(each.replaceAll('\0', '\u{fffd}'))
      }
      requests.bigint(envelope.receivedAt)
      const from = firstSequence - body.firstSequence
      requestOf.fill(firstSequence, from, lastSequence - body.firstSequence + 1)
    }
    return requestOf
  }

  #moved(record: RecordCursor, batch: Batch, request: number): void {
    const { debitSlot, creditSlot } = record
    const kind = record.kind === Operation.releaseHold ? 'expired' : kindOf(record.flags)
    const metadata = metadataText(record.metadata)
    const asset = this.#asset(record.asset)
    writeMovement(batch.movements, record, { kind, asset, request, metadata })
    batch.touched.entry(debitSlot, record, 'debit')
    batch.touched.entry(creditSlot, record, 'credit')
    if (kind === 'held') this.#opened(record, batch, { metadata, asset })
    else if (kind !== 'reversed' && record.pendingSequence !== 0) {
      this.#holdChanged(record, batch, kind)
    }
    if (kind !== 'held' && kind !== 'voided' && kind !== 'expired') turn(record, batch)
  }

  #opened(
    record: RecordCursor,
    batch: Batch,
    { metadata, asset }: { metadata: string | null; asset: Uint8Array },
  ): void {
    const { sequence, flags, debitSlot, creditSlot, timestamp, timeout, amount } = record
    batch.holds.set(sequence, {
      ...{ sequence, id: record.id, debitSlot, creditSlot, amount, asset, code: record.code },
      ...{ flags, metadata, timestamp },
      expires: timeout === 0 ? null : timestamp + BigInt(timeout) * NS_PER_SECOND,
    })
    batch.holdChanges.set(sequence, {
      ...{ sequence, changedBy: sequence, changedAt: timestamp, status: 'pending' },
      ...{ captured: 0n, remaining: amount },
    })
    if ((flags & (closingDebit | closingCredit)) === 0) return
    this.#closing.set(sequence, { sequence, flags, debitSlot, creditSlot })
    if ((flags & closingDebit) !== 0) batch.changeOf(debitSlot).closed = true
    if ((flags & closingCredit) !== 0) batch.changeOf(creditSlot).closed = true
  }

  #holdChanged(record: RecordCursor, batch: Batch, what: string): void {
    const { pendingSequence: sequence, capturedAfter: captured, remainingAfter: remaining } = record
    batch.holdChanges.set(sequence, {
      ...{ sequence, changedBy: record.sequence, changedAt: record.timestamp },
      ...{ status: remaining === 0n ? what : 'pending', captured, remaining },
    })
    const closing = this.#closing.get(sequence)
    if (remaining !== 0n || closing === undefined) return
    this.#closing.delete(sequence)
    if ((closing.flags & closingDebit) !== 0) batch.changeOf(closing.debitSlot).closed = false
    if ((closing.flags & closingCredit) !== 0) batch.changeOf(closing.creditSlot).closed = false
  }

  #changed(record: RecordCursor, batch: Batch): void {
    const { slot, form } = record
    switch (record.kind) {
      case Operation.createAccount:
        this.#account(record, batch)
        return
      case Operation.changeLimit: {
        const change = batch.changeOf(slot)
        if ((form & LIMIT_GIVEN) !== 0) change.limit = record.u128(LimitField.limit)
        if ((form & SUBTREE_LIMIT_GIVEN) !== 0) {
          change.subtreeLimit = subtreeLimit(record.u128(LimitField.subtreeLimit))
        }
        return
      }
      case Operation.changeMetadata:
        batch.changeOf(slot).metadata = metadataText(record.metadata)
        return
      case Operation.closeAccount:
      case Operation.reopenAccount:
        batch.changeOf(slot).closed = record.kind === Operation.closeAccount
        return
      case Operation.registerAsset: {
        const name = Buffer.from(record.metadata)
        this.#assets.set(record.asset, name)
        batch.assets.begin()
        batch.assets.bigint(record.asset)
        batch.assets.utf8(name)
        return
      }
      // Closed books, statements: nothing of the tables.
      default:
    }
  }

  #account(record: RecordCursor, { accounts }: Batch): void {
    const { slot, flags, address, memory, offset } = record
    const limit = subtreeLimit(record.u128(AccountField.subtreeLimit))
    const metadata = metadataText(record.metadata)
    accounts.begin()
    accounts.integer(slot)
    accounts.uuid(memory.u8, offset + RecordField.id)
    accounts.text(address === '' ? formatId(record.id) : address)
    accounts.utf8(this.#asset(record.asset))
    accounts.integer(record.code)
    accounts.integer(flags)
    if (record.u128(AccountField.parent) === 0n) accounts.null()
    else accounts.uuid(memory.u8, offset + AccountField.parent)
    accounts.numeric(record.u128(AccountField.limit))
    if (limit === null) accounts.null()
    else accounts.numeric(limit)
    accounts.boolean((flags & AccountFlags.closed) !== 0)
    if (metadata === null) accounts.null()
    else accounts.json(metadata)
    accounts.bigint(record.sequence)
    accounts.bigint(record.timestamp)
  }

  #asset(number: number): Uint8Array {
    return this.#assets.get(number) ?? Buffer.from(`NUMBER_${number}/0`)
  }
}

function kindOf(flags: number): MovementKind {
  if ((flags & pending) !== 0) return 'held'
  if ((flags & postPendingTransfer) !== 0) return 'captured'
  if ((flags & voidPendingTransfer) !== 0) return 'voided'
  return (flags & reversal) !== 0 ? 'reversed' : 'posted'
}

function turn(record: RecordCursor, { touched }: Batch): void {
  const day = Number(record.timestamp / NS_PER_DAY)
  const isSmall =
    (record.form & MovedForm.wide) === 0 && record.u32(MovedField.amount + 4) < SAFE_HIGH
  const amount = isSmall ? record.safe(MovedField.amount) : record.amount
  touched.posted(record.debitSlot, day).debit.add(amount)
  touched.posted(record.creditSlot, day).credit.add(amount)
}

/** Of whole numbers below 2^53, the upper word. */
const SAFE_HIGH = 2 ** 21

const subtreeLimit = (limit: bigint): bigint | null => (limit === NO_SUBTREE_LIMIT ? null : limit)
