/**
 * The ledger: one synchronous, deterministic writer. A group is opened at a time, requests are resolved and
 * applied to it one after another, and it is sealed; or recorded decisions are folded in (`replay.ts`).
 * It never waits, reads no clock and throws only when an assertion of its own fails.
 */
import { assert } from '@tallystick/money'
import { COMMAND_SIZE, CommandField, type PackedBatch } from './batch.ts'
import { Changes } from './changes.ts'
import { Cut, loadCut } from './cut.ts'
import { Operation } from './command.ts'
import { STRETCH } from './fetch.ts'
import { AccountFlags } from './flags.ts'
import { Group } from './group.ts'
import { COMMANDS_PER_BATCH_MAX, RELEASES_PER_BATCH_MAX } from './limits.ts'
import { Memory } from './memory.ts'
import { Mover, R } from './move.ts'
import { Openings, writeAccount } from './openings.ts'
import type { OldIds, Recall } from './ports.ts'
import { Reader } from './reader.ts'
import { RecordCursor, RecordField } from './record.ts'
import { writeRefusedTransfer } from './refusals.ts'
import { Releases } from './releases.ts'
import { Replay } from './replay.ts'
import { Resolver } from './resolved.ts'
import { State } from './state.ts'
import { burnsId, TransferStatus } from './status.ts'
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

const LINKED = AccountFlags.linked
const CHAIN_FAILED = TransferStatus.linkedEventFailed
const CHAIN_OPEN = TransferStatus.linkedEventChainOpen

export class Ledger {
  readonly #state: State
  readonly #mover: Mover
  readonly #resolver: Resolver
  readonly #transfers: Transfers
  readonly #openings: Openings
  readonly #changes: Changes
  readonly #releases: Releases
  readonly #replay: Replay
  readonly #record = new RecordCursor(Memory.allocate(64))
  readonly #releasesMax: number
  #group: Group | undefined
  /** Commands of the batch being applied whose accounts have been fetched. */
  #fetched = 0
  /** Whatever can be asked of the state, without changing it. */
  readonly read: Reader

  constructor(options: LedgerOptions, state?: State) {
    const { recall } = options
    this.#state = state ?? newState(options)
    this.#releasesMax = options.releasesPerBatchMax ?? RELEASES_PER_BATCH_MAX
    this.#mover = new Mover(this.#state)
    this.#resolver = new Resolver(this.#state, recall)
    this.#transfers = new Transfers(this.#state, this.#resolver, this.#mover)
    this.#openings = new Openings(this.#state)
    this.#changes = new Changes(this.#state)
    this.#releases = new Releases(this.#state, this.#mover, this.#transfers.posts)
    this.#replay = new Replay(this.#state, this.#transfers.posts)
    this.read = new Reader(this.#state)
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
      this.#decided(at)
    }
    return group
  }

  /** Finds what the request's ids stand for. May wait for a disk; call it right before `apply`. */
  resolve(batch: PackedBatch): void {
    assert(batch.count <= COMMANDS_PER_BATCH_MAX, 'a batch within its limit')
    this.#resolver.resolve(batch)
  }

  /**
   * Decides every command of the request and appends the records to the group. In a dry run the records can be
   * read until the next call, but nothing stays.
   */
  apply(batch: PackedBatch, options?: { dryRun?: boolean }): Applied {
    const group = this.#open()
    const first = group.count
    this.#transfers.begin(group.nextSequence)
    if (options?.dryRun === true) this.#dryRun(batch, group)
    else this.#applyAll(batch, group)
    return { first, count: batch.count }
  }

  #dryRun(batch: PackedBatch, group: Group): void {
    const { undo } = this.#state
    const before = this.#point(group)
    undo.recording = true
    this.#applyAll(batch, group)
    this.#return(group, before)
    undo.recording = false
  }

  #applyAll(batch: PackedBatch, group: Group): void {
    const { u16 } = batch.memory
    this.#fetched = 0
    for (let index = 0; index < batch.count; index++) {
      const flags = u16[(index * COMMAND_SIZE + CommandField.flags) >>> 1] as number
      if ((flags & LINKED) === 0) this.#decideOne(batch, index, group)
      else index = this.#chain(batch, index, group)
    }
  }

  /** Fetches what the next stretch of commands will touch. */
  #fetch(batch: PackedBatch, from: number): void {
    this.#fetched = Math.min(from + STRETCH, batch.count)
    this.#transfers.fetch.accounts(batch, from, this.#fetched)
    this.#resolver.fetch(batch, from, this.#fetched)
  }

  /** Decides one command that is in no chain, or the next of a chain that holds so far. */
  #decideOne(batch: PackedBatch, index: number, group: Group): number {
    if (index >= this.#fetched) this.#fetch(batch, index)
    const at = group.position
    const operation = batch.memory.u8[index * COMMAND_SIZE + CommandField.operation]
    let status = 0
    if (operation === Operation.createTransfer) status = this.#transfer(batch, index, group)
    else if (operation === Operation.createAccount) {
      const sequence = group.nextSequence
      const timestamp = this.#mover.move.r[R.timestamp] as bigint
      status = this.#openings.decide(batch, index, { group, sequence, timestamp })
    } else status = this.#changes.decide(batch, index, group, 0)
    this.#decided(at)
    return status
  }

  #transfer(batch: PackedBatch, index: number, group: Group): TransferStatus {
    const sequence = group.nextSequence
    const status = this.#transfers.decide(batch, index, sequence)
    if (status === TransferStatus.created) this.#addId(batch, index, sequence, false)
    else {
      const { seen, refusal } = this.#transfers
      writeRefusedTransfer(group, { batch, index, status, seen, refusal })
      if (burnsId(status)) this.#addId(batch, index, sequence, true)
    }
    return status
  }

  #addId(batch: PackedBatch, index: number, sequence: number, burnt: boolean): void {
    const { ids, undo } = this.#state
    const offset = index * COMMAND_SIZE + CommandField.id
    const { hashes } = this.#resolver
    if (burnt) ids.add(batch.memory, offset, sequence, true)
    else ids.addHashed(hashes[index * 2] as number, hashes[index * 2 + 1] as number, sequence)
    if (undo.recording) undo.id(batch.memory, offset, sequence, burnt)
  }

  /**
   * Decides the chain that begins at `start`: all of it or nothing. @returns the index of its last command.
   */
  #chain(batch: PackedBatch, start: number, group: Group): number {
    const { undo } = this.#state
    const isOutermost = !undo.recording
    const before = this.#point(group)
    const end = chainEnd(batch, start)
    const isOpen = end === batch.count
    const last = isOpen ? end - 1 : end
    undo.recording = true
    let failed = -1
    let status = 0
    for (let index = start; index <= last && failed < 0; index++) {
      const verdict = isOpen && index === last ? CHAIN_OPEN : this.#decideOne(batch, index, group)
      if (verdict !== 0) {
        failed = index
        status = verdict
      }
    }
    if (failed >= 0) this.#breakChain(batch, { start, last, failed, status, isOpen }, before)
    if (isOutermost) {
      undo.commit(before.mark)
      undo.recording = false
    }
    return last
  }

  /** Takes the chain's effects back and records why each of its commands came to nothing. */
  #breakChain(
    batch: PackedBatch,
    chain: { start: number; last: number; failed: number; status: number; isOpen: boolean },
    before: Point,
  ): void {
    const group = this.#open()
    const facts = { seen: this.#transfers.seen, isSet: this.#transfers.refusal.isSet }
    this.#return(group, before)
    for (let index = chain.start; index <= chain.last; index++) {
      let status: number = CHAIN_FAILED
      if (chain.isOpen && index === chain.last) status = CHAIN_OPEN
      else if (index === chain.failed) status = chain.status
      // The last of an open chain was never looked at: it has no facts.
      const isFailed = index === chain.failed && status !== CHAIN_OPEN
      this.#transfers.seen = isFailed ? facts.seen : 0
      this.#transfers.refusal.isSet = isFailed && facts.isSet
      this.#refuse(batch, index, group, status)
    }
  }

  /** Records a chain's verdict for one command, without checking anything. */
  #refuse(batch: PackedBatch, index: number, group: Group, status: number): void {
    const at = group.position
    const operation = batch.memory.u8[index * COMMAND_SIZE + CommandField.operation]
    if (operation === Operation.createTransfer) {
      const { seen, refusal } = this.#transfers
      const transferStatus = status as TransferStatus
      writeRefusedTransfer(group, { batch, index, status: transferStatus, seen, refusal })
      if (burnsId(transferStatus)) this.#addId(batch, index, group.nextSequence, true)
    } else if (operation === Operation.createAccount) {
      writeAccount(group, { batch, index, status, slot: -1, seen: 0 })
    } else this.#changes.decide(batch, index, group, status)
    this.#decided(at)
  }

  /** Counts the event whose record begins at byte `at`, folds it into the digest, and moves time on. */
  #decided(at: number): void {
    const group = this.#open()
    const state = this.#state
    const { r } = this.#mover.move
    const sequence = group.nextSequence
    group.offsets[group.count] = at - group.start
    group.count++
    const { u8, u32 } = group.memory
    const id = (at + RecordField.id) >>> 2
    for (let word = 0; word < 4; word++) state.fold(u32[id + word] as number)
    state.fold((u8[at] as number) | ((u8[at + 1] as number) << 8))
    state.fold(sequence >>> 0)
    state.lastSequence = sequence
    r[R.timestamp] = BigInt.asUintN(64, (r[R.timestamp] as bigint) + 1n)
  }

  #point(group: Group): Point {
    const { digest, lastSequence, undo } = this.#state
    return {
      mark: undo.mark,
      position: group.position,
      count: group.count,
      timestamp: this.#mover.move.r[R.timestamp] as bigint,
      lastSequence,
      digest: digest.slice(),
    }
  }

  #return(group: Group, point: Point): void {
    const state = this.#state
    state.undo.rollback(point.mark)
    state.lastSequence = point.lastSequence
    state.digest.set(point.digest)
    group.position = point.position
    group.count = point.count
    this.#mover.move.r[R.timestamp] = point.timestamp
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
  }

  #open(): Group {
    assert(this.#group !== undefined, 'a group is open')
    return this.#group
  }

  /** Folds in a recorded decision; it must be the next in order. Never decides again. */
  replay(cursor: RecordCursor): void {
    assert(this.#group === undefined, 'no group is open while replaying')
    this.#replay.fold(cursor)
  }

  /** Adds a record's id and touch to the newest ids, and nothing else: records older than a snapshot. */
  replayId(cursor: RecordCursor): void {
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
    this.#state.ids.rotate(this.#state.lastSequence)
    return this.#state.lastSequence
  }
  /** Forgets the generations that a sealed run covers now. */
  dropIds(throughSequence: number): void {
    this.#state.ids.drop(throughSequence)
  }

  /** Sequence of the transfer with the u128 id at byte `offset`; negative: burnt; 0: none. May wait for a disk. */
  findTransfer(memory: Memory, offset: number): number {
    const { ids } = this.#state
    return ids.find(memory, offset, (sequence, wanted, at) => {
      this.#resolver.recall.load(sequence)
      this.#resolver.recall.read(sequence, this.#record)
      return carries(this.#record, wanted, at)
    })
  }

  /** Newest event that posted, voided, released or reversed the transfer of that sequence; 0 = none. */
  touchOf(sequence: number): number {
    return this.#state.ids.touchOf(sequence)
  }
}

interface Point {
  readonly mark: number
  readonly position: number
  readonly count: number
  readonly timestamp: bigint
  readonly lastSequence: number
  readonly digest: Uint32Array
}

function newState(options: LedgerOptions): State {
  const { oldIds, hashSeed = 0x7a11, idBase = 0 } = options
  return new State({ seed: hashSeed, oldIds, idBase })
}

/** Index of the chain's last command, or the batch's count when the chain is left open. */
function chainEnd(batch: PackedBatch, start: number): number {
  for (let index = start; index < batch.count; index++) {
    const flags = batch.memory.u16[(index * COMMAND_SIZE + CommandField.flags) >>> 1] as number
    if ((flags & LINKED) === 0) return index
  }
  return batch.count
}

function carries(record: RecordCursor, memory: Memory, offset: number): boolean {
  const from = (record.offset + RecordField.id) >>> 2
  for (let word = 0; word < 4; word++) {
    if (record.memory.u32[from + word] !== memory.u32[(offset >>> 2) + word]) return false
  }
  return true
}
