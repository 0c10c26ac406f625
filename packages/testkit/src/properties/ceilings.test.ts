/** Whatever is asked, by whom and in which order: no ceiling is passed, and the log says all there is to say of it. */
import { encodeControl } from '@tallystick/access'
import {
  type Command,
  type CreateTransfer,
  Operation,
  TransferFlags as Flag,
  TransferStatus,
} from '@tallystick/ledger'
import { type Decision, LedgerMachine, type StateMachine } from '@tallystick/scenario'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ModelLedger } from '../model/model-ledger.ts'
import { ceilingId } from '../suites/ceilings.ts'

const SEED = 20_261_126
const DAY = 86_400_000_000_000n
const LIMIT = 100n
const COUNT = 7n
const ACCOUNTS = [1n, 2n, 3n]
const NO_BYTES = new Uint8Array(0)

const control = (command: Parameters<typeof encodeControl>[0]): Command => ({
  ...{ operation: Operation.control, flags: 0, statement: encodeControl(command) },
})

/** ada may debit 100 a day below `a`, and make 7 transfers a day out of anything. */
const given: readonly Command[] = [
  ...ACCOUNTS.map((id): Command => ({
    ...{ operation: Operation.createAccount, id, address: id === 3n ? 'b:3' : `a:${id}` },
    ...{ asset: 1, code: 1, flags: 0, parent: 0n, limit: 0n, metadata: NO_BYTES },
    subtreeLimit: (1n << 128n) - 1n,
  })),
  ...['ada', 'bob'].map((principal) =>
    control({ control: 'create_principal', principal, kind: 'person' }),
  ),
  control({
    ...{ control: 'create_ceiling', ceiling: ceilingId(1), principal: 'ada', asset: 1 },
    ...{ measure: 'daily_amount', limit: String(LIMIT), addresses: ['a:*'] },
  }),
  control({
    ...{ control: 'create_ceiling', ceiling: ceilingId(2), principal: 'ada', asset: null },
    ...{ measure: 'daily_count', limit: String(COUNT), addresses: ['*'] },
  }),
]

interface Wish {
  readonly amount: bigint
  readonly from: bigint
  readonly flags: number
  /** Which of the holds so far is posted or voided. */
  readonly of: number
}

const wish = fc.record({
  amount: fc.bigInt({ min: 0n, max: 60n }),
  from: fc.constantFrom(...ACCOUNTS),
  flags: fc.constantFrom(
    ...[0, 0, 0, Flag.linked, Flag.pending, Flag.postPendingTransfer, Flag.voidPendingTransfer],
  ),
  of: fc.nat({ max: 20 }),
})
const request = fc.record({
  by: fc.constantFrom('ada', 'ada', 'bob/ada', 'ada/bob', 'bob', ''),
  wishes: fc.array(wish, { minLength: 1, maxLength: 8 }),
  dryRun: fc.constantFrom(false, false, true),
  pause: fc.constantFrom(0n, 1n, DAY / 3n),
})
type Request = typeof request extends fc.Arbitrary<infer Value> ? Value : never

/** What ada has moved in a day: below `a`, and how often anywhere. */
interface Spent {
  amount: bigint
  count: bigint
}

/** One of each for all machines: the same commands in the same order. */
class Player {
  readonly #machines: readonly StateMachine[]
  readonly #spent = new Map<bigint, Spent>()
  #id = 100n
  #now = 1n
  readonly #holds: bigint[] = []

  constructor(machines: readonly StateMachine[]) {
    this.#machines = machines
    for (const machine of machines) machine.apply({ commands: given, proposed: 1n })
  }

  /** What each day has come to so far. */
  get spent(): readonly Spent[] {
    return [...this.#spent.values()]
  }

  /** @returns what each machine decided. */
  ask({ by, wishes, dryRun, pause }: Request): readonly (readonly Decision[])[] {
    this.#now += pause
    const commands = wishes.map((each) => this.#command(each))
    const batch = { commands, proposed: this.#now, dryRun, by }
    const all = this.#machines.map((machine) => machine.apply(batch))
    const [decisions = []] = all
    if (dryRun) return all
    for (const [index, { status, timestamp }] of decisions.entries()) {
      const command = commands[index]
      if (status !== TransferStatus.created || command === undefined) continue
      if ((command.flags & Flag.pending) !== 0) this.#holds.push(command.id)
      if (by.includes('ada')) this.#note(command, timestamp / DAY)
    }
    return all
  }

  #command({ amount, from, flags, of }: Wish): CreateTransfer {
    const refers = (flags & (Flag.postPendingTransfer | Flag.voidPendingTransfer)) !== 0
    const pendingId = refers ? (this.#holds[of % Math.max(this.#holds.length, 1)] ?? 99n) : 0n
    const base = { operation: Operation.createTransfer, id: this.#id++, flags, pendingId } as const
    const rest = { timeout: 0, effectiveAt: 0n, metadata: NO_BYTES }
    if (refers) {
      const isPost = flags === Flag.postPendingTransfer
      const whole = { amount: isPost ? (1n << 128n) - 1n : 0n, asset: 0, code: 0 }
      return { ...base, ...rest, ...whole, debitAccountId: 0n, creditAccountId: 0n }
    }
    const creditAccountId = (from % 3n) + 1n
    return { ...base, ...rest, amount, asset: 1, code: 1, debitAccountId: from, creditAccountId }
  }

  #note(command: CreateTransfer, day: bigint): void {
    const { amount, debitAccountId, pendingId } = command
    if (pendingId !== 0n) return
    const spent = this.#spent.get(day) ?? { amount: 0n, count: 0n }
    spent.count++
    if (debitAccountId !== 3n) spent.amount += amount
    this.#spent.set(day, spent)
  }
}

test('no order of requests passes a ceiling, and replay, snapshot and model have the same bytes', () => {
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 25 }), (requests) => {
      const fast = new LedgerMachine()
      const model = new ModelLedger()
      const player = new Player([fast, model])
      for (const each of requests) {
        const [decided, again] = player.ask(each)
        expect(again).toEqual(decided)
      }
      for (const { amount, count } of player.spent) {
        expect(amount).toBeLessThanOrEqual(LIMIT)
        expect(count).toBeLessThanOrEqual(COUNT)
      }
      const bytes = fast.stateBytes()
      expect(model.stateBytes()).toEqual(bytes)
      expect(fast.replayed().stateBytes()).toEqual(bytes)
      expect(fast.reloaded().stateBytes()).toEqual(bytes)
    }),
    { seed: SEED, numRuns: 150 },
  )
})
