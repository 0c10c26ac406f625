/** Reads the book's frames and gathers what the sealed runs keep of them: ids, touches, look-up keys. */
import type { Frame } from '@tallystick/journal'
import {
  align8,
  BodyField,
  burnsId,
  Memory,
  MovedForm,
  movedSection,
  Operation,
  RecordField,
  type TransferStatus,
} from '@tallystick/ledger'

import { EntryKind, Rows } from './rows.ts'
import { Family } from './run-format.ts'

/** The part of the journal's reader that sealing needs. */
export interface Book {
  frames(from?: number, to?: number): IterableIterator<Frame>
}

/** Byte offsets in a saved request: docs/decisions/0001-the-book.md. */
const RequestField = { length: 0, firstIndex: 8, keyCount: 82, keys: 88 } as const

export type Gathered = Record<Family, Rows>

/** Everything that the events from … through say, in their order. @throws JournalCorrupt */
export function gather(book: Book, from: number, through: number): Gathered {
  const rows: Gathered = {
    [Family.ids]: new Rows(through - from + 1),
    [Family.touches]: new Rows(),
    [Family.requests]: new Rows(),
  }
  const gatherer = new Gatherer(rows, from, through)
  for (const frame of book.frames(from, through)) {
    if (frame.count > 0) gatherer.frame(alignedMemory(frame.body), frame.firstSequence)
  }
  return rows
}

/** The body as memory, copied only when it does not lie at a multiple of 8. */
function alignedMemory(body: Buffer): Memory {
  const length = body.length & ~7
  if (body.byteOffset % 8 === 0) return new Memory(body.buffer, body.byteOffset, length)
  const copy = Memory.allocate(body.length)
  copy.u8.set(body)
  return copy
}

class Gatherer {
  readonly #rows: Gathered
  readonly #from: number
  readonly #through: number
  readonly #touched = new Uint32Array(4)

  constructor(rows: Gathered, from: number, through: number) {
    this.#rows = rows
    this.#from = from
    this.#through = through
  }

  frame(memory: Memory, firstSequence: number): void {
    const records = memory.u32[BodyField.recordCount >>> 2] ?? 0
    const offsets = (memory.u32[BodyField.offsetsOffset >>> 2] ?? 0) >>> 2
    const first = Math.max(0, this.#from - firstSequence)
    const end = Math.min(records, this.#through - firstSequence + 1)
    for (let i = first; i < end; i++) {
      this.#record(memory, memory.u32[offsets + i] ?? 0, firstSequence + i)
    }
    this.#requests(memory, firstSequence)
  }

  #record(memory: Memory, at: number, sequence: number): void {
    const kind = memory.u8[at] ?? 0
    if (kind !== Operation.createTransfer && kind !== Operation.releaseHold) return
    const status = (memory.u8[at + RecordField.status] ?? 0) as TransferStatus
    const id = (at + RecordField.id) >>> 2
    if (status !== 0) {
      if (burnsId(status)) this.#rows[Family.ids].add(memory.u32, id, EntryKind.burnt, sequence)
      return
    }
    // A release carries the id of its hold, which has an entry of its own.
    if (kind === Operation.createTransfer) {
      this.#rows[Family.ids].add(memory.u32, id, EntryKind.transfer, sequence)
    }
    const form = memory.u16[(at + RecordField.form) >>> 1] ?? 0
    if ((form & MovedForm.pending) === 0) return
    const touched = (at + movedSection(form, MovedForm.pending) + 16) >>> 2
    this.#touched[0] = memory.u32[touched] ?? 0
    this.#touched[1] = memory.u32[touched + 1] ?? 0
    this.#rows[Family.touches].add(this.#touched, 0, EntryKind.touch, sequence)
  }

  #requests(memory: Memory, firstSequence: number): void {
    const count = memory.u32[BodyField.requestCount >>> 2] ?? 0
    let at = memory.u32[BodyField.requestsOffset >>> 2] ?? 0
    for (let i = 0; i < count; i++) {
      const index = memory.u32[(at + RequestField.firstIndex) >>> 2] ?? 0
      const sequence = firstSequence + index
      const keys = memory.u16[(at + RequestField.keyCount) >>> 1] ?? 0
      for (let key = 0; key < keys && sequence >= this.#from && sequence <= this.#through; key++) {
        const word = (at + RequestField.keys + key * 16) >>> 2
        this.#rows[Family.requests].add(memory.u32, word, EntryKind.request, sequence)
      }
      at += align8(memory.u32[at >>> 2] ?? 0)
    }
  }
}

/** The touched sequence as a key: its words at the beginning of `words`. */
export function sequenceKey(sequence: number, words: Uint32Array): void {
  words[0] = sequence >>> 0
  words[1] = Math.floor(sequence / 0x1_0000_0000)
  words[2] = 0
  words[3] = 0
}
