/** Made-up streams: a few accounts, a small tree, every kind of movement, time that goes on by seconds or by days. */
import type { PutRule } from '../rule-command.ts'
import type { When } from '../rule-form.ts'
import type { Evaluator } from './evaluator.ts'
import type { Movement, MovementKind, Opening } from './movement.ts'

/** What of the test kit's generator is needed. */
export interface Random {
  below(bound: number): number
  once(times: number): boolean
  pick<Item>(items: readonly Item[]): Item
}

interface StreamEvent {
  readonly sequence: number
  readonly time: bigint
  readonly opening?: Opening
  readonly movement?: Movement
}
export type Stream = readonly StreamEvent[]

const SECOND = 1_000_000_000n
const START = 1_700_000_000n * SECOND

const opening = (slot: number, address: string, rest: Partial<Opening> = {}): Opening => ({
  ...{ slot, address, id: String(slot), asset: 'EUR/2', limiting: 'none', parent: -1 },
  ...{ limit: 0n, subtreeLimit: undefined, ...rest },
})

const OPENINGS: readonly Opening[] = [
  opening(0, 'world:EUR-2'),
  opening(1, 'partners:acme', { limiting: 'debits', limit: 400n, subtreeLimit: 900n }),
  opening(2, 'partners:acme:a', { limiting: 'debits', limit: 500n, parent: 1 }),
  opening(3, 'partners:acme:b', { limiting: 'credits', limit: 700n, parent: 1 }),
  opening(4, 'users:1', { limiting: 'debits', limit: 300n, subtreeLimit: 500n }),
  opening(5, 'users:2'),
  opening(6, 'partners:acme:b:till', { limiting: 'debits', parent: 3, subtreeLimit: 250n }),
]

interface Held {
  readonly sequence: number
  readonly debitSlot: number
  readonly creditSlot: number
  readonly deadline: bigint
  remaining: bigint
}

export function madeUpStream(prng: Random, count: number): Stream {
  const events: StreamEvent[] = []
  const holds: Held[] = []
  let time = START
  for (const each of OPENINGS) {
    time += 1n
    events.push({ sequence: events.length + 1, time, opening: each })
  }
  while (events.length < count) {
    time += 1n + BigInt(prng.below(4) === 0 ? prng.below(20_000) : prng.below(200)) * SECOND
    const sequence = events.length + 1
    // Now and then nothing moves, so that a rule can be put there.
    if (sequence % 40 === 10 || prng.once(20)) events.push({ sequence, time })
    else events.push({ sequence, time, movement: movement(prng, { sequence, time, holds }) })
  }
  return events
}

interface Place {
  readonly sequence: number
  readonly time: bigint
  readonly holds: Held[]
}

function movement(prng: Random, { sequence, time, holds }: Place): Movement {
  const place = { sequence, timestamp: time }
  const rest = { holdSequence: 0, remainingAfter: 0n, deadline: 0n }
  if (holds.length > 0 && prng.below(3) === 0) {
    const hold = prng.pick(holds)
    const kind: MovementKind = prng.pick(['capture', 'capture', 'void', 'expiry'] as const)
    const part = BigInt(prng.below(Number(hold.remaining)) + 1)
    const keeps = kind === 'capture' && prng.once(2)
    const amount = kind === 'capture' ? part : hold.remaining
    const remainingAfter = keeps ? hold.remaining - part : 0n
    hold.remaining = remainingAfter
    if (remainingAfter === 0n) holds.splice(holds.indexOf(hold), 1)
    const { debitSlot, creditSlot } = hold
    const of = { holdSequence: hold.sequence, remainingAfter, deadline: 0n }
    return { ...place, kind, debitSlot, creditSlot, amount, ...of }
  }
  const debitSlot = prng.below(OPENINGS.length)
  const creditSlot = (debitSlot + 1 + prng.below(OPENINGS.length - 1)) % OPENINGS.length
  const amount = BigInt(1 + prng.below(300))
  const sides = { debitSlot, creditSlot, amount }
  if (prng.once(3)) {
    const timeout = prng.once(4) ? 0n : BigInt(1 + prng.below(300_000))
    const deadline = timeout === 0n ? 0n : time + timeout * SECOND
    holds.push({ sequence, debitSlot, creditSlot, deadline, remaining: amount })
    return { ...place, kind: 'hold', ...sides, ...rest, deadline }
  }
  const kind = prng.once(10) ? 'reversal' : 'transfer'
  return { ...place, kind, ...sides, ...rest }
}

export function ruleOf(rule: string, when: When): PutRule {
  const form = { description: '', enabled: true, addresses: ['*'], asset: 'EUR/2', when }
  const action = 'event' as const
  return { rules: 'put', rule, version: 1, owner: 'ada', form: { ...form, action } }
}

/** Rules are put by the event with sequence `putAt`, which moves nothing. */
export function tell(
  evaluator: Evaluator,
  stream: Stream,
  { putAt, rules }: { readonly putAt: number; readonly rules: readonly PutRule[] },
): void {
  for (const { sequence, time, opening: opened, movement: moved } of stream) {
    evaluator.event(sequence, time)
    if (sequence === putAt) for (const rule of rules) evaluator.commanded(rule)
    if (opened !== undefined) evaluator.opened(opened)
    if (moved !== undefined) evaluator.moved(moved)
  }
}
