import { expect, test } from 'vitest'

import {
  append,
  bodyOf,
  DIRECTORY,
  type FrameShape,
  imageOf,
  readAll,
  smallJournal,
  writtenDisk,
} from '../test/fixture.ts'
import { JournalCorrupt, JournalRefused } from './errors.ts'
import type { JournalOptions } from './journal.ts'
import { frameBytes, SEGMENT_HEADER_BYTES } from './limits.ts'
import { MemoryDisk } from './memory-disk.ts'
import { encodeSegmentHeader } from './segment-header.ts'

const SHAPES: readonly FrameShape[] = [
  { count: 3, bodyBytes: 600 },
  { count: 1, bodyBytes: 9_000 },
  { count: 2, bodyBytes: 72 },
  { count: 5, bodyBytes: 5_000 },
  { count: 1, bodyBytes: 208 },
]

const FIRST = `${DIRECTORY}/0000000001.book`
const SECOND = `${DIRECTORY}/0000000002.book`

/** Where each frame of a journal of one segment begins, and where the last one ends. */
function starts(shapes: readonly FrameShape[]): number[] {
  const offsets = [SEGMENT_HEADER_BYTES]
  for (const { bodyBytes } of shapes) offsets.push((offsets.at(-1) ?? 0) + frameBytes(bodyBytes))
  return offsets
}

function changed(disk: MemoryDisk, path: string, change: (bytes: Buffer) => Buffer): MemoryDisk {
  const copy = disk.clone()
  copy.place(path, change(copy.contents(path)))
  return copy
}

function flip(at: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    bytes[at] = (bytes[at] ?? 0) ^ 0x10
    return bytes
  }
}

function sumOfCounts(shapes: readonly FrameShape[]): number {
  return shapes.reduce((sum, { count }) => sum + count, 0)
}

/** Opens, writes one more frame, and opens again: what was whole is there, and the new frame behind it. */
async function expectRecovered(disk: MemoryDisk, frames: number, shapes = SHAPES): Promise<void> {
  const last = sumOfCounts(shapes.slice(0, frames))
  const journal = smallJournal(disk)
  expect(journal.report.lastSequence).toBe(last)
  expect(readAll(journal)).toHaveLength(frames)
  append(journal.startWriter(), { count: 1, bodyBytes: 300 })
  await journal.close()
  const again = smallJournal(disk)
  expect(again.report.torn).toBeUndefined()
  expect(again.report.lastSequence).toBe(last + 1)
  readAll(again)
}

/** What opening throws; it changes nothing. */
function expectRefusal(disk: MemoryDisk, options: Partial<JournalOptions> = {}): unknown {
  const before = imageOf(disk)
  const thrown = thrownBy(() => smallJournal(disk, options))
  expect(imageOf(disk)).toEqual(before)
  return thrown
}

function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

test('a new directory is an empty journal, and nothing is made before it is written', () => {
  const disk = new MemoryDisk()
  const journal = smallJournal(disk)
  expect(journal.report).toEqual({ segments: 0, lastSequence: 0, torn: undefined, bytes: 0 })
  expect([...journal.reader.frames()]).toEqual([])
  expect(disk.readdir(DIRECTORY)).toEqual([])
})

test('a journal that was killed is read whole', async () => {
  await expectRecovered(writtenDisk(SHAPES), SHAPES.length)
})

test('a tail torn at any byte of the last three frames is cut at the last whole frame', async () => {
  const disk = writtenDisk(SHAPES)
  const offsets = starts(SHAPES)
  const whole = disk.contents(FIRST)
  for (let cut = offsets[2] ?? 0; cut < (offsets[5] ?? 0); cut++) {
    const frames = offsets.findLastIndex((offset) => offset <= cut)
    // Zeros in place of padding take nothing away.
    const padded = whole.subarray(cut, offsets[frames + 1]).every((byte) => byte === 0)
    const wanted = padded ? frames + 1 : frames
    const zeroed = changed(disk, FIRST, (bytes) => bytes.fill(0, cut))
    const shortened = changed(disk, FIRST, (bytes) => bytes.subarray(0, cut))
    const recovered = [zeroed, shortened].map((torn) => smallJournal(torn).report.lastSequence)
    const expected = [wanted, frames].map((count) => sumOfCounts(SHAPES.slice(0, count)))
    expect(recovered, `torn at ${cut}`).toEqual(expected)
    if (cut % 97 === 0) await expectRecovered(zeroed, wanted)
    if (cut % 89 === 0) await expectRecovered(shortened, frames)
  }
})

test('sectors of the last group that reach the disk in any order leave it whole or cut', async () => {
  const offsets = starts(SHAPES)
  const shapes = SHAPES.slice(0, 4)
  const before = writtenDisk(SHAPES.slice(0, 3)).contents(FIRST)
  const disk = writtenDisk(shapes)
  const after = disk.contents(FIRST)
  const sectors = Array.from({ length: 12 }, (_, index) => {
    const start = Math.floor((offsets[3] ?? 0) / 512) * 512 + index * 512
    return { start, end: start + 512 }
  }).filter(({ start }) => start < (offsets[4] ?? 0))
  for (let subset = 0; subset < 2 ** sectors.length; subset++) {
    const torn = changed(disk, FIRST, () => {
      const bytes = Buffer.from(before)
      for (const [index, { start, end }] of sectors.entries()) {
        if ((subset >> index) & 1) after.copy(bytes, start, start, end)
      }
      return bytes
    })
    const whole = subset === 2 ** sectors.length - 1
    expect(smallJournal(torn).report.lastSequence).toBe(sumOfCounts(shapes) - (whole ? 0 : 5))
    if (subset % 61 === 0) await expectRecovered(torn, whole ? 4 : 3)
  }
})

test('a flipped byte before the last frame is corruption, named by file and offset, and changes nothing', () => {
  const disk = writtenDisk(SHAPES)
  const offsets = starts(SHAPES)
  for (let at = SEGMENT_HEADER_BYTES; at < (offsets[4] ?? 0); at += at % 7 === 0 ? 1 : 13) {
    const damaged = changed(disk, FIRST, flip(at))
    const error = expectRefusal(damaged)
    expect(error, `flipped at ${at}`).toBeInstanceOf(JournalCorrupt)
    if (!(error instanceof JournalCorrupt)) continue
    const frame = offsets.findLastIndex((offset) => offset <= at)
    expect(error.file).toBe(FIRST)
    expect(error.offset).toBeGreaterThanOrEqual(offsets[frame] ?? 0)
    expect(error.offset).toBeLessThanOrEqual(at)
    expect(error.message).toContain(`${FIRST} is corrupt at offset ${error.offset}`)
  }
})

test('frames zeroed out before the last one are corruption', () => {
  const offsets = starts(SHAPES)
  const disk = changed(writtenDisk(SHAPES), FIRST, (bytes) => bytes.fill(0, offsets[1], offsets[4]))
  expect(expectRefusal(disk)).toMatchObject({ name: 'JournalCorrupt', offset: offsets[1] })
})

test('a broken last frame is cut, unless it is known to have been durable', async () => {
  const offsets = starts(SHAPES)
  const disk = changed(writtenDisk(SHAPES), FIRST, flip((offsets[4] ?? 0) + 60))
  expect(expectRefusal(disk, { durableAtLeast: 12 })).toMatchObject({
    name: 'JournalCorrupt',
    file: FIRST,
    message: expect.stringContaining('ends with 11, but 12 had been durable'),
  })
  expect(smallJournal(disk, { durableAtLeast: 11 }).report.torn).toMatchObject({
    offset: offsets[4],
  })
  await expectRecovered(disk, 4)
})

test('after a clean end even a broken last frame is corruption', async () => {
  const disk = writtenDisk([])
  const journal = smallJournal(disk)
  const writer = journal.startWriter()
  for (const shape of SHAPES) append(writer, shape)
  await journal.close()
  const offsets = starts(SHAPES)
  expect(disk.contents(FIRST)).toHaveLength((offsets[5] ?? 0) + frameBytes(0))
  const damaged = changed(disk, FIRST, flip((offsets[4] ?? 0) + 60))
  expect(expectRefusal(damaged)).toBeInstanceOf(JournalCorrupt)
  // The mark itself had nothing to lose.
  await expectRecovered(changed(disk, FIRST, flip((offsets[5] ?? 0) + 9)), SHAPES.length)
})

test('a broken mark before a whole frame is corruption', async () => {
  const disk = writtenDisk(SHAPES)
  const journal = smallJournal(disk)
  journal.startWriter()
  await journal.close()
  const offsets = starts(SHAPES)
  append(smallJournal(disk).startWriter(), { count: 1, bodyBytes: 100 })
  expect(smallJournal(disk).report.lastSequence).toBe(13)
  const damaged = changed(disk, FIRST, flip((offsets[5] ?? 0) + 9))
  expect(expectRefusal(damaged)).toBeInstanceOf(JournalCorrupt)
})

test('a copy of a frame inside a torn body proves nothing', () => {
  const disk = writtenDisk(SHAPES)
  const [, , , start = 0, end = 0] = starts(SHAPES)
  const torn = changed(disk, FIRST, (bytes) => {
    const frame = bytes.subarray(SEGMENT_HEADER_BYTES, SEGMENT_HEADER_BYTES + frameBytes(600))
    bytes.fill(0, start)
    frame.copy(bytes, end - 1_000 - ((end - 1_000) % 8))
    return bytes
  })
  expect(smallJournal(torn).report.lastSequence).toBe(6)
})

test('a whole frame that does not follow the one before is corruption even at the end', () => {
  const disk = writtenDisk(SHAPES)
  const [first = 0, second = 0] = starts(SHAPES)
  const spliced = changed(disk, FIRST, (bytes) => {
    bytes.fill(0, second)
    bytes.copy(bytes, second, first, second)
    return bytes
  })
  expect(expectRefusal(spliced)).toMatchObject({ name: 'JournalCorrupt', offset: second })
})

const MANY: readonly FrameShape[] = Array.from({ length: 40 }, (_, index) => ({
  count: 1 + (index % 3),
  bodyBytes: 500 + ((index * 937) % 7_000),
}))

test('a journal over many segments is read whole', async () => {
  const disk = writtenDisk(MANY)
  expect(smallJournal(disk).report.segments).toBeGreaterThan(2)
  await expectRecovered(disk, MANY.length, MANY)
})

test('damage in a segment that others follow is corruption', () => {
  const disk = writtenDisk(MANY)
  const length = disk.contents(FIRST).length
  for (let at = SEGMENT_HEADER_BYTES; at < length; at += 1_201) {
    const error = expectRefusal(changed(disk, FIRST, flip(at)))
    expect(error, `flipped at ${at}`).toMatchObject({ name: 'JournalCorrupt', file: FIRST })
  }
  const shortened = changed(disk, FIRST, (bytes) => bytes.subarray(0, length - 4))
  expect(expectRefusal(shortened)).toMatchObject({ name: 'JournalCorrupt', file: FIRST })
  const emptied = changed(disk, FIRST, (bytes) => bytes.fill(0, SEGMENT_HEADER_BYTES))
  expect(expectRefusal(emptied)).toMatchObject({ name: 'JournalCorrupt', file: FIRST })
})

test('a missing segment is refused', () => {
  const disk = writtenDisk(MANY)
  disk.unlink(SECOND)
  expect(expectRefusal(disk)).toMatchObject({
    name: 'JournalRefused',
    file: SECOND,
    message: expect.stringContaining('the segment is missing'),
  })
})

test('a broken header before a later segment is corruption', () => {
  const disk = changed(writtenDisk(MANY), SECOND, flip(40))
  expect(expectRefusal(disk)).toMatchObject({ name: 'JournalCorrupt', file: SECOND, offset: 0 })
})

test('a header is refused when it is of another journal, shard, number or version', () => {
  const disk = writtenDisk(SHAPES)
  const other = { journalId: Buffer.from('another journal!') }
  expect(expectRefusal(disk, other)).toMatchObject({
    name: 'JournalRefused',
    message: expect.stringContaining('it belongs to journal'),
  })
  expect(expectRefusal(disk, { shard: 1 })).toMatchObject({
    message: expect.stringContaining('it belongs to shard 0, not to shard 1'),
  })
  const copied = disk.clone()
  copied.place(SECOND, copied.contents(FIRST))
  expect(expectRefusal(copied)).toMatchObject({ message: expect.stringContaining('number 1') })
})

test('an unknown format version is refused', async () => {
  const { crc32 } = await import('node:zlib')
  const disk = changed(writtenDisk(SHAPES), FIRST, (bytes) => {
    bytes.writeUInt32LE(2, 12)
    bytes.writeUInt32LE(crc32(bytes.subarray(12, SEGMENT_HEADER_BYTES)), 8)
    return bytes
  })
  const error = expectRefusal(disk)
  expect(error).toBeInstanceOf(JournalRefused)
  expect(error).toMatchObject({ message: expect.stringContaining('format version 2') })
})

test('files that a crash while rolling leaves behind are no segments', async () => {
  const shapes = SHAPES.slice(0, 2)
  const disk = writtenDisk(shapes)
  for (const left of [Buffer.alloc(0), Buffer.alloc(100), Buffer.alloc(20_000)]) {
    const crashed = disk.clone()
    crashed.place(SECOND, left)
    await expectRecovered(crashed, 2, shapes)
  }
})

test('a torn first write of a segment is cut, wherever its sectors ended', async () => {
  const full = writtenDisk(MANY)
  const inFirst = [...smallJournal(full).reader.frames()].filter(
    ({ segment }) => segment === 1,
  ).length
  const begun = full.contents(SECOND)
  const frames = [...smallJournal(full).reader.frames()].filter(({ segment }) => segment === 2)
  const end = SEGMENT_HEADER_BYTES + frameBytes(frames[0]?.bodyBytes ?? 0)
  const keep = (from: number, to: number): MemoryDisk => {
    const disk = full.clone()
    for (const name of disk.readdir(DIRECTORY).sort().slice(2)) disk.unlink(`${DIRECTORY}/${name}`)
    const bytes = Buffer.alloc(begun.length)
    begun.copy(bytes, from, from, to)
    disk.place(SECOND, bytes)
    return disk
  }
  await expectRecovered(keep(0, 0), inFirst, MANY)
  await expectRecovered(keep(0, 24), inFirst, MANY)
  await expectRecovered(keep(0, SEGMENT_HEADER_BYTES), inFirst, MANY)
  await expectRecovered(keep(0, end - 9), inFirst, MANY)
  await expectRecovered(keep(0, end), inFirst + 1, MANY)
  await expectRecovered(keep(SEGMENT_HEADER_BYTES, end), inFirst, MANY)
  expect(expectRefusal(keep(SEGMENT_HEADER_BYTES, begun.length))).toBeInstanceOf(JournalCorrupt)
})

test('a broken frame before a segment that was begun is corruption', () => {
  const disk = writtenDisk(SHAPES)
  const header = encodeSegmentHeader({
    journalId: Buffer.from('0123456789abcdef'),
    firstSequence: 13,
    shard: 0,
    chain: 1,
    number: 2,
  })
  const offsets = starts(SHAPES)
  const broken = changed(disk, FIRST, flip((offsets[4] ?? 0) + 60))
  broken.place(SECOND, header)
  expect(expectRefusal(broken)).toMatchObject({ name: 'JournalCorrupt', file: FIRST })
  broken.place(SECOND, header.subarray(0, 512))
  expect(expectRefusal(broken)).toMatchObject({ name: 'JournalCorrupt', file: FIRST })
})

test('the first segment is synced before its frames: frames without its header are corruption', () => {
  const disk = changed(writtenDisk(SHAPES.slice(0, 1)), FIRST, (bytes) => bytes.fill(0, 0, 4_096))
  expect(expectRefusal(disk)).toMatchObject({ name: 'JournalCorrupt', file: FIRST, offset: 0 })
})

test('with a hint only the newest segment is verified, and the rest by whoever replays it', () => {
  const disk = changed(writtenDisk(MANY), FIRST, flip(9_000))
  const journal = smallJournal(disk, { from: { sequence: 1 } })
  expect(journal.report.lastSequence).toBe(sumOfCounts(MANY))
  expect(() => [...journal.reader.frames(1)]).toThrow(JournalCorrupt)
  const last = journal.report.lastSequence
  expect([...journal.reader.frames(last - 3)].at(-1)?.body).toEqual(
    bodyOf(last - (MANY[39]?.count ?? 0) + 1, MANY[39]?.bodyBytes ?? 0),
  )
})

test('a segment that another process begins while the journal is opened is no damage', () => {
  class BusyDisk extends MemoryDisk {
    onFrames: (() => void) | undefined
    override pread(file: number, target: Uint8Array, position: number): number {
      const { onFrames } = this
      if (position >= 4_096) this.onFrames = undefined
      if (position >= 4_096) onFrames?.()
      return super.pread(file, target, position)
    }
  }
  const disk = new BusyDisk()
  const writer = smallJournal(disk).startWriter()
  append(writer, { count: 1, bodyBytes: 8_000 })
  // The segments are listed; before the first frame is read, others fill this segment and begin the next.
  disk.onFrames = () => {
    for (let frame = 0; frame < 12; frame++) append(writer, { count: 1, bodyBytes: 8_000 })
  }
  const { report } = smallJournal(disk)
  expect(disk.onFrames).toBeUndefined()
  expect(report).toMatchObject({ segments: 3, lastSequence: 13 })
})
