/** Releases holds whose deadline has come: decided by the clock, before any command of the batch. */
import { Operation } from './command.ts'
import { Hold32, Hold64 } from './holds.ts'
import { type Mover, R } from './move.ts'
import type { Posts } from './posts.ts'
import { MovedForm } from './record.ts'
import type { State } from './state.ts'

export class Releases {
  readonly #state: State
  readonly #mover: Mover
  readonly #posts: Posts

  constructor(state: State, mover: Mover, posts: Posts) {
    this.#state = state
    this.#mover = mover
    this.#posts = posts
  }

  /** Row of the earliest hold that is due at `time`, -1 = none. */
  due(time: bigint): number {
    const { holds } = this.#state
    const row = holds.earliest
    return row >= 0 && holds.deadlineOf(row) <= time ? row : -1
  }

  /** Releases the hold as the event `sequence`. Its id is the event's id. */
  release(row: number, sequence: number): void {
    const { holds, ids } = this.#state
    const { move } = this.#mover
    const { r } = move
    const halves = holds.row32(row)
    const at = holds.base32(row)
    const words = holds.row64(row)
    const base = holds.base64(row)
    const codeAndFlags = halves[at + Hold32.codeAndFlags] as number
    move.kind = Operation.releaseHold
    move.flags = codeAndFlags >>> 16
    move.code = codeAndFlags & 0xffff
    move.asset = halves[at + Hold32.asset] as number
    move.debitSlot = halves[at + Hold32.debitSlot] as number
    move.creditSlot = halves[at + Hold32.creditSlot] as number
    move.timeout = 0
    move.form = MovedForm.pending
    move.pendingSequence = holds.sequence(row)
    for (let limb = 0; limb < 2; limb++) {
      const remaining = words[base + Hold64.remaining + limb] as bigint
      r[R.id + limb] = words[base + Hold64.id + limb] as bigint
      r[R.pendingId + limb] = words[base + Hold64.id + limb] as bigint
      r[R.amount + limb] = remaining
      r[R.subPending + limb] = remaining
      r[R.addPending + limb] = 0n
      r[R.addPosted + limb] = 0n
      r[R.captured + limb] = words[base + Hold64.captured + limb] as bigint
      r[R.remaining + limb] = 0n
    }
    r[R.effectiveAsked] = 0n
    this.#mover.apply(sequence)
    ids.touch(move.pendingSequence, sequence)
    this.#posts.close(row)
  }
}
