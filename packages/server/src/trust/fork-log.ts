/**
 * Begins a new log where the old one cannot go on: history that was signed is lost for good (docs/decisions/0018-forks.md). The book says so in
 * an event that commits to what was signed last; then the old log's key and record are retired, and the next start makes new ones.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { openLedger, Operation, type TallyLedger } from '@tallystick/engine'
import {
  behindSignerRecord,
  firstSignerRecord,
  type HeadRecord,
  readSignerRecord,
  type SigningKey,
} from '@tallystick/proof'

import { StartRefused } from '../start/setting.ts'
import { openKeyDirectory } from './key-file.ts'
import { addLogKey, KEY_NAME, RECORD_NAME } from './log-signer.ts'
import { RecordFile } from './record-file.ts'

export interface ForkOptions {
  /** Of the data; no server runs over it. */
  readonly data: string
  readonly keys: string
  /** Of the new log. */
  readonly origin: string
}

export interface ForkReport {
  readonly oldOrigin: string
  /** Events that the old log had signed. */
  readonly signed: bigint
  readonly root: Uint8Array
  /** Of the event that commits to them. */
  readonly sequence: number
  /** Its statement. */
  readonly statement: Uint8Array
  /** Of the new log. */
  readonly vkey: string
}

const TAG = 'TLK1'
const HEAD_BYTES = 48

/**
 * `TLK1` · length of the origin u32 · events signed u64 · root 32 · origin: of the log that ends. Little-endian, like the book.
 */
function forkStatement({ origin, head }: Pick<HeadRecord, 'origin' | 'head'>): Uint8Array {
  const name = Buffer.from(origin)
  const bytes = Buffer.alloc(HEAD_BYTES + name.length)
  bytes.write(TAG, 'latin1')
  bytes.writeUInt32LE(name.length, 4)
  bytes.writeBigUInt64LE(head.size, 8)
  bytes.set(head.root, 16)
  bytes.set(name, HEAD_BYTES)
  return bytes
}

/** Cut short, it is run again: the statement is not made twice. @throws StartRefused, RecordUnreadable, DirectoryLocked; what the journal throws. */
export async function forkLog({ data, keys, origin }: ForkOptions): Promise<ForkReport> {
  openKeyDirectory(keys)
  const store = new RecordFile(join(keys, RECORD_NAME))
  const text = await store.read()
  if (text === undefined) {
    throw new StartRefused(`${join(keys, RECORD_NAME)} is missing: there is nothing to fork from.`)
  }
  const record = readSignerRecord(text)
  if (record.origin === origin) {
    throw new StartRefused(`${origin} is the name of the log that ends: give the new one another.`)
  }
  const statement = forkStatement(record)
  const ledger = await openLedger({ directory: data, proofs: false })
  let sequence: number
  let ended = text
  try {
    ended = await end(store, { text, record, events: ledger.durableSequence })
    sequence = await stateInBook(ledger, statement)
  } finally {
    await ledger.close()
  }
  const key = await retire(keys, { origin, text: ended, store })
  const { size: signed, root } = record.head
  return { oldOrigin: record.origin, signed, root, sequence, statement, vkey: key.vkey }
}

/** Before the book says so: a fork that is cut short leaves a log with which nothing is signed. @returns the record then. */
async function end(
  store: RecordFile,
  { text, record, events }: { text: string; record: HeadRecord; events: number },
): Promise<string> {
  const { head, refusal } = record
  if (refusal !== undefined) return text
  if (head.size <= BigInt(events)) {
    throw new StartRefused(
      `The book has ${events} events and ${head.size} of them were signed: nothing is lost, and nothing was refused. The log goes on as it is.`,
    )
  }
  const next = behindSignerRecord(record, 'This log was ended by a fork.')
  if (await store.replace(text, next)) return next
  throw new StartRefused('Another process signs with these keys: stop it first.')
}

async function stateInBook(ledger: TallyLedger, statement: Uint8Array): Promise<number> {
  const name = createHash('sha256').update(statement).digest('hex')
  const [stated] = await ledger.applyCommands(
    [{ operation: Operation.attest, flags: 0, statement }],
    { key: `log-fork/${name}` },
  )
  if (stated === undefined) throw new Error('the statement has no event')
  return stated.sequence
}

/** The keys first: a record without a key starts nothing, and the fork can be run again. */
async function retire(
  keys: string,
  fork: { readonly origin: string; readonly text: string; readonly store: RecordFile },
): Promise<SigningKey> {
  const retired = join(keys, 'retired')
  await mkdir(retired, { recursive: true, mode: 0o700 })
  for (const name of await readdir(keys)) {
    if (KEY_NAME.test(name)) await rename(join(keys, name), join(retired, name))
  }
  const of = createHash('sha256').update(fork.text).digest('hex').slice(0, 8)
  await writeFile(join(retired, `signer-${of}.json`), fork.text, { mode: 0o600, flush: true })
  if (!(await fork.store.replace(fork.text, firstSignerRecord(fork.origin)))) {
    throw new StartRefused('Another process signs with these keys: stop it first.')
  }
  return addLogKey(keys, fork.origin)
}
