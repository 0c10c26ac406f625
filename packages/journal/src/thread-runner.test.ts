import { closeSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { append, bodyOf, readAll, smallJournal } from '../test/fixture.ts'
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

test('when the thread cannot write, the caller is told and nothing more is written', async () => {
  const journal = open()
  const onDurable = vi.fn<(durable: number) => void>()
  let writer: JournalWriter | undefined
  const failed = new Promise<Error>((resolve) => {
    writer = journal.startWriter({ onFailed: resolve, onDurable })
    for (const name of readdirSync('/proc/self/fd')) {
      if (linkOf(name).endsWith('0000000001.book')) closeSync(Number(name))
    }
    submit(writer, 100)
  })
  expect((await failed).message).toContain('EBADF')
  expect([writer?.state, onDurable.mock.calls]).toEqual(['failed', []])
})

function linkOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return ''
  }
}
