/** Wishes of the clients, drawn from the seed; the testkit makes commands of them that mean something in the books as they are. */
import type { Prng, Wish } from '@tallystick/testkit'

const WEIGHTS: Readonly<Record<Wish['kind'], number>> = {
  transfer: 30,
  hold: 16,
  post: 14,
  void: 5,
  reverse: 6,
  balance: 6,
  closingHold: 2,
  again: 10,
  account: 5,
  limit: 4,
  closure: 2,
  metadata: 2,
  asset: 1,
  books: 1,
  odd: 3,
}

const AMOUNTS: Readonly<Record<Wish['amount']['kind'], number>> = {
  some: 15,
  fitting: 5,
  border: 1,
  top: 1,
}

export function wishes(prng: Prng, count: number): Wish[] {
  return Array.from({ length: count }, () => wish(prng))
}

function wish(prng: Prng): Wish {
  return {
    kind: weighted(prng, WEIGHTS),
    one: prng.below(100),
    other: prng.below(100),
    which: prng.below(100),
    amount: { kind: weighted(prng, AMOUNTS), number: prng.below(13) },
    variant: prng.below(100),
    linked: prng.once(6),
  }
}

function weighted<Name extends string>(prng: Prng, weights: Readonly<Record<Name, number>>): Name {
  const entries = Object.entries<number>(weights) as [Name, number][]
  let left = prng.below(entries.reduce((sum, [, weight]) => sum + weight, 0))
  for (const [name, weight] of entries) {
    left -= weight
    if (left < 0) return name
  }
  return prng.pick(entries)[0]
}
