import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { VirtualFile } from './virtual-file.ts'

const text = (file: VirtualFile): string => file.bytes().toString('latin1')
const write = (file: VirtualFile, bytes: string, position = 0): void =>
  file.write(Buffer.from(bytes, 'latin1'), position)

test('what is synced survives every loss of power', () => {
  for (let seed = 0; seed < 50; seed++) {
    const file = new VirtualFile()
    write(file, 'safe')
    file.sync()
    file.losePower(new Prng(seed), 'mixed')
    expect(text(file)).toBe('safe')
  }
})

/** `abc` is safe; `aX` is seen. */
function changed(): VirtualFile {
  const file = new VirtualFile()
  write(file, 'abc')
  file.sync()
  write(file, 'X', 1)
  file.truncate(2)
  return file
}

test('what is not synced is kept or lost as a whole when all of it is', () => {
  const [kept, lost] = [changed(), changed()]
  kept.losePower(new Prng(1), 'kept')
  lost.losePower(new Prng(1), 'lost')
  expect([text(kept), text(lost)]).toEqual(['aX', 'abc'])
  expect([kept.changes, lost.changes]).toEqual([0, 0])
})

test('over many seeds an unsynced write is lost, whole, cut at a byte, and torn by sectors', () => {
  const seen = new Set<string>()
  for (let seed = 0; seed < 200; seed++) {
    const file = new VirtualFile()
    file.write(Buffer.alloc(2_048, 1), 0)
    file.losePower(new Prng(seed), 'mixed')
    const bytes = file.bytes()
    const written = bytes.reduce((sum, byte) => sum + byte, 0)
    const isPrefix = written === bytes.length
    if (written === 0) seen.add('lost')
    else if (written === 2_048) seen.add('whole')
    else if (isPrefix && written % 512 !== 0) seen.add('cut at a byte')
    else if (!isPrefix) seen.add('torn')
  }
  expect([...seen].sort()).toEqual(['cut at a byte', 'lost', 'torn', 'whole'])
})

test('a later write may survive an earlier one', () => {
  const images = new Set<string>()
  for (let seed = 0; seed < 100; seed++) {
    const file = new VirtualFile()
    write(file, '..')
    file.sync()
    write(file, '1')
    write(file, '2', 1)
    file.losePower(new Prng(seed), 'mixed')
    images.add(text(file))
  }
  expect([...images].sort()).toEqual(['..', '.2', '1.', '12'])
})

test('reserved space reads as zeros', () => {
  const file = new VirtualFile()
  file.write(new Uint8Array(100_000), 0)
  file.truncate(200_000)
  file.sync()
  expect(file.size).toBe(200_000)
  expect(file.bytes().every((byte) => byte === 0)).toBe(true)
})
