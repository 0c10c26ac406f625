/**
 * Keys of subjects, one file each, outside of the data: whoever has the data has no key, and whoever destroys the file has erased
 * the subject. Files are made whole and durable, or not at all; before one is removed it is overwritten.
 *
 *   0 `TALLYSK1` · 8 CRC-32 of bytes 12 … 80 · 12 version u32, 1 · 16 key id 16 · 32 secret 32 · 64 name 16
 */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

import { type Disk, diskErrorCode } from '@tallystick/journal'

import { SUBJECT_KEYS_KEPT } from '../limits.ts'
import { StartRefused } from '../start/setting.ts'

const MAGIC = Buffer.from('TALLYSK1', 'latin1')
const VERSION = 1
const FILE_BYTES = 80
const SECRET_BYTES = 32

/** In the same directory: names the files. Without it no key would be found, and nothing erased. */
const NAMES_SECRET = 'names.secret'

/** What is made of a subject's secret, and from which of its keys. */
export interface SubjectKey {
  /** 16 bytes, random: a subject that was erased gets another one. */
  readonly id: Buffer
  /** AES-256. */
  readonly encryption: Buffer
  /** HMAC-SHA-256. */
  readonly commitment: Buffer
}

/** The file is there, and is not what was written. */
export class DamagedSubjectKey extends Error {
  override readonly name = 'DamagedSubjectKey'
}

export class SubjectKeys {
  readonly #disk: Disk
  readonly #directory: string
  readonly #kept = new Map<string, SubjectKey>()
  readonly #secret: Buffer
  /** Nothing is written before there is a key: a server starts on a full disk. */
  #isSecretSaved: boolean

  /** @throws StartRefused when keys are there and what names them is not. */
  constructor(disk: Disk, directory: string) {
    this.#disk = disk
    this.#directory = directory
    const saved = this.#savedSecret()
    this.#secret = saved ?? randomBytes(SECRET_BYTES)
    this.#isSecretSaved = saved !== undefined
  }

  /** 16 bytes, hex: nobody without the keys can test a guess at a subject. */
  nameOf(owner: string, subject: string): string {
    const text = `${Buffer.byteLength(owner)}\n${owner}\n${subject}`
    return createHmac('sha256', this.#secret).update(text).digest('hex').slice(0, 32)
  }

  /** @param name of the subject, hex. undefined: it has none, or not any more. @throws DamagedSubjectKey */
  find(name: string): SubjectKey | undefined {
    const kept = this.#kept.get(name)
    if (kept !== undefined) return kept
    const bytes = this.#readFile(this.#path(name))
    // Zeros: its erasure was on the way when the process ended.
    if (bytes === undefined || bytes.every((byte) => byte === 0)) return undefined
    const isWhole =
      bytes.length === FILE_BYTES &&
      bytes.subarray(0, MAGIC.length).equals(MAGIC) &&
      bytes.readUInt32LE(8) === crc32(bytes.subarray(12)) &&
      bytes.readUInt32LE(12) === VERSION &&
      bytes.toString('hex', 64, FILE_BYTES) === name
    if (!isWhole) throw new DamagedSubjectKey(`the key ${this.#path(name)} is damaged`)
    return this.#keep(name, bytes)
  }

  /** New keys for subjects that have none, durable when this returns. */
  make(names: Iterable<string>): void {
    const directories = new Set<string>()
    for (const name of names) {
      if (!this.#isSecretSaved) this.#saveSecret()
      const bytes = fileOf(name)
      directories.add(this.#directoryOf(name))
      this.#disk.makeDirectory(this.#directoryOf(name))
      this.#place(this.#path(name), bytes)
      this.#keep(name, bytes)
      bytes.fill(0)
    }
    for (const directory of directories) this.#disk.syncDirectory(directory)
  }

  /** Nobody can read what was encrypted under it once this returns. Fine when there is none. */
  destroy(name: string): void {
    const kept = this.#kept.get(name)
    kept?.encryption.fill(0)
    kept?.commitment.fill(0)
    this.#kept.delete(name)
    const path = this.#path(name)
    const isGone = [path, `${path}.new`].filter((each) => this.#remove(each)).length === 0
    if (!isGone) this.#disk.syncDirectory(this.#directoryOf(name))
  }

  /** undefined: there is none yet. */
  #savedSecret(): Buffer | undefined {
    const path = `${this.#directory}/${NAMES_SECRET}`
    const there = this.#readFile(path)
    if (there?.length === SECRET_BYTES) return there
    if (there === undefined && this.#shards().length === 0) return undefined
    throw new StartRefused(
      `${path} is missing or damaged, and keys of subjects cannot be found without it: restore it from a backup of the keys.`,
    )
  }

  #saveSecret(): void {
    this.#disk.makeDirectory(this.#directory)
    this.#place(`${this.#directory}/${NAMES_SECRET}`, this.#secret)
    this.#disk.syncDirectory(this.#directory)
    this.#isSecretSaved = true
  }

  /** Names of the directories that hold keys. */
  #shards(): readonly string[] {
    try {
      return this.#disk.readdir(this.#directory).filter((name) => /^[0-9a-f]{2}$/.test(name))
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return []
      throw error
    }
  }

  /** A file that is whole or not there; its name is durable once its directory is synced. */
  #place(path: string, bytes: Uint8Array): void {
    const file = this.#disk.open(`${path}.new`, 'create')
    try {
      this.#disk.truncate(file, 0)
      write(this.#disk, file, bytes)
      this.#disk.fdatasync(file)
    } finally {
      this.#disk.close(file)
    }
    this.#disk.rename(`${path}.new`, path)
  }

  /** @returns whether it was there. */
  #remove(path: string): boolean {
    try {
      const file = this.#disk.open(path, 'write')
      try {
        write(this.#disk, file, Buffer.alloc(this.#disk.size(file)))
        this.#disk.fdatasync(file)
      } finally {
        this.#disk.close(file)
      }
      this.#disk.unlink(path)
      return true
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return false
      throw error
    }
  }

  #readFile(path: string): Buffer | undefined {
    try {
      const file = this.#disk.open(path, 'read')
      try {
        const bytes = Buffer.alloc(this.#disk.size(file))
        this.#disk.pread(file, bytes, 0)
        return bytes
      } finally {
        this.#disk.close(file)
      }
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  #keep(name: string, bytes: Buffer): SubjectKey {
    const secret = bytes.subarray(32, 32 + SECRET_BYTES)
    const key: SubjectKey = {
      id: Buffer.from(bytes.subarray(16, 32)),
      encryption: derived(secret, 'tallystick/private/encryption/v1'),
      commitment: derived(secret, 'tallystick/private/commitment/v1'),
    }
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < SUBJECT_KEYS_KEPT) break
      this.#kept.delete(oldest)
    }
    this.#kept.set(name, key)
    return key
  }

  #directoryOf(name: string): string {
    return `${this.#directory}/${name.slice(0, 2)}`
  }

  #path(name: string): string {
    return `${this.#directoryOf(name)}/${name}.key`
  }
}

/** A key that is kept nowhere: what is made with it cannot be read again. */
export function passingKey(): SubjectKey {
  const secret = randomBytes(SECRET_BYTES)
  return { id: randomBytes(16), encryption: secret, commitment: secret }
}

function fileOf(name: string): Buffer {
  const bytes = Buffer.alloc(FILE_BYTES)
  MAGIC.copy(bytes)
  bytes.writeUInt32LE(VERSION, 12)
  randomBytes(16 + SECRET_BYTES).copy(bytes, 16)
  bytes.write(name, 64, 'hex')
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8)
  return bytes
}

function derived(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), purpose, 32))
}

/** @throws Error for a write that fell short, as a full disk may do. */
function write(disk: Disk, file: number, bytes: Uint8Array): void {
  if (disk.pwrite(file, bytes, 0) === bytes.length) return
  throw Object.assign(new Error('a key was not written whole'), { code: 'ENOSPC' })
}
