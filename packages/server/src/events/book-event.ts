/** The book as a row of events: what filters ask of each, and its JSON when somebody wants it. */
import type { Rights } from '@tallystick/access'
import { type EventType, formatEventId } from '@tallystick/contract'
import { type BookBody, type SavedRequest, savedRequests } from '@tallystick/engine'
import { Memory, NO_SLOT, Operation, RecordCursor, RefusedField } from '@tallystick/ledger'

import { redacts } from '../access/redact.ts'
import type { Book } from '../render/book.ts'
import { readBody, referenceAt } from '../saved-body.ts'
import { typeOf } from './event-kind.ts'
import { redactedEvent } from './event-sight.ts'
import { eventText } from './event-text.ts'
import { firingOf } from './fired-record.ts'

/** The only shard that there is so far. */
export const SHARD = 0

/** One event at a time, read in place: valid until the next one is asked for. */
export class BookEvent {
  readonly book: Book
  /** `urn:tallystick:` and the journal's id. */
  readonly source: string
  readonly record = new RecordCursor(Memory.allocate(8))
  type: EventType = 'transfer.posted'
  /** undefined: nobody asked for it. */
  request: SavedRequest | undefined
  #accounts: readonly string[] | undefined
  #text: string | undefined
  /** For those who may not see all of it. */
  readonly #redacted = new Map<Rights, string>()

  constructor(book: Book, source: string) {
    this.book = book
    this.source = source
  }

  /** Events of a frame that somebody may want to know, those before sequence `from` left out. */
  *events(body: BookBody, from: number): Generator<BookEvent> {
    const requests = savedRequests(body)
    let request = requests.next().value
    for (let index = Math.max(0, from - body.firstSequence); index < body.count; index++) {
      const type = typeOf(body.point(index, this.record))
      if (type === undefined) continue
      const { sequence } = this.record
      while (request && request.lastSequence < sequence) request = requests.next().value
      this.type = type
      this.request = request && request.firstSequence <= sequence ? request : undefined
      this.#accounts = undefined
      this.#text = undefined
      this.#redacted.clear()
      yield this
    }
  }

  get sequence(): number {
    return this.record.sequence
  }

  get id(): string {
    return formatEventId(SHARD, this.record.sequence)
  }

  /** Addresses of the accounts that it is about: of a transfer the debit account first. */
  get accounts(): readonly string[] {
    this.#accounts ??= accountsOf(this.book, this.record)
    return this.#accounts
  }

  get assetText(): string {
    const { record, book } = this
    if (record.kind === Operation.attest) return ''
    if (record.kind === Operation.registerAsset) return Buffer.from(record.metadata).toString()
    if (record.asset !== 0) return book.assets.text(record.asset)
    return hasSlot(record) ? (book.accounts.bySlot(record.slot)?.assetText ?? '') : ''
  }

  get reference(): string | undefined {
    const { request } = this
    if (request === undefined) return undefined
    return referenceAt(readBody(request.envelope.body), this.sequence - request.firstSequence)
  }

  /** A CloudEvent, JSON. */
  get text(): string {
    this.#text ??= eventText(this)
    return this.#text
  }

  /** As whoever has these rights may see it; undefined: every right. */
  textFor(rights: Rights | undefined): string {
    if (!redacts(rights)) return this.text
    const text = this.#redacted.get(rights) ?? redactedEvent(this.text, rights)
    this.#redacted.set(rights, text)
    return text
  }
}

function accountsOf({ accounts }: Book, record: RecordCursor): readonly string[] {
  if (record.kind === Operation.attest) return []
  if (record.moved) {
    return [record.debitSlot, record.creditSlot].map((slot) => {
      const account = accounts.bySlot(slot)
      if (account === undefined) throw new Error(`the book names slot ${slot}, which is no account`)
      return account.address
    })
  }
  if (record.kind === Operation.createTransfer) {
    return [RefusedField.debitAccountId, RefusedField.creditAccountId]
      .map((field) => record.u128(field))
      .filter((id) => id !== 0n)
      .map((id) => accounts.addressOf(id))
  }
  if (record.kind === Operation.rule) return [firingOf(record).account]
  if (record.kind === Operation.createAccount && record.address !== '') return [record.address]
  if (hasSlot(record))
    return [accounts.bySlot(record.slot)?.address ?? accounts.addressOf(record.id)]
  return record.kind === Operation.registerAsset || record.id === 0n
    ? []
    : [accounts.addressOf(record.id)]
}

function hasSlot(record: RecordCursor): boolean {
  const { kind } = record
  if (kind === Operation.createTransfer || kind === Operation.registerAsset) return false
  if (kind === Operation.rule) return false
  return record.slot !== NO_SLOT
}
