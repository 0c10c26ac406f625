import { expect, test } from 'vitest'

import { DIRECTORY, type FrameShape, smallJournal, writtenDisk } from '../test/fixture.ts'
import type { FileHandle } from './disk.ts'
import { MemoryDisk } from './memory-disk.ts'

const SHAPES: readonly FrameShape[] = Array.from({ length: 90 }, (_, index) => ({
  count: 1 + (index % 4),
  bodyBytes: index % 9 === 0 ? 90_000 : (index * 1_237) % 12_000,
}))

/** Room for the large frames. */
const SIZES = { groupBytes: 128 * 1_024, segmentBytes: 1_024 * 1_024 }

/** A disk that takes note of what it is asked to fetch. */
class FetchingDisk extends MemoryDisk {
  readonly fetched: { file: FileHandle; position: number; length: number }[] = []

  async fetch(file: FileHandle, position: number, length: number): Promise<void> {
    this.fetched.push({ file, position, length })
  }
}

function fetchingDisk(): FetchingDisk {
  const written = writtenDisk(SHAPES, SIZES)
  const disk = new FetchingDisk()
  disk.makeDirectory()
  for (const name of written.readdir(DIRECTORY)) {
    disk.place(`${DIRECTORY}/${name}`, written.contents(`${DIRECTORY}/${name}`))
  }
  return disk
}

test('a stretch of the index holds the frames of its sequences, and no other', () => {
  const { reader } = smallJournal(fetchingDisk(), SIZES)
  for (let sequence = 1; sequence <= reader.lastSequence; sequence++) {
    const stretch = reader.ahead?.stretchOf(sequence)
    const frame = reader.frameAt(sequence)
    expect(stretch?.segment).toBe(frame.segment)
    expect(stretch?.offset).toBeLessThanOrEqual(frame.offset)
    expect(stretch?.end).toBeGreaterThanOrEqual(frame.bodyOffset + frame.bodyBytes)
    expect(stretch?.firstSequence).toBeLessThanOrEqual(sequence)
    expect(stretch?.nextSequence).toBeGreaterThan(sequence)
    const { firstSequence = 0, nextSequence = 0, offset = 0 } = stretch ?? {}
    expect(reader.frameAt(firstSequence).offset).toBeGreaterThanOrEqual(offset)
    const last = reader.frameAt(nextSequence - 1)
    expect(last.bodyOffset + last.bodyBytes).toBeLessThanOrEqual(stretch?.end ?? 0)
  }
})

test('a frame that has a point of the index to itself is known once it was read', () => {
  const large = { count: 3, bodyBytes: 90_000 }
  const { reader } = smallJournal(writtenDisk([large, large, large], SIZES), SIZES)
  expect(reader.knows(5)).toBe(false)
  const frame = reader.frameAt(5)
  expect(reader.knows(5)).toBe(true)
  expect(reader.knows(8)).toBe(false)
  reader.frameAt(1)
  expect(reader.frameAt(5)).toEqual(frame)
})

test('fetching asks the disk for that part of that file, until the journal is closed', async () => {
  const disk = fetchingDisk()
  const { reader } = smallJournal(disk, SIZES)
  expect(await reader.ahead?.fetch(1, 4_096, 500)).toBe(true)
  expect(disk.fetched).toMatchObject([{ position: 4_096, length: 500 }])
  reader.close()
  expect(await reader.ahead?.fetch(1, 4_096, 500)).toBe(false)
  expect(disk.fetched).toHaveLength(1)
})

test('a disk that has nothing slow about it is not read ahead', () => {
  expect(smallJournal(writtenDisk(SHAPES, SIZES), SIZES).reader.ahead).toBeUndefined()
})
