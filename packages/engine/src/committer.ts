/**
 * Hands sealed groups to the journal's writer and tells when they are durable. Small groups are written and synced on this thread,
 * which is quicker as long as a sync is short; larger ones by the writer's thread, while the next group is filled.
 */
import type { Group as JournalGroup, JournalWriter } from '@tallystick/journal'

import type { BookBody } from './book-body.ts'
import type { Clock } from './clock.ts'
import {
  INLINE_BODY_BYTES_MAX,
  INLINE_REQUESTS_MAX,
  INLINE_RETRY_EVERY,
  INLINE_SYNC_MS_MAX,
} from './limits.ts'
import type { Work } from './work.ts'

const NS_PER_MS = 1_000_000

/** A group on its way to disk. */
export interface Sealed {
  /** In the group's own memory, until its copy takes its place. */
  body: BookBody
  readonly works: readonly Work[]
}

export class Committer {
  readonly #writer: JournalWriter
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #inline: boolean
  readonly #onDurable: (sealed: Sealed) => void
  readonly #onIdle: () => void
  #inFlight: Sealed[] = []
  /** Moving average of a write and sync on this thread, ms. */
  #inlineMs = 0
  #sinceSlow = 0
  groups = 0
  groupsInline = 0
  bytes = 0

  /**
   * @param onDurable told of each group, in order. @param onIdle told when the writer has nothing to do any more, but not by
   * `commit` itself.
   */
  constructor(options: {
    writer: JournalWriter
    clock: Pick<Clock, 'monotonic'>
    inline: boolean
    onDurable: (sealed: Sealed) => void
    onIdle: () => void
  }) {
    this.#writer = options.writer
    this.#clock = options.clock
    this.#inline = options.inline
    this.#onDurable = options.onDurable
    this.#onIdle = options.onIdle
  }

  get idle(): boolean {
    return this.#inFlight.length === 0
  }

  /**
   * Writes or hands over. @param keep copies what has to outlive the group; called before anybody is told, and while the writer's
   * thread is at work already: a copy of a large group takes a twentieth of its time. @throws JournalFailed.
   */
  commit(group: JournalGroup, sealed: Sealed, keep: () => void): void {
    this.groups++
    this.bytes += group.bodyBytes
    // Where several ask at a time, others do too: their requests are heard, and their group is filled, while the writer's thread syncs this one.
    const isSmall =
      group.bodyBytes <= INLINE_BODY_BYTES_MAX && sealed.works.length <= INLINE_REQUESTS_MAX
    const isInline = isSmall && this.#inline && this.#writer.idle && this.#inlineIsQuick()
    // From here on it is on its way: if writing fails, its outcome is unknown.
    this.#inFlight.push(sealed)
    if (!isInline) {
      this.#writer.submit(group)
      return keep()
    }
    this.#writeInline(group)
    keep()
    this.#inFlight.pop()
    this.#onDurable(sealed)
  }

  /** The journal's news: everything up to `durable` is on disk. */
  durable(durable: number): void {
    let done = 0
    while ((this.#inFlight[done]?.body.lastSequence ?? Number.POSITIVE_INFINITY) <= durable) done++
    const sealed = this.#inFlight.slice(0, done)
    this.#inFlight = this.#inFlight.slice(done)
    for (const one of sealed) this.#onDurable(one)
    if (done > 0 && this.idle) this.#onIdle()
  }

  /** What was on its way when the writer failed. */
  fail(): Sealed[] {
    const lost = this.#inFlight
    this.#inFlight = []
    return lost
  }

  #writeInline(group: JournalGroup): void {
    this.groupsInline++
    const from = this.#clock.monotonic()
    this.#writer.writeInline(group)
    const took = Number(this.#clock.monotonic() - from) / NS_PER_MS
    this.#inlineMs += (took - this.#inlineMs) / 8
  }

  /** While this thread waits for a sync it does nothing else: a slow disk is left to the writer's thread, and tried again at times. */
  #inlineIsQuick(): boolean {
    if (this.#inlineMs <= INLINE_SYNC_MS_MAX) return true
    if (++this.#sinceSlow < INLINE_RETRY_EVERY) return false
    this.#sinceSlow = 0
    this.#inlineMs = 0
    return true
  }
}
