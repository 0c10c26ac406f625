/** The requests of one frame, without its records: what a batch of thousands caused is not read to learn who asked for it. */
import { BodyField, Memory, readU64 } from '@tallystick/ledger'

import type { Book } from './book.ts'
import type { BookBody } from './book-body.ts'
import { REQUESTS_KEPT_BYTES } from './limits.ts'
import { type RequestHead, savedRequests, WrittenRequest } from './saved-request.ts'

/** In order of sequence. Readable until control returns to the event loop. */
export class FrameRequests {
  readonly firstSequence: number
  readonly heads: readonly RequestHead[]
  /** Bytes that were read for it. */
  readonly bytes: number

  constructor(firstSequence: number, heads: readonly RequestHead[], bytes: number) {
    this.firstSequence = firstSequence
    this.heads = heads
    this.bytes = bytes
  }

  /** The request that has event `sequence`; undefined: a release. */
  ofEvent(sequence: number): RequestHead | undefined {
    let low = 0
    let high = this.heads.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.heads[middle]?.firstSequence ?? 0) <= sequence) low = middle + 1
      else high = middle
    }
    const head = this.heads[low - 1]
    return head !== undefined && sequence <= head.lastSequence ? head : undefined
  }
}

/** Finds them by event: in the group being filled, in the newest bodies, or in the journal. */
export class RequestFinder {
  readonly #book: Book
  /** Of frames that were read from the journal, the latest last. */
  readonly #kept = new Map<number, FrameRequests>()
  #keptBytes = 0
  /** Of one of the newest bodies. */
  #newest: { readonly body: BookBody; readonly requests: FrameRequests } | undefined
  readonly #head = Memory.allocate(BodyField.records)
  readonly #headBytes = Buffer.from(this.#head.u8.buffer)

  constructor(book: Book) {
    this.#book = book
  }

  /** The request that caused an event; undefined: a release, which nobody asked for. */
  ofEvent(sequence: number): RequestHead | undefined {
    const { open } = this.#book
    if (open !== undefined && sequence >= open.firstSequence) return open.headOf(sequence)
    return this.frame(sequence).ofEvent(sequence)
  }

  /** Those of the frame, or of the group being filled, that has event `sequence`. */
  frame(sequence: number): FrameRequests {
    const { open, recent } = this.#book
    if (open !== undefined && sequence >= open.firstSequence) {
      return new FrameRequests(open.firstSequence, open.heads(), 0)
    }
    const body = recent.find(sequence)
    if (body === undefined) return this.#read(sequence)
    // The memory of a body that was let go is used again: what was read of it counts as long as it is the same body.
    if (this.#newest?.body !== body) {
      const heads = [...savedRequests(body)]
      this.#newest = { body, requests: new FrameRequests(body.firstSequence, heads, 0) }
    }
    return this.#newest.requests
  }

  #read(sequence: number): FrameRequests {
    const { reader } = this.#book
    const frame = reader.frameAt(sequence)
    const { firstSequence, bodyBytes } = frame
    const kept = this.#kept.get(firstSequence)
    if (kept !== undefined) return kept
    reader.readBody(frame, 0, BodyField.records, this.#headBytes)
    const from = this.#head.u32[BodyField.requestsOffset >>> 2] ?? 0
    const to = this.#head.u32[BodyField.offsetsOffset >>> 2] ?? bodyBytes
    const memory = Memory.allocate(to - from)
    reader.readBody(frame, from, to - from, Buffer.from(memory.u8.buffer))
    const firstTimestamp = readU64(this.#head, BodyField.timestamp)
    const heads: WrittenRequest[] = []
    let at = 0
    for (let left = this.#head.u32[BodyField.requestCount >>> 2] ?? 0; left > 0; left--) {
      const head = new WrittenRequest({ memory, firstSequence, firstTimestamp }, at)
      heads.push(head)
      at += head.length
    }
    return this.#keep(new FrameRequests(firstSequence, heads, to - from))
  }

  #keep(read: FrameRequests): FrameRequests {
    this.#kept.set(read.firstSequence, read)
    this.#keptBytes += read.bytes
    for (const [sequence, oldest] of this.#kept) {
      if (this.#keptBytes <= REQUESTS_KEPT_BYTES || oldest === read) break
      this.#kept.delete(sequence)
      this.#keptBytes -= oldest.bytes
    }
    return read
  }
}
