/** The model as it was after each request, and whether a ledger shows just that while it decides the next one. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert'

import { type Command, Operation, TransferFlags } from '@tallystick/ledger'
import type { ModelLedger, Prng } from '@tallystick/testkit'

import type { TallyLedger } from '../src/tally-ledger.ts'

export class Past {
  readonly #model: ModelLedger
  /** By the sequence of its last event. */
  readonly #standings = new Map<number, ReadonlyMap<bigint, object>>()
  /** Of all events: which id was created by it, if any. */
  readonly created = new Map<number, bigint>()
  /** Sequences behind which no chain is open. */
  readonly #ends = new Set<number>([0])

  constructor(model: ModelLedger) {
    this.#model = model
    this.#standings.set(0, new Map())
  }

  decide(commands: readonly Command[], proposed: bigint) {
    const decided = this.#model.apply({ commands, proposed })
    const own = decided.slice(-commands.length)
    decided.slice(0, -commands.length).forEach(({ sequence }) => this.#ends.add(Number(sequence)))
    own.forEach(({ sequence, status, operation, id }, index) => {
      const isLast = index === own.length - 1
      if (isLast || ((commands[index]?.flags ?? 0) & TransferFlags.linked) === 0) {
        this.#ends.add(Number(sequence))
      }
      if (status === 0 && operation === Operation.createTransfer)
        this.created.set(Number(sequence), id)
    })
    const standing = this.#model.accountIds().map((id) => [id, this.#balances(id)] as const)
    this.#standings.set(Number(this.#model.lastSequence()), new Map(standing))
    return own.map(({ status, sequence }) => ({ status, sequence: Number(sequence) }))
  }

  #balances(id: bigint) {
    const view = this.#model.account(id)
    if (view === undefined) throw new Error('the model knows its accounts')
    const { debitsPending, debitsPosted, creditsPending, creditsPosted, entryCount } = view
    const balances = { debitsPending, debitsPosted, creditsPending, creditsPosted }
    return { balances, entryCount: Number(entryCount) }
  }

  /** What every reader has to see right now. @throws AssertionError */
  holds(ledger: TallyLedger, prng: Prng): void {
    ok(this.#ends.has(ledger.lastSequence), 'no chain is open behind the newest event')
    this.#balanceHolds(ledger, BigInt(1 + prng.below(12)))
    const { reader, lastSequence } = ledger
    const wanted = 1_000n + BigInt(prng.below(200))
    const found = reader.transfer(wanted)
    if (found !== undefined) {
      ok(found.sequence <= lastSequence)
      strictEqual(this.created.get(found.sequence), wanted)
    }
    const listed = reader.accounts({ prefix: 'users', limit: 100 }).accounts
    const known = Array.from({ length: reader.accountCount }, (_, n) => reader.accountBySlot(n))
    const named = known.filter((one) => one?.address !== '').map((one) => one?.slot)
    deepStrictEqual(
      listed.map(({ slot }) => slot).toSorted((a, b) => a - b),
      named,
    )
  }

  #balanceHolds({ reader, durableSequence, durableTimestamp }: TallyLedger, id: bigint): void {
    const standing = this.#standings.get(durableSequence)
    ok(standing !== undefined, 'whole requests are durable')
    const shown = reader.balanceAfter(reader.account(id)?.slot ?? -1, durableSequence)
    const expected = standing.get(id)
    if (shown === undefined) return strictEqual(expected, undefined)
    const { balances, entryCount } = shown
    deepStrictEqual({ balances, entryCount }, expected)
    deepStrictEqual(reader.balanceAt(id, durableTimestamp), shown)
  }
}
