/**
 * The writer's state in shared memory: where the journal ends, what is durable, and what each group is and where it went.
 *
 * It has one owner at a time: the worker while `released` lags behind `submitted`, else the caller. The owner reads and writes
 * plainly; the atomic counters order these accesses between the threads.
 */
import assert from 'node:assert/strict'

import { JOB_COUNTERS_BYTES, JobCounters, JOBS_MAX } from './job-counters.ts'

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

const ATOMIC_BYTES = 16

export class SharedTail extends JobCounters {
  readonly #atomic: BigInt64Array
  readonly #fields: Float64Array

  constructor(memory: SharedArrayBuffer) {
    super(memory)
    this.#atomic = new BigInt64Array(memory, JOB_COUNTERS_BYTES, ATOMIC_BYTES / 8)
    this.#fields = new Float64Array(memory, JOB_COUNTERS_BYTES + ATOMIC_BYTES)
  }

  static forGroups(groups: number): SharedTail {
    assert(groups + 2 <= JOBS_MAX)
    const fields = TAIL_FIELDS + groups * GROUP_FIELDS
    const bytes = JOB_COUNTERS_BYTES + ATOMIC_BYTES + 8 * fields
    const tail = new SharedTail(new SharedArrayBuffer(bytes))
    tail.file = -1
    tail.nextFile = -1
    tail.leftFile = -1
    return tail
  }

  /** Newest sequence that would survive a loss of power. */
  get durable(): number {
    return Number(Atomics.load(this.#atomic, 0))
  }

  set durable(sequence: number) {
    Atomics.store(this.#atomic, 0, BigInt(sequence))
  }

  /** Bytes of frames that are sure to find space behind everything released. */
  get room(): number {
    return Number(Atomics.load(this.#atomic, 1))
  }

  set room(bytes: number) {
    Atomics.store(this.#atomic, 1, BigInt(bytes))
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

  #field(index: number): number {
    const value = this.#fields[index]
    assert(value !== undefined)
    return value
  }
}
