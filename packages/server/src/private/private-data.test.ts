import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Disk, JournalCorrupt, MemoryDisk, RealDisk } from '@tallystick/journal'
import { describe, expect, onTestFinished, test } from 'vitest'

import { StartRefused } from '../start/setting.ts'

import { PrivateStore } from './private-data.ts'
import { PrivateFile } from './private-file.ts'
import { DamagedSubjectKey, SubjectKeys } from './subject-keys.ts'

const OWNER = 'root'
const PATH = 'data/private/0000000001.private'
const ada = { subject: 'customer-17', data: { name: 'Ada Lovelace' } }
const bob = { subject: 'customer-18', data: { name: 'Bob' } }

/** Data and keys on one disk each, as they would lie on two. */
class Disks {
  readonly data: MemoryDisk
  readonly keys: MemoryDisk

  constructor(data = new MemoryDisk(), keys = new MemoryDisk()) {
    this.data = data
    this.keys = keys
  }

  clone(): Disks {
    return new Disks(this.data.clone(), this.keys.clone())
  }

  open(notes: string[] = []): PrivateStore {
    return storeOf(this.data, this.keys, notes)
  }
}

function storeOf(data: Disk, keys: Disk, notes: string[] = []): PrivateStore {
  return new PrivateStore(
    new SubjectKeys(keys, 'keys/subjects'),
    new PrivateFile(data, 'data/private', (note) => void notes.push(note)),
  )
}

/** What is shown in place of a commitment. */
function shown(store: PrivateStore, commitment = ''): unknown {
  const metadata = JSON.stringify({ a: 1, private: commitment })
  const fields = JSON.parse(`{${store.fields(metadata)}}`)
  expect(fields.metadata).toEqual({ a: 1 })
  return fields.private
}

/** A disk that lets `onStep` see it before each call that changes something. */
function watched(disk: MemoryDisk, onStep: () => void): Disk {
  const stepping = new Set(['pwrite', 'fdatasync', 'truncate', 'rename', 'unlink', 'open'])
  return new Proxy<Disk>(disk, {
    get(target, name: keyof Disk) {
      const call = target[name]
      if (call === undefined) return undefined
      return (...args: never[]) => {
        if (stepping.has(name)) onStep()
        return Reflect.apply(call, target, args)
      }
    },
  })
}

test('what is kept is shown, also by the next process', () => {
  const disks = new Disks()
  const first = disks.open()
  const [one, two] = first.keep(OWNER, [ada, bob], [])
  expect([shown(first, one), shown(first, two)]).toEqual([ada, bob])
  first.close()
  const second = disks.open()
  expect([shown(second, one), shown(second, two)]).toEqual([ada, bob])
})

test('the same of the same subject has one commitment and is kept once', () => {
  const disks = new Disks()
  const store = disks.open()
  const [first] = store.keep(OWNER, [ada], [])
  const before = disks.data.usedBytes
  const reordered = { data: ada.data, subject: ada.subject }
  expect(store.keep(OWNER, [ada, reordered], [])).toEqual([first, first])
  expect(disks.data.usedBytes).toBe(before)
  expect(store.keep('another owner', [ada], [])).not.toEqual([first])
  expect(store.keep(OWNER, [{ ...ada, subject: 'customer-99' }], [])).not.toEqual([first])
})

test('neither file holds the text or the subject, and ciphertexts of like length are alike long', () => {
  const disks = new Disks()
  disks.open().keep(OWNER, [ada, bob], [])
  const files = [disks.data.contents(PATH)]
  for (const shard of [...Array(256).keys()].map((n) => n.toString(16).padStart(2, '0'))) {
    const directory = `keys/subjects/${shard}`
    for (const name of disks.keys.readdir(directory)) {
      files.push(disks.keys.contents(`${directory}/${name}`), Buffer.from(name))
    }
  }
  expect(files.length).toBe(1 + 2 * 2)
  for (const bytes of files) {
    for (const text of ['Ada', 'Lovelace', 'Bob', 'customer-17', 'customer-18']) {
      expect(bytes.includes(text)).toBe(false)
    }
  }
})

test('an erased subject is erased for good, others are not, and it can begin anew', () => {
  const disks = new Disks()
  const store = disks.open()
  const [one, two] = store.keep(OWNER, [ada, bob], [])
  const backup = disks.data.clone()
  store.erase(OWNER, ada.subject)
  expect([shown(store, one), shown(store, two)]).toEqual(['erased', bob])
  // A backup of the data, with the keys as they are now.
  expect(shown(new Disks(backup, disks.keys).open(), one)).toBe('erased')
  const [anew] = store.keep(OWNER, [ada], [])
  expect(anew).not.toBe(one)
  expect([shown(store, one), shown(store, anew)]).toEqual(['erased', ada])
  store.close()
  const next = disks.open()
  expect([shown(next, one), shown(next, anew)]).toEqual(['erased', ada])
})

test('a repetition of what was erased keeps its commitment, and makes no key', () => {
  const disks = new Disks()
  const store = disks.open()
  const kept = store.keep(OWNER, [ada, bob], [])
  store.erase(OWNER, ada.subject)
  const files = disks.keys.usedBytes
  expect(store.keep(OWNER, [ada, bob], kept)).toEqual(kept)
  expect(disks.keys.usedBytes).toBe(files)
  // Of a subject that is not erased other data is other data.
  const other = { ...bob, data: { name: 'Eve' } }
  expect(store.keep(OWNER, [ada, other], kept)).not.toEqual(kept)
})

test('erasing what never was is the same, and leaves nothing', () => {
  const disks = new Disks()
  const store = disks.open()
  const used = disks.keys.usedBytes
  expect(store.erase(OWNER, 'nobody')).toBeUndefined()
  expect(disks.keys.usedBytes).toBe(used)
})

test('a server that keeps nothing private writes nothing', () => {
  const disks = new Disks(new MemoryDisk({ limitBytes: 0 }), new MemoryDisk({ limitBytes: 0 }))
  const store = disks.open()
  store.erase(OWNER, 'nobody')
  expect(shown(store, `pd1_${'A'.repeat(43)}`)).toBe('missing')
  store.close()
  expect(disks.data.usedBytes + disks.keys.usedBytes).toBe(0)
})

test('a preview shows what would be, and keeps nothing', () => {
  const disks = new Disks()
  const store = disks.open()
  const used = disks.data.usedBytes + disks.keys.usedBytes
  const [commitment] = store.preview(OWNER, [ada])
  expect(shown(store, commitment)).toEqual(ada)
  store.forget([commitment ?? ''])
  expect(shown(store, commitment)).toBe('missing')
  expect(disks.data.usedBytes + disks.keys.usedBytes).toBe(used)
})

describe('a crash at any call', () => {
  test('while something is kept leaves the whole of it or nothing', () => {
    const disks = new Disks()
    const [before] = disks.open().keep(OWNER, [ada], [])
    const images: Disks[] = []
    const step = (): void => void images.push(disks.clone())
    const store = storeOf(watched(disks.data, step), watched(disks.keys, step))
    const [commitment] = store.keep(OWNER, [bob], [])
    expect(images.length).toBeGreaterThan(5)
    for (const image of images) {
      const after = image.open()
      expect(shown(after, before)).toEqual(ada)
      expect([bob, 'missing']).toContainEqual(shown(after, commitment))
      const [again] = after.keep(OWNER, [bob], [])
      expect(shown(after, again)).toEqual(bob)
    }
  })

  test('while a subject is erased leaves the whole of it or nothing', () => {
    const disks = new Disks()
    const [one, two] = disks.open().keep(OWNER, [ada, bob], [])
    const images: Disks[] = []
    const step = (): void => void images.push(disks.clone())
    const store = storeOf(disks.data, watched(disks.keys, step))
    store.erase(OWNER, ada.subject)
    expect(images.length).toBeGreaterThan(3)
    for (const image of images) {
      const after = image.open()
      expect([ada, 'erased']).toContainEqual(shown(after, one))
      expect(shown(after, two)).toEqual(bob)
      after.erase(OWNER, ada.subject)
      expect(shown(after, one)).toBe('erased')
    }
  })
})

test('a torn end is cut, wherever it was torn', () => {
  const disks = new Disks()
  const store = disks.open()
  const [one] = store.keep(OWNER, [ada], [])
  const end = disks.data.contents(PATH).length
  const [two] = store.keep(OWNER, [bob], [])
  const whole = disks.data.contents(PATH)
  for (let length = end; length < whole.length; length += 7) {
    const torn = disks.clone()
    torn.data.place(PATH, whole.subarray(0, length))
    const notes: string[] = []
    const after = torn.open(notes)
    expect([shown(after, one), shown(after, two)]).toEqual([ada, 'missing'])
    expect(notes.length).toBe(length === end ? 0 : 1)
    expect(torn.data.contents(PATH).length).toBe(end)
  }
})

test('damage before the end refuses the start, and names file and offset', () => {
  const disks = new Disks()
  const store = disks.open()
  store.keep(OWNER, [ada], [])
  store.keep(OWNER, [bob], [])
  for (const at of [0, 5, 9, 40, 130]) {
    const damaged = disks.clone()
    const bytes = damaged.data.contents(PATH)
    bytes[at] = (bytes[at] ?? 0) ^ 0xff
    damaged.data.place(PATH, bytes)
    expect(() => damaged.open()).toThrow(JournalCorrupt)
    expect(() => damaged.open()).toThrow(PATH)
  }
})

test('a damaged key is said to be damaged, not erased', () => {
  const disks = new Disks()
  const [commitment] = disks.open().keep(OWNER, [ada], [])
  for (const shard of [...Array(256).keys()].map((n) => n.toString(16).padStart(2, '0'))) {
    for (const name of disks.keys.readdir(`keys/subjects/${shard}`)) {
      const path = `keys/subjects/${shard}/${name}`
      const bytes = disks.keys.contents(path)
      bytes[40] = (bytes[40] ?? 0) ^ 1
      disks.keys.place(path, bytes)
    }
  }
  expect(() => shown(disks.open(), commitment)).toThrow(DamagedSubjectKey)
})

test('a start without what names the keys is refused, since nothing could be found or erased', () => {
  const root = mkdtempSync(join(tmpdir(), 'tally-keys-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const directory = join(root, 'subjects')
  const keys = new SubjectKeys(new RealDisk(), directory)
  keys.make([keys.nameOf(OWNER, 'customer-17')])
  const again = new SubjectKeys(new RealDisk(), directory)
  expect(again.find(again.nameOf(OWNER, 'customer-17'))).toBeDefined()
  rmSync(join(directory, 'names.secret'))
  expect(() => new SubjectKeys(new RealDisk(), directory)).toThrow(StartRefused)
})

test('a full disk refuses, and what was there stays', () => {
  const disks = new Disks()
  const store = disks.open()
  const [one] = store.keep(OWNER, [ada], [])
  disks.data.limitBytes = disks.data.usedBytes + 10
  expect(() => store.keep(OWNER, [bob], [])).toThrow('The disk is full')
  disks.data.limitBytes = Number.POSITIVE_INFINITY
  const [two] = store.keep(OWNER, [bob], [])
  expect([shown(store, one), shown(store, two)]).toEqual([ada, bob])
})

test('metadata that only looks like it is left as it is', () => {
  const store = new Disks().open()
  for (const text of ['{}', '{"private":"pd1_x"}', '{"a":{"private":"pd1_x"}}']) {
    expect(store.fields(text)).toBe(`"metadata":${text}`)
    expect(store.own(text)).toBe(text)
  }
})

test('thousands of commitments are found again', () => {
  const disks = new Disks()
  const store = disks.open()
  const pieces = Array.from({ length: 3_000 }, (_, n) => ({ subject: 'one', data: { n } }))
  const commitments = store.keep(OWNER, pieces, [])
  const again = disks.open()
  for (const n of [0, 1, 511, 1_500, 2_999]) expect(shown(again, commitments[n])).toEqual(pieces[n])
})
