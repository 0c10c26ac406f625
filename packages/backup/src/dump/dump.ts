/** Writes a whole ledger as compressed lines of JSON that need no format of ours to be read. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { BookExport, type BookPart } from '@tallystick/engine'

import { BackupRefused } from '../errors.ts'
import { compressionOf } from './compression.ts'
import { type DumpEnd, endLine, eventLine, groupLine, headerLine, requestLine } from './lines.ts'

export interface DumpOptions {
  /** Of the data. A server may be writing it. */
  readonly directory: string
  /** Ends with `.ndjson.zst`, `.ndjson.gz` or `.ndjson`; must not be there yet. */
  readonly path: string
  readonly shard?: number
  /** Events. */
  readonly onProgress?: (done: number, total: number) => void
}

export type DumpReport = DumpEnd

/** Characters that are gathered before they are passed on. */
const CHUNK_LENGTH = 256 * 1024

/**
 * Needs the memory that the ledger does. The file is there with all its lines or not at all.
 * @throws BackupRefused when it is there already or its name is wrong; JournalCorrupt, JournalRefused; what the disk throws.
 */
export async function dump(options: DumpOptions): Promise<DumpReport> {
  const { path, directory, shard = 0 } = options
  const transform = compressionOf(path).compress()
  const part = `${path}.part`
  await refuseExisting(path)
  const book = new BookExport({ directory, shard })
  const lines = new DumpLines(book, shard, options.onProgress)
  try {
    const file = createWriteStream(part, { mode: 0o600 })
    const source = Readable.from(lines.chunks())
    await (transform === undefined ? pipeline(source, file) : pipeline(source, transform, file))
    await syncFile(part)
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  } finally {
    await book.close()
  }
  return lines.end
}

async function refuseExisting(path: string): Promise<void> {
  const existing = await open(path, 'r').catch(() => undefined)
  await existing?.close()
  if (existing !== undefined) throw new BackupRefused(`${path} is there already.`)
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  await file.sync()
  await file.close()
}

class DumpLines {
  readonly #book: BookExport
  readonly #shard: number
  readonly #onProgress: DumpOptions['onProgress']
  readonly #hash = createHash('sha256')
  readonly #counts = { group: 0, request: 0, event: 0 }
  #end: DumpEnd | undefined

  constructor(book: BookExport, shard: number, onProgress: DumpOptions['onProgress']) {
    this.#book = book
    this.#shard = shard
    this.#onProgress = onProgress
  }

  get end(): DumpEnd {
    if (this.#end === undefined) throw new Error('the dump is not complete')
    return this.#end
  }

  *chunks(): Generator<Buffer> {
    let text = `${this.#header()}\n`
    for (const part of this.#book.parts()) {
      this.#counts[part.part]++
      text += `${this.#line(part)}\n`
      if (text.length < CHUNK_LENGTH) continue
      yield this.#hashed(text)
      text = ''
      this.#onProgress?.(this.#counts.event, this.#book.lastSequence)
    }
    yield this.#hashed(text)
    yield Buffer.from(`${this.#trailer()}\n`)
  }

  #hashed(text: string): Buffer {
    const bytes = Buffer.from(text)
    this.#hash.update(bytes)
    return bytes
  }

  #header(): string {
    return headerLine({
      journalId: Buffer.from(this.#book.journalId).toString('hex'),
      ...{ shard: this.#shard, lastSequence: this.#book.lastSequence },
      writtenAt: new Date().toISOString(),
    })
  }

  #line(part: BookPart): string {
    switch (part.part) {
      case 'group':
        return groupLine(part.group)
      case 'request':
        return requestLine(part.request)
      case 'event':
        return eventLine(part.event, (slot) => this.#book.accountId(slot))
    }
  }

  #trailer(): string {
    const { contentHash, stateHash } = this.#book.hashes()
    const { group: groups, request: requests, event: events } = this.#counts
    const { lastSequence } = this.#book
    this.#end = { groups, requests, events, lastSequence, contentHash, stateHash }
    return endLine(this.#end, this.#hash.digest('hex'))
  }
}
