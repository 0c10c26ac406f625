/**
 * The model: a state machine that is slow and obvious, written from the text of the semantics alone, so that
 * it and the fast ledger can only agree by both being right.
 */
import {
  type Command,
  Operation,
  packedCommands,
  RELEASES_PER_BATCH_MAX,
  TransferStatus,
} from '@tallystick/ledger'
import { assert } from '@tallystick/money'
import type {
  AccountView,
  Batch,
  Decision,
  EntryView,
  HoldView,
  MakeOptions,
  StateMachine,
} from '@tallystick/scenario'
import { contentBytes, stateBytes } from './canonical.ts'
import { chainsOf, decideChain } from './chains.ts'
import { idOf } from './decide.ts'
import { type Digest, DIGEST_START, fold, foldWords } from './digest.ts'
import { chain } from './entries.ts'
import { compare, dueHolds, earliestDeadline } from './expiry.ts'
import { type Outcome, outcome } from './outcome.ts'
import { goesOn } from './settings.ts'
import { release } from './settle-hold.ts'
import { type Event, State } from './state.ts'

export class ModelLedger implements StateMachine {
  readonly #releasesPerBatchMax: number
  readonly #state = new State()
  #last: Event = { sequence: 0n, timestamp: 0n }
  #digest: Digest = DIGEST_START

  constructor({ releasesPerBatchMax = RELEASES_PER_BATCH_MAX }: MakeOptions = {}) {
    this.#releasesPerBatchMax = releasesPerBatchMax
  }

  apply({
    commands,
    proposed,
    dryRun = false,
    by = '',
    withoutReleases = dryRun,
  }: Batch): readonly Decision[] {
    const earliest = this.#last.timestamp + 1n
    const first: Event = {
      sequence: this.#last.sequence + 1n,
      timestamp: proposed > earliest ? proposed : earliest,
    }
    const state = dryRun ? this.#state.fork() : this.#state
    state.by = by
    const released = withoutReleases ? [] : this.#release(state, first)
    const decided = decideAll(state, commands, after(first, released.length))
    const decisions = [...released, ...decided]
    if (!dryRun) for (const decision of decisions) this.#note(decision)
    return decisions
  }

  /** A request's look-up key is part of the state, once the request is decided. */
  foldKey(key: bigint): void {
    this.#digest = foldWords(this.#digest, key)
  }

  #release(state: State, first: Event): Decision[] {
    const due = dueHolds(state, first.timestamp).slice(0, this.#releasesPerBatchMax)
    return due.map((hold, index) => {
      const event = after(first, index)
      release(state, hold, 'expired', event)
      const { id, remaining: amount } = hold
      const refusal = undefined
      return { operation: Operation.releaseHold, status: 0, id, amount, refusal, ...event }
    })
  }

  #note(decision: Decision): void {
    this.#last = { sequence: decision.sequence, timestamp: decision.timestamp }
    this.#digest = fold(this.#digest, decision)
  }

  account(id: bigint): AccountView | undefined {
    const account = this.#state.accounts.get(id)
    if (account === undefined) return undefined
    const { own, lastEntry, closedBy: _, ...rest } = account
    return { ...rest, ...own, entryCount: lastEntry?.number ?? 0n }
  }

  hold(id: bigint): HoldView | undefined {
    const hold = this.#state.holds.get(id)
    if (hold === undefined) return undefined
    const { sequence: _, ...view } = hold
    return view
  }

  reversed(id: bigint): bigint {
    return this.#state.transfers.get(id)?.reversed ?? 0n
  }

  entries(id: bigint): readonly EntryView[] {
    return chain(this.#state.accounts.get(id)?.lastEntry)
  }

  accountIds(): readonly bigint[] {
    return [...this.#state.accounts.all().keys()].sort(compare)
  }

  nextDeadline(): bigint | undefined {
    return earliestDeadline(this.#state)
  }

  lastTimestamp(): bigint {
    return this.#last.timestamp
  }

  lastSequence(): bigint {
    return this.#last.sequence
  }

  contentBytes(): Uint8Array {
    return contentBytes(this.#state)
  }

  stateBytes(): Uint8Array {
    return stateBytes(this.#state, this.#last, this.#digest)
  }
}

/** Every event has the next sequence and the next nanosecond. */
const after = (first: Event, events: number): Event => ({
  sequence: first.sequence + BigInt(events),
  timestamp: first.timestamp + BigInt(events),
})

function decideAll(state: State, commands: readonly Command[], first: Event): Decision[] {
  const events = commands.map((_, index) => after(first, index))
  const outcomes: Outcome[] = []
  state.rest = packedCommands(commands.slice(1))
  for (const chain of chainsOf(commands)) {
    outcomes.push(...decideChain(state, chain, events.slice(outcomes.length)))
    state.rest = undefined
    const [first] = outcomes
    if (outcomes.length > 1 || first === undefined) continue
    if (!goesOn(state, commands[0], first.status)) break
  }
  const shut = outcome(TransferStatus.linkedEventFailed)
  return commands.map((command, index) => {
    const result = outcomes[index] ?? shut
    const event = events[index]
    assert(event !== undefined, 'a command without its answer')
    return { operation: command.operation, id: idOf(command), ...result, ...event }
  })
}
