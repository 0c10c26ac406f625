import { expect, test } from 'vitest'

import type { JournalWriter } from '../src/index.ts'
import { CrashDisk } from './crash-disk.ts'
import { append, bodyOf, readAll, smallJournal } from './fixture.ts'

const SEEDS = 400
const CRASHES = 6

/** Mulberry32: small, seeded, good enough to choose where the power goes. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Writes until the power goes; returns the newest sequence that was told durable. */
async function writeUntilCrash(
  disk: CrashDisk,
  random: () => number,
  durable: number,
): Promise<number> {
  let told = durable
  try {
    const journal = smallJournal(disk, { durableAtLeast: durable })
    expect(readAll(journal).reduce((sum, { count }) => sum + count, 0)).toBe(
      journal.report.lastSequence,
    )
    const writer = journal.startWriter({ defer: () => {} })
    told = Math.max(told, journal.report.lastSequence)
    while (writer.state === 'open') {
      writeSome(writer, random)
      told = Math.max(told, writer.drain())
      if (random() < 0.02) {
        await journal.close()
        return told
      }
    }
  } catch (error) {
    if (error instanceof Error && error.message.includes('the power is gone')) return told
    throw error
  }
  return told
}

function writeSome(writer: JournalWriter, random: () => number): void {
  const shape = { count: Math.floor(random() * 4), bodyBytes: Math.floor(random() ** 3 * 12_000) }
  expect(writer.hasRoom(shape.bodyBytes)).toBe(true)
  if (random() < 0.5) {
    append(writer, shape)
    return
  }
  const group = writer.take()
  if (group === undefined) throw new Error('no group is free')
  group.firstSequence = writer.nextSequence
  group.count = shape.count
  group.bodyBytes = shape.bodyBytes
  bodyOf(group.firstSequence, shape.bodyBytes).copy(group.body)
  writer.submit(group)
}

test('nothing that was told durable is lost, wherever the power goes and whatever survives of the rest', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed)
    let disk = new CrashDisk({ random, calls: 5 + Math.floor(random() * 60) })
    let durable = 0
    for (let crash = 0; crash < CRASHES; crash++) {
      try {
        durable = await writeUntilCrash(disk, random, durable)
      } catch (error) {
        throw new Error(`seed ${seed}, crash ${crash}`, { cause: error })
      }
      disk = disk.restarted(5 + Math.floor(random() * 60))
    }
  }
})
