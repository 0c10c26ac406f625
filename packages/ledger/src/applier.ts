/**
 * Applies a request's commands one after another: chains all or nothing, dry runs without a trace. It knows the order of
 * things; what each command does is decided in a file of its own.
 */
import { COMMAND_SIZE, CommandField, type PackedBatch } from './batch.ts'
import { Changes } from './changes.ts'
import { Operation } from './command.ts'
import { STRETCH } from './fetch.ts'
import { AccountFlags } from './flags.ts'
import type { Group } from './group.ts'
import { type Mover, R } from './move.ts'
import { Openings, writeAccount } from './openings.ts'
import { PlainTransfers } from './plain.ts'
import { writeRefusedTransfer } from './refusals.ts'
import type { Resolver } from './resolved.ts'
import type { State } from './state.ts'
import { burnsId, TransferStatus } from './status.ts'
import type { Transfers } from './transfers.ts'

const LINKED = AccountFlags.linked
const CHAIN_FAILED = TransferStatus.linkedEventFailed
const CHAIN_OPEN = TransferStatus.linkedEventChainOpen

export class Applier {
  readonly #state: State
  readonly #mover: Mover
  readonly #resolver: Resolver
  readonly #transfers: Transfers
  readonly #plain: PlainTransfers
  readonly #openings: Openings
  readonly #changes: Changes
  /** Commands of the batch being applied whose accounts have been fetched. */
  #fetched = 0
  /** Commands of it that are decided. */
  #done = 0

  constructor(parts: { state: State; mover: Mover; resolver: Resolver; transfers: Transfers }) {
    this.#state = parts.state
    this.#mover = parts.mover
    this.#resolver = parts.resolver
    this.#transfers = parts.transfers
    const { state, mover, resolver } = parts
    this.#plain = new PlainTransfers({ state, mover, resolver, fetch: parts.transfers.fetch })
    this.#openings = new Openings(state)
    this.#changes = new Changes(parts.state)
  }

  /** Before the first command of a batch. */
  begin(batch: PackedBatch, group: Group): void {
    this.#transfers.begin(group.nextSequence)
    this.#plain.begin(batch, group)
    this.#fetched = 0
    this.#done = 0
  }

  /**
   * Decides the next `most` commands of the batch, and the rest of the chain that the last of them is in; appends the records to the open group.
   * @returns whether all are decided.
   */
  proceed(batch: PackedBatch, group: Group, most: number): boolean {
    const { u16 } = batch.memory
    const end = Math.min(this.#done + most, batch.count)
    let index = this.#done
    for (; index < end; index++) {
      const flags = u16[(index * COMMAND_SIZE + CommandField.flags) >>> 1] as number
      if ((flags & LINKED) !== 0) index = this.#chain(batch, index, group)
      else {
        const status = this.#decideOne(batch, index, group)
        if (status !== 0 && index === 0 && batch.count > 1) index = this.#shut(batch, group)
      }
    }
    this.#done = index
    return index === batch.count
  }

  /** The first command was refused. What it was to approve is refused with it. @returns the index of the last command that is decided. */
  #shut(batch: PackedBatch, group: Group): number {
    if (!this.#changes.isGate(batch)) return 0
    this.#transfers.seen = 0
    this.#transfers.refusal.isSet = false
    for (let index = 1; index < batch.count; index++) {
      this.#refuse(batch, index, group, CHAIN_FAILED)
    }
    return batch.count - 1
  }

  /** The same, but nothing stays: the records can be read behind the group's end until it goes on. */
  dryRun(batch: PackedBatch, group: Group): void {
    const { undo } = this.#state
    const before = this.#point(group)
    this.begin(batch, group)
    undo.recording = true
    this.proceed(batch, group, batch.count)
    this.#return(group, before)
    undo.recording = false
  }

  /** Fetches what the next stretch of commands will touch. */
  #fetch(batch: PackedBatch, from: number): void {
    this.#fetched = Math.min(from + STRETCH, batch.count)
    this.#transfers.fetch.accounts(batch, from, this.#fetched)
    this.#resolver.fetch(from, this.#fetched)
  }

  /** Decides one command that is in no chain, or the next of a chain that holds so far. */
  #decideOne(batch: PackedBatch, index: number, group: Group): number {
    if (index >= this.#fetched) this.#fetch(batch, index)
    const at = group.position
    const { undo, charges } = this.#state
    if (!undo.recording && !charges.any && this.#plain.decide(index, group.nextSequence)) {
      this.decided(at)
      group.plain++
      return 0
    }
    const operation = batch.memory.u8[index * COMMAND_SIZE + CommandField.operation]
    let status = 0
    if (operation === Operation.createTransfer) status = this.#transfer(batch, index, group)
    else if (operation === Operation.createAccount) {
      const sequence = group.nextSequence
      const timestamp = this.#mover.move.r[R.timestamp] as bigint
      status = this.#openings.decide(batch, index, { group, sequence, timestamp })
    } else status = this.#changes.decide(batch, index, group, 0)
    this.decided(at)
    return status
  }

  #transfer(batch: PackedBatch, index: number, group: Group): TransferStatus {
    const sequence = group.nextSequence
    const status = this.#transfers.decide(batch, index, sequence)
    if (status === TransferStatus.created) {
      this.#state.transferCount++
      this.#addId(batch, index, sequence, false)
    } else {
      const { seen, refusal } = this.#transfers
      writeRefusedTransfer(group, { batch, index, status, seen, refusal })
      if (burnsId(status)) this.#addId(batch, index, sequence, true)
    }
    return status
  }

  #addId(batch: PackedBatch, index: number, sequence: number, burnt: boolean): void {
    const { ids, undo } = this.#state
    const offset = index * COMMAND_SIZE + CommandField.id
    ids.add(batch.memory, offset, sequence, burnt)
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
    undo.inChain = true
    let failed = -1
    let status = 0
    for (let index = start; index <= last && failed < 0; index++) {
      const verdict = isOpen && index === last ? CHAIN_OPEN : this.#decideOne(batch, index, group)
      if (verdict !== 0) {
        failed = index
        status = verdict
      }
    }
    undo.inChain = false
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
    const group = this.#mover.group as Group
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
    this.decided(at)
  }

  /** Counts the event whose record begins at byte `at`, folds it into the digest, and moves time on. */
  decided(at: number): void {
    const group = this.#mover.group as Group
    const state = this.#state
    const { r } = this.#mover.move
    const sequence = group.nextSequence
    group.offsets[group.count] = at - group.start
    group.count++
    state.foldEvent(group.memory.u32, at >>> 2, sequence)
    state.lastSequence = sequence
    r[R.timestamp] = BigInt.asUintN(64, (r[R.timestamp] as bigint) + 1n)
  }

  #point(group: Group): Point {
    const { digest, lastSequence, transferCount, undo } = this.#state
    return {
      mark: undo.mark,
      position: group.position,
      count: group.count,
      timestamp: this.#mover.move.r[R.timestamp] as bigint,
      lastSequence,
      transferCount,
      digest: digest.slice(),
    }
  }

  #return(group: Group, point: Point): void {
    const state = this.#state
    state.undo.rollback(point.mark)
    state.lastSequence = point.lastSequence
    state.transferCount = point.transferCount
    state.digest.set(point.digest)
    group.position = point.position
    group.count = point.count
    this.#mover.move.r[R.timestamp] = point.timestamp
  }
}

interface Point {
  readonly mark: number
  readonly position: number
  readonly count: number
  readonly timestamp: bigint
  readonly lastSequence: number
  readonly transferCount: number
  readonly digest: Uint32Array
}

/** Index of the chain's last command, or the batch's count when the chain is left open. */
function chainEnd(batch: PackedBatch, start: number): number {
  for (let index = start; index < batch.count; index++) {
    const flags = batch.memory.u16[(index * COMMAND_SIZE + CommandField.flags) >>> 1] as number
    if ((flags & LINKED) === 0) return index
  }
  return batch.count
}
