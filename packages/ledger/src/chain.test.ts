import { expect, test } from 'vitest'

import { Accounts, DEEP_ROW_BYTES, ROOTS_INLINE, Row32 } from './accounts.ts'
import { Chain } from './chain.ts'
import { Memory } from './memory.ts'
import { SideField } from './record.ts'

const ENTRIES = 5_000

interface Tree {
  readonly sequence: number
  readonly rank: number
}

/** The scheme as it is written down, with all roots in one list. */
class NaiveChain {
  #roots: Tree[] = []

  append(sequence: number): { previous: number; jump: number } {
    const [newest, second] = this.#roots.toReversed()
    const previous = newest?.sequence ?? 0
    if (newest === undefined || newest.rank !== second?.rank) {
      this.#roots.push({ sequence, rank: 1 })
      return { previous, jump: previous }
    }
    this.#roots.splice(-2)
    const jump = this.#roots.at(-1)?.sequence ?? 0
    this.#roots.push({ sequence, rank: newest.rank + 1 })
    return { previous, jump }
  }

  get depth(): number {
    return this.#roots.length
  }
}

function oneAccount(): Accounts {
  const accounts = new Accounts(42)
  accounts.add(Uint32Array.of(1, 0, 0, 0), 0)
  return accounts
}

test('links are those of the scheme, through all that moves between a row and its deep row', () => {
  const accounts = oneAccount()
  const chain = new Chain(accounts)
  const naive = new NaiveChain()
  const out = Memory.allocate(64)
  const row = accounts.row32(0)
  let deepest = 0
  let leastHeld = ROOTS_INLINE
  for (let number = 1; number <= ENTRIES; number++) {
    // Sequences beyond 32 bits, not one after another.
    const sequence = 0x1_2345_0000 + number * 7
    chain.begin(sequence)
    chain.link(row, accounts.base32(0), out.u32, 0)
    const { previous, jump } = naive.append(sequence)
    expect(Number(out.u64[SideField.number / 8])).toBe(number)
    expect(Number(out.u64[SideField.previous / 8])).toBe(previous)
    expect(Number(out.u64[SideField.jump / 8])).toBe(jump)
    const counts = row[Row32.rootCount] ?? 0
    const depth = counts & 0xffff
    const spilled = counts >>> 16
    expect(depth).toBe(naive.depth)
    deepest = Math.max(deepest, depth)
    if (spilled > 0) leastHeld = Math.min(leastHeld, depth - spilled)
    expect(depth - spilled).toBeLessThanOrEqual(ROOTS_INLINE)
  }
  expect(deepest).toBeGreaterThan(ROOTS_INLINE)
  expect(leastHeld).toBeGreaterThanOrEqual(3)
  expect(deepest * 8).toBeLessThanOrEqual(DEEP_ROW_BYTES)
})
