/**
 * Reads a book out, group by group, in the order in which it was decided: what was asked as commands, what was decided as records.
 * The state is folded along, so it needs the memory that the ledger does. Nothing is changed, and a server may write meanwhile.
 */
import { type Disk, type Journal, openJournal, RealDisk } from '@tallystick/journal'
import {
  BodyField,
  type Command,
  Ledger,
  Memory,
  RecordCursor,
  RULES_VERSION,
  SALT_BYTES,
  unpackCommand,
} from '@tallystick/ledger'

import { Book } from '../book.ts'
import type { BookBody } from '../book-body.ts'
import { FrameMemory } from '../frame-memory.ts'
import { bookDirectory, NO_OLD_IDS } from '../recovery.ts'
import type { Envelope } from '../request.ts'
import { type SavedRequest, savedRequests } from '../saved-request.ts'
import { Asked } from '../verify/asked.ts'
import { hashOf } from '../verify/snapshot-check.ts'

export interface BookExportOptions {
  /** Of the data. */
  readonly directory: string
  readonly disk?: Disk
  readonly shard?: number
}

/** A part of the book: a group begins, one of its requests begins, or an event. Valid until the next is asked for. */
export type BookPart =
  | { readonly part: 'group'; readonly group: ExportedGroup }
  | { readonly part: 'request'; readonly request: ExportedRequest }
  | { readonly part: 'event'; readonly event: ExportedEvent }

export interface ExportedGroup {
  readonly firstSequence: number
  /** Of its first event, ns since 1970. */
  readonly timestamp: bigint
  /** 32 bytes. */
  readonly salt: Uint8Array
  readonly rulesVersion: number
  readonly requests: number
  readonly events: number
}

export interface ExportedRequest {
  readonly envelope: Envelope
  readonly keys: readonly { readonly low: bigint; readonly high: bigint }[]
  /** Its events follow. */
  readonly events: number
}

export interface ExportedEvent {
  readonly record: RecordCursor
  /** What was asked; undefined: a release, for which nobody asks. */
  readonly command: Command | undefined
}

export class BookExport {
  readonly #journal: Journal
  readonly #ledger: Ledger
  readonly #asked: Asked
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  /** @throws JournalCorrupt, JournalRefused, what the disk throws. */
  constructor({ directory, disk = new RealDisk(), shard = 0 }: BookExportOptions) {
    this.#journal = openJournal({
      ...{ disk, shard, directory: bookDirectory(directory), from: { sequence: 1 } },
    })
    const book = new Book(this.#journal.reader)
    this.#ledger = new Ledger({ recall: book, oldIds: NO_OLD_IDS })
    this.#asked = new Asked(this.#ledger.read)
  }

  /** 16 bytes. */
  get journalId(): Uint8Array {
    return this.#journal.id
  }

  /** Newest event that will be read. */
  get lastSequence(): number {
    return this.#journal.reader.lastSequence
  }

  /** Id of an account that was opened up to the newest event that was given. */
  accountId(slot: number): bigint {
    return this.#ledger.read.accountId(slot)
  }

  /** Once. @throws JournalCorrupt. */
  *parts(): Generator<BookPart> {
    const { reader } = this.#journal
    if (reader.lastSequence < reader.firstSequence) return
    const frames = new FrameMemory()
    for (const frame of reader.frames()) {
      if (frame.count > 0) yield* this.#group(frames.body(frame))
    }
  }

  /** Of the state after all parts: SHA-256, hex. */
  hashes(): { contentHash: string; stateHash: string; lastTimestamp: bigint } {
    const { read, lastTimestamp } = this.#ledger
    const [contentHash, stateHash] = [hashOf(read.contentBytes()), hashOf(read.stateBytes())]
    return { contentHash, stateHash, lastTimestamp }
  }

  close(): Promise<void> {
    return this.#journal.close()
  }

  *#group(body: BookBody): Generator<BookPart> {
    yield { part: 'group', group: groupOf(body) }
    let next = 0
    for (const request of savedRequests(body)) {
      const first = request.firstSequence - body.firstSequence
      yield* this.#releases(body, next, first)
      next = first + request.count
      yield* this.#request(request)
    }
    yield* this.#releases(body, next, body.count)
  }

  *#releases(body: BookBody, first: number, end: number): Generator<BookPart> {
    for (let index = first; index < end; index++) {
      const record = body.point(index, this.#cursor)
      this.#ledger.replay(record)
      yield { part: 'event', event: { record, command: undefined } }
    }
  }

  *#request(request: SavedRequest): Generator<BookPart> {
    const { envelope, keys, count } = request
    yield { part: 'request', request: { envelope, keys, events: count } }
    // What was asked is told by the state before the request; whom it concerned, by the state after it.
    const batch = this.#asked.batch(request, this.#cursor)
    this.#ledger.askedBy(envelope)
    for (let index = 0; index < count; index++) {
      this.#ledger.replay(request.record(index, this.#cursor))
    }
    for (let index = 0; index < keys.length; index++) {
      this.#ledger.foldKey(request.memory, request.keyAt(index))
    }
    for (let index = 0; index < count; index++) {
      const record = request.record(index, this.#cursor)
      yield { part: 'event', event: { record, command: unpackCommand(batch, index) } }
    }
  }
}

function groupOf({ memory, start, ...rest }: BookBody): ExportedGroup {
  const salt = start + BodyField.salt
  return {
    firstSequence: rest.firstSequence,
    timestamp: rest.firstTimestamp,
    salt: memory.u8.slice(salt, salt + SALT_BYTES),
    rulesVersion: memory.u16[(start + BodyField.rulesVersion) >>> 1] ?? RULES_VERSION,
    requests: memory.u32[(start + BodyField.requestCount) >>> 2] ?? 0,
    events: rest.count,
  }
}
