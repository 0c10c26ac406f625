/**
 * The ledger: one synchronous, deterministic writer. A group is opened at a time, requests are resolved and
 * applied to it one after another, and it is sealed; or recorded decisions are folded in (`replay.ts`).
 * It never waits, reads no clock and throws only when an assertion of its own fails.
 */
import type { AccessReader } from '@tallystick/access'
import { assert } from '@tallystick/money'
import type { RulesReader } from '@tallystick/rules'
import { Applier } from './applier.ts'
import type { PackedBatch } from './batch.ts'
import { type Asker, NOBODY } from './charges.ts'
import { Cut, loadCut } from './cut.ts'
import { Group } from './group.ts'
import { COMMANDS_PER_BATCH_MAX, RELEASES_PER_BATCH_MAX } from './limits.ts'
import { Memory } from './memory.ts'
import { Mover, R } from './move.ts'
import type { OldIds, Recall, RecordReader } from './ports.ts'
import { Reader } from './reader.ts'
import { RecordCursor } from './record.ts'
import { Releases } from './releases.ts'
import { Replay } from './replay.ts'
import { Resolver } from './resolved.ts'
import { State } from './state.ts'
import { Transfers } from './transfers.ts'

export interface LedgerOptions {
  readonly recall: Recall
  readonly oldIds: OldIds
  /** Holds released at the start of one group; `RELEASES_PER_BATCH_MAX` by default. */
  readonly releasesPerBatchMax?: number
  /** Seeds the hash tables, never the state: another on each start. */
  readonly hashSeed?: number
  /** Ids of events up to this one lie in `oldIds`. */
  readonly idBase?: number
}

/** Where the open group is written. */
export interface GroupTarget {
  readonly memory: Memory
  /** Byte offset of the body, a multiple of 8. */
  readonly start: number
  /** Scratch for the places of at most as many events as the group may hold. */
  readonly offsets: Uint32Array
  /** The clock's proposal for the group's time, ns. */
  readonly proposed: bigint
  /** For a dry run, which may leave no event behind. */
  readonly withoutReleases?: boolean
}

/** The events of one request: `count` from index `first` of the group. */
export interface Applied {
  readonly first: number
  readonly count: number
}

export class Ledger {
  readonly #state: State
  readonly #mover: Mover
  readonly #resolver: Resolver
  readonly #transfers: Transfers
  readonly #applier: Applier
  readonly #releases: Releases
  readonly #replay: Replay
  readonly #record = new RecordCursor(Memory.allocate(64))
  readonly #releasesMax: number
  #group: Group | undefined
  /** The request that is being decided in parts. */
  #batch: PackedBatch | undefined
  /** Whatever can be asked of the state, without changing it. */
  readonly read: Reader

  constructor(options: LedgerOptions, state?: State) {
    const { recall } = options
    this.#state = state ?? newState(options)
    this.#releasesMax = options.releasesPerBatchMax ?? RELEASES_PER_BATCH_MAX
    this.#mover = new Mover(this.#state)
    this.#resolver = new Resolver(this.#state, recall)
    this.#transfers = new Transfers(this.#state, this.#resolver, this.#mover)
    this.#applier = new Applier({
      state: this.#state,
      mover: this.#mover,
      resolver: this.#resolver,
      transfers: this.#transfers,
    })
    this.#releases = new Releases(this.#state, this.#mover, this.#transfers.posts)
    this.#replay = new Replay(this.#state, this.#transfers.posts)
    this.read = new Reader(this.#state)
  }

  /** Who may do what. */
  get access(): AccessReader {
    return this.#state.access
  }
  /** What watches the stream. */
  get rules(): RulesReader {
    return this.#state.rules
  }
  get lastSequence(): number {
    return this.#state.lastSequence
  }
  get lastTimestamp(): bigint {
    return this.#state.lastTimestamp
  }
  /** The earliest deadline of an open hold, ns. */
  nextDeadline(): bigint | undefined {
    const row = this.#state.holds.earliest
    return row < 0 ? undefined : this.#state.holds.deadlineOf(row)
  }

  /** Fixes the group's time and writes the releases that are due at it. */
  open(target: GroupTarget): Group {
    assert(this.#group === undefined, 'one group at a time')
    const state = this.#state
    state.ids.review(state.lastSequence)
    const next = state.lastTimestamp + 1n
    const group = new Group({
      memory: target.memory,
      start: target.start,
      offsets: target.offsets,
      firstSequence: state.lastSequence + 1,
      firstTimestamp: target.proposed > next ? target.proposed : next,
    })
    this.#group = group
    this.#mover.group = group
    this.#resolver.group = group
    this.#mover.move.r[R.timestamp] = group.firstTimestamp
    const most = target.withoutReleases === true ? 0 : this.#releasesMax
    for (let released = 0; released < most; released++) {
      const row = this.#releases.due(group.firstTimestamp)
      if (row < 0) break
      const at = group.position
      this.#releases.release(row, group.nextSequence)
      this.#applier.decided(at)
    }
    return group
  }

  /** The next request, or the next records to fold in, come from this one: it is held to its ceilings. */
  askedBy(asker: Asker): void {
    assert(this.#batch === undefined, 'one request at a time')
    this.#state.charges.begin(asker)
  }

  /** Finds what the request's ids stand for. May wait for a disk; call it right before `apply`. */
  resolve(batch: PackedBatch): void {
    this.begin(batch)
    try {
      this.resolveNext(batch.count)
    } finally {
      this.giveUp()
    }
  }

  /**
   * Decides every command of the request and appends the records to the group. In a dry run the records can be
   * read until the next call, but nothing stays.
   */
  apply(batch: PackedBatch, options?: { dryRun?: boolean }): Applied {
    const group = this.#open()
    const first = group.count
    if (options?.dryRun === true) this.#applier.dryRun(batch, group)
    else {
      this.#applier.begin(batch, group)
      this.#applier.proceed(batch, group, batch.count)
    }
    return { first, count: batch.count }
  }

  /**
   * Begins a request that is resolved and applied in parts. Between two parts others may read: what they see is the ledger behind a command, never
   * in the middle of a chain. They may not decide: everything else that changes the ledger fails its assertion until the last part.
   */
  begin(batch: PackedBatch): void {
    assert(batch.count <= COMMANDS_PER_BATCH_MAX, 'a batch within its limit')
    this.#open()
    this.#batch = batch
    this.#resolver.begin(batch)
  }

  /** `resolve` for the next `most` commands. @returns whether all are resolved. */
  resolveNext(most: number): boolean {
    const batch = this.#begun()
    const isDone = this.#resolver.proceed(batch, most)
    if (isDone) this.#applier.begin(batch, this.#group as Group)
    return isDone
  }

  /** The request that is begun will not be decided. Only before its first `applyNext`. */
  giveUp(): void {
    this.#batch = undefined
  }

  /** `apply` for the next `most` commands and the rest of the chain that the last of them is in. @returns whether all are decided. */
  applyNext(most: number): boolean {
    const isDone = this.#applier.proceed(this.#begun(), this.#group as Group, most)
    if (isDone) this.#batch = undefined
    return isDone
  }

  #begun(): PackedBatch {
    assert(this.#batch !== undefined, 'a request is begun')
    return this.#batch
  }

  /** Folds a request's 128-bit look-up key at byte `offset` into the digest. */
  foldKey(memory: Memory, offset: number): void {
    for (let word = 0; word < 4; word++)
      this.#state.fold(memory.u32[(offset >>> 2) + word] as number)
  }

  /** The group is complete: its requests and offsets have been added. */
  seal(): void {
    const group = this.#open()
    if (group.count > 0) {
      this.#state.lastTimestamp = group.firstTimestamp + BigInt(group.count - 1)
    }
    this.#group = undefined
    this.#state.charges.begin(NOBODY)
  }

  /** The open group, in which no request is half decided. */
  #open(): Group {
    assert(this.#group !== undefined, 'a group is open')
    assert(this.#batch === undefined, 'one request at a time')
    return this.#group
  }

  /** Folds in a recorded decision; it must be the next in order. Never decides again. */
  replay(cursor: RecordCursor): void {
    assert(this.#group === undefined, 'no group is open while replaying')
    this.#state.ids.review(cursor.sequence - 1)
    this.#replay.fold(cursor)
  }

  /** Adds a record's id and touch to the newest ids, and nothing else: records older than a snapshot. */
  replayId(cursor: RecordCursor): void {
    this.#state.ids.review(cursor.sequence - 1)
    this.#replay.foldId(cursor)
  }

  /** Cuts the state as it is now, between two groups. One cut at a time. */
  beginCut(): Cut {
    assert(this.#group === undefined, 'a cut is made between groups')
    return new Cut(this.#state)
  }

  /** The ledger of a cut. Ids of events up to the cut that lie in no sealed run come through `replayId`. */
  static load(
    options: LedgerOptions,
    head: string,
    readPage: (n: number, into: Uint8Array) => void,
  ): Ledger {
    const state = newState(options)
    loadCut(state, head, readPage)
    return new Ledger(options, state)
  }

  /** Ids in the newest generation. */
  idCount(): number {
    return this.#state.ids.count
  }
  /** Starts a new generation of ids. @returns the last sequence of the older ones. */
  rotateIds(): number {
    assert(this.#batch === undefined, 'ids are rotated between requests')
    this.#state.ids.rotate(this.#state.lastSequence)
    return this.#state.lastSequence
  }
  /** Forgets the generations that a sealed run covers now. */
  dropIds(throughSequence: number): void {
    this.#state.ids.drop(throughSequence)
  }

  /**
   * Sequence of the transfer with the u128 id at byte `offset`; negative: burnt; 0: none. May wait for a disk.
   * @param read of decided records. It may be asked between two parts of a request, whose own records it leaves alone.
   */
  findTransfer(memory: Memory, offset: number, read: RecordReader): number {
    const { ids } = this.#state
    return ids.find(memory, offset, (sequence, wanted, at) => {
      read(sequence, this.#record)
      return this.#record.hasId(wanted, at)
    })
  }

  /** Newest event that posted, voided, released or reversed the transfer of that sequence; 0 = none. */
  touchOf(sequence: number): number {
    return this.#state.ids.touchOf(sequence)
  }
}

function newState(options: LedgerOptions): State {
  const { oldIds, hashSeed = 0x7a11, idBase = 0 } = options
  return new State({ seed: hashSeed, oldIds, idBase })
}
