import { MemoryDisk } from '@tallystick/journal'
import { Memory, writeU128 } from '@tallystick/ledger'
import { expect, test } from 'vitest'

import { CrashDisk, PowerLost } from '../src/ids/crash-disk.ts'
import { SealedIds } from '../src/ids/sealed-ids.ts'
import { SyntheticBook } from '../src/ids/synthetic-book.ts'

const DIRECTORY = 'ids'
const EVENTS = 180
const PIECE = 20

/** In order of time at first, whose runs have no filter, then at random: merges bring them together. */
const idOf = (n: number): bigint =>
  n < EVENTS / 3
    ? BigInt(n + 1) << 80n
    : (BigInt(n + 1) * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835n) & ((1n << 128n) - 1n)

const book = new SyntheticBook(20)
for (let n = 0; n < EVENTS; n++) {
  book.add({ id: idOf(n), touches: Math.floor(n / 3), keys: n % 5 === 0 ? [idOf(n) >> 3n] : [] })
}

function open(disk: MemoryDisk | CrashDisk): Promise<SealedIds> {
  const journal = { firstSequence: 1, lastSequence: EVENTS, directory: '', shard: 0, book }
  return SealedIds.open({
    ...{ disk, directory: DIRECTORY, thread: false, seed: 7 },
    journal: { ...journal, id: new Uint8Array(16) },
  })
}

/** Seals all that is missing; tells how far it came. */
async function sealAll(
  disk: MemoryDisk | CrashDisk,
  sealed: (through: number) => void,
): Promise<void> {
  const ids = await open(disk)
  sealed(ids.through)
  for (let from = ids.through + 1; from <= EVENTS; from += PIECE) {
    await ids.seal(from, Math.min(EVENTS, from + PIECE - 1))
    sealed(ids.through)
  }
  await ids.close()
}

const memory = Memory.allocate(16)

function wrongAnswers(ids: SealedIds): number[] {
  return book.events.flatMap((event, n) => {
    const sequence = n + 1
    writeU128(memory, 0, event.id)
    const id = ids.transfer(memory, 0) === (sequence <= ids.through ? sequence : 0)
    const last = Math.min(3 * sequence + 3, ids.through)
    const touched = ids.touch(sequence) === (last > 3 * sequence ? last : 0)
    const [key = 0n] = event.keys
    const wanted = sequence <= ids.through && event.keys.length > 0 ? sequence : 0
    const found = ids.key(BigInt.asUintN(64, key), key >> 64n) === wanted
    return id && touched && found ? [] : [sequence]
  })
}

async function callsOfAWholeRun(): Promise<number> {
  const disk = new CrashDisk(new MemoryDisk(), DIRECTORY)
  await sealAll(disk, () => {})
  return disk.calls
}

test.each(['kept', 'lost'] as const)(
  'after a crash at any call (unsynced writes %s) what was sealed is whole, and sealing goes on',
  async (fate) => {
    const calls = await callsOfAWholeRun()
    expect(calls).toBeGreaterThan(200)
    for (let stop = 0; stop < calls; stop++) {
      const disk = new CrashDisk(new MemoryDisk(), DIRECTORY, stop)
      let sealed = 0
      const crash = sealAll(disk, (through) => (sealed = through))
      await expect(crash).rejects.toBeInstanceOf(PowerLost)
      const image = disk.afterCrash(fate)
      const ids = await open(image)
      expect(ids.through).toBeGreaterThanOrEqual(sealed)
      expect(wrongAnswers(ids)).toEqual([])
      await ids.close()
      if (stop % 7 !== 0) continue
      await sealAll(image, () => {})
      expect(wrongAnswers(await open(image))).toEqual([])
      const leftovers = image.readdir(DIRECTORY).filter((name) => name.endsWith('.part'))
      expect(leftovers).toEqual([])
    }
  },
  60_000,
)
