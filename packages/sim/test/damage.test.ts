import type { MemoryDisk } from '@tallystick/journal'
import { freshSeed, Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import {
  DAMAGE_NAMES,
  DAMAGES,
  FATES,
  failProofCall,
  failRead,
  fateOf,
  makeBook,
  makeProvedBook,
  PROOF_FATES,
  proofFateOf,
} from '../src/index.ts'
import type { DamageName, Fate, ProofFate } from '../src/index.ts'

const DIRECTORIES = ['data/book', 'data/snapshots', 'data/ids'] as const
/** Of each damage to each directory. */
const TIMES = 12

class Table<Named extends Fate | ProofFate> {
  readonly #fates: readonly Named[]
  readonly #rows = new Map<string, Map<Named, number>>()

  constructor(fates: readonly Named[]) {
    this.#fates = fates
  }

  add(directory: string, damage: DamageName, fate: Named | undefined): void {
    if (fate === undefined) return
    const key = `${directory.padEnd(28)}${damage}`
    const row = this.#rows.get(key) ?? new Map<Named, number>()
    this.#rows.set(key, row.set(fate, (row.get(fate) ?? 0) + 1))
  }

  text(): string {
    const head = `${'file'.padEnd(28)}${'damage'.padEnd(26)}${this.#fates.map((fate) => fate.padStart(12)).join('')}`
    const lines = [...this.#rows].map(
      ([key, row]) =>
        `${key.padEnd(54)}${this.#fates.map((fate) => String(row.get(fate) ?? '').padStart(12)).join('')}`,
    )
    return [head, ...lines].join('\n')
  }

  of(fate: Named): number {
    return [...this.#rows.values()].reduce((sum, row) => sum + (row.get(fate) ?? 0), 0)
  }
}

interface Disks {
  readonly older: MemoryDisk
  readonly disk: MemoryDisk
}

/** Damages one file of a directory on a copy of the disk. @returns undefined when nothing was changed. */
async function tryOne<Named>(
  { older, disk: whole }: Disks,
  { prng, directory, damage }: { prng: Prng; directory: string; damage: DamageName },
  fateOn: (disk: MemoryDisk) => Promise<Named>,
): Promise<Named | undefined> {
  const disk = whole.clone()
  const path = `${directory}/${prng.pick(disk.readdir(directory))}`
  const olderPaths = older.readdir(directory).map((name) => `${directory}/${name}`)
  const target = { disk, path, older: olderPaths.includes(path) ? older.contents(path) : undefined }
  if (!DAMAGES[damage](prng, target)) return undefined
  return fateOn(disk).catch((cause: unknown) => {
    throw new Error(`${damage} of ${path}`, { cause })
  })
}

test('damage without a crash is named or harmless, and nothing false is shown', async () => {
  const seed = freshSeed()
  console.log(`TALLY_SEED=${seed}`)
  const prng = new Prng(seed)
  const book = await makeBook(prng, 'closed')
  const table = new Table(FATES)
  for (const directory of DIRECTORIES) {
    for (const damage of DAMAGE_NAMES) {
      for (let time = 0; time < TIMES; time++) {
        table.add(
          directory,
          damage,
          await tryOne(book, { prng, directory, damage }, (disk) => fateOf(disk, book)),
        )
      }
    }
  }
  console.log(table.text())
  expect(FATES.filter((fate) => table.of(fate) === 0)).toEqual([])
})

test('damage to the proof log and the signer’s record: nothing false is signed or given out, and what derives from the book ends no signing', async () => {
  const seed = freshSeed()
  console.log(`TALLY_SEED=${seed}`)
  const prng = new Prng(seed)
  const book = await makeProvedBook(prng)
  const table = new Table(PROOF_FATES)
  for (const directory of ['data/proofs', 'data/proofs/account-trees', 'keys']) {
    for (const damage of DAMAGE_NAMES) {
      for (let time = 0; time < (directory === 'data/proofs' ? TIMES : 6); time++) {
        const fate = await tryOne(book, { prng, directory, damage }, (disk) =>
          proofFateOf(disk, book),
        )
        table.add(directory, damage, fate)
      }
    }
  }
  console.log(table.text())
  // The book is whole: no damage to anything else is taken for another history.
  expect(table.of('refused')).toBe(0)
  expect(table.of('stopped')).toBe(0)
})

test.each(['read', 'sync'] as const)(
  'a %s of the proof log or the signer’s record that fails ends nothing for good',
  async (call) => {
    const seed = freshSeed()
    console.log(`TALLY_SEED=${seed}`)
    const prng = new Prng(seed)
    const book = await makeProvedBook(prng)
    const { calls, fate } = await failProofCall(book, call, 0)
    expect(fate).toBe('whole')
    const fates = new Map<string, number>()
    for (let time = 0; time < 12; time++) {
      // The first ones and the last ones are few of a kind.
      const failAt = time < 4 ? 1 + time : 1 + prng.below(calls)
      const failed = await failProofCall(book, call, failAt).catch((error: unknown) => {
        throw new Error(`${call} ${failAt} of ${calls}, TALLY_SEED=${seed}`, { cause: error })
      })
      fates.set(failed.fate, (fates.get(failed.fate) ?? 0) + 1)
    }
    console.log(`of ${calls} calls to ${call}: ${JSON.stringify(Object.fromEntries(fates))}`)
    expect(fates.size).toBeGreaterThan(0)
  },
)

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
