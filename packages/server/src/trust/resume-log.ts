/**
 * Takes a refusal of the signer away, once the book is again the one that was signed: as after the right disk was put back. What a person would
 * look at before is looked at here, over the book and not over files made from it.
 */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { bookDirectory, rootsOfBook } from '@tallystick/engine'
import { DirectoryLock, openJournal, RealDisk } from '@tallystick/journal'
import { readSignerRecord, resumedSignerRecord } from '@tallystick/proof'
import { equalBytes } from '@tallystick/verify'

import { StartRefused } from '../start/setting.ts'
import { openKeyDirectory } from './key-file.ts'
import { RECORD_NAME } from './log-signer.ts'
import { RecordFile } from './record-file.ts'

export interface ResumeOptions {
  /** Of the data; no server runs over it. */
  readonly data: string
  readonly keys: string
}

export interface ResumeReport {
  readonly origin: string
  /** Events that were signed, with which the book begins. */
  readonly signed: bigint
  /** Their root. */
  readonly root: Uint8Array
  /** The sentence that is taken away. */
  readonly refusal: string
  /** Where the record lies as it was. */
  readonly kept: string
}

/** @throws StartRefused, RecordUnreadable, DirectoryLocked; what the journal throws. */
export async function resumeLog({ data, keys }: ResumeOptions): Promise<ResumeReport> {
  openKeyDirectory(keys)
  const store = new RecordFile(join(keys, RECORD_NAME))
  const text = await store.read()
  if (text === undefined) {
    throw new StartRefused(`${join(keys, RECORD_NAME)} is missing: nothing was signed here.`)
  }
  const record = readSignerRecord(text)
  const { origin, refusal, head } = record
  if (refusal === undefined) {
    throw new StartRefused(`${origin} was not refused: there is nothing to take away.`)
  }
  const lock = new DirectoryLock(data)
  try {
    await holdToBook(data, head)
    const kept = await keep(keys, text)
    if (await store.replace(text, resumedSignerRecord(record))) {
      return { origin, signed: head.size, root: head.root, refusal, kept }
    }
  } finally {
    lock.release()
  }
  throw new StartRefused('Another process signs with these keys: stop it first.')
}

/** @throws StartRefused unless the book begins with what was signed. */
async function holdToBook(
  directory: string,
  { size, root }: { readonly size: bigint; readonly root: Uint8Array },
): Promise<void> {
  const found = size === 0n ? root : await rootOf(directory, Number(size))
  if (found !== undefined && equalBytes(found, root)) return
  throw new StartRefused(
    found === undefined
      ? `The book has fewer than the ${size} events that were signed: put the right data there, from a backup or another copy. Nothing was changed.`
      : `The first ${size} events of the book are not those that were signed: its history was changed. Nothing was changed here; treat it as tampering.`,
  )
}

/** undefined: the book is shorter. */
async function rootOf(directory: string, size: number): Promise<Uint8Array | undefined> {
  const journal = openJournal({
    ...{ disk: new RealDisk(), shard: 0, directory: bookDirectory(directory) },
    from: { sequence: 1 },
  })
  const { lastSequence } = journal.report
  await journal.close()
  return lastSequence < size ? undefined : (await rootsOfBook({ directory }, [size]))[0]
}

/** What was refused stays known: it is evidence, whatever it was. */
async function keep(keys: string, text: string): Promise<string> {
  const directory = join(keys, 'retired')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const of = createHash('sha256').update(text).digest('hex').slice(0, 8)
  const path = join(directory, `signer-${of}.json`)
  await writeFile(path, text, { mode: 0o600, flush: true })
  return path
}
