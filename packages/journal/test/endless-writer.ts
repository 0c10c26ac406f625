/** Writes frames of many sizes, inline and by the thread, until it is killed; prints each durable sequence once it is. */
import { writeSync } from 'node:fs'

import { type JournalWriter, openJournal, RealDisk } from '../src/index.ts'
import { bodyOf } from './fixture.ts'

const STDOUT = 1

const directory = process.argv[2] ?? 'book'
const sizes = { segmentBytes: 8 * 1024 * 1024, groupBytes: 512 * 1024, groups: 3 }
const journal = openJournal({ disk: new RealDisk(), directory, ...sizes })
const tell = (durable: number): void => void writeSync(STDOUT, `${durable}\n`)
const writer: JournalWriter = journal.startWriter({ onDurable: tell })

for (let round = 0; ; round++) {
  const group = writer.take()
  if (group !== undefined) {
    group.firstSequence = writer.nextSequence
    group.count = 1 + (round % 5)
    group.bodyBytes = round % 4 === 0 ? (round * 7_919) % 500_000 : (round * 37) % 3_000
    bodyOf(group.firstSequence, group.bodyBytes).copy(group.body)
    if (writer.idle && round % 2 === 0) tell(writer.writeInline(group))
    else writer.submit(group)
  }
  if (group === undefined || round % 10 === 0) await new Promise(setImmediate)
}
