/**
 * Personal data (docs/decisions/0016): encrypted under a key per subject and kept outside of the journal, which has a commitment
 * instead, an HMAC under the same key. What is shown is decrypted; without the key nobody can, nor test a guess.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

import { canonicalJson, type PrivateData as Given } from '@tallystick/contract'
import { isOutOfSpace } from '@tallystick/journal'

import { Refused } from '../http/refused.ts'
import { PRIVATE_PADDING_BYTES } from '../limits.ts'
import type { PrivateFile, SealedEntry } from './private-file.ts'
import { passingKey, type SubjectKey, type SubjectKeys } from './subject-keys.ts'

/** What stands for private data in metadata, and so in the journal. */
export type Commitment = string

/** Version, then 32 bytes. */
const PREFIX = 'pd1_'
const COMMITMENT = /^pd1_[A-Za-z0-9_-]{43}$/
const TAG_BYTES = 16
/** As canonical JSON has it: text without it holds no commitment. */
export const MARK = `"private":"${PREFIX}`

export function isCommitment(value: unknown): value is Commitment {
  return typeof value === 'string' && COMMITMENT.test(value)
}

export class PrivateStore {
  readonly #keys: SubjectKeys
  readonly #file: PrivateFile
  /** Of dry runs, until they are answered. */
  readonly #passing = new Map<Commitment, string>()

  constructor(keys: SubjectKeys, file: PrivateFile) {
    this.#keys = keys
    this.#file = file
  }

  /**
   * Makes it safe and gives a commitment for each piece. Keys are durable before the ciphertexts, and these when this returns: a crash
   * in between leaves what nothing refers to.
   * @param earlier commitments of the request that this one repeats, by place: one whose subject was erased since stays what it was.
   * @throws Refused 503; then nothing may refer to them.
   */
  keep(owner: string, given: readonly Given[], earlier: readonly Commitment[]): Commitment[] {
    try {
      const fresh = given.filter((_, index) => !this.#isErased(earlier[index]))
      const names = new Set(fresh.map(({ subject }) => this.#keys.nameOf(owner, subject)))
      this.#keys.make([...names].filter((name) => this.#keys.find(name) === undefined))
      const entries = new Map<Commitment, SealedEntry>()
      const commitments = given.map((piece, index) => {
        const before = earlier[index]
        if (before !== undefined && this.#isErased(before)) return before
        const entry = this.#seal(owner, piece)
        const commitment = PREFIX + entry.commitment.toString('base64url')
        if (!this.#file.has(entry.commitment)) entries.set(commitment, entry)
        return commitment
      })
      if (entries.size > 0) this.#file.append([...entries.values()])
      return commitments
    } catch (error) {
      throw refusalOf(error)
    }
  }

  /** The same, and keeps nothing. What it gives can be shown until `forget`. */
  preview(owner: string, given: readonly Given[]): Commitment[] {
    return given.map((piece) => {
      const key = this.#keys.find(this.#keys.nameOf(owner, piece.subject)) ?? passingKey()
      const text = canonicalJson(piece)
      const commitment = PREFIX + commitmentOf(key, text).toString('base64url')
      this.#passing.set(commitment, text)
      return commitment
    })
  }

  forget(commitments: readonly Commitment[]): void {
    for (const commitment of commitments) this.#passing.delete(commitment)
  }

  /** The same whether or not there was anything. @throws Refused 503 when it is not known to be gone. */
  erase(owner: string, subject: string): void {
    try {
      this.#keys.destroy(this.#keys.nameOf(owner, subject))
    } catch (error) {
      throw refusalOf(error)
    }
  }

  /** How logs name a subject: nothing of it can be read from that. */
  logNameOf(owner: string, subject: string): string {
    return this.#keys.nameOf(owner, subject)
  }

  close(): void {
    this.#file.close()
  }

  /** JSON fields of metadata as it was kept: `"metadata":{…}`, and `"private":…` where there is some. */
  fields(metadata: string): string {
    const split = splitOf(metadata)
    if (split === undefined) return `"metadata":${metadata}`
    return `"metadata":${JSON.stringify(split.own)},"private":${this.#show(split.commitment)}`
  }

  /** Metadata without what stands for private data, JSON. */
  own(metadata: string): string {
    const split = splitOf(metadata)
    return split === undefined ? metadata : JSON.stringify(split.own)
  }

  /** As `fields`, but of private data only that there is some: for what leaves the server and is kept elsewhere. */
  withheldFields(metadata: string): string {
    const split = splitOf(metadata)
    if (split === undefined) return `"metadata":${metadata}`
    return `"metadata":${JSON.stringify(split.own)},"private":"withheld"`
  }

  /** JSON. */
  #show(commitment: Commitment): string {
    const passing = this.#passing.get(commitment)
    if (passing !== undefined) return passing
    const entry = this.#file.find(bytesOf(commitment))
    if (entry === undefined) return '"missing"'
    const key = this.#keyOf(entry)
    return key === undefined ? '"erased"' : opened(entry, key)
  }

  #isErased(commitment: Commitment | undefined): boolean {
    if (commitment === undefined) return false
    const entry = this.#file.find(bytesOf(commitment))
    return entry !== undefined && this.#keyOf(entry) === undefined
  }

  /** The key that sealed an entry; undefined: it was destroyed. */
  #keyOf(entry: SealedEntry): SubjectKey | undefined {
    const key = this.#keys.find(entry.name.toString('hex'))
    return key?.id.equals(entry.keyId) === true ? key : undefined
  }

  #seal(owner: string, piece: Given): SealedEntry {
    const name = this.#keys.nameOf(owner, piece.subject)
    const key = this.#keys.find(name)
    if (key === undefined) throw new Error('a key that was made is gone')
    const text = canonicalJson(piece)
    const commitment = commitmentOf(key, text)
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key.encryption, nonce).setAAD(commitment)
    const sealed = [cipher.update(padded(text)), cipher.final(), cipher.getAuthTag()]
    return {
      ...{ commitment, name: Buffer.from(name, 'hex'), keyId: key.id, nonce },
      sealed: Buffer.concat(sealed),
    }
  }
}

/** undefined: nothing stands for private data in it. */
function splitOf(
  metadata: string,
): { readonly commitment: Commitment; readonly own: object } | undefined {
  if (!metadata.includes(MARK)) return undefined
  const { private: commitment, ...own } = JSON.parse(metadata) as Record<string, unknown>
  return isCommitment(commitment) ? { commitment, own } : undefined
}

function bytesOf(commitment: Commitment): Buffer {
  return Buffer.from(commitment.slice(PREFIX.length), 'base64url')
}

function commitmentOf(key: SubjectKey, text: string): Buffer {
  return createHmac('sha256', key.commitment).update(text).digest()
}

/** Behind JSON spaces mean nothing. */
function padded(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const bytes = Buffer.alloc(Math.ceil(length / PRIVATE_PADDING_BYTES) * PRIVATE_PADDING_BYTES, ' ')
  bytes.write(text)
  return bytes
}

/** @throws Error for a text that is not what was sealed. */
function opened({ commitment, nonce, sealed }: SealedEntry, key: SubjectKey): string {
  const text = sealed.subarray(0, -TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key.encryption, nonce)
    .setAAD(commitment)
    .setAuthTag(sealed.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(text), decipher.final()])
    .toString('utf8')
    .trimEnd()
}

function refusalOf(error: unknown): Error {
  if (isOutOfSpace(error)) {
    return new Refused({ code: 'storage_full', detail: 'The disk is full; nothing was decided.' })
  }
  return error instanceof Error ? error : new Error(String(error))
}
