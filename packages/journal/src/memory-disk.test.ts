import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type Disk, diskErrorCode, isOutOfSpace } from './disk.ts'
import { MemoryDisk } from './memory-disk.ts'
import { RealDisk } from './real-disk.ts'

const SIZE = 2_500_000

const call = fc.oneof(
  fc.record({
    call: fc.constant('write'),
    at: fc.nat(SIZE),
    length: fc.integer({ min: 1, max: 9_000 }),
  }),
  fc.record({
    call: fc.constant('zeros'),
    at: fc.nat(SIZE),
    length: fc.integer({ min: 1, max: 9_000 }),
  }),
  fc.record({ call: fc.constant('read'), at: fc.nat(SIZE), length: fc.nat(9_000) }),
  fc.record({ call: fc.constant('truncate'), at: fc.nat(SIZE), length: fc.constant(0) }),
)

type Call = typeof call extends fc.Arbitrary<infer Value> ? Value : never

function perform(disk: Disk, file: number, { call, at, length }: Call): unknown {
  const bytes = Buffer.alloc(length, call === 'write' ? 1 + (at % 255) : 0)
  if (call === 'read') {
    const read = disk.pread(file, bytes, at)
    return bytes.toString('hex', 0, read)
  }
  if (call === 'truncate') disk.truncate(file, at)
  else disk.pwrite(file, bytes, at)
  return disk.size(file)
}

test('a disk in memory does what a real one does', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tallystick-disk-'))
  const [real, memory] = [new RealDisk(), new MemoryDisk()]
  const path = `${directory}/file`
  fc.assert(
    fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
      const files = [real.open(path, 'create'), memory.open(path, 'create')] as const
      for (const each of calls) {
        expect(perform(memory, files[1], each)).toEqual(perform(real, files[0], each))
      }
      real.close(files[0])
      memory.close(files[1])
    }),
    { numRuns: 60 },
  )
  for (const disk of [real, memory]) {
    disk.rename(path, `${path}2`)
    expect(disk.readdir(directory)).toEqual(['file2'])
    expect(() => disk.open(path, 'read')).toThrow(expect.objectContaining({ code: 'ENOENT' }))
    disk.unlink(`${path}2`)
    expect(disk.readdir(directory)).toEqual([])
  }
  rmSync(directory, { recursive: true })
})

test('a full disk in memory writes what fits, and then nothing', () => {
  const disk = new MemoryDisk({ limitBytes: 10_000 })
  const file = disk.open('d/a', 'create')
  expect(disk.pwrite(file, Buffer.alloc(8_000, 1), 0)).toBe(8_000)
  expect(disk.pwrite(file, Buffer.alloc(4_000, 1), 8_000)).toBe(2_000)
  expect(disk.pwrite(file, Buffer.alloc(4_000, 2), 0)).toBe(4_000)
  expect(() => disk.pwrite(file, Buffer.alloc(1), 10_000)).toThrow(
    expect.toSatisfy((error) => isOutOfSpace(error) && diskErrorCode(error) === 'ENOSPC'),
  )
  disk.truncate(file, 5_000)
  expect(disk.pwrite(file, Buffer.alloc(4_000, 1), 5_000)).toBe(4_000)
})
