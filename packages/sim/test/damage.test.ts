import { freshSeed, Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import {
  type DamagedBook,
  DAMAGE_NAMES,
  DAMAGES,
  FATES,
  failRead,
  fateOf,
  makeBook,
} from '../src/index.ts'
import type { DamageName, Fate } from '../src/index.ts'

const DIRECTORIES = ['data/book', 'data/snapshots', 'data/ids'] as const
/** Of each damage to each directory. */
const TIMES = 12

class Table {
  readonly #rows = new Map<string, Map<Fate, number>>()

  add(directory: string, damage: DamageName, fate: Fate | undefined): void {
    if (fate === undefined) return
    const key = `${directory.padEnd(16)}${damage}`
    const row = this.#rows.get(key) ?? new Map<Fate, number>()
    this.#rows.set(key, row.set(fate, (row.get(fate) ?? 0) + 1))
  }

  text(): string {
    const head = `${'file'.padEnd(16)}${'damage'.padEnd(26)}${FATES.map((fate) => fate.padStart(12)).join('')}`
    const lines = [...this.#rows].map(
      ([key, row]) =>
        `${key.padEnd(42)}${FATES.map((fate) => String(row.get(fate) ?? '').padStart(12)).join('')}`,
    )
    return [head, ...lines].join('\n')
  }

  of(fate: Fate): number {
    return [...this.#rows.values()].reduce((sum, row) => sum + (row.get(fate) ?? 0), 0)
  }
}

/** undefined: nothing was changed. */
async function tryOne(
  book: DamagedBook,
  prng: Prng,
  directory: string,
  damage: DamageName,
): Promise<Fate | undefined> {
  const disk = book.disk.clone()
  const path = `${directory}/${prng.pick(disk.readdir(directory))}`
  const older = book.older.readdir(directory).map((name) => `${directory}/${name}`)
  const target = { disk, path, older: older.includes(path) ? book.older.contents(path) : undefined }
  if (!DAMAGES[damage](prng, target)) return undefined
  return fateOf(disk, book).catch((cause: unknown) => {
    throw new Error(`${damage} of ${path}`, { cause })
  })
}

test('damage without a crash is named or harmless, and nothing false is shown', async () => {
  const seed = freshSeed()
  console.log(`TALLY_SEED=${seed}`)
  const prng = new Prng(seed)
  const book = await makeBook(prng, 'closed')
  const table = new Table()
  for (const directory of DIRECTORIES) {
    for (const damage of DAMAGE_NAMES) {
      for (let time = 0; time < TIMES; time++) {
        table.add(directory, damage, await tryOne(book, prng, directory, damage))
      }
    }
  }
  console.log(table.text())
  expect(FATES.filter((fate) => table.of(fate) === 0)).toEqual([])
})

test('a read that fails is told or made up for, and leaves everything as it was', async () => {
  const seed = freshSeed()
  console.log(`TALLY_SEED=${seed}`)
  const prng = new Prng(seed)
  const book = await makeBook(prng, 'closed')
  const { reads, fate } = await failRead(book, 0)
  expect(fate).toBe('whole')
  const fates = { whole: 0, told: 0 }
  for (let time = 0; time < 40; time++) {
    const failAt = 1 + prng.below(reads)
    const failed = await failRead(book, failAt).catch((error: unknown) => {
      throw new Error(`read ${failAt} of ${reads}, TALLY_SEED=${seed}`, { cause: error })
    })
    fates[failed.fate]++
  }
  console.log(`of ${reads} reads, told: ${fates.told}, made up for: ${fates.whole}`)
  expect(fates.told).toBeGreaterThan(0)
})
