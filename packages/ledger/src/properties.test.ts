/** The fast ledger and the slow model agree on made-up histories, also through replays and snapshots. */
import {
  type AccountView,
  type Batch,
  compareLong,
  compareMachines,
  type Decision,
  type EntryView,
  freshSeed,
  type HoldView,
  LedgerMachine,
  type MakeOptions,
  ModelLedger,
} from '@tallystick/testkit'
import { expect, test } from 'vitest'

const FIXED = 20_261_121
// The seed is in the test's name and in the failure's first line.
const FRESH = freshSeed()

const model = (options?: MakeOptions) => new ModelLedger(options)
const fast = (options?: MakeOptions) => new LedgerMachine(options)

/** Starts anew every few batches: from its records, or from a snapshot that is taken while the next batch is applied. */
class Restarting extends LedgerMachine {
  #now: LedgerMachine = this
  #batches = 0

  override apply(batch: Batch): readonly Decision[] {
    if (this.#now === this) return this.#first(batch)
    this.#batches++
    if (this.#batches % 6 === 0) this.#now = this.#now.replayed()
    else if (this.#batches % 3 === 0) this.#now = this.#now.reloaded()
    return this.#now.apply(batch)
  }

  #first(batch: Batch): readonly Decision[] {
    const decisions = super.apply(batch)
    this.#now = this.replayed()
    return decisions
  }

  override account(id: bigint): AccountView | undefined {
    return this.#now === this ? super.account(id) : this.#now.account(id)
  }
  override hold(id: bigint): HoldView | undefined {
    return this.#now === this ? super.hold(id) : this.#now.hold(id)
  }
  override reversed(id: bigint): bigint {
    return this.#now === this ? super.reversed(id) : this.#now.reversed(id)
  }
  override entries(id: bigint): readonly EntryView[] {
    return this.#now === this ? super.entries(id) : this.#now.entries(id)
  }
  override accountIds(): readonly bigint[] {
    return this.#now === this ? super.accountIds() : this.#now.accountIds()
  }
  override nextDeadline(): bigint | undefined {
    return this.#now === this ? super.nextDeadline() : this.#now.nextDeadline()
  }
  override lastTimestamp(): bigint {
    return this.#now === this ? super.lastTimestamp() : this.#now.lastTimestamp()
  }
  override lastSequence(): bigint {
    return this.#now === this ? super.lastSequence() : this.#now.lastSequence()
  }
  override contentBytes(): Uint8Array {
    return this.#now === this ? super.contentBytes() : this.#now.contentBytes()
  }
  override stateBytes(): Uint8Array {
    return this.#now === this ? super.stateBytes() : this.#now.stateBytes()
  }
}

test.each([FIXED, FRESH])('ledger and model agree, seed %i', (seed) => {
  compareMachines(model, fast, { seed, runs: 80 })
})

test.each([FIXED, FRESH])('a ledger that restarts agrees with the model, seed %i', (seed) => {
  compareMachines(model, (options) => new Restarting(options), { seed, runs: 50 })
})

test('they agree on a long history', () => {
  compareLong(model, fast, { seed: FIXED, size: { batchesMax: 400, commandsMax: 8 } })
})

test('a snapshot shows the state as it was cut, whatever came meanwhile', () => {
  const machine = new LedgerMachine()
  machine.apply({ commands: [account(1n), account(2n)], proposed: 1n })
  machine.apply({ commands: [transfer(10n, 5n)], proposed: 2n })
  const before = machine.stateBytes()
  const copy = machine.reloaded(() => {
    machine.apply({ commands: [transfer(11n, 7n), account(3n)], proposed: 3n })
  })
  expect(copy.stateBytes()).toEqual(before)
  copy.apply({ commands: [transfer(11n, 7n), account(3n)], proposed: 3n })
  expect(copy.stateBytes()).toEqual(machine.stateBytes())
})

function account(id: bigint) {
  return {
    operation: 3 as const,
    ...{ id, address: '', asset: 978, code: 1, flags: 0, parent: 0n, limit: 0n },
    ...{ subtreeLimit: (1n << 128n) - 1n, metadata: new Uint8Array(0) },
  }
}

function transfer(id: bigint, amount: bigint) {
  return {
    operation: 1 as const,
    ...{ id, debitAccountId: 1n, creditAccountId: 2n, amount, pendingId: 0n, timeout: 0 },
    ...{ asset: 978, code: 1, flags: 0, effectiveAt: 0n, metadata: new Uint8Array(0) },
  }
}
