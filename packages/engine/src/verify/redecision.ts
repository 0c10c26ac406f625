/** Decides every group of the book again, with a ledger of its own, and compares the records byte by byte. */
import type { JournalReader } from '@tallystick/journal'
import { BodyField, Ledger, Memory, RecordCursor } from '@tallystick/ledger'

import { Book } from '../book.ts'
import type { BookBody } from '../book-body.ts'
import { GROUP_BYTES, GROUP_EVENTS_MAX } from '../limits.ts'
import { BODY_START } from '../open-group.ts'
import { NO_OLD_IDS } from '../recovery.ts'
import { type SavedRequest, savedRequests } from '../saved-request.ts'
import { Asked } from './asked.ts'
import type { Problems } from './report.ts'

export class Redecision {
  readonly ledger: Ledger
  /** Another decision than the recorded one was found: from there on nothing can be compared any more. */
  diverged = false
  readonly #problems: Problems
  readonly #book: Book
  readonly #asked: Asked
  readonly #memory = Memory.allocate(GROUP_BYTES)
  readonly #offsets = new Uint32Array(GROUP_EVENTS_MAX)
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  constructor(reader: JournalReader, problems: Problems) {
    this.#problems = problems
    this.#book = new Book(reader)
    this.ledger = new Ledger({ recall: this.#book, oldIds: NO_OLD_IDS })
    this.#asked = new Asked(this.ledger.read)
  }

  /** The next frame. @param length of the body, bytes. */
  body(body: BookBody, length: number): void {
    if (this.diverged) return
    const { ledger } = this
    const group = ledger.open({
      ...{ memory: this.#memory, start: BODY_START, offsets: this.#offsets },
      proposed: body.firstTimestamp,
    })
    for (const request of savedRequests(body)) this.#decide(request)
    ledger.seal()
    const end = group.position - BODY_START
    const records = body.requestsAt - body.start
    const same =
      group.count === body.count &&
      end === records &&
      Buffer.compare(
        this.#bytes(this.#memory, BODY_START, end),
        this.#bytes(body.memory, body.start, end),
      ) === 0
    if (!same) this.#tell(body, group)
    this.#book.recent.add(body.memory, body.start, length, body.firstSequence)
  }

  #decide(request: SavedRequest): void {
    const { ledger } = this
    const batch = this.#asked.batch(request, this.#cursor)
    this.#book.beginResolve()
    ledger.askedBy(request.envelope)
    ledger.resolve(batch)
    ledger.apply(batch)
    this.#book.endResolve()
    for (let index = 0; index < request.keyCount; index++) {
      ledger.foldKey(request.memory, request.keyAt(index))
    }
  }

  #bytes(memory: Memory, start: number, length: number): Uint8Array {
    return memory.u8.subarray(start + BodyField.records, start + length)
  }

  /** Names the first event that was decided otherwise. */
  #tell(body: BookBody, group: { count: number; recordAt(index: number): number }): void {
    this.diverged = true
    const again = new RecordCursor(this.#memory)
    for (let index = 0; index < Math.min(body.count, group.count); index++) {
      const recorded = body.point(index, this.#cursor)
      again.offset = group.recordAt(index)
      if (sameRecord(recorded, again)) continue
      const text = `recorded as kind ${recorded.kind} status ${recorded.status}, decided again as kind ${again.kind} status ${again.status}`
      return this.#problems.add('decision', recorded.sequence, text)
    }
    const text = `${body.count} events are recorded, ${group.count} were decided again`
    this.#problems.add('decision', body.firstSequence, text)
  }
}

function sameRecord(a: RecordCursor, b: RecordCursor): boolean {
  if (a.length !== b.length) return false
  const left = a.memory.u8.subarray(a.offset, a.offset + a.length)
  return Buffer.compare(left, b.memory.u8.subarray(b.offset, b.offset + b.length)) === 0
}
