import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import {
  append,
  DIRECTORY,
  type FrameShape,
  JOURNAL_ID,
  smallJournal,
  writtenDisk,
} from '../test/fixture.ts'
import { JournalCorrupt, JournalRefused } from './errors.ts'
import { MemoryDisk } from './memory-disk.ts'
import { type Piece, PieceReader } from './piece-reader.ts'

const shapes = (prng: Prng, count: number): FrameShape[] =>
  Array.from({ length: count }, () => ({
    count: 1 + prng.below(9),
    bodyBytes: 8 * (1 + prng.below(900)),
  }))

const readerOf = (disk: MemoryDisk): PieceReader =>
  new PieceReader({ disk, directory: DIRECTORY, shard: 0 })

function* piecesOf(reader: PieceReader, bytesMax: number): Generator<Piece> {
  for (let piece = reader.next(bytesMax); piece !== undefined; piece = reader.next(bytesMax)) {
    yield piece
  }
}

/** A disk with nothing but the bytes of pieces. */
function diskOf(pieces: readonly Piece[]): MemoryDisk {
  const bySegment = Map.groupBy(pieces, ({ from }) => from.segment)
  const disk = new MemoryDisk()
  for (const [segment, parts] of bySegment) {
    const name = `${DIRECTORY}/${String(segment).padStart(10, '0')}.book`
    disk.place(name, Buffer.concat(parts.map(({ bytes }) => bytes)))
  }
  return disk
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'pieces put together are the same journal, whatever their size (seed %i)',
  (seed) => {
    const prng = new Prng(seed)
    const disk = writtenDisk(shapes(prng, 1 + prng.below(60)))
    const pieces = [...piecesOf(readerOf(disk), 1 + prng.below(30_000))]
    const copy = smallJournal(diskOf(pieces))
    const original = smallJournal(disk)
    expect(copy.report.lastSequence).toBe(original.report.lastSequence)
    expect(copy.report.torn).toBeUndefined()
    const frames = [...original.reader.frames()].map(({ checksum }) => checksum)
    expect([...copy.reader.frames()].map(({ checksum }) => checksum)).toEqual(frames)
  },
)

test('a reader follows a journal that grows, over the ends of segments', async () => {
  const prng = new Prng(7)
  const disk = new MemoryDisk()
  const journal = smallJournal(disk)
  const writer = journal.startWriter()
  append(writer, { count: 1, bodyBytes: 64 })
  const reader = readerOf(disk)
  const pieces: Piece[] = []
  for (const shape of shapes(prng, 80)) {
    append(writer, shape)
    if (prng.once(3)) pieces.push(...piecesOf(reader, 8_192))
  }
  pieces.push(...piecesOf(reader, 8_192))
  expect(reader.position.sequence).toBe(writer.nextSequence)
  expect(reader.position.segment).toBeGreaterThan(3)
  expect(reader.journalId).toEqual(JOURNAL_ID)
  await journal.close()
  pieces.push(...piecesOf(reader, 8_192))
  expect(smallJournal(diskOf(pieces)).report).toEqual(smallJournal(disk).report)
})

test('a torn end is no piece, and a broken frame that had been durable is corrupt', () => {
  const disk = writtenDisk([
    { count: 1, bodyBytes: 64 },
    { count: 1, bodyBytes: 64 },
    { count: 1, bodyBytes: 64 },
  ])
  const path = `${DIRECTORY}/0000000001.book`
  const whole = [...piecesOf(readerOf(disk), 1)]
  const flip = (offset: number): MemoryDisk => {
    const bytes = disk.contents(path)
    bytes[offset] = (bytes[offset] ?? 0) ^ 1
    const broken = disk.clone()
    broken.place(path, bytes)
    return broken
  }
  const last = whole.at(-1)?.from.offset ?? 0
  expect([...piecesOf(readerOf(flip(last + 50)), 1)]).toHaveLength(whole.length - 1)
  const middle = whole.at(-2)?.from.offset ?? 0
  expect(() => [...piecesOf(readerOf(flip(middle + 50)), 1)]).toThrow(JournalCorrupt)
})

test('where no journal begins, and where another shard’s does, there is nothing to read', () => {
  const empty = new MemoryDisk()
  expect(() => readerOf(empty)).toThrow(JournalRefused)
  const disk = writtenDisk([{ count: 1, bodyBytes: 64 }])
  expect(() => new PieceReader({ disk, directory: DIRECTORY, shard: 3 })).toThrow(/shard 0/)
})
