/** Opens a journal: looks at its segments, finds its end, and gives it a reader; a writer when asked. */
import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'

import { diskErrorCode } from './disk.ts'
import { JournalCorrupt } from './errors.ts'
import { FrameReader } from './frame-reader.ts'
import type { Journal, JournalOptions, RecoveryReport } from './journal.ts'
import {
  checkUnbegunFrames,
  type RecoveredTail,
  recoverTail,
  tornSegment,
  verifyClosed,
} from './recovery.ts'
import { SegmentCatalogue } from './segment-catalogue.ts'
import { SegmentFiles } from './segment-files.ts'
import { JOURNAL_ID_BYTES } from './segment-header.ts'
import {
  listSegments,
  readHeader,
  type SegmentExpectation,
  type SegmentList,
} from './segment-list.ts'
import { startWriter } from './start-writer.ts'
import type { JournalWriter, WriterOptions } from './writer.ts'

const FIRST_SEQUENCE = 1

/** Looks at a journal that another process is writing: so often may it begin a segment meanwhile. */
const ATTEMPTS_MAX = 10

export function openJournal(options: JournalOptions): Journal {
  const { disk, directory, journalId, shard = 0 } = options
  assert(journalId === undefined || journalId.length === JOURNAL_ID_BYTES)
  for (let attempt = 1; ; attempt++) {
    const files = new SegmentFiles(disk, directory)
    const list = listed(files, { journalId, shard })
    try {
      return open(options, files, list)
    } catch (error) {
      files.close()
      if (attempt === ATTEMPTS_MAX || !(error instanceof JournalCorrupt)) throw error
      // A segment that was begun after the list was made looks like one whose header is broken.
      if (!hasGrown(options, list)) throw error
    }
  }
}

function listed(files: SegmentFiles, expectation: SegmentExpectation): SegmentList {
  try {
    return listSegments(files, expectation)
  } catch (error) {
    files.close()
    throw error
  }
}

function hasGrown({ disk, directory }: JournalOptions, { begun }: SegmentList): boolean {
  const files = new SegmentFiles(disk, directory)
  try {
    return typeof readHeader(files, begun.length + 1) !== 'string'
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return false
    throw error
  } finally {
    files.close()
  }
}

function open(options: JournalOptions, files: SegmentFiles, list: SegmentList): Journal {
  const catalogue = new SegmentCatalogue(files, list.begun)
  const tail = recover(options, { files, list, catalogue })
  return new OpenedJournal(options, { files, list, catalogue, tail })
}

interface Found {
  readonly files: SegmentFiles
  readonly list: SegmentList
  readonly catalogue: SegmentCatalogue
}

function recover(options: JournalOptions, { files, list, catalogue }: Found): RecoveredTail {
  const { durableAtLeast = 0, onProgress } = options
  const newest = list.begun.at(-1)
  if (newest === undefined) return recoverEmpty(options, files, list)
  const first = options.from === undefined ? 1 : newest.number
  const sizes = list.begun.slice(first - 1).map(({ number }) => files.size(number))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let done = 0
  for (const [index, header] of list.begun.entries()) {
    const next = list.begun[index + 1]
    if (next === undefined || header.number < first) continue
    verifyClosed(files, header, next, (frame) => catalogue.add(frame))
    done += sizes[header.number - first] ?? 0
    onProgress?.(done, total)
  }
  const onFrame = catalogue.add.bind(catalogue)
  const tail = recoverTail({ files, list, durableAtLeast, onFrame }, newest)
  onProgress?.(total, total)
  return tail
}

function recoverEmpty(
  options: JournalOptions,
  files: SegmentFiles,
  list: SegmentList,
): RecoveredTail {
  const nextSequence = options.firstSequence ?? FIRST_SEQUENCE
  const { durableAtLeast = 0 } = options
  checkUnbegunFrames(files, list, nextSequence)
  if (nextSequence - 1 < durableAtLeast) {
    const reason = `the journal is empty, but ${durableAtLeast} had been durable`
    throw new JournalCorrupt({ file: files.path(1), offset: 0, reason })
  }
  const torn = tornSegment(files, list)
  return { offset: 0, chain: 0, nextSequence, toldDurable: nextSequence - 1, torn }
}

class OpenedJournal implements Journal {
  readonly id: Buffer
  readonly shard: number
  readonly report: RecoveryReport
  readonly reader: FrameReader
  readonly #options: JournalOptions
  readonly #found: Found & { tail: RecoveredTail }
  #writer: JournalWriter | undefined

  constructor(options: JournalOptions, found: Found & { tail: RecoveredTail }) {
    const { files, list, catalogue, tail } = found
    this.#options = options
    this.#found = found
    this.shard = options.shard ?? 0
    // A new journal has its id from the beginning, though only `startWriter` writes it down.
    const id = list.begun[0]?.journalId ?? options.journalId ?? newId(options)
    this.id = Buffer.from(id)
    const lastSequence = tail.nextSequence - 1
    this.reader = new FrameReader({
      files,
      catalogue,
      firstSequence: catalogue.firstSequence ?? tail.nextSequence,
      lastSequence,
      cacheBytes: options.cacheBytes,
    })
    const sizes = list.begun.slice(0, -1).map(({ number }) => files.size(number))
    const bytes = sizes.reduce((sum, size) => sum + size, tail.offset)
    this.report = { segments: list.begun.length, lastSequence, torn: tail.torn, bytes }
  }

  startWriter(options: WriterOptions = {}): JournalWriter {
    assert(this.#writer === undefined, 'the writer was started before')
    const { catalogue, list, tail, files } = this.#found
    this.#writer = startWriter({
      ...this.#options,
      ...options,
      shard: this.shard,
      journalId: this.id,
      list,
      tail,
      files,
      onFrame: (frame) => this.reader.add(frame),
    })
    catalogue.allowWriting()
    return this.#writer
  }

  async close(): Promise<void> {
    await this.#writer?.close()
    this.reader.close()
  }
}

function newId({ random = randomFillSync }: JournalOptions): Uint8Array {
  const id = new Uint8Array(JOURNAL_ID_BYTES)
  random(id)
  return id
}
