import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { append, bodyOf, readAll, smallJournal } from '../test/fixture.ts'
import type { FileHandle, OpenMode } from './disk.ts'
import type { Journal } from './journal.ts'
import { RealDisk } from './real-disk.ts'
import type { JournalWriter } from './writer.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tallystick-journal-'))
})

afterEach(() => rmSync(directory, { recursive: true }))

function open(): Journal {
  return smallJournal(new RealDisk(), { directory: `${directory}/deep/book` })
}

function submit(writer: JournalWriter, bodyBytes: number): boolean {
  const group = writer.take()
  if (group === undefined) return false
  group.firstSequence = writer.nextSequence
  group.count = 2
  group.bodyBytes = bodyBytes
  bodyOf(group.firstSequence, bodyBytes).copy(group.body)
  writer.submit(group)
  return true
}

test('groups written by the thread and inline, in turns, are one journal', async () => {
  let journal = open()
  for (let round = 0; round < 3; round++) {
    let free: (() => void) | undefined
    const writer = journal.startWriter({ onFree: () => free?.() })
    for (let index = 0; index < 150; index++) {
      const bodyBytes = (index * 1_237) % 12_000
      expect(writer.hasRoom(bodyBytes)).toBe(true)
      if (index % 3 === 0 && writer.idle) append(writer, { count: 2, bodyBytes })
      else if (!submit(writer, bodyBytes)) {
        index--
        await new Promise<void>((resolve) => {
          free = resolve
        })
      }
    }
    expect(writer.drain()).toBe(300 * (round + 1))
    expect(readAll(journal).length).toBeGreaterThanOrEqual(150 * (round + 1))
    await journal.close()
    journal = open()
    expect(journal.report).toMatchObject({ lastSequence: 300 * (round + 1), torn: undefined })
    expect(readAll(journal)).toHaveLength(150 * (round + 1) + round)
  }
})

test('the listener is woken for groups that the thread made durable', async () => {
  const journal = open()
  const durable = new Promise<number>((resolve) => {
    submit(journal.startWriter({ onDurable: resolve }), 100)
  })
  expect(await durable).toBe(2)
  await journal.close()
})

test.each([
  ['take', (writer: JournalWriter) => writer.take()],
  ['hasRoom', (writer: JournalWriter) => writer.hasRoom(10_000_000)],
  ['writeInline', (writer: JournalWriter) => append(writer, { count: 1, bodyBytes: 64 })],
])('%s between the write and the wake does not swallow the news', async (_, between) => {
  const journal = open()
  const durable = new Promise<number>((resolve) => {
    const writer = journal.startWriter({ onDurable: resolve })
    submit(writer, 100)
    // Without returning to the event loop, so that nobody is woken in between.
    while (!writer.idle);
    between(writer)
  })
  expect(await durable).toBeGreaterThanOrEqual(2)
  await journal.close()
})

/** Opens files for reading only, and writes through a second handle that the writer thread does not know. */
class SecretiveDisk extends RealDisk {
  readonly #writable = new Map<FileHandle, FileHandle>()

  override open(path: string, mode: OpenMode): FileHandle {
    const writable = super.open(path, mode)
    const file = super.open(path, 'read')
    this.#writable.set(file, writable)
    return file
  }

  override pwrite(file: FileHandle, source: Uint8Array, position: number): number {
    return super.pwrite(this.#writable.get(file) ?? file, source, position)
  }

  override truncate(file: FileHandle, size: number): void {
    super.truncate(this.#writable.get(file) ?? file, size)
  }
}

test('when the thread cannot write, the caller is told and nothing more is written', async () => {
  const path = `${directory}/book`
  const journal = smallJournal(new SecretiveDisk(), { directory: path })
  const onDurable = vi.fn<(durable: number) => void>()
  let writer: JournalWriter | undefined
  const failed = new Promise<Error>((resolve) => {
    writer = journal.startWriter({ onFailed: resolve, onDurable })
    submit(writer, 100)
  })
  expect((await failed).message).toContain('EBADF')
  expect([writer?.state, onDurable.mock.calls]).toEqual(['failed', []])
  await journal.close()
  expect(smallJournal(new RealDisk(), { directory: path }).report.lastSequence).toBe(0)
})

test('a writer can be closed at any moment', async () => {
  for (let round = 0; round < 20; round++) {
    const journal = open()
    const writer = journal.startWriter()
    if (round % 4 > 0) submit(writer, 100)
    if (round % 4 > 1) writer.drain()
    if (round % 4 > 2) await new Promise((resolve) => setTimeout(resolve, round % 7))
    await journal.close()
  }
  expect(open().report.lastSequence).toBe(30)
})
