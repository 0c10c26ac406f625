/**
 * Writes a new book from what an old one was asked: decides every request again, in the same groups and at the same times, so that the
 * records, and with them balances, sequences and burnt ids, come out the same. It is for the caller to compare them.
 */
import { randomFillSync } from 'node:crypto'

import {
  type Disk,
  type Group as JournalGroup,
  type Journal,
  type JournalWriter,
  openJournal,
} from '@tallystick/journal'
import {
  type Command,
  Ledger,
  Memory,
  packBatch,
  RecordCursor,
  RULES_VERSION,
} from '@tallystick/ledger'

import { Book } from '../book.ts'
import { EngineError } from '../errors.ts'
import { GROUP_BYTES, GROUP_EVENTS_MAX, GROUPS } from '../limits.ts'
import { BODY_START, type Buffers, buffersOf, OpenGroup } from '../open-group.ts'
import { bookDirectory, NO_OLD_IDS } from '../recovery.ts'
import type { Envelope, LedgerRequest } from '../request.ts'
import { requestBound } from '../request-bound.ts'
import { hashOf } from '../verify/snapshot-check.ts'
import { Work } from '../work.ts'

export interface BookImportOptions {
  readonly disk: Disk
  /** Of the data: the book is made in it. */
  readonly directory: string
  readonly shard: number
}

export interface ImportedRequest {
  readonly envelope: Envelope
  readonly keys: readonly { readonly low: bigint; readonly high: bigint }[]
  readonly commands: readonly Command[]
}

export class BookImport {
  readonly #shard: number
  readonly #journal: Journal
  readonly #writer: JournalWriter
  readonly #book: Book
  readonly #ledger: Ledger
  readonly #offsets = new Uint32Array(GROUP_EVENTS_MAX)
  readonly #buffers = new Map<JournalGroup, Buffers>()
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  readonly #key = Memory.allocate(16)
  #group: OpenGroup | undefined

  constructor({ disk, directory, shard }: BookImportOptions) {
    this.#shard = shard
    this.#journal = openJournal({
      ...{ disk, shard, directory: bookDirectory(directory) },
      random: (into) => void randomFillSync(into),
      ...{ groupBytes: GROUP_BYTES, groups: GROUPS },
    })
    this.#writer = this.#journal.startWriter({ thread: false })
    this.#book = new Book(this.#journal.reader)
    this.#ledger = new Ledger({ recall: this.#book, oldIds: NO_OLD_IDS })
  }

  get lastSequence(): number {
    return this.#ledger.lastSequence
  }

  accountId(slot: number): bigint {
    return this.#ledger.read.accountId(slot)
  }

  /**
   * Begins a group. @param timestamp of its first event, ns. @returns the events that are in it already: holds that fall due.
   * @throws EngineError `invalid` when that time has passed, or the rules are unknown.
   */
  begin(timestamp: bigint, rulesVersion: number): number {
    if (rulesVersion !== RULES_VERSION) {
      throw invalid(`rules version ${rulesVersion}; this program knows ${RULES_VERSION} only`)
    }
    const journal = this.#writer.take()
    if (journal === undefined) throw invalid('the group before is not complete')
    const buffers = this.#buffers.get(journal) ?? buffersOf(journal)
    this.#buffers.set(journal, buffers)
    const target = { memory: buffers.memory, start: BODY_START, offsets: this.#offsets }
    const records = this.#ledger.open({ ...target, proposed: timestamp })
    this.#group = new OpenGroup(journal, buffers, records)
    this.#book.open = this.#group
    if (records.firstTimestamp !== timestamp) {
      throw invalid(`it begins at ${timestamp}, and the group before ends after that`)
    }
    return records.count
  }

  /** Decides a request. @returns the index in the group of its first event. @throws EngineError, MalformedCommand. */
  decide({ envelope, keys, commands }: ImportedRequest): number {
    const group = this.#open
    const request: LedgerRequest = {
      ...envelope,
      keys: keys.map((key) => ({ ...key, unique: false })),
      ...{ batch: packBatch(commands), lane: 'bulk' },
    }
    const bound = requestBound(request)
    const hasPlace = group.count + commands.length <= GROUP_EVENTS_MAX
    if (!hasPlace || group.bytesWith(bound) > group.journal.bodyBytesMax) {
      throw invalid('the group is longer than one can be')
    }
    this.#book.beginResolve()
    this.#ledger.askedBy(envelope)
    this.#ledger.resolve(request.batch)
    const { first } = this.#ledger.apply(request.batch)
    this.#book.endResolve()
    for (const { low, high } of keys) {
      this.#key.u64[0] = low
      this.#key.u64[1] = high
      this.#ledger.foldKey(this.#key, 0)
    }
    group.add(new Work(request, bound, () => {}), first)
    return first
  }

  /** The record of event `index` of the group. Valid until the next. */
  record(index: number): RecordCursor {
    const group = this.#open
    const timestamp = group.firstTimestamp + BigInt(index)
    const sequence = group.firstSequence + index
    return this.#cursor.at(group.memory, group.recordAt(index), sequence, timestamp)
  }

  /** Writes the group. @throws EngineError `storage_full`, JournalFailed. */
  end(salt: Uint8Array): void {
    const group = this.#open
    if (group.count === 0) throw invalid('a group has at least one event')
    const length = group.seal(this.#shard, salt)
    if (!this.#writer.hasRoom(length)) throw new EngineError('storage_full', 'the disk is full')
    this.#ledger.seal()
    this.#book.open = undefined
    this.#group = undefined
    this.#book.recent.add(group.memory, BODY_START, length, group.firstSequence)
    this.#writer.writeInline(group.journal)
  }

  /** Of the state now: SHA-256, hex. */
  hashes(): { contentHash: string; stateHash: string } {
    const { read } = this.#ledger
    return { contentHash: hashOf(read.contentBytes()), stateHash: hashOf(read.stateBytes()) }
  }

  close(): Promise<void> {
    return this.#journal.close()
  }

  get #open(): OpenGroup {
    if (this.#group === undefined) throw invalid('no group was begun')
    return this.#group
  }
}

function invalid(message: string): EngineError {
  return new EngineError('invalid', message)
}
