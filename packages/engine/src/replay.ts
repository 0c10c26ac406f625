/**
 * Restart: streams the journal's frames into the ledger. Events behind the snapshot are folded in; those before it that lie
 * in no sealed run give their ids and keys back to the tables in memory.
 */
import type { JournalReader } from '@tallystick/journal'
import { type Ledger, Memory, RecordCursor } from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import type { BookBody } from './book-body.ts'
import type { RequestIndex } from './decider.ts'
import type { Followers } from './followers.ts'
import { FrameMemory } from './frame-memory.ts'
import { type SavedRequest, savedRequests } from './saved-request.ts'

export interface ReplayParts {
  readonly ledger: Ledger
  readonly reader: JournalReader
  readonly followers: Followers
  readonly keys: RequestIndex
  /** Last sequence whose ids and keys are in sealed runs. */
  readonly sealedThrough: number
  /** Last sequence to fold in, the last of its group; default: all there are. */
  readonly through?: number
  /** Events done, events in all. */
  readonly onProgress: (done: number, total: number) => void
}

/** Events between two moments at which others may run. */
const YIELD_EVERY = 262_144

export async function replayBook(parts: ReplayParts): Promise<void> {
  const { ledger, reader, sealedThrough, onProgress } = parts
  const from = Math.max(reader.firstSequence, Math.min(ledger.lastSequence, sealedThrough) + 1)
  const to = parts.through ?? reader.lastSequence
  if (from > to) return
  const frames = new FrameMemory()
  const replay = new Replay(parts)
  let yielded = from
  for (const frame of reader.frames(from, to)) {
    if (frame.count === 0) continue
    replay.body(frames.body(frame))
    const next = frame.firstSequence + frame.count
    if (next - yielded < YIELD_EVERY) continue
    yielded = next
    onProgress(next - from, to - from + 1)
    await new Promise((resolve) => void setImmediate(resolve))
  }
  assert(ledger.lastSequence === to, 'the ledger is where the replay was to end')
  onProgress(to - from + 1, to - from + 1)
}

class Replay {
  readonly #parts: ReplayParts
  /** Events up to this one are in the ledger's state already. */
  readonly #snapshot: number
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  constructor(parts: ReplayParts) {
    this.#parts = parts
    this.#snapshot = parts.ledger.lastSequence
  }

  body(body: BookBody): void {
    // Snapshots are cut between groups: a frame is in the state as a whole or not at all.
    if (body.lastSequence <= this.#snapshot) this.#known(body)
    else this.#fold(body)
  }

  /** Gives ids and keys back that are in the state but in no sealed run. */
  #known(body: BookBody): void {
    const { ledger, sealedThrough } = this.#parts
    const first = Math.max(0, sealedThrough + 1 - body.firstSequence)
    for (let index = first; index < body.count; index++) {
      ledger.replayId(body.point(index, this.#cursor))
    }
    for (const request of savedRequests(body)) this.#addKeys(request)
  }

  /** Folds decisions in; each request's keys after its last event, as when it was decided. */
  #fold(body: BookBody): void {
    const { ledger } = this.#parts
    let next = 0
    for (const request of savedRequests(body)) {
      const end = request.lastSequence - body.firstSequence + 1
      // Reading who asked for it costs more than folding it in.
      if (!ledger.access.ceilings.isEmpty) ledger.askedBy(request.envelope)
      this.#foldEvents(body, next, end)
      next = end
      for (let index = 0; index < request.keyCount; index++) {
        ledger.foldKey(request.memory, request.keyAt(index))
      }
      this.#addKeys(request)
    }
    this.#foldEvents(body, next, body.count)
  }

  #foldEvents(body: BookBody, first: number, end: number): void {
    const { ledger, followers } = this.#parts
    for (let index = first; index < end; index++) {
      ledger.replay(body.point(index, this.#cursor))
      followers.event(this.#cursor)
    }
  }

  /** The first request that used a key keeps it. */
  #addKeys(request: SavedRequest): void {
    const { keys, sealedThrough } = this.#parts
    if (request.firstSequence <= sealedThrough) return
    for (const { low, high } of request.keys) {
      if (keys.find(low, high) === 0) keys.add(low, high, request.firstSequence)
    }
  }
}
