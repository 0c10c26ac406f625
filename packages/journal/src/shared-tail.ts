/**
 * The writer's state in shared memory: where the journal ends, which jobs are under way and what is durable.
 *
 * Jobs are numbered from 0. The caller's thread adds them (`submitted`); the worker, or the caller itself, does them in order and
 * counts them twice: `published` when the job's group is durable, `released` when the worker has also reserved space for those
 * to come and lets go of tail and group. Whoever is entitled to the tail (the worker while `released` lags behind `submitted`,
 * else the caller) reads and writes it plainly; the atomic counters order these accesses between the threads.
 */
import assert from 'node:assert/strict'

/** A job is the index of a group to write, or this: only reserve space. */
export const RESERVE_JOB = -1

const RING = 16
const SUBMITTED = 0
const PUBLISHED = 1
const RELEASED = 2
const STOPPED = 3
const FAILED = 4
const WAKES = 5
const WANTED = 6
const BELL = 7
const COUNTERS = 8

const SEGMENT = 0
const OFFSET = 1
const CHAIN = 2
const RESERVED_END = 3
const FILE = 4
const NEXT_RESERVED_END = 5
const NEXT_FILE = 6
const TOLD_DURABLE = 7
const LEFT_FILE = 8
const LEFT_END = 9
const TAIL_FIELDS = 10

const GROUP_FIELDS = 5

const TEXT_BYTES = 1_024

const WORDS_BYTES = 4 * (COUNTERS + RING)
const DURABLE_BYTES = 16

export class SharedTail {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #durable: BigInt64Array
  readonly #fields: Float64Array
  readonly #text: Buffer

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#words = new Int32Array(memory, 0, COUNTERS + RING)
    this.#durable = new BigInt64Array(memory, WORDS_BYTES, 2)
    const fields = (memory.byteLength - WORDS_BYTES - DURABLE_BYTES - TEXT_BYTES) / 8
    this.#fields = new Float64Array(memory, WORDS_BYTES + DURABLE_BYTES, fields)
    this.#text = Buffer.from(memory, memory.byteLength - TEXT_BYTES, TEXT_BYTES)
  }

  static forGroups(groups: number): SharedTail {
    assert(groups + 2 <= RING)
    const fields = TAIL_FIELDS + groups * GROUP_FIELDS
    const bytes = WORDS_BYTES + DURABLE_BYTES + 8 * fields + TEXT_BYTES
    const tail = new SharedTail(new SharedArrayBuffer(bytes))
    tail.file = -1
    tail.nextFile = -1
    tail.leftFile = -1
    return tail
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
    return this.#words[COUNTERS + (number & (RING - 1))] ?? RESERVE_JOB
  }

  /** Adds a job and wakes the worker. */
  submit(job: number): void {
    const number = this.submitted
    assert(number - this.released < RING)
    this.#words[COUNTERS + (number & (RING - 1))] = job
    Atomics.store(this.#words, SUBMITTED, (number + 1) | 0)
    this.#ring()
  }

  publish(): void {
    Atomics.add(this.#words, PUBLISHED, 1)
    this.#wakeCaller()
  }

  release(): void {
    Atomics.add(this.#words, RELEASED, 1)
    Atomics.notify(this.#words, RELEASED)
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

  /** Blocks until there may be more than `seen` released jobs. */
  waitForRelease(seen: number): void {
    Atomics.wait(this.#words, RELEASED, seen)
  }

  /** How often the caller was to be woken. */
  get wakes(): number {
    return Atomics.load(this.#words, WAKES)
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
    Atomics.notify(this.#words, RELEASED)
    this.#wakeCaller()
  }

  get durable(): number {
    return Number(Atomics.load(this.#durable, 0))
  }

  set durable(sequence: number) {
    Atomics.store(this.#durable, 0, BigInt(sequence))
  }

  /** Bytes of frames that are sure to find space behind everything released. */
  get room(): number {
    return Number(Atomics.load(this.#durable, 1))
  }

  set room(bytes: number) {
    Atomics.store(this.#durable, 1, BigInt(bytes))
  }

  /** Number of the newest segment. */
  get segment(): number {
    return this.#field(SEGMENT)
  }

  set segment(number: number) {
    this.#fields[SEGMENT] = number
  }

  /** Where the next frame goes. */
  get offset(): number {
    return this.#field(OFFSET)
  }

  set offset(offset: number) {
    this.#fields[OFFSET] = offset
  }

  /** Checksum of the last frame. */
  get chain(): number {
    return this.#field(CHAIN)
  }

  set chain(checksum: number) {
    this.#fields[CHAIN] = checksum
  }

  /** End of the zero-filled space of the newest segment. */
  get reservedEnd(): number {
    return this.#field(RESERVED_END)
  }

  set reservedEnd(offset: number) {
    this.#fields[RESERVED_END] = offset
  }

  get file(): number {
    return this.#field(FILE)
  }

  set file(file: number) {
    this.#fields[FILE] = file
  }

  /** End of the zero-filled space of the segment that is prepared as the next, 0 without one. */
  get nextReservedEnd(): number {
    return this.#field(NEXT_RESERVED_END)
  }

  set nextReservedEnd(offset: number) {
    this.#fields[NEXT_RESERVED_END] = offset
  }

  /** The prepared segment's file, or -1. */
  get nextFile(): number {
    return this.#field(NEXT_FILE)
  }

  set nextFile(file: number) {
    this.#fields[NEXT_FILE] = file
  }

  /** The durable sequence that the newest frame on disk tells. */
  get toldDurable(): number {
    return this.#field(TOLD_DURABLE)
  }

  set toldDurable(sequence: number) {
    this.#fields[TOLD_DURABLE] = sequence
  }

  /** The file of a segment that a roll has left and that is still to be cut to its frames, or -1. */
  get leftFile(): number {
    return this.#field(LEFT_FILE)
  }

  set leftFile(file: number) {
    this.#fields[LEFT_FILE] = file
  }

  get leftEnd(): number {
    return this.#field(LEFT_END)
  }

  set leftEnd(offset: number) {
    this.#fields[LEFT_END] = offset
  }

  /** The caller's side of a group: what is to be written. */
  setGroup(index: number, firstSequence: number, count: number, bodyBytes: number): void {
    const at = TAIL_FIELDS + index * GROUP_FIELDS
    this.#fields[at] = firstSequence
    this.#fields[at + 1] = count
    this.#fields[at + 2] = bodyBytes
  }

  groupFirstSequence(index: number): number {
    return this.#field(TAIL_FIELDS + index * GROUP_FIELDS)
  }

  groupCount(index: number): number {
    return this.#field(TAIL_FIELDS + index * GROUP_FIELDS + 1)
  }

  groupBodyBytes(index: number): number {
    return this.#field(TAIL_FIELDS + index * GROUP_FIELDS + 2)
  }

  /** The writer's side of a group: where it was written. */
  setPlace(index: number, segment: number, offset: number): void {
    const at = TAIL_FIELDS + index * GROUP_FIELDS
    this.#fields[at + 3] = segment
    this.#fields[at + 4] = offset
  }

  placeSegment(index: number): number {
    return this.#field(TAIL_FIELDS + index * GROUP_FIELDS + 3)
  }

  placeOffset(index: number): number {
    return this.#field(TAIL_FIELDS + index * GROUP_FIELDS + 4)
  }

  #ring(): void {
    Atomics.add(this.#words, BELL, 1)
    Atomics.notify(this.#words, BELL)
  }

  #wakeCaller(): void {
    Atomics.add(this.#words, WAKES, 1)
    Atomics.notify(this.#words, WAKES)
  }

  #field(index: number): number {
    const value = this.#fields[index]
    assert(value !== undefined)
    return value
  }
}
