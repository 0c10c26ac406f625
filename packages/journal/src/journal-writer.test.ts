import fc from 'fast-check'
import { expect, test, vi } from 'vitest'

import { append, bodyOf, DIRECTORY, readAll, SMALL, smallJournal } from '../test/fixture.ts'
import type { FileHandle } from './disk.ts'
import { JournalFailed } from './errors.ts'
import { frameBytes, SEGMENT_HEADER_BYTES } from './limits.ts'
import { MemoryDisk } from './memory-disk.ts'
import type { JournalWriter, WriterOptions } from './writer.ts'

/** A disk whose syncs or writes fail from a moment on, and that counts what is written after. */
class FailingDisk extends MemoryDisk {
  failing: 'sync' | 'write' | 'short' | undefined
  writesAfterFailure = 0

  override fdatasync(file: FileHandle): void {
    if (this.failing === 'sync') throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
    super.fdatasync(file)
  }

  override pwrite(file: FileHandle, source: Uint8Array, position: number): number {
    if (this.failing !== undefined) this.writesAfterFailure++
    if (this.failing === 'write') throw Object.assign(new Error('broken'), { code: 'EIO' })
    if (this.failing === 'short') return super.pwrite(file, source.subarray(1), position)
    return super.pwrite(file, source, position)
  }
}

function start(options: WriterOptions = {}, disk = new MemoryDisk()): JournalWriter {
  return smallJournal(disk).startWriter(options)
}

function submit(writer: JournalWriter, count: number, bodyBytes: number): boolean {
  const group = writer.take()
  if (group === undefined) return false
  group.firstSequence = writer.nextSequence
  group.count = count
  group.bodyBytes = bodyBytes
  bodyOf(group.firstSequence, bodyBytes).copy(group.body)
  writer.submit(group)
  return true
}

test('a group is durable when writeInline returns', () => {
  const disk = new MemoryDisk()
  const writer = start({}, disk)
  expect(append(writer, { count: 3, bodyBytes: 100 })).toBe(3)
  expect(append(writer, { count: 2, bodyBytes: 0 })).toBe(5)
  expect(writer.poll()).toBe(5)
  expect(smallJournal(disk).report.lastSequence).toBe(5)
})

test('submitted groups become durable in order, and their listener is told', () => {
  const writes: (() => void)[] = []
  const onDurable = vi.fn<(durable: number) => void>()
  const writer = start({ onDurable, defer: (write) => writes.push(write) })
  expect([submit(writer, 4, 100), submit(writer, 5, 200)]).toEqual([true, true])
  expect([writer.poll(), writer.idle, writer.nextSequence]).toEqual([0, false, 10])
  writes.shift()?.()
  expect([writer.poll(), writer.idle]).toEqual([4, false])
  writes.shift()?.()
  expect([writer.poll(), writer.idle]).toEqual([9, true])
  expect(onDurable.mock.calls).toEqual([[4], [9]])
})

test('what a poll has told is not told again', () => {
  const onDurable = vi.fn<(durable: number) => void>()
  const writer = start({ onDurable, defer: () => {} })
  submit(writer, 4, 100)
  expect(writer.drain()).toBe(4)
  expect(onDurable).not.toHaveBeenCalled()
})

test('when all groups are under way none is to be had, until onFree says so', () => {
  const writes: (() => void)[] = []
  const onFree = vi.fn<() => void>()
  const writer = start({ onFree, defer: (write) => writes.push(write) })
  while (submit(writer, 1, 64));
  expect(writes).toHaveLength(SMALL.groups)
  expect(onFree).not.toHaveBeenCalled()
  writes.shift()?.()
  expect(onFree).toHaveBeenCalledOnce()
  expect(submit(writer, 1, 64)).toBe(true)
})

test('groups out of order, given back or not taken are the caller’s mistake', () => {
  const writer = start()
  const group = writer.take()
  if (group === undefined) throw new Error('no group')
  group.firstSequence = 2
  expect(() => writer.writeInline(group)).toThrow('does not begin with the next sequence')
  writer.giveBack(group)
  expect(() => writer.giveBack(group)).toThrow('not taken')
  group.firstSequence = 1
  expect(() => writer.submit(group)).toThrow('not taken')
})

test('each frame tells the newest durable sequence of its time', async () => {
  const disk = new MemoryDisk()
  const journal = smallJournal(disk)
  const writer = journal.startWriter()
  append(writer, { count: 3, bodyBytes: 100 })
  append(writer, { count: 2, bodyBytes: 100 })
  submit(writer, 1, 100)
  submit(writer, 1, 100)
  await journal.close()
  const frames = [...smallJournal(disk).reader.frames()]
  expect(frames.map(({ durable }) => durable)).toEqual([0, 3, 5, 6])
})

test('a closed journal is as long as its frames, and tells by a mark that all were durable', async () => {
  const disk = new MemoryDisk()
  const journal = smallJournal(disk)
  append(journal.startWriter(), { count: 3, bodyBytes: 100 })
  await journal.close()
  expect(disk.readdir(DIRECTORY)).toEqual(['0000000001.book'])
  expect(disk.usedBytes).toBe(SEGMENT_HEADER_BYTES + frameBytes(100) + frameBytes(0))
  const again = smallJournal(disk)
  again.startWriter()
  await again.close()
  expect(disk.usedBytes).toBe(SEGMENT_HEADER_BYTES + frameBytes(100) + frameBytes(0))
})

test('segments never grow beyond their size, and a frame never spans two', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 12_200 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(lengths, (bodies) => {
      const disk = new MemoryDisk()
      const writer = start({}, disk)
      for (const bodyBytes of bodies) append(writer, { count: 1, bodyBytes })
      for (const name of disk.readdir(DIRECTORY)) {
        if (!name.endsWith('.book')) continue
        expect(disk.contents(`${DIRECTORY}/${name}`).length).toBeLessThanOrEqual(SMALL.segmentBytes)
      }
      expect(readAll(smallJournal(disk))).toHaveLength(bodies.length)
    }),
    { numRuns: 50 },
  )
})

test('on a disk that fills up every group that has room is written, and room returns with space', () => {
  const groups = fc.array(
    fc.record({ bodyBytes: fc.integer({ min: 0, max: 12_200 }), inline: fc.boolean() }),
    { minLength: 10, maxLength: 80 },
  )
  fc.assert(
    fc.property(groups, fc.integer({ min: 8_192, max: 400_000 }), (shapes, limitBytes) => {
      const disk = new MemoryDisk({ limitBytes })
      const writer = start({ defer: () => {} }, disk)
      let written = 0
      for (const { bodyBytes, inline } of shapes) {
        if (!writer.hasRoom(bodyBytes)) continue
        if (inline && writer.idle) append(writer, { count: 1, bodyBytes })
        else if (!submit(writer, 1, bodyBytes)) writer.drain()
      }
      written = writer.drain()
      expect(writer.state).toBe('open')
      expect(smallJournal(disk).report.lastSequence).toBe(written)
      disk.limitBytes = limitBytes + 200_000
      expect(writer.hasRoom(12_200)).toBe(true)
      expect(append(writer, { count: 1, bodyBytes: 12_200 })).toBe(written + 1)
      readAll(smallJournal(disk))
    }),
    { numRuns: 200 },
  )
})

test('with space on the disk there is always room for all groups', () => {
  const writer = start({ defer: () => {} })
  for (let round = 0; round < 50; round++) {
    expect(writer.hasRoom(12_200)).toBe(true)
    if (!submit(writer, 1, 12_200)) writer.drain()
  }
})

test.each(['sync', 'write', 'short'] as const)(
  'after a failed %s nothing is ever written again',
  (how) => {
    const disk = new FailingDisk()
    const onFailed = vi.fn<(error: Error) => void>()
    const writer = start({ onFailed }, disk)
    append(writer, { count: 1, bodyBytes: 100 })
    const group = writer.take()
    disk.failing = how
    expect(() => append(writer, { count: 1, bodyBytes: 100 })).toThrow(JournalFailed)
    expect([writer.state, writer.poll(), writer.hasRoom(0), writer.idle]).toEqual([
      'failed',
      1,
      false,
      false,
    ])
    expect(onFailed).toHaveBeenCalledExactlyOnceWith(writer.failure)
    if (group === undefined) throw new Error('no group')
    group.firstSequence = writer.nextSequence
    expect(() => writer.submit(group)).toThrow(JournalFailed)
    expect(() => writer.writeInline(group)).toThrow(JournalFailed)
    expect(() => writer.take()).toThrow(JournalFailed)
    expect(() => writer.drain()).toThrow(JournalFailed)
    expect(disk.writesAfterFailure).toBe(1)
  },
)

test('a submitted group that fails is not told durable, nor are those behind it', async () => {
  const disk = new FailingDisk()
  const writes: (() => void)[] = []
  const onDurable = vi.fn<(durable: number) => void>()
  const onFailed = vi.fn<(error: Error) => void>()
  const journal = smallJournal(disk)
  const writer = journal.startWriter({ onDurable, onFailed, defer: (write) => writes.push(write) })
  submit(writer, 1, 100)
  submit(writer, 1, 100)
  disk.failing = 'sync'
  for (const write of writes) write()
  expect([writer.poll(), writer.state]).toEqual([0, 'failed'])
  expect(writer.failure?.message).toContain('EIO')
  expect(onDurable).not.toHaveBeenCalled()
  expect(onFailed).toHaveBeenCalledOnce()
  expect(disk.writesAfterFailure).toBe(1)
  await journal.close()
})

test('a journal reopened with a prepared segment reads what is written into the next one', () => {
  const disk = new MemoryDisk()
  append(start({}, disk), { count: 1, bodyBytes: 12_000 })
  expect(disk.readdir(DIRECTORY)).toContain('0000000002.book')
  const journal = smallJournal(disk)
  const writer = journal.startWriter()
  for (let index = 0; index < 12; index++) append(writer, { count: 1, bodyBytes: 12_000 })
  expect(readAll(journal)).toHaveLength(13)
})
