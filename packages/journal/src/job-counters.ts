/**
 * Jobs between two threads: which are under way, and who sleeps until when. All of it is a few words of shared memory.
 *
 * Jobs are numbered from 0, and the counters wrap at 32 bits. The caller's thread adds jobs (`submitted`); the worker, or the
 * caller itself, does them in order and counts them twice: `published` when the job's group is durable, `released` when the
 * worker has also reserved space for those to come and lets go of tail and group.
 *
 * Nobody sleeps through anything: whoever waits first reads a counter that every call increments, then looks, then waits for
 * that counter to change.
 */
import assert from 'node:assert/strict'

/** A job is the index of a group to write, or this: only reserve space. */
export const RESERVE_JOB = -1

/** More jobs than this are never under way. */
export const JOBS_MAX = 16

const SUBMITTED = 0
const PUBLISHED = 1
const RELEASED = 2
const STOPPED = 3
const FAILED = 4
const WAKES = 5
const WANTED = 6
const BELL = 7
const COUNTERS = 8

const WORDS_BYTES = 4 * (COUNTERS + JOBS_MAX)
const TEXT_BYTES = 1_024

export const JOB_COUNTERS_BYTES = WORDS_BYTES + TEXT_BYTES

export class JobCounters {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #text: Buffer

  /** Takes the first `JOB_COUNTERS_BYTES` of the memory. */
  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#words = new Int32Array(memory, 0, COUNTERS + JOBS_MAX)
    this.#text = Buffer.from(memory, WORDS_BYTES, TEXT_BYTES)
  }

  get submitted(): number {
    return Atomics.load(this.#words, SUBMITTED)
  }

  get published(): number {
    return Atomics.load(this.#words, PUBLISHED)
  }

  get released(): number {
    return Atomics.load(this.#words, RELEASED)
  }

  /** The group, or `RESERVE_JOB`, of a job that is not released yet. */
  job(number: number): number {
    return this.#words[COUNTERS + (number & (JOBS_MAX - 1))] ?? RESERVE_JOB
  }

  /** Adds a job and wakes the worker. */
  submit(job: number): void {
    const number = this.submitted
    assert(((number - this.released) | 0) < JOBS_MAX)
    this.#words[COUNTERS + (number & (JOBS_MAX - 1))] = job
    Atomics.store(this.#words, SUBMITTED, (number + 1) | 0)
    this.#ring()
  }

  publish(): void {
    Atomics.add(this.#words, PUBLISHED, 1)
    this.#wakeCaller()
  }

  release(): void {
    Atomics.add(this.#words, RELEASED, 1)
    if (Atomics.exchange(this.#words, WANTED, 0) === 1) this.#wakeCaller()
  }

  /** The caller waits for a group: it wants to be woken by the next release too. */
  want(): void {
    Atomics.store(this.#words, WANTED, 1)
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, STOPPED) === 1
  }

  /** Tells the worker to end, and wakes every waiter. */
  stop(): void {
    Atomics.store(this.#words, STOPPED, 1)
    this.#ring()
    this.#wakeCaller()
  }

  /** How often the worker was called, for a job or to end. */
  get bell(): number {
    return Atomics.load(this.#words, BELL)
  }

  /** Blocks until the worker was called more than `seen` times. */
  waitForBell(seen: number): void {
    Atomics.wait(this.#words, BELL, seen)
  }

  /** How often the caller was to be woken. */
  get wakes(): number {
    return Atomics.load(this.#words, WAKES)
  }

  /** Blocks the caller until it was woken more than `seen` times. */
  waitForWake(seen: number): void {
    Atomics.wait(this.#words, WAKES, seen)
  }

  /** Settles once the caller was woken more than `seen` times; undefined when it was already. */
  afterWake(seen: number): Promise<unknown> | undefined {
    const waiting = Atomics.waitAsync(this.#words, WAKES, seen)
    return waiting.async ? waiting.value : undefined
  }

  /** What went wrong for good, or undefined. */
  get failure(): string | undefined {
    if (Atomics.load(this.#words, FAILED) === 0) return undefined
    return this.#text.toString('utf8').replace(/\0+$/, '')
  }

  /** Records the first failure and wakes every waiter. */
  fail(reason: string): void {
    if (this.failure !== undefined) return
    this.#text.fill(0)
    this.#text.write(reason)
    Atomics.store(this.#words, FAILED, 1)
    this.#wakeCaller()
  }

  #ring(): void {
    Atomics.add(this.#words, BELL, 1)
    Atomics.notify(this.#words, BELL)
  }

  #wakeCaller(): void {
    Atomics.add(this.#words, WAKES, 1)
    Atomics.notify(this.#words, WAKES)
  }
}
