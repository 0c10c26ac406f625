/** Reads bodies of the book into a batch. Knows no database; it remembers only what a record does not say of itself. */
import { formatId, formatRequestId } from '@tallystick/contract'
import { type BookBody, NO_SUBTREE_LIMIT, savedRequests } from '@tallystick/engine'
import {
  AccountField,
  AccountFlags,
  LIMIT_GIVEN,
  LimitField,
  Memory,
  Operation,
  RecordCursor,
  SUBTREE_LIMIT_GIVEN,
  TransferFlags,
} from '@tallystick/ledger'
import { AssetRegistry } from '@tallystick/money'

import { SLICE_EVENTS } from '../limits.ts'
import type { Batch } from './batch.ts'
import { copyText, NULL } from './copy-text.ts'
import { metadataText } from './metadata-text.ts'

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
  readonly #assets = new Map<number, string>()
  readonly #closing = new Map<number, ClosingHold>()

  constructor({ assets, closing }: Remembered) {
    for (const { number, code, scale } of AssetRegistry.iso.all()) {
      this.#assets.set(number, `${code}/${scale}`)
    }
    for (const { number, name } of assets) this.#assets.set(number, name)
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

  /** @returns by event of the body, the first event of its request; left out: a release. */
  #requests(body: BookBody, batch: Batch): readonly number[] {
    const requestOf: number[] = []
    for (const request of savedRequests(body)) {
      const { firstSequence, lastSequence, envelope, count } = request
      const { operation, principal, keyId, source, initiator, idempotencyKey } = envelope
      const id = formatRequestId(envelope.requestId)
      const texts = [principal, keyId, source, initiator, idempotencyKey].map(text)
      batch.requests.push(
        `${firstSequence}\t${lastSequence}\t${id}\t${operation}\t${texts.join('\t')}\t${envelope.receivedAt}\n`,
      )
      const from = firstSequence - body.firstSequence
      for (let index = from; index < from + count; index++) requestOf[index] = firstSequence
    }
    return requestOf
  }

  #moved(record: RecordCursor, batch: Batch, request: number): void {
    const { sequence, timestamp, flags, amount, kind, debitSlot, creditSlot, pendingSequence } =
      record
    const what = kind === Operation.releaseHold ? 'expired' : kindOf(flags)
    const metadata = metadataText(record.metadata)
    const asset = this.#asset(record.asset)
    const sides = `${this.#side(record, 'debit', batch)}\t${this.#side(record, 'credit', batch)}`
    batch.movements.push(
      `${sequence}\t${formatId(record.id)}\t${what}\t${debitSlot}\t${creditSlot}\t${amount}\t${asset}\t${record.code}\t${pendingSequence === 0 ? NULL : pendingSequence}\t${record.effectiveAt}\t${timestamp}\t${request === 0 ? NULL : request}\t${metadata}\t${sides}\n`,
    )
    if (what === 'held') this.#opened(record, batch, { metadata, asset })
    else if (pendingSequence !== 0 && what !== 'reversed') this.#holdChanged(record, batch, what)
    if (what !== 'held' && what !== 'voided' && what !== 'expired') turn(record, batch, amount)
  }

  #side(record: RecordCursor, which: 'debit' | 'credit', batch: Batch): string {
    const { slot, number, debitsPending, debitsPosted, creditsPending, creditsPosted } =
      record.side(which)
    const balances = `${debitsPending}\t${debitsPosted}\t${creditsPending}\t${creditsPosted}`
    batch.moved.set(slot, { sequence: record.sequence, entries: number, balances })
    return `${number}\t${balances}`
  }

  #opened(
    record: RecordCursor,
    batch: Batch,
    { metadata, asset }: { metadata: string; asset: string },
  ): void {
    const { sequence, flags, debitSlot, creditSlot, timestamp, timeout, amount } = record
    const expires = timeout === 0 ? NULL : timestamp + BigInt(timeout) * NS_PER_SECOND
    batch.holds.set(
      sequence,
      `${sequence}\t${formatId(record.id)}\t${debitSlot}\t${creditSlot}\t${amount}\t${asset}\t${record.code}\t${flags}\t${metadata}\t${timestamp}\t${expires}`,
    )
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
        batch.accounts.push(this.#account(record))
        return
      case Operation.changeLimit: {
        const change = batch.changeOf(slot)
        if ((form & LIMIT_GIVEN) !== 0) change.limit = `${record.u128(LimitField.limit)}`
        if ((form & SUBTREE_LIMIT_GIVEN) !== 0) {
          change.subtreeLimit = subtreeText(record.u128(LimitField.subtreeLimit))
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
        const name = Buffer.from(record.metadata).toString('latin1')
        this.#assets.set(record.asset, name)
        batch.assets.push(`${record.asset}\t${copyText(name)}\n`)
        return
      }
      // Closed books, statements: nothing of the tables.
      default:
    }
  }

  #account(record: RecordCursor): string {
    const { slot, flags, address, timestamp, sequence } = record
    const parent = record.u128(AccountField.parent)
    const id = formatId(record.id)
    const closed = (flags & AccountFlags.closed) !== 0
    const limits = `${record.u128(AccountField.limit)}\t${subtreeText(record.u128(AccountField.subtreeLimit))}`
    return `${slot}\t${id}\t${address === '' ? id : address}\t${this.#asset(record.asset)}\t${record.code}\t${flags}\t${parent === 0n ? NULL : formatId(parent)}\t${limits}\t${closed}\t${metadataText(record.metadata)}\t${sequence}\t${timestamp}\n`
  }

  #asset(number: number): string {
    return this.#assets.get(number) ?? `NUMBER_${number}/0`
  }
}

function kindOf(flags: number): string {
  if ((flags & pending) !== 0) return 'held'
  if ((flags & postPendingTransfer) !== 0) return 'captured'
  if ((flags & voidPendingTransfer) !== 0) return 'voided'
  return (flags & reversal) !== 0 ? 'reversed' : 'posted'
}

function turn(record: RecordCursor, batch: Batch, amount: bigint): void {
  const day = Number(record.timestamp / NS_PER_DAY)
  const debit = batch.turnoverOf(record.debitSlot, day)
  debit.debits += amount
  debit.debitEntries++
  const credit = batch.turnoverOf(record.creditSlot, day)
  credit.credits += amount
  credit.creditEntries++
}

const subtreeText = (limit: bigint): string => (limit === NO_SUBTREE_LIMIT ? NULL : `${limit}`)

/** Texts of requests come from outside: PostgreSQL has none with the character 0. */
const text = (given: string): string => copyText(given.replaceAll('\0', '\u{fffd}'))
