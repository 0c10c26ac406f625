/**
 * The signer of this log over its files in the keys directory: `log.KEYID.key` for each key that signs, and `signer.json` with what
 * was signed last. They lie apart from the data, so that a restored backup of the data meets what was signed since.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import {
  CheckpointSigner,
  firstSignerRecord,
  readSignerRecord,
  type SignerOptions,
  SigningKey,
} from '@tallystick/proof'
import { SignatureType } from '@tallystick/verify'

import { StartRefused } from '../start/setting.ts'
import { openKeyDirectory, readKeyFile, writeKeyFile } from './key-file.ts'
import { RecordFile } from './record-file.ts'

export const RECORD_NAME = 'signer.json'
export const KEY_NAME = /^log\.[0-9a-f]{8}\.key$/

export interface LogSigner {
  readonly signer: CheckpointSigner
  /** Each signs every checkpoint. Two while a key is changed; the order is that of their ids. */
  readonly keys: readonly SigningKey[]
}

export interface LogSignerOptions {
  readonly directory: string
  /** Of the log, and the name of its keys. */
  readonly origin: string
  readonly tree: SignedTree
}

/** Where the signer sees whether a head continues what was signed. */
export type SignedTree = Pick<SignerOptions, 'proofs' | 'bookRoots' | 'onTreeDamaged'>

/**
 * At the first start, makes record and key.
 * @throws StartRefused when one is there without the other, or a key cannot be used.
 */
export async function openLogSigner(options: LogSignerOptions): Promise<LogSigner> {
  const { directory, origin, tree } = options
  openKeyDirectory(directory)
  const store = new RecordFile(join(directory, RECORD_NAME))
  const record = await store.read()
  const found = readLogKeys(directory, origin)
  if (record === undefined && found.length > 0) {
    throw new StartRefused(
      `${join(directory, RECORD_NAME)} is missing: without it, this log's key could sign a second history. Restore it.`,
    )
  }
  // The record first: a key without one is a loss, a record without a key that ever signed is a start that was cut short.
  const first = firstSignerRecord(origin)
  if (record === undefined) await store.replace(undefined, first)
  else if (found.length === 0 && record !== first) {
    throw new StartRefused(
      `There is no key log.*.key in ${directory}, but something was signed with one: restore it.`,
    )
  }
  const keys = found.length > 0 ? found : [addLogKey(directory, origin)]
  return { signer: new CheckpointSigner({ origin, keys, store, ...tree }), keys }
}

/** The name of the log that was signed with what lies there; undefined: nothing was. @throws RecordUnreadable */
export async function recordedOrigin(directory: string): Promise<string | undefined> {
  openKeyDirectory(directory)
  const text = await new RecordFile(join(directory, RECORD_NAME)).read()
  return text === undefined ? undefined : readSignerRecord(text).origin
}

/**
 * Makes one more key, which signs from the next start on beside those that are there. Once everyone knows it, the old key's file
 * is removed.
 */
export function addLogKey(directory: string, origin: string): SigningKey {
  const key = SigningKey.generate(origin, SignatureType.ed25519)
  return writeKeyFile(join(directory, `log.${key.idText}.key`), key)
}

/** In the order of their ids. @throws StartRefused for a key of another log */
export function readLogKeys(directory: string, origin: string): SigningKey[] {
  const names = readdirSync(directory).filter((name) => KEY_NAME.test(name))
  return names.sort().map((name) => {
    const path = join(directory, name)
    const key = readKeyFile(path)
    if (key?.verifierKey.name === origin && key.verifierKey.type === SignatureType.ed25519)
      return key
    throw new StartRefused(
      `${path} is not a key of the log ${origin}: it is ${key?.vkey ?? 'gone'}.`,
    )
  })
}
