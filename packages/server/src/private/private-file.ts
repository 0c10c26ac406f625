/**
 * The ciphertexts, in an append-only file of their own beside the journal. One append is one frame with one sync before it counts, so a
 * broken frame with a whole one behind it was damaged later, and any other broken frame is a torn end that nobody was told of.
 *
 *   frame:  0 `TPF1` · 4 CRC-32 of bytes 8 … end · 8 length of the frame u32 · 12 entries u32 · entries
 *   entry:  0 commitment 32 · 32 subject's name 16 · 48 key id 16 · 64 nonce 12 · 76 bytes of the sealed text u32 · the text and its
 *           tag of 16 · zeros up to a multiple of 8
 */
import { crc32 } from 'node:zlib'

import {
  type Disk,
  diskErrorCode,
  type FileHandle,
  isWholePrivateFrame,
  JournalCorrupt,
  PRIVATE_FRAME_HEAD_BYTES as FRAME_HEAD_BYTES,
  PRIVATE_FRAME_MAGIC as MAGIC,
  privateFile,
  privateFrameBytes,
} from '@tallystick/journal'
import { align8 } from '@tallystick/ledger'

import { CommitmentIndex } from './commitment-index.ts'

const ENTRY_HEAD_BYTES = 80

export interface SealedEntry {
  /** 32 bytes: finds it. */
  readonly commitment: Buffer
  /** 16 bytes. */
  readonly name: Buffer
  /** 16 bytes. */
  readonly keyId: Buffer
  /** 12 bytes. */
  readonly nonce: Buffer
  /** With its tag at the end. */
  readonly sealed: Buffer
}

export class PrivateFile {
  readonly #disk: Disk
  readonly #directory: string
  readonly #path: string
  /** undefined: nothing was kept yet. A server that keeps nothing writes nothing, and starts on a full disk. */
  #file: FileHandle | undefined
  readonly #index = new CommitmentIndex()
  readonly #commitment = Buffer.alloc(32)
  #end = 0
  #failed = false

  /** @throws JournalCorrupt for damage before the end. */
  constructor(disk: Disk, directory: string, onNote: (note: string) => void) {
    this.#disk = disk
    this.#directory = directory
    this.#path = privateFile(directory)
    this.#file = this.#existing()
    const cut = this.#file === undefined ? 0 : this.#recover(this.#file)
    if (cut > 0) onNote(`an unfinished write of ${cut} bytes is cut from ${this.#path}`)
  }

  has(commitment: Buffer): boolean {
    return this.#place(commitment) >= 0
  }

  find(commitment: Buffer): SealedEntry | undefined {
    const at = this.#place(commitment)
    if (at < 0) return undefined
    const head = this.#read(at, ENTRY_HEAD_BYTES)
    const sealed = this.#read(at + ENTRY_HEAD_BYTES, head.readUInt32LE(76))
    return {
      commitment,
      name: head.subarray(32, 48),
      keyId: head.subarray(48, 64),
      nonce: head.subarray(64, 76),
      sealed,
    }
  }

  /** Durable when this returns; otherwise nothing of it counts. */
  append(entries: readonly SealedEntry[]): void {
    if (this.#failed) throw new Error(`${this.#path} cannot be written since an earlier failure`)
    const file = (this.#file ??= this.#create())
    const frame = frameOf(entries)
    try {
      if (this.#disk.pwrite(file, frame, this.#end) < frame.length) {
        throw Object.assign(new Error(`${this.#path} was not written whole`), { code: 'ENOSPC' })
      }
    } catch (error) {
      this.#disk.truncate(file, this.#end)
      throw error
    }
    try {
      this.#disk.fdatasync(file)
    } catch (error) {
      // What the disk has now, nobody knows: only a restart tells.
      this.#failed = true
      throw error
    }
    this.#learn(this.#end, frame)
    this.#end += frame.length
  }

  close(): void {
    if (this.#file !== undefined) this.#disk.close(this.#file)
  }

  #existing(): FileHandle | undefined {
    try {
      return this.#disk.open(this.#path, 'write')
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  #create(): FileHandle {
    this.#disk.makeDirectory(this.#directory)
    const file = this.#disk.open(this.#path, 'create')
    this.#disk.syncDirectory(this.#directory)
    return file
  }

  #place(commitment: Buffer): number {
    return this.#index.find(commitment, (at) => {
      this.#pread(this.#commitment, at)
      return this.#commitment.equals(commitment)
    })
  }

  #read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    this.#pread(bytes, at)
    return bytes
  }

  #pread(into: Buffer, at: number): void {
    if (this.#file !== undefined) this.#disk.pread(this.#file, into, at)
  }

  /** @returns the bytes that were cut from the end. */
  #recover(file: FileHandle): number {
    const size = this.#disk.size(file)
    while (this.#end < size) {
      const frame = this.#frameAt(this.#end, size)
      if (frame === undefined) break
      this.#learn(this.#end, frame)
      this.#end += frame.length
    }
    if (this.#end === size) return 0
    for (let at = this.#end + 8; at < size; at += 8) {
      if (this.#frameAt(at, size) === undefined) continue
      const reason = 'a frame of private data is broken, and a later one is whole'
      throw new JournalCorrupt({ file: this.#path, offset: this.#end, reason })
    }
    this.#disk.truncate(file, this.#end)
    this.#disk.fdatasync(file)
    return size - this.#end
  }

  /** undefined: no whole frame begins there. */
  #frameAt(at: number, size: number): Buffer | undefined {
    if (at + FRAME_HEAD_BYTES > size) return undefined
    const length = privateFrameBytes(this.#read(at, FRAME_HEAD_BYTES))
    if (length === undefined || at + length > size) return undefined
    const frame = this.#read(at, length)
    return isWholePrivateFrame(frame) ? frame : undefined
  }

  #learn(at: number, frame: Buffer): void {
    let offset = FRAME_HEAD_BYTES
    for (let left = frame.readUInt32LE(12); left > 0; left--) {
      this.#index.add(frame.subarray(offset, offset + 32), at + offset)
      offset += ENTRY_HEAD_BYTES + align8(frame.readUInt32LE(offset + 76))
    }
  }
}

function frameOf(entries: readonly SealedEntry[]): Buffer {
  const bytes = entries.map(({ sealed }) => ENTRY_HEAD_BYTES + align8(sealed.length))
  const frame = Buffer.alloc(bytes.reduce((sum, each) => sum + each, FRAME_HEAD_BYTES))
  frame.writeUInt32LE(MAGIC, 0)
  frame.writeUInt32LE(frame.length, 8)
  frame.writeUInt32LE(entries.length, 12)
  let at = FRAME_HEAD_BYTES
  for (const [index, entry] of entries.entries()) {
    entry.commitment.copy(frame, at)
    entry.name.copy(frame, at + 32)
    entry.keyId.copy(frame, at + 48)
    entry.nonce.copy(frame, at + 64)
    frame.writeUInt32LE(entry.sealed.length, at + 76)
    entry.sealed.copy(frame, at + ENTRY_HEAD_BYTES)
    at += bytes[index] ?? 0
  }
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4)
  return frame
}
