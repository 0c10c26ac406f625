import { crc32 } from 'node:zlib'

import { MemoryDisk } from '@tallystick/journal'
import { Memory, writeU128 } from '@tallystick/ledger'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ASKED_IN_VAIN_MAX } from './limits.ts'
import { DamagedRun } from './run-format.ts'
import { SealedIds } from './sealed-ids.ts'
import { SyntheticBook, type SyntheticEvent } from './synthetic-book.ts'

const DIRECTORY = 'ids'
const JOURNAL_ID = Uint8Array.from({ length: 16 }, (_, i) => i + 1)

interface World {
  readonly disk: MemoryDisk
  readonly book: SyntheticBook
}

function open(
  { disk, book }: World,
  changed: { id?: Uint8Array; last?: number } = {},
): Promise<SealedIds> {
  const { id = JOURNAL_ID, last = book.lastSequence } = changed
  const journal = { id, firstSequence: 1, lastSequence: last, directory: '', shard: 0, book }
  return SealedIds.open({ disk, directory: DIRECTORY, journal, thread: false, seed: 42 })
}

/** What the runs must say, found the slow way. */
class Model {
  readonly ids = new Map<bigint, number>()
  readonly touches = new Map<number, number>()
  readonly keys = new Map<bigint, number>()

  constructor(events: readonly SyntheticEvent[], through: number) {
    events.slice(0, through).forEach((event, index) => {
      const sequence = index + 1
      if (event.kind === 'transfer') this.ids.set(event.id, sequence)
      if (event.kind === 'burnt') this.ids.set(event.id, -sequence)
      if (event.touches > 0) this.touches.set(event.touches, sequence)
      for (const key of event.keys) if (!this.keys.has(key)) this.keys.set(key, sequence)
    })
  }
}

const memory = Memory.allocate(16)

function transferOf(ids: SealedIds, id: bigint): number {
  writeU128(memory, 0, id)
  return ids.transfer(memory, 0)
}

function expectAnswers(ids: SealedIds, book: SyntheticBook, through: number): void {
  const model = new Model(book.events, through)
  for (const event of book.events) {
    expect(transferOf(ids, event.id)).toBe(model.ids.get(event.id) ?? 0)
    for (const key of event.keys) {
      expect(ids.key(BigInt.asUintN(64, key), key >> 64n)).toBe(model.keys.get(key) ?? 0)
    }
  }
  for (let sequence = 0; sequence <= book.lastSequence + 1; sequence++) {
    expect(ids.touch(sequence)).toBe(model.touches.get(sequence) ?? 0)
  }
}

const event = fc.record({
  kind: fc.constantFrom<SyntheticEvent['kind'][]>(
    'transfer',
    'transfer',
    'burnt',
    'release',
    'other',
  ),
  id: fc.bigInt({ min: 1n, max: (1n << 128n) - 2n }),
  touches: fc.nat(12),
  keys: fc.array(
    fc.bigInt({ min: 0n, max: 30n }).map((n) => n << 60n),
    { maxLength: 2 },
  ),
})
const events = fc.uniqueArray(event, { selector: ({ id }) => id, minLength: 1, maxLength: 60 })

function bookOf(all: readonly SyntheticEvent[], perFrame = 5): SyntheticBook {
  const book = new SyntheticBook(perFrame)
  // Only what was decided before can be touched.
  all.forEach((one, index) => {
    const touchable = index > 0 && one.kind !== 'other' && one.kind !== 'burnt'
    book.add({ ...one, touches: touchable ? Math.min(one.touches, index) : 0 })
  })
  return book
}

/** Seals in as many pieces as the cuts say; returns how far. */
async function sealPieces(ids: SealedIds, last: number, cuts: readonly number[]): Promise<void> {
  for (let next = ids.through + 1, i = 0; next <= last; i++) {
    const through = Math.min(last, next + (cuts[i % cuts.length] ?? 0))
    await ids.seal(next, through)
    next = through + 1
  }
}

test('whatever was sealed is found, through merges and reopening, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(events, fc.array(fc.nat(4), { minLength: 1 }), async (all, cuts) => {
      const world: World = { disk: new MemoryDisk(), book: bookOf(all) }
      const ids = await open(world)
      expect(ids.empty).toBe(true)
      const last = Math.ceil(all.length * 0.8)
      await sealPieces(ids, last, cuts)
      expect(ids.through).toBe(last)
      expectAnswers(ids, world.book, last)
      await ids.close()
      const again = await open(world)
      expect(again.through).toBe(last)
      expectAnswers(again, world.book, last)
    }),
    { numRuns: 60 },
  )
})

function manyEvents(count: number, idOf: (n: number) => bigint): SyntheticBook {
  const book = new SyntheticBook(100)
  for (let n = 0; n < count; n++) {
    book.add({
      id: idOf(n),
      touches: n % 3 === 0 ? Math.ceil(n / 2) : 0,
      keys: n % 2 === 0 ? [hash(n)] : [],
    })
  }
  return book
}

/** Spreads numbers over 128 bits. */
const hash = (n: number): bigint =>
  (BigInt(n + 1) * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835n) & ((1n << 128n) - 1n)

const runFiles = (disk: MemoryDisk): string[] =>
  disk.readdir(DIRECTORY).filter((name) => name.endsWith('.run'))

test('random ids are merged to a handful of runs, time-ordered ones lie side by side unmerged', async () => {
  const random = { disk: new MemoryDisk(), book: manyEvents(4_000, hash) }
  const ids = await open(random)
  await sealPieces(ids, 4_000, [99])
  expect(runFiles(random.disk).filter((name) => name.startsWith('ids')).length).toBeLessThan(16)
  expectAnswers(ids, random.book, 4_000)
  const ordered = { disk: new MemoryDisk(), book: manyEvents(4_000, (n) => BigInt(n + 1) << 80n) }
  const orderedIds = await open(ordered)
  await sealPieces(orderedIds, 4_000, [99])
  expect(runFiles(ordered.disk).filter((name) => name.startsWith('ids'))).toHaveLength(40)
  expectAnswers(orderedIds, ordered.book, 4_000)
})

test('a lost, cut or altered file is made again from the journal when the set is opened', async () => {
  const book = manyEvents(2_000, hash)
  const disk = new MemoryDisk()
  const ids = await open({ disk, book })
  await sealPieces(ids, 2_000, [249])
  await ids.close()
  for (const name of disk.readdir(DIRECTORY)) {
    const path = `${DIRECTORY}/${name}`
    const bytes = disk.contents(path)
    const flipped = Buffer.from(bytes)
    flipped[20] = (flipped[20] ?? 0) ^ 1
    const index = Buffer.from(bytes)
    index[bytes.length - 4_096] = (index[bytes.length - 4_096] ?? 0) ^ 1
    for (const damaged of [undefined, bytes.subarray(0, bytes.length - 1), flipped, index]) {
      const copy = disk.clone()
      if (damaged === undefined) copy.unlink(path)
      else copy.place(path, damaged)
      const mended = await open({ disk: copy, book })
      // Without its manifest the set begins anew, and the engine seals everything again.
      if (name === 'manifest' && mended.through === 0) await mended.seal(1, 2_000)
      expect(mended.through).toBe(2_000)
      expectAnswers(mended, book, 2_000)
    }
  }
}, 60_000)

test('a block that is altered under an open set is never served, and mended on request', async () => {
  const book = manyEvents(2_000, hash)
  const disk = new MemoryDisk()
  const ids = await open({ disk, book })
  await sealPieces(ids, 2_000, [999])
  for (const name of runFiles(disk)) {
    const file = disk.open(`${DIRECTORY}/${name}`, 'write')
    // In the last entry's value of the first block.
    disk.pwrite(file, Uint8Array.of(99), 4_096 + 4_000)
  }
  let repairs = 0
  for (let found = damage(ids, book); found !== undefined; found = damage(ids, book)) {
    expect(found).toBeInstanceOf(DamagedRun)
    await ids.repair()
    repairs++
  }
  expect(repairs).toBe(runFiles(disk).length)
})

/** What stops the answers, if anything does. */
function damage(ids: SealedIds, book: SyntheticBook): unknown {
  try {
    expectAnswers(ids, book, book.lastSequence)
    return undefined
  } catch (error) {
    return error
  }
}

test('runs of another journal, or of a longer history than this one, are thrown away', async () => {
  const world = { disk: new MemoryDisk(), book: manyEvents(500, hash) }
  const ids = await open(world)
  await ids.seal(1, 400)
  await ids.close()
  const shorter = await open({ ...world, disk: world.disk.clone() }, { last: 399 })
  expect(shorter.through).toBe(0)
  expect(transferOf(shorter, hash(0))).toBe(0)
  const other = await open({ ...world, disk: world.disk.clone() }, { id: new Uint8Array(16) })
  expect(other.through).toBe(0)
  expect(runFiles(world.disk).length).toBeGreaterThan(0)
})

test('a full disk fails the sealing, changes nothing, and it succeeds when there is room', async () => {
  const book = manyEvents(1_000, hash)
  const disk = new MemoryDisk()
  const ids = await open({ disk, book })
  await ids.seal(1, 300)
  const used = disk.usedBytes
  for (const room of [0, 4_096, 12_000, 30_000]) {
    disk.limitBytes = used + room
    await ids.seal(301, 1_000).then(
      () => expect.unreachable(),
      (error: unknown) => expect(error).toMatchObject({ code: 'ENOSPC' }),
    )
    expect(ids.through).toBe(300)
    expectAnswers(ids, book, 300)
  }
  disk.limitBytes = Number.POSITIVE_INFINITY
  await ids.seal(301, 1_000)
  expectAnswers(ids, book, 1_000)
})

test('a set that is whole is opened on a full disk', async () => {
  const book = manyEvents(500, (n) => hash(n) | 1n)
  const world: World = { disk: new MemoryDisk(), book }
  const ids = await open(world)
  await sealPieces(ids, book.lastSequence, [99])
  await ids.close()
  await (await open(world)).close()
  world.disk.limitBytes = 0
  const again = await open(world)
  expect(again.through).toBe(book.lastSequence)
  expectAnswers(again, book, book.lastSequence)
})

/** Ids in order of time, at random, or out of the time of the ids before. */
const stretchOfIds = fc.record({
  order: fc.constantFrom('time', 'random', 'behind'),
  count: fc.integer({ min: 1, max: 40 }),
})

function eventsOf(stretches: readonly { order: string; count: number }[]): SyntheticEvent[] {
  const all: SyntheticEvent[] = []
  for (const { order, count } of stretches) {
    for (let i = 0; i < count; i++) {
      const n = all.length
      const time = BigInt(order === 'behind' ? Math.floor(n / 2) : n)
      const id = order === 'random' ? hash(n) : (time << 70n) | BigInt(n + 1)
      all.push({ kind: n % 7 === 0 ? 'burnt' : 'transfer', id, touches: 0, keys: [] })
    }
  }
  return all
}

test('ids that are in order for a while, and then not, are all found, and no others', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stretchOfIds, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(30), { minLength: 1 }),
      async (stretches, cuts) => {
        const world: World = { disk: new MemoryDisk(), book: bookOf(eventsOf(stretches)) }
        const ids = await open(world)
        const last = Math.ceil(world.book.lastSequence * 0.8)
        await sealPieces(ids, last, cuts)
        expectAnswers(ids, world.book, last)
        await ids.close()
        expectAnswers(await open(world), world.book, last)
      },
    ),
    { numRuns: 100 },
  )
})

const idFilters = (disk: MemoryDisk): string[] =>
  disk.readdir(DIRECTORY).filter((name) => name.startsWith('ids') && name.endsWith('.filter'))

/** Room between neighbours: ids that were never given. */
const timeId = (n: number): bigint => BigInt(n + 1) << 80n

test('ids at random have a filter from the first run on, ids in order have none', async () => {
  for (const [idOf, filters] of [
    [hash, 1],
    [timeId, 0],
  ] as const) {
    const world: World = { disk: new MemoryDisk(), book: manyEvents(2_000, idOf) }
    const ids = await open(world)
    await ids.seal(1, 1_000)
    expect(idFilters(world.disk)).toHaveLength(filters)
    await ids.seal(1_001, 2_000)
    expect(idFilters(world.disk)).toHaveLength(filters)
    await ids.close()
    expectAnswers(await open(world), world.book, 2_000)
  }
})

test('a run without a filter that is read in vain again and again gets one', async () => {
  const world: World = { disk: new MemoryDisk(), book: manyEvents(2_100, timeId) }
  const ids = await open(world)
  await ids.seal(1, 1_000)
  await ids.seal(1_001, 2_000)
  const askBetween = (times: number): void => {
    for (let i = 0; i < times; i++) expect(transferOf(ids, timeId(i % 900) + 1n)).toBe(0)
  }
  askBetween(ASKED_IN_VAIN_MAX - 1)
  await ids.seal(2_001, 2_010)
  expect(idFilters(world.disk)).toHaveLength(0)
  askBetween(1)
  await ids.seal(2_011, 2_020)
  expect(idFilters(world.disk)).toEqual([expect.stringMatching(/-1000\.filter$/)])
  expectAnswers(ids, world.book, 2_020)
  await ids.close()
  const again = await open(world)
  expectAnswers(again, world.book, 2_020)
  // A run that has its filter can be made again like any other.
  world.disk.unlink(`${DIRECTORY}/${runFiles(world.disk).find((name) => name.startsWith('ids'))}`)
  expectAnswers(await open(world), world.book, 2_020)
})

const mixedId = (n: number): bigint => (n < 500 ? timeId(n) : hash(n))

test('runs without filters get theirs before they are merged with others that have one', async () => {
  const world: World = { disk: new MemoryDisk(), book: manyEvents(2_000, mixedId) }
  const ids = await open(world)
  await sealPieces(ids, 2_000, [99])
  const runs = runFiles(world.disk).filter((name) => name.startsWith('ids'))
  expect(runs.length).toBeLessThan(16)
  expectAnswers(ids, world.book, 2_000)
  await ids.close()
  expectAnswers(await open(world), world.book, 2_000)
})

test('a set of the version before, whose keys are all in filters, is taken as it is', async () => {
  const world: World = { disk: new MemoryDisk(), book: manyEvents(500, hash) }
  const ids = await open(world)
  await sealPieces(ids, 400, [199])
  await ids.close()
  const path = `${DIRECTORY}/manifest`
  const [text = ''] = world.disk.contents(path).toString('latin1').split('\n')
  const line = text.replace('"version":2', '"version":1').replaceAll(',"filtered":true', '')
  expect(line).not.toContain('filtered')
  const checksum = crc32(line).toString(16).padStart(8, '0')
  world.disk.place(path, Buffer.from(`${line}\n${checksum}\n`, 'latin1'))
  const again = await open(world)
  expect(again.through).toBe(400)
  expectAnswers(again, world.book, 400)
  await again.seal(401, 500)
  expectAnswers(again, world.book, 500)
})
