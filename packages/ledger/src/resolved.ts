/**
 * What a request's ids stand for, found before anything is applied: the only part of a decision that may wait
 * for a disk. `apply` then asks memory alone.
 */
import { COMMAND_SIZE, CommandField, type PackedBatch } from './batch.ts'
import { Operation } from './command.ts'
import { STRETCH } from './fetch.ts'
import { TransferFlags } from './flags.ts'
import type { Group } from './group.ts'
import { COMMANDS_PER_BATCH_MAX } from './limits.ts'
import type { AskedIds } from './ids.ts'
import { Memory } from './memory.ts'
import type { Recall } from './ports.ts'
import { RecordCursor } from './record.ts'
import type { State } from './state.ts'

const REFERS =
  TransferFlags.postPendingTransfer | TransferFlags.voidPendingTransfer | TransferFlags.reversal

export class Resolver implements AskedIds {
  readonly #state: State
  readonly recall: Recall
  readonly #cursor = new RecordCursor(Memory.allocate(64))
  group: Group | undefined
  /** Per command: sequence of what bears its id already; negative: burnt; 0: nothing. */
  readonly ids = new Float64Array(COMMANDS_PER_BATCH_MAX)
  /** Per command: sequence of what its pending id names; negative: burnt; 0: nothing. */
  readonly pendings = new Float64Array(COMMANDS_PER_BATCH_MAX)
  /** Per command: the hash of its id, two words. */
  readonly hashes = new Uint32Array(COMMANDS_PER_BATCH_MAX * 2)
  /** Per command: where in the order of ids its id lies. */
  readonly ranks = new Float64Array(COMMANDS_PER_BATCH_MAX)
  /** Keeps the fetches from being optimised away. */
  sink = 0
  /** Per command: newest event that touched what its pending id names; 0: none. */
  readonly touches = new Float64Array(COMMANDS_PER_BATCH_MAX)
  /** Holds that this request names more than once: the second may find them resolved by the first. */
  readonly #named = new Set<number>()
  /** Commands of the request that are resolved. */
  #done = 0

  constructor(state: State, recall: Recall) {
    this.#state = state
    this.recall = recall
  }

  /** Before the first command of a batch. */
  begin(batch: PackedBatch): void {
    this.#named.clear()
    this.#done = 0
    const ids = { at: 0, step: COMMAND_SIZE / 4, count: batch.count }
    this.#state.ids.hash(batch.memory.u32, ids, this)
  }

  /** Resolves the next `most` commands. @returns whether all are resolved. */
  proceed(batch: PackedBatch, most: number): boolean {
    const end = Math.min(this.#done + most, batch.count)
    for (let from = this.#done; from < end; from += STRETCH) {
      const to = Math.min(from + STRETCH, end)
      this.fetch(from, to)
      this.#resolveStretch(batch, from, to)
    }
    this.#done = end
    return end === batch.count
  }

  /** Fetches the places of the ids of commands `from` to `to`. */
  fetch(from: number, to: number): void {
    this.sink = this.#state.ids.peek(this, from, to)
  }

  #resolveStretch(batch: PackedBatch, from: number, to: number): void {
    const { memory } = batch
    const { ids } = this.#state
    for (let i = from; i < to; i++) {
      const at = i * COMMAND_SIZE
      if (memory.u8[at + CommandField.operation] !== Operation.createTransfer) continue
      this.ids[i] = 0
      if (!ids.isSurelyNew(this, i)) {
        const seen = ids.find(memory, at + CommandField.id, this.#carriesLoaded)
        this.ids[i] = seen
        if (seen > 0) this.#loadSeen(seen)
      }
      const flags = memory.u16[(at + CommandField.flags) >>> 1] as number
      if ((flags & REFERS) !== 0) this.#resolvePending(batch, i, flags)
    }
  }

  #resolvePending(batch: PackedBatch, index: number, flags: number): void {
    const at = index * COMMAND_SIZE + CommandField.pendingId
    const sequence = this.#state.ids.find(batch.memory, at, this.#carriesLoaded)
    this.pendings[index] = sequence
    this.touches[index] = 0
    if (sequence <= 0) return
    const isReversal = (flags & TransferFlags.reversal) !== 0
    const isOpen = !isReversal && this.#state.holds.find(sequence) >= 0
    // An open hold's row says all that a post needs, unless another command of this request may resolve it first.
    if (isOpen && !this.#named.has(sequence)) {
      this.#named.add(sequence)
      return
    }
    this.#load(sequence)
    const touch = this.#state.ids.touchOf(sequence)
    this.touches[index] = touch
    if (touch !== 0) this.#load(touch)
  }

  /** A repeated id is compared with its record, and a post or void also with its hold's. */
  #loadSeen(sequence: number): void {
    this.#load(sequence)
    const pending = this.read(sequence, this.#cursor).pendingSequence
    if (pending !== 0) this.#load(pending)
  }

  #load(sequence: number): void {
    if (sequence < (this.group as Group).firstSequence) this.recall.load(sequence)
  }

  /** Points the cursor at a record of the open group, or at an older one that was loaded. */
  read(sequence: number, cursor: RecordCursor): RecordCursor {
    const group = this.group as Group
    const index = sequence - group.firstSequence
    if (index < 0) this.recall.read(sequence, cursor)
    else {
      const timestamp = group.firstTimestamp + BigInt(index)
      cursor.at(group.memory, group.recordAt(index), sequence, timestamp)
    }
    return cursor
  }

  readonly #carriesLoaded = (sequence: number, memory: Memory, offset: number): boolean => {
    this.#load(sequence)
    return this.carries(sequence, memory, offset)
  }

  /** Whether the record of a sequence bears the id at byte `offset`. The record is in memory. */
  readonly carries = (sequence: number, memory: Memory, offset: number): boolean =>
    this.read(sequence, this.#cursor).hasId(memory, offset)
}
