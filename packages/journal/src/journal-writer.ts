/** The writer on the caller's side: group buffers, their order, and what is told when they are durable. */
import assert from 'node:assert/strict'

import type { Appender } from './appender.ts'
import { JournalFailed } from './errors.ts'
import type { Group } from './group.ts'
import type { JobRunner } from './job-runner.ts'
import { describe } from './jobs.ts'
import { bodyBytesMax, FRAME_HEADER_BYTES, frameBytes } from './limits.ts'
import type { FrameLocation } from './reader.ts'
import { RESERVE_JOB } from './job-counters.ts'
import type { SharedTail } from './shared-tail.ts'
import type { JournalWriter } from './writer.ts'

export interface WriterParts {
  readonly tail: SharedTail
  readonly appender: Appender
  /** The caller's groups, and last a small one for marks. */
  readonly groups: readonly Group[]
  readonly groupBytes: number
  readonly runner: (wake: () => void) => JobRunner
  /** Told of every frame in order, as soon as it is durable. */
  readonly onFrame: (frame: FrameLocation) => void
  readonly onDurable: (durable: number) => void
  readonly onFree: () => void
  readonly onFailed: (error: Error) => void
  /** Called when nothing will be written any more; closes what `tail` has open. */
  readonly onClosed: () => void
}

export class Writer implements JournalWriter {
  readonly bodyBytesMax: number
  readonly #parts: WriterParts
  readonly #tail: SharedTail
  readonly #appender: Appender
  readonly #runner: JobRunner
  readonly #free: Group[]
  readonly #taken = new Set<Group>()
  readonly #markGroup: Group
  /** Jobs whose frames were told to the reader, and jobs whose groups are free again; they wrap as the shared counters do. */
  #noted = 0
  #freed = 0
  #inFlightBytes = 0
  #durable: number
  #told: number
  #nextSequence: number
  #state: 'open' | 'failed' | 'closed' = 'open'
  #failure: Error | undefined
  #closing = false
  #waiting = false

  constructor(parts: WriterParts) {
    this.#parts = parts
    this.#tail = parts.tail
    this.#appender = parts.appender
    const mark = parts.groups.at(-1)
    assert(mark !== undefined)
    this.#markGroup = mark
    this.#free = parts.groups.slice(0, -1)
    this.bodyBytesMax = bodyBytesMax(parts.groupBytes)
    this.#durable = parts.tail.durable
    this.#told = this.#durable
    this.#nextSequence = this.#durable + 1
    this.#runner = parts.runner(() => this.#wake())
  }

  get state(): 'open' | 'failed' | 'closed' {
    return this.#state
  }

  get failure(): Error | undefined {
    return this.#failure
  }

  get idle(): boolean {
    return this.#state === 'open' && this.#tail.released === this.#tail.submitted
  }

  get nextSequence(): number {
    return this.#nextSequence
  }

  take(): Group | undefined {
    this.#collect()
    this.#assertOpen()
    const group = this.#free.pop() ?? this.#wait()
    if (group === undefined) return undefined
    group.reset()
    this.#taken.add(group)
    return group
  }

  giveBack(group: Group): void {
    assert(this.#taken.delete(group), 'the group is not taken')
    this.#free.push(group)
  }

  hasRoom(bodyBytes: number): boolean {
    if (this.#state !== 'open') return false
    if (this.#fits(bodyBytes)) return true
    this.#collect()
    if (!this.#fits(bodyBytes) && this.idle) this.#runner.start(RESERVE_JOB)
    return this.#fits(bodyBytes)
  }

  writeInline(group: Group): number {
    this.#collect()
    this.#assertOpen()
    assert(this.idle, 'another group is being written')
    this.#accept(group)
    assert(this.#taken.delete(group), 'the group is not taken')
    const allTold = this.#told === this.#durable
    this.#append(group)
    this.#free.push(group)
    // Submitted groups that were not told yet still have their `onDurable` coming.
    if (allTold) this.#told = this.#durable
    return this.#durable
  }

  submit(group: Group): void {
    this.#assertOpen()
    this.#accept(group)
    assert(this.#taken.delete(group), 'the group is not taken')
    this.#inFlightBytes += frameBytes(group.bodyBytes)
    this.#runner.start(group.index)
  }

  poll(): number {
    this.#collect()
    this.#told = this.#durable
    return this.#durable
  }

  drain(): number {
    while (this.#state === 'open' && !this.idle) {
      this.#runner.wait()
      this.#collect()
    }
    this.#assertOpen()
    return this.poll()
  }

  mark(): void {
    this.#collect()
    this.#assertOpen()
    assert(this.idle, 'another group is being written')
    if (this.#tail.toldDurable >= this.#durable || !this.#fits(0)) return
    this.#markGroup.firstSequence = this.#nextSequence
    this.#accept(this.#markGroup)
    this.#append(this.#markGroup)
  }

  async close(): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    try {
      if (this.#state === 'open') this.#finish()
    } finally {
      await this.#runner.close()
      if (this.#state === 'open') this.#state = 'closed'
      this.#parts.onClosed()
    }
  }

  #finish(): void {
    this.drain()
    this.mark()
    this.drain()
  }

  /** Asks to be woken by the next release; looks once more, since it may have been a moment ago. */
  #wait(): Group | undefined {
    this.#tail.want()
    this.#collect()
    const group = this.#free.pop()
    this.#waiting = group === undefined
    return group
  }

  /**
   * Takes note of finished groups without telling their durability: only what the caller asked for counts as told, or it would
   * wait for ever for an `onDurable` that a mere `take` had made superfluous.
   */
  #collect(): void {
    // In this order: what is released by now is published by now, so no group is free before its frame is noted.
    const { released } = this.#tail
    const { published } = this.#tail
    while (this.#noted !== published) {
      const job = this.#tail.job(this.#noted)
      if (job !== RESERVE_JOB) this.#note(job)
      this.#noted = (this.#noted + 1) | 0
    }
    while (this.#freed !== released) {
      this.#setFree(this.#tail.job(this.#freed))
      this.#freed = (this.#freed + 1) | 0
    }
    if (this.#state === 'open' && this.#tail.failure !== undefined) this.#fail()
  }

  #assertOpen(): void {
    if (this.#failure !== undefined) throw this.#failure
    assert(this.#state === 'open', 'the journal is closed')
  }

  #fits(bodyBytes: number): boolean {
    return this.#inFlightBytes + frameBytes(bodyBytes) <= this.#tail.room
  }

  /** Checks a group and takes its sequences. */
  #accept(group: Group): void {
    const { firstSequence, count, bodyBytes } = group
    assert(firstSequence === this.#nextSequence, 'the group does not begin with the next sequence')
    assert(Number.isInteger(count) && count >= 0 && count < 2 ** 32)
    assert(bodyBytes <= group.bodyBytesMax)
    this.#tail.setGroup(group.index, firstSequence, count, bodyBytes)
    this.#nextSequence += count
  }

  #append(group: Group): void {
    try {
      this.#appender.append(group.index)
    } catch (error) {
      this.#tail.fail(describe(error))
      this.#fail(error)
      throw this.#failure
    }
    this.#note(group.index)
    this.#appender.settleRoom()
    if (this.#appender.wantsPreparation) this.#runner.start(RESERVE_JOB)
  }

  /** A group is durable: tells the reader where its frame lies. */
  #note(index: number): void {
    const tail = this.#tail
    const offset = tail.placeOffset(index)
    const count = tail.groupCount(index)
    const firstSequence = tail.groupFirstSequence(index)
    this.#parts.onFrame({
      segment: tail.placeSegment(index),
      offset,
      firstSequence,
      count,
      bodyOffset: offset + FRAME_HEADER_BYTES,
      bodyBytes: tail.groupBodyBytes(index),
    })
    this.#durable = firstSequence + count - 1
  }

  #setFree(job: number): void {
    const group = this.#parts.groups[job]
    if (group === undefined) return
    this.#inFlightBytes -= frameBytes(group.bodyBytes)
    this.#free.push(group)
  }

  #wake(): void {
    const before = this.#told
    if (this.poll() > before) this.#parts.onDurable(this.#durable)
    if (!this.#waiting || this.#free.length === 0) return
    this.#waiting = false
    this.#parts.onFree()
  }

  #fail(cause?: unknown): void {
    const reason = `the journal cannot be written: ${this.#tail.failure ?? 'unknown'}`
    this.#failure = new JournalFailed(reason, { cause })
    this.#state = 'failed'
    this.#parts.onFailed(this.#failure)
  }
}
