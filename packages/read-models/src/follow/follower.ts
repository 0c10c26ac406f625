/** Follows the book into the tables: reads the next stretch while the one before is being written. */
import { setImmediate as turn } from 'node:timers/promises'

import { BookFollower } from '@tallystick/engine'
import type { Client } from '@tallystick/postgres'

import { BATCH_EVENTS } from '../limits.ts'
import { Batch } from './batch.ts'
import { BookReader } from './book-reader.ts'
import { clear, finish, type Position, readPosition, readRemembered } from './position.ts'
import { writeBatch } from './write-batch.ts'

export interface FollowerOptions {
  readonly client: Client
  /** Of the journal's segments. */
  readonly bookDirectory: string
  readonly journalId: Uint8Array
  /** Events that are durable. */
  readonly through: number
  readonly onPosition: (position: Position) => void
}

export class Follower {
  readonly #options: FollowerOptions
  readonly #book: BookFollower
  readonly #reader: BookReader
  #position: Position

  private constructor(options: FollowerOptions, book: BookFollower, begun: Begun) {
    this.#options = options
    this.#book = book
    this.#position = begun.position
    this.#reader = begun.reader
    options.onPosition(begun.position)
  }

  /** Goes on where the tables end; what is of another history, or ahead of the book, is made again. */
  static async open(options: FollowerOptions): Promise<Follower> {
    const { client, bookDirectory: directory, journalId, through } = options
    const found = await readPosition(client)
    // From the event before on: the frame that has it tells whether it is the same book.
    const book = new BookFollower({ directory, journalId, after: Math.max(0, found.sequence - 1) })
    if (found.sequence <= through && isOfBook(book, found)) {
      if (found.sequence === 0) await clear(client, through)
      const position = await readPosition(client)
      const reader = new BookReader(await readRemembered(client))
      return new Follower(options, book, { position, reader })
    }
    book.close()
    await clear(client, through)
    return Follower.open(options)
  }

  /** Brings the tables to `through`, which is durable. Returns when they are there. @throws when PostgreSQL or the journal does. */
  async follow(through: number, signal: AbortSignal): Promise<void> {
    let writing = this.#finishWhole(signal)
    writing.catch(() => undefined)
    try {
      while (this.#read < through && !signal.aborted) {
        const batch = await this.#readBatch(through)
        await writing
        writing = this.#write(batch, signal)
        // Whoever waits for it comes later; meanwhile it is not unhandled.
        writing.catch(() => undefined)
      }
    } finally {
      await writing
    }
  }

  close(): void {
    this.#book.close()
  }

  #read = 0

  async #readBatch(through: number): Promise<Batch> {
    const batch = new Batch()
    this.#read = Math.max(this.#read, this.#position.sequence)
    for (const body of this.#book.bodies(through)) {
      for (const _ of this.#reader.read(body, batch)) await turn()
      this.#read = body.lastSequence
      if (batch.events >= BATCH_EVENTS) break
    }
    return batch
  }

  async #write(batch: Batch, signal: AbortSignal): Promise<void> {
    if (batch.events === 0) return
    await writeBatch(this.#options.client, batch)
    const { lastSequence: sequence, lastTimestamp: timestamp } = batch
    this.#moved({ ...this.#position, sequence, timestamp })
    await this.#finishWhole(signal)
  }

  /** Tables that were made from zero and have all events now, or had them when the thread before this one ended. */
  async #finishWhole(signal: AbortSignal): Promise<void> {
    const { sequence, rebuildingUntil } = this.#position
    if (rebuildingUntil === 0 || sequence < rebuildingUntil) return
    await finish(this.#options.client, signal)
    this.#moved({ ...this.#position, rebuildingUntil: 0 })
  }

  #moved(position: Position): void {
    this.#position = position
    this.#options.onPosition(position)
  }
}

interface Begun {
  readonly position: Position
  readonly reader: BookReader
}

/** Whether the book has that event at that time. Afterwards the book goes on behind it. */
function isOfBook(book: BookFollower, { sequence, timestamp }: Position): boolean {
  if (sequence === 0) return true
  for (const body of book.bodies(sequence)) {
    const found = body.firstTimestamp + BigInt(sequence - body.firstSequence)
    return found === timestamp && body.lastSequence === sequence
  }
  return false
}
