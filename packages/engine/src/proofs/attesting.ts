/** When the state of all accounts is stated in the log: at each day's end (UTC), after a snapshot that was made for its size, and when asked. */
import { type Command, Operation } from '@tallystick/ledger'

import type { Clock } from '../clock.ts'
import { EngineError } from '../errors.ts'
import type { Scheduler } from '../scheduler.ts'
import type { EventResult } from '../tally-ledger.ts'
import { type AccountsState, encodeStatement } from './accounts-root.ts'
import type { ProofLog } from './proof-log.ts'

const DAY_NS = 86_400_000_000_000n
const NS_PER_MS = 1_000_000n

/** The statement that was made: of the state after `through`, as event `sequence`. */
export interface Attested {
  readonly through: number
  readonly sequence: number
}

export interface AttestingParts {
  readonly log: ProofLog
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** Newest decided event. */
  readonly lastSequence: () => number
  /** Makes a snapshot; resolves with its sequence when it is published. */
  readonly snapshot: () => Promise<number>
  /** Makes and keeps the tree of the snapshot of that sequence. */
  readonly tree: (through: number) => Promise<AccountsState>
  readonly apply: (commands: readonly Command[]) => Promise<EventResult[]>
  readonly onNote: (note: string) => void
}

export class Attesting {
  readonly #parts: AttestingParts
  #running: Promise<Attested> | undefined
  /** Made in this life of the ledger; the log's list may lag behind. */
  #made: Attested | undefined
  #callOff: (() => void) | undefined

  constructor(parts: AttestingParts) {
    this.#parts = parts
    this.#arm()
  }

  /** Of the state as it is now or later; when nothing happened since the newest statement, that one. @throws EngineError */
  now(): Promise<Attested> {
    return this.#share(() => this.#parts.snapshot())
  }

  /** A snapshot was made by itself. */
  snapshotMade(sequence: number): void {
    this.#onItsOwn(() => Promise.resolve(sequence))
  }

  stop(): void {
    this.#callOff?.()
    this.#callOff = undefined
  }

  #arm(): void {
    const { clock, scheduler } = this.#parts
    const left = DAY_NS - (clock.now() % DAY_NS)
    this.#callOff = scheduler.after(Number(left / NS_PER_MS) + 1, () => {
      this.#arm()
      this.#onItsOwn(() => this.#parts.snapshot())
    })
  }

  #onItsOwn(snapshot: () => Promise<number>): void {
    this.#share(snapshot).catch((error: unknown) => {
      // Closed meanwhile, or nothing there yet: nobody waits for it.
      if (error instanceof EngineError && ['unavailable', 'invalid'].includes(error.code)) return
      this.#parts.onNote(`no root over all accounts was made: ${String(error)}`)
    })
  }

  #share(snapshot: () => Promise<number>): Promise<Attested> {
    const newest = this.#made ?? this.#parts.log.roots.at(-1)
    if (newest !== undefined && newest.sequence === this.#parts.lastSequence()) {
      return Promise.resolve({ through: newest.through, sequence: newest.sequence })
    }
    this.#running ??= this.#run(snapshot).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #run(snapshot: () => Promise<number>): Promise<Attested> {
    const { tree, apply, lastSequence } = this.#parts
    if (lastSequence() === 0) throw new EngineError('invalid', 'nothing has happened yet')
    const through = await snapshot()
    const statement = encodeStatement(await tree(through))
    const [result] = await apply([{ operation: Operation.attest, flags: 0, statement }])
    if (result?.status !== 0) throw new Error(`the statement was refused: ${result?.status}`)
    this.#made = { through, sequence: result.sequence }
    return this.#made
  }
}
