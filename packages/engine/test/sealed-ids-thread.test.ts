import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type JournalWriter, openJournal, RealDisk } from '@tallystick/journal'
import { Memory, writeU128 } from '@tallystick/ledger'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { SealedIds } from '../src/ids/sealed-ids.ts'
import { SyntheticBook } from '../src/ids/synthetic-book.ts'

const FRAMES = 200
const EVENTS_PER_FRAME = 50

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tally-seal-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const idOf = (n: number): bigint =>
  (BigInt(n) * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835n) & ((1n << 128n) - 1n)

function write(writer: JournalWriter, book: SyntheticBook, from: number): void {
  for (const frame of book.frames(from)) {
    const group = writer.take()
    if (group === undefined) throw new Error('no free group')
    frame.body.copy(group.body)
    group.firstSequence = frame.firstSequence
    group.count = frame.count
    group.bodyBytes = frame.body.length
    writer.writeInline(group)
  }
}

/** Polls: merges go on by themselves after a task was answered. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!condition()) {
    expect(performance.now()).toBeLessThan(deadline)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('a thread seals what the journal gains, merges, and mends a lost file when it is opened again', async () => {
  const disk = new RealDisk()
  const directory = join(root, 'journal')
  const runs = join(root, 'ids')
  const journal = openJournal({ disk, directory })
  const writer = journal.startWriter({ thread: false })
  const book = new SyntheticBook(EVENTS_PER_FRAME)
  const open = (): Promise<SealedIds> => {
    const { lastSequence, firstSequence } = journal.reader
    const options = { id: journal.id, firstSequence, lastSequence, directory, shard: 0 }
    return SealedIds.open({
      ...{ disk, directory: runs, thread: true, seed: 99 },
      journal: { ...options, book: journal.reader },
    })
  }
  const memory = Memory.allocate(16)
  const find = (ids: SealedIds, n: number): number => {
    writeU128(memory, 0, idOf(n))
    return ids.transfer(memory, 0)
  }
  let ids = await open()
  for (let frames = 0; frames < FRAMES; frames += 20) {
    const from = book.lastSequence + 1
    for (let n = from; n < from + 20 * EVENTS_PER_FRAME; n++)
      book.add({ id: idOf(n), keys: [idOf(-n)] })
    write(writer, book, from)
    expect(find(ids, from)).toBe(0)
    await ids.seal(from, book.lastSequence)
    expect(find(ids, from)).toBe(from)
  }
  const runNames = (): string[] =>
    disk.readdir(runs).filter((name) => name.startsWith('ids') && name.endsWith('.run'))
  await until(() => runNames().length < 5)
  const wrong = book.events.filter((_, index) => find(ids, index + 1) !== index + 1)
  expect(wrong).toEqual([])
  await ids.close()
  disk.unlink(join(runs, runNames()[0] ?? ''))
  ids = await open()
  expect(ids.through).toBe(book.lastSequence)
  expect(book.events.filter((_, index) => find(ids, index + 1) !== index + 1)).toEqual([])
  const key = idOf(-77)
  expect(ids.key(BigInt.asUintN(64, key), key >> 64n)).toBe(77)
  await expect(ids.seal(5, 6)).rejects.toThrow('no gap between runs')
  await ids.close()
  await expect(ids.seal(5, 6)).rejects.toThrow('the sealing thread ended')
  await journal.close()
})
