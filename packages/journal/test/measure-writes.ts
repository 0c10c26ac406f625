/**
 * What a durable frame costs: `node packages/journal/test/measure-writes.ts [directory]`. Frames of three sizes, through the
 * journal inline, submitted one at a time, and submitted as groups become free; beside them the bare write and fdatasync of
 * the same bytes, appended and into zero-filled space. Then random verified reads of 160 bytes, and opening. The ground under
 * a file counts: a host's disk may take new blocks at a tenth of the speed of blocks that were in use before.
 */
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Journal, type JournalWriter, openJournal, RealDisk } from '../src/index.ts'

const EVENTS = 10
const READS = 20_000
const RECORD_BYTES = 160

const base = fs.mkdtempSync(join(process.argv[2] ?? tmpdir(), 'tallystick-measure-'))
let round = 0

/** Files are kept to the end, so that no run reuses the blocks of the one before. */
function freshPath(): string {
  return join(base, String(round++))
}

function report(name: string, bytes: number, times: number[]): void {
  const sum = times.reduce((total, time) => total + time, 0)
  times.sort((a, b) => a - b)
  const at = (part: number): string =>
    (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(3).padStart(8)
  const rate = ((bytes * times.length) / sum / 1_000).toFixed(0).padStart(6)
  console.log(
    `${name.padEnd(28)} ${String(bytes).padStart(8)} B  p50 ${at(0.5)}  p99 ${at(0.99)}  max ${at(1)} ms ${rate} MB/s`,
  )
}

function bare(bytes: number, count: number, zeroFilled: boolean): void {
  const file = fs.openSync(freshPath(), 'w')
  const source = Buffer.alloc(bytes, 1)
  const zeros = Buffer.alloc(1024 * 1024)
  const filled = zeroFilled ? bytes * count : 0
  for (let at = 0; at < filled; at += zeros.length) {
    fs.writeSync(file, zeros, 0, zeros.length, at)
    if (at % 2 ** 26 === 0) fs.fdatasyncSync(file)
  }
  fs.fdatasyncSync(file)
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const start = performance.now()
    fs.writeSync(file, source, 0, bytes, index * bytes)
    fs.fdatasyncSync(file)
    times.push(performance.now() - start)
  }
  fs.closeSync(file)
  report(zeroFilled ? 'bare, zero-filled' : 'bare, appended', bytes, times)
}

type Way = 'inline' | 'submitted singly' | 'submitted ahead'

async function journaled(bytes: number, count: number, way: Way): Promise<Journal> {
  const directory = freshPath()
  const journal = openJournal({ disk: new RealDisk(), directory })
  let wake: (() => void) | undefined
  const writer = journal.startWriter({ onDurable: () => wake?.(), onFree: () => wake?.() })
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const start = performance.now()
    const next = await take(writer, (resolve) => (wake = resolve))
    next.firstSequence = writer.nextSequence
    next.count = EVENTS
    next.bodyBytes = bytes
    if (way === 'inline' && writer.idle) writer.writeInline(next)
    else {
      const durable = new Promise<void>((resolve) => (wake = resolve))
      writer.submit(next)
      if (way !== 'submitted ahead') await durable
    }
    times.push(performance.now() - start)
  }
  writer.drain()
  report(`journal, ${way}`, bytes, times)
  await journal.close()
  return openJournal({ disk: new RealDisk(), directory })
}

async function take(
  writer: JournalWriter,
  onWake: (resolve: () => void) => void,
): Promise<NonNullable<ReturnType<JournalWriter['take']>>> {
  for (;;) {
    const group = writer.take()
    if (group !== undefined) return group
    await new Promise<void>(onWake)
  }
}

function randomReads({ reader }: Journal, bytes: number): void {
  const times: number[] = []
  for (let index = 0; index < READS; index++) {
    const sequence = 1 + Math.floor(Math.random() * reader.lastSequence)
    const offset = Math.floor(Math.random() * (bytes - RECORD_BYTES))
    const start = performance.now()
    reader.readBody(reader.frameAt(sequence), offset, RECORD_BYTES)
    times.push(performance.now() - start)
  }
  report('random verified read', RECORD_BYTES, times)
}

function replay({ reader }: Journal): void {
  const start = performance.now()
  let frames = 0
  for (const _ of reader.frames()) frames++
  console.log(`  ${frames} frames replayed in ${(performance.now() - start).toFixed(0)} ms`)
}

for (const [bytes, count] of [
  [200, 4_000],
  [16_384, 4_000],
  [1_310_720, 400],
] as const) {
  bare(bytes, count, false)
  bare(bytes, count, true)
  for (const way of ['inline', 'submitted singly', 'submitted ahead'] as const) {
    const journal = await journaled(bytes, count, way)
    if (way === 'submitted ahead') {
      replay(journal)
      randomReads(journal, bytes)
    }
    await journal.close()
  }
}
fs.rmSync(base, { recursive: true })
