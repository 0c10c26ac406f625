import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  append,
  bodyOf,
  DIRECTORY,
  type FrameShape,
  readAll,
  smallJournal,
  writtenDisk,
} from '../test/fixture.ts'
import { JournalCorrupt } from './errors.ts'

const FIRST = `${DIRECTORY}/0000000001.book`

const MANY: readonly FrameShape[] = Array.from({ length: 60 }, (_, index) => ({
  count: index % 4,
  bodyBytes: (index * 1_237) % 12_000,
}))

const shapes = fc.array(fc.record({ count: fc.nat(5), bodyBytes: fc.nat(12_000) }), {
  minLength: 1,
  maxLength: 50,
})

test('every sequence is found in its frame, and every part of a body is what was written', () => {
  fc.assert(
    fc.property(shapes, fc.array(fc.nat()), (frames, places) => {
      const journal = smallJournal(writtenDisk(frames))
      const { reader } = journal
      let sequence = 1
      for (const { count, bodyBytes } of frames) {
        for (let event = 0; event < count; event++) {
          const frame = reader.frameAt(sequence + event)
          expect(frame).toMatchObject({ firstSequence: sequence, count, bodyBytes })
          const offset = (places[event] ?? 0) % (bodyBytes + 1)
          const length = (places[event + 1] ?? bodyBytes) % (bodyBytes - offset + 1)
          const expected = bodyOf(sequence, bodyBytes).subarray(offset, offset + length)
          expect(reader.readBody(frame, offset, length).equals(expected)).toBe(true)
        }
        sequence += count
      }
      expect(reader.lastSequence).toBe(sequence - 1)
    }),
    { numRuns: 60 },
  )
})

test('a stream begins and ends with the frames that hold its ends', () => {
  fc.assert(
    fc.property(shapes, fc.nat(), fc.nat(), (frames, one, other) => {
      const journal = smallJournal(writtenDisk(frames))
      const last = journal.reader.lastSequence
      if (last === 0) return
      const [from = 1, to = 1] = [1 + (one % last), 1 + (other % last)].sort((a, b) => a - b)
      const streamed = [...journal.reader.frames(from, to)].filter(({ count }) => count > 0)
      const whole = readAll(journal).filter(({ count }) => count > 0)
      const wanted = whole.filter(
        ({ firstSequence, count }) => firstSequence <= to && firstSequence + count > from,
      )
      expect(streamed.map(({ firstSequence, count }) => ({ firstSequence, count }))).toEqual(wanted)
    }),
    { numRuns: 60 },
  )
})

test('sequences outside of the journal are refused', () => {
  const { reader } = smallJournal(writtenDisk([{ count: 3, bodyBytes: 100 }]))
  expect(() => reader.frameAt(0)).toThrow(RangeError)
  expect(() => reader.frameAt(4)).toThrow(RangeError)
  expect(() => [...reader.frames(2, 4)]).toThrow(RangeError)
  expect(() => reader.readBody(reader.frameAt(1), 90, 11)).toThrow(RangeError)
})

test('frames can be read as soon as they are durable', () => {
  const journal = smallJournal(writtenDisk([]))
  const writer = journal.startWriter()
  for (const [index, shape] of MANY.entries()) {
    append(writer, shape)
    const { lastSequence } = journal.reader
    expect(lastSequence).toBe(writer.poll())
    if (shape.count === 0) continue
    const frame = journal.reader.frameAt(lastSequence)
    expect(frame.bodyBytes, `frame ${index}`).toBe(shape.bodyBytes)
    const body = bodyOf(frame.firstSequence, shape.bodyBytes)
    expect(journal.reader.readBody(frame, 0, shape.bodyBytes).equals(body)).toBe(true)
  }
})

test('a target is filled from its beginning', () => {
  const { reader } = smallJournal(writtenDisk([{ count: 1, bodyBytes: 9_000 }]))
  const target = Buffer.alloc(5_000, 7)
  const read = reader.readBody(reader.frameAt(1), 4_000, 200, target)
  expect(read.buffer).toBe(target.buffer)
  expect(read.equals(bodyOf(1, 9_000).subarray(4_000, 4_200))).toBe(true)
  expect(target[200]).toBe(7)
})

test('bytes that rotted after opening are never served, and whole blocks beside them are', () => {
  const disk = writtenDisk([
    { count: 1, bodyBytes: 11_000 },
    { count: 1, bodyBytes: 100 },
  ])
  const { reader } = smallJournal(disk)
  const frame = reader.frameAt(1)
  const file = disk.open(FIRST, 'write')
  disk.pwrite(file, Buffer.from('rot'), frame.bodyOffset + 5_000)
  expect(() => reader.readBody(frame, 5_000, 10)).toThrow(JournalCorrupt)
  expect(() => reader.readBody(frame, 4_090, 10)).toThrow(
    expect.objectContaining({ file: FIRST, offset: frame.bodyOffset + 4_096 }),
  )
  expect(reader.readBody(frame, 8_192, 100)).toHaveLength(100)
  expect(() => [...reader.frames()]).toThrow(JournalCorrupt)
  disk.pwrite(file, Buffer.from('rot'), frame.offset + 9)
  expect(() => smallJournal(disk)).toThrow(JournalCorrupt)
})

describe('a sidecar', () => {
  const SIDECAR = `${DIRECTORY}/0000000001.index`
  const disk = writtenDisk(MANY)
  const expected = readAll(smallJournal(disk))

  test('is written when a segment is closed, and spares reading it', () => {
    expect(disk.readdir(DIRECTORY)).toContain('0000000001.index')
    const rotten = disk.clone()
    const bytes = rotten.contents(FIRST)
    rotten.place(FIRST, bytes.fill(0xff, bytes.length - 1_000))
    const { reader } = smallJournal(rotten, { from: { sequence: 1 } })
    expect(reader.frameAt(1).firstSequence).toBe(1)
    rotten.unlink(SIDECAR)
    const rebuilding = smallJournal(rotten, { from: { sequence: 1 } }).reader
    expect(() => rebuilding.frameAt(1)).toThrow(JournalCorrupt)
  })

  test('is built again when it is lost, damaged or of another segment', () => {
    const whole = disk.contents(SIDECAR)
    const other = disk.contents(`${DIRECTORY}/0000000002.index`)
    const flipped = Array.from({ length: whole.length }, (_, at) => {
      const copy = Buffer.from(whole)
      copy[at] = (copy[at] ?? 0) ^ 1
      return copy
    })
    for (const damaged of [undefined, Buffer.alloc(0), whole.subarray(0, 80), other, ...flipped]) {
      const copy = disk.clone()
      if (damaged === undefined) copy.unlink(SIDECAR)
      else copy.place(SIDECAR, damaged)
      const journal = smallJournal(copy, { from: { sequence: 1 } })
      journal.startWriter()
      expect(readAll(journal)).toEqual(expected)
      expect(copy.contents(SIDECAR).equals(whole)).toBe(true)
    }
  })
})
