import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { Coverage } from './coverage.ts'
import { DiskNews } from './disk-news.ts'
import { DiskPort, ProcessDied } from './disk-port.ts'
import { FaultPlan } from './faults.ts'
import { Trace } from './trace.ts'
import { VirtualClock } from './virtual-clock.ts'
import { VirtualDisk } from './virtual-disk.ts'

function disk(): { disk: VirtualDisk; port: DiskPort } {
  const made = new VirtualDisk()
  made.makeDirectory('d')
  return { disk: made, port: new DiskPort(made) }
}

const put = (port: DiskPort, path: string, text: string): void => {
  const file = port.open(path, 'create')
  port.pwrite(file, Buffer.from(text), 0)
  port.fdatasync(file)
  port.close(file)
}

/** Names with contents that there are after a loss of power, over many seeds. */
function images(prepare: (port: DiskPort) => void): string[] {
  const seen = new Set<string>()
  for (let seed = 0; seed < 120; seed++) {
    const { disk: made, port } = disk()
    prepare(port)
    made.losePower(new Prng(seed))
    const names = made.names('d').sort()
    seen.add(names.map((name) => `${name}=${made.find(`d/${name}`)?.bytes().toString()}`).join())
  }
  return [...seen].sort()
}

test('a name is safe once its directory is synced, a content once its file is', () => {
  expect(images((port) => put(port, 'd/a', '1'))).toEqual(['', 'a=1'])
  expect(
    images((port) => {
      put(port, 'd/a', '1')
      port.syncDirectory('d')
    }),
  ).toEqual(['a=1'])
})

test('a rename over another file leaves the one or the other, never neither', () => {
  const after = images((port) => {
    put(port, 'd/a', 'old')
    port.syncDirectory('d')
    put(port, 'd/b', 'new')
    port.rename('d/b', 'd/a')
  })
  expect(after).toEqual(['a=new', 'a=old', 'a=old,b=new'])
})

test('a removed file may come back with the power', () => {
  const after = images((port) => {
    put(port, 'd/a', '1')
    port.syncDirectory('d')
    port.unlink('d/a')
  })
  expect(after).toEqual(['', 'a=1'])
})

test('a full disk takes what fits, then nothing, and never refuses what is reserved', () => {
  const { disk: made, port } = disk()
  const file = port.open('d/a', 'create')
  made.limitBytes = 6
  expect(port.pwrite(file, Buffer.from('12345678'), 0)).toBe(6)
  expect(() => port.pwrite(file, Buffer.from('9'), 6)).toThrow('ENOSPC')
  expect(() => port.open('d/b', 'create')).toThrow('ENOSPC')
  expect(port.pwrite(file, Buffer.from('xy'), 1)).toBe(2)
})

test('a missing file, a missing directory and a closed file are the errors that a system gives', () => {
  const { port } = disk()
  expect(() => port.open('d/a', 'read')).toThrow('ENOENT')
  expect(() => port.open('e/a', 'create')).toThrow('ENOENT')
  expect(() => port.readdir('e')).toThrow('ENOENT')
  const file = port.open('d/a', 'create')
  port.close(file)
  expect(() => port.size(file)).toThrow('EBADF')
})

function armed(ending: 'power' | 'sync fails', calls: number) {
  const clock = new VirtualClock()
  const { disk: made } = disk()
  const faults = new FaultPlan(new Prng(1), clock)
  faults.arm(ending, calls)
  const port = new DiskPort(made, faults, new DiskNews(new Trace(clock), new Coverage()))
  return { port, faults, made, clock }
}

test('at the planned call the process dies, and no later call reaches the disk', () => {
  const { port, faults, made } = armed('power', 3)
  const file = port.open('d/a', 'create')
  port.pwrite(file, Buffer.from('1'), 0)
  expect(() => port.fdatasync(file)).toThrow(ProcessDied)
  expect(faults.ended).toBe('power')
  expect(() => port.pwrite(file, Buffer.from('2'), 0)).toThrow(ProcessDied)
  expect(made.find('d/a')?.bytes().toString()).toBe('1')
  expect(made.unsynced).toBe(2)
})

test('a planned sync failure waits for a sync, and syncs nothing', () => {
  const { port, made } = armed('sync fails', 1)
  const file = port.open('d/a', 'create')
  port.pwrite(file, Buffer.from('1'), 0)
  expect(() => port.fdatasync(file)).toThrow('EIO')
  expect(made.unsynced).toBe(2)
})

test('a slow disk takes virtual time', () => {
  const { port, faults, clock } = armed('power', 100)
  faults.slowMs = 1_000
  for (let call = 0; call < 10; call++) port.close(port.open(`d/${call}`, 'create'))
  expect(clock.monotonic()).toBeGreaterThan(500_000_000n)
})
