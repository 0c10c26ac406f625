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
  readonly last: () => { readonly sequence: number; readonly timestamp: bigint }
  /** Makes a snapshot, or joins one that is being made; resolves with its sequence when it is published. */
  readonly snapshot: () => Promise<number>
  /** Makes and keeps the tree of the snapshot of that sequence; undefined: newer ones have taken its place. */
  readonly tree: (through: number) => Promise<AccountsState | undefined>
  readonly apply: (commands: readonly Command[]) => Promise<EventResult[]>
  readonly onNote: (note: string) => void
  /** Whether something may be stated that nobody asked for; default: always. */
  readonly mayStateAlone?: (() => Promise<boolean>) | undefined
}

export class Attesting {
  readonly #parts: AttestingParts
  #running: Promise<Attested> | undefined
  /** Made in this life of the ledger; the log's list may lag behind. */
  #made: (Attested & { readonly state: AccountsState }) | undefined
  #callOff: (() => void) | undefined
  readonly #unhear: () => void
  #hasStopped = false

  constructor(parts: AttestingParts) {
    this.#parts = parts
    this.#arm()
    // The first head says which statements there are.
    this.#unhear = parts.log.onHead(() => {
      this.#unhear()
      this.#makeUp()
    })
  }

  /** Of the state as it is now or later; when nothing happened since the newest statement, that one. @throws EngineError */
  async now(): Promise<Attested> {
    const { sequence } = this.#parts.last()
    if (sequence === 0) throw new EngineError('invalid', 'nothing has happened yet')
    for (;;) {
      const newest = this.#newest()
      if (newest !== undefined && covers(newest, sequence)) return newest
      // What runs already may have cut the state before this was asked: then once more.
      await this.#share(() => this.#parts.snapshot())
    }
  }

  /** A snapshot was made by itself. */
  snapshotMade(sequence: number): void {
    this.#onItsOwn(() => this.#share(() => Promise.resolve(sequence)))
  }

  stop(): void {
    this.#hasStopped = true
    this.#unhear()
    this.#callOff?.()
    this.#callOff = undefined
  }

  #arm(): void {
    const { clock, scheduler } = this.#parts
    const left = DAY_NS - (clock.now() % DAY_NS)
    this.#callOff = scheduler.after(Number(left / NS_PER_MS) + 1, () => {
      this.#arm()
      if (this.#parts.last().sequence > 0) this.#onItsOwn(() => this.now())
    })
  }

  /** A day that ended while the ledger was closed ends now: nothing has happened since. */
  #makeUp(): void {
    const { sequence, timestamp } = this.#parts.last()
    if (sequence === 0 || timestamp / DAY_NS >= this.#parts.clock.now() / DAY_NS) return
    this.#onItsOwn(() => this.now())
  }

  #onItsOwn(make: () => Promise<Attested>): void {
    const { mayStateAlone } = this.#parts
    const made: Promise<unknown> =
      mayStateAlone === undefined ? make() : this.#ifAllowed(mayStateAlone, make)
    made.catch((error: unknown) => {
      if (this.#hasStopped) return
      this.#parts.onNote(`no root over all accounts was made: ${String(error)}`)
    })
  }

  async #ifAllowed(may: () => Promise<boolean>, make: () => Promise<Attested>): Promise<void> {
    if ((await may()) && !this.#hasStopped) await make()
  }

  /** The newest statement whose tree is kept. */
  #newest(): Attested | undefined {
    const stated = this.#parts.log.roots.at(-1)
    const state = this.#made?.state ?? stated
    const tree = state && this.#parts.log.accountTree(state)
    tree?.close()
    const newest = this.#made ?? stated
    return tree && newest && { through: newest.through, sequence: newest.sequence }
  }

  #share(snapshot: () => Promise<number>): Promise<Attested> {
    this.#running ??= this.#run(snapshot).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #run(snapshot: () => Promise<number>): Promise<Attested> {
    const state = await this.#treeOf(snapshot)
    const statement = encodeStatement(state)
    const commands = [{ operation: Operation.attest, flags: 0, statement }] as const
    const [result] = await this.#parts.apply(commands)
    if (result?.status !== 0) throw new Error(`the statement was refused: ${result?.status}`)
    const { through } = state
    this.#made = { through, sequence: result.sequence, state }
    return { through, sequence: result.sequence }
  }

  async #treeOf(snapshot: () => Promise<number>): Promise<AccountsState> {
    try {
      let through = await snapshot()
      for (;;) {
        const state = await this.#parts.tree(through)
        if (state !== undefined) return state
        through = await this.#parts.snapshot()
      }
    } catch (cause) {
      if (cause instanceof EngineError) throw cause
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new EngineError('unavailable', `no tree over all accounts was made: ${why}`, { cause })
    }
  }
}

/** The tree shows all that events up to `sequence` did: a statement itself changes no account. */
function covers({ through, sequence: stated }: Attested, sequence: number): boolean {
  return through >= sequence || (stated === sequence && through === sequence - 1)
}
