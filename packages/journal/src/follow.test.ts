import fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  append,
  bodyOf,
  DIRECTORY,
  type FrameShape,
  JOURNAL_ID,
  smallJournal,
  writtenDisk,
} from '../test/fixture.ts'
import { JournalCorrupt, JournalRefused } from './errors.ts'
import { JournalFollower } from './follow.ts'
import { MemoryDisk } from './memory-disk.ts'

const shapes = fc.array(fc.record({ count: fc.nat(5), bodyBytes: fc.nat(12_000) }), {
  minLength: 1,
  maxLength: 40,
})

const follower = (disk: MemoryDisk, after = 0): JournalFollower =>
  new JournalFollower({ disk, directory: DIRECTORY, journalId: JOURNAL_ID, after })

/** First sequences of the frames that it gives; throws where a body is not what was written. */
function firstsOf(from: JournalFollower, through: number): number[] {
  return [...from.frames(through)].map(({ firstSequence, body }) => {
    if (!body.equals(bodyOf(firstSequence, body.length))) throw new Error('another body')
    return firstSequence
  })
}

/** First sequences of the frames with events that hold what is behind `after`. */
function expected(frames: readonly FrameShape[], after: number): number[] {
  let sequence = 1
  return frames.flatMap(({ count }) => {
    const first = sequence
    sequence += count
    return count > 0 && sequence > after + 1 ? [first] : []
  })
}

test('frames that are written while it follows are each given once, from any beginning', () => {
  fc.assert(
    fc.property(shapes, fc.nat(), fc.array(fc.boolean()), (frames, start, looks) => {
      const disk = new MemoryDisk()
      const writer = smallJournal(disk).startWriter()
      const events = frames.reduce((sum, { count }) => sum + count, 0)
      const after = start % (events + 1)
      const from = follower(disk, after)
      const seen: number[] = []
      for (const [index, shape] of frames.entries()) {
        const last = append(writer, shape)
        if (looks[index] === true && last > 0) seen.push(...firstsOf(from, last))
      }
      seen.push(...firstsOf(from, events))
      expect(seen).toEqual(expected(frames, after))
      expect(from.next).toBe(Math.max(after, events) + 1)
      from.close()
    }),
    { numRuns: 100 },
  )
})

const MANY: readonly FrameShape[] = Array.from({ length: 40 }, () => ({
  count: 3,
  bodyBytes: 5_000,
}))

test('a changed byte is named, and nothing behind it is given', () => {
  const disk = writtenDisk(MANY)
  const path = `${DIRECTORY}/0000000002.book`
  const bytes = disk.contents(path)
  bytes[10_000] = (bytes[10_000] ?? 0) ^ 1
  disk.place(path, bytes)
  const from = follower(disk)
  const seen: number[] = []
  const all = (): void => {
    for (const { firstSequence } of from.frames(120)) seen.push(firstSequence)
  }
  expect(all).toThrow(JournalCorrupt)
  expect(seen.length).toBeGreaterThan(0)
  expect(seen.length).toBeLessThan(20)
})

test('what is not there, or of another journal, is refused', () => {
  const disk = writtenDisk(MANY)
  expect(() => firstsOf(follower(disk), 121)).toThrow(JournalCorrupt)
  const other = { disk, directory: DIRECTORY, journalId: Buffer.alloc(16, 7), after: 0 }
  expect(() => firstsOf(new JournalFollower(other), 1)).toThrow(JournalRefused)
  expect(() => firstsOf(follower(new MemoryDisk()), 1)).toThrow(/no segment holds event 1|ENOENT/)
})
