/**
 * Lists of saved requests, newest first. A transfer leads to its request by its id; an account by its chain of entries, its
 * opening and its changes; a time by the frames; who asked from where is looked for frame by frame, a bounded stretch at a time.
 */
import { type Ledger, Memory, NO_SLOT, Operation, RecordCursor } from '@tallystick/ledger'

import type { Book } from '../book.ts'
import type { RequestList, RequestsFilter } from '../filters.ts'
import { isAccountChange } from '../followers.ts'
import type { RequestFinder } from '../frame-requests.ts'
import { Chain } from '../history/chain.ts'
import type { Indexes } from '../indexes.ts'
import { LedgerHistory } from '../ledger-history.ts'
import { REQUESTS_LOOKED_AT_MAX, REQUESTS_READ_BYTES_MAX } from '../limits.ts'
import type { RequestHead } from '../saved-request.ts'

export interface RequestListParts {
  readonly ledger: Ledger
  readonly book: Book
  readonly indexes: Indexes
  readonly finder: RequestFinder
}

/** @param transfer sequence of the transfer asked for; 0 = there is none; undefined: none was asked for. */
export function listRequests(
  parts: RequestListParts,
  filter: RequestsFilter,
  transfer: number | undefined,
): RequestList {
  const { ledger, book } = parts
  const { from, to, after = Number.POSITIVE_INFINITY } = filter
  const last = to === undefined ? ledger.lastSequence : to === 0n ? 0 : book.sequenceAt(to - 1n)
  const first = from === undefined || from === 0n ? 0 : book.sequenceAt(from - 1n)
  const page = new Page(parts, filter, {
    first: Math.max(first + 1, book.reader.firstSequence),
    last: Math.min(last, after - 1),
  })
  if (transfer !== undefined) return page.ofTransfer(transfer)
  return filter.account === undefined ? page.ofFrames() : page.ofAccount(filter.account)
}

/** Requests whose first event lies in a range of sequences. */
class Page {
  readonly #parts: RequestListParts
  readonly #filter: RequestsFilter
  readonly #first: number
  readonly #last: number
  readonly #requests: RequestHead[] = []
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  /** Of the oldest request that was looked at. */
  #reached: number
  #looked = 0
  #bytes = 0

  constructor(
    parts: RequestListParts,
    filter: RequestsFilter,
    range: { readonly first: number; readonly last: number },
  ) {
    this.#parts = parts
    this.#filter = filter
    this.#first = range.first
    this.#last = range.last
    this.#reached = range.last + 1
  }

  ofTransfer(sequence: number): RequestList {
    const head = sequence === 0 ? undefined : this.#parts.finder.ofEvent(sequence)
    if (head === undefined || head.firstSequence > this.#last) return this.#complete()
    if (head.firstSequence < this.#first || !this.#touches(head)) return this.#complete()
    this.#add(head)
    return this.#complete()
  }

  ofAccount(account: bigint): RequestList {
    const { ledger, finder } = this.#parts
    const slot = ledger.read.findAccount(account)
    if (slot < 0 || this.#last < this.#first) return this.#complete()
    const events = new AccountEvents(this.#parts, slot)
    // The newest request of the range may have touched the account by an event behind the range.
    let most = finder.ofEvent(this.#last)?.lastSequence ?? this.#last
    for (;;) {
      const sequence = events.newestUpTo(most)
      if (sequence < this.#first) return this.#complete()
      const head = finder.ofEvent(sequence)
      this.#looked++
      most = (head?.firstSequence ?? sequence) - 1
      this.#reached = most + 1
      if (head !== undefined && head.firstSequence < this.#first) return this.#complete()
      if (head !== undefined && this.#add(head)) return this.#unfinished()
      if (this.#looked >= REQUESTS_LOOKED_AT_MAX) return this.#unfinished()
    }
  }

  ofFrames(): RequestList {
    let sequence = this.#last
    while (sequence >= this.#first) {
      const frame = this.#parts.finder.frame(sequence)
      this.#bytes += frame.bytes
      this.#looked++
      if (this.#takeFrom(frame.heads)) return this.#unfinished()
      this.#reached = Math.max(this.#first, frame.firstSequence)
      sequence = frame.firstSequence - 1
      const isEnough =
        this.#looked >= REQUESTS_LOOKED_AT_MAX || this.#bytes >= REQUESTS_READ_BYTES_MAX
      if (isEnough && sequence >= this.#first) return this.#unfinished()
    }
    return this.#complete()
  }

  /** @returns whether the page is full. */
  #takeFrom(heads: readonly RequestHead[]): boolean {
    for (let index = heads.length - 1; index >= 0; index--) {
      const head = heads[index]
      if (head === undefined || head.firstSequence > this.#last) continue
      if (head.firstSequence < this.#first) break
      this.#looked++
      this.#reached = head.firstSequence
      if (this.#add(head)) return true
    }
    return false
  }

  /** @returns whether the page is full. */
  #add(head: RequestHead): boolean {
    const { source, principal, keyId, limit } = this.#filter
    if (source !== undefined && head.source !== source) return false
    if (principal !== undefined && head.principal !== principal) return false
    if (keyId !== undefined && head.keyId !== keyId) return false
    this.#requests.push(head)
    return this.#requests.length >= limit
  }

  /** Whether the request changed the account that is asked for. */
  #touches({ firstSequence, lastSequence }: RequestHead): boolean {
    const { account } = this.#filter
    if (account === undefined) return true
    const slot = this.#parts.ledger.read.findAccount(account)
    if (slot < 0) return false
    for (let sequence = firstSequence; sequence <= lastSequence; sequence++) {
      if (changesAccount(this.#parts.book.record(sequence, this.#cursor), slot)) return true
    }
    return false
  }

  #complete(): RequestList {
    return { requests: this.#requests, next: undefined }
  }

  #unfinished(): RequestList {
    const next = this.#reached > this.#first ? this.#reached : undefined
    return { requests: this.#requests, next }
  }
}

/** Whether an event opened, changed, debited or credited the account of a slot. */
function changesAccount(record: RecordCursor, slot: number): boolean {
  if (record.status !== 0) return false
  if (record.moved) return record.debitSlot === slot || record.creditSlot === slot
  if (record.kind !== Operation.createAccount && !isAccountChange(record)) return false
  return record.slot === slot && slot !== NO_SLOT
}

/** Everything that happened to one account, backwards. */
class AccountEvents {
  readonly #chain: Chain
  readonly #opened: number
  readonly #changes: Iterator<number>
  #entry: number
  #change: number

  constructor({ ledger, book, indexes }: RequestListParts, slot: number) {
    this.#chain = new Chain(new LedgerHistory(ledger, book), slot)
    this.#opened = ledger.read.account(slot).createdSequence
    this.#changes = indexes.changesOf(slot)
    this.#entry = this.#chain.account.newestSequence
    this.#change = this.#nextChange()
  }

  /** Sequence of the newest event of the account at or before `most`, which never grows; 0 = none. */
  newestUpTo(most: number): number {
    while (this.#change > most) this.#change = this.#nextChange()
    while (this.#entry > most) {
      this.#chain.load(this.#entry)
      const { jump, previous } = this.#chain
      this.#entry = jump > most ? jump : previous
    }
    return Math.max(this.#opened <= most ? this.#opened : 0, this.#change, this.#entry)
  }

  #nextChange(): number {
    const next = this.#changes.next()
    return next.done === true ? 0 : next.value
  }
}
