/**
 * Personal data in a backup: the ciphertexts of the file beside the journal, carried as runs of whole frames. Keys never are, so what is forgotten here
 * is noise there. A frame is found by what is in it, not by its place: pieces that overlap do no harm, and what was carried is never taken back.
 */
import {
  type Disk,
  diskErrorCode,
  type FileHandle,
  privateDirectory,
  privateFile,
  wholePrivateFrames,
} from '@tallystick/journal'

import type { DataDirectory } from './data-directory.ts'
import { type PrivatePiece, sha256Of } from './manifest.ts'
import { PIECE_BYTES, piecesToKeep } from './tail.ts'

/** Where its objects lie. */
export const PRIVATE_PREFIX = 'private/'

export interface NewPrivatePiece {
  readonly entry: PrivatePiece
  readonly bytes: Buffer
}

export class PrivatePieces {
  readonly #disk: Disk
  readonly #path: string
  #pieces: readonly PrivatePiece[] = []
  /** Bytes of the file that were carried. */
  #end = 0

  constructor({ disk, directory }: DataDirectory) {
    this.#disk = disk
    this.#path = privateFile(privateDirectory(directory))
  }

  get entries(): readonly PrivatePiece[] {
    return this.#pieces
  }

  /** Goes on behind what a backup has, or from the file's beginning where the file is not the one that was carried. */
  goOn(pieces: readonly PrivatePiece[]): void {
    this.#pieces = pieces
    const last = pieces.at(-1)
    if (last === undefined || !this.#isHere(last)) this.#end = 0
    else this.#end = last.offset + last.bytes
  }

  /** The next one, if there is any. It counts once it was `taken`. */
  next(): NewPrivatePiece | undefined {
    const whole = this.#wholeBehind()
    if (whole.length > 0) return pieceOf(whole, this.#end)
    const last = this.#pieces.at(-1)
    // A server whose disk lost what was not synced yet has gone on in its place.
    if (last === undefined || this.#size() === this.#end || this.#isHere(last)) return undefined
    this.#end = 0
    const anew = this.#wholeBehind()
    return anew.length === 0 ? undefined : pieceOf(anew, 0)
  }

  #wholeBehind(): Buffer {
    const bytes = this.#read(this.#end, PIECE_BYTES)
    return bytes.subarray(0, wholePrivateFrames(bytes))
  }

  taken({ entry }: NewPrivatePiece): void {
    this.#pieces = [...this.#pieces, entry]
    this.#end = entry.offset + entry.bytes
  }

  /** Small ones that are many, in one; undefined: there is nothing to put together. */
  joined(): NewPrivatePiece | undefined {
    const small = this.#small()
    const [first] = small
    if (first === undefined || small.length === 1) return undefined
    if (!small.every((piece) => this.#isHere(piece))) return undefined
    return pieceOf(this.#read(first.offset, this.#end - first.offset), first.offset)
  }

  /** @returns objects that are named no more. */
  replaced({ entry }: NewPrivatePiece): string[] {
    const small = this.#small()
    this.#pieces = [...this.#pieces.slice(0, this.#pieces.length - small.length), entry]
    return small.map(({ object }) => object)
  }

  /** Of the last ones those that lie one behind the other. */
  #small(): readonly PrivatePiece[] {
    const small = this.#pieces.slice(piecesToKeep(this.#pieces))
    const gap = small.findLastIndex(({ offset, bytes }, index) => {
      const next = small[index + 1]
      return next !== undefined && next.offset !== offset + bytes
    })
    return small.slice(gap + 1)
  }

  #isHere({ offset, bytes, sha256 }: PrivatePiece): boolean {
    return sha256Of(this.#read(offset, bytes)) === sha256
  }

  /** As many as there are; none when there is no file. */
  #read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.#size() - offset)))
    if (bytes.length === 0) return bytes
    return this.#open((file) => bytes.subarray(0, this.#disk.pread(file, bytes, offset))) ?? bytes
  }

  #size(): number {
    return this.#open((file) => this.#disk.size(file)) ?? 0
  }

  /** undefined: there is no file. */
  #open<Result>(use: (file: FileHandle) => Result): Result | undefined {
    let file: FileHandle
    try {
      file = this.#disk.open(this.#path, 'read')
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined
      throw error
    }
    try {
      return use(file)
    } finally {
      this.#disk.close(file)
    }
  }
}

function pieceOf(bytes: Buffer, offset: number): NewPrivatePiece {
  const sha256 = sha256Of(bytes)
  const range = [offset, offset + bytes.length].map((at) => at.toString().padStart(12, '0'))
  const object = `${PRIVATE_PREFIX}${range.join('-')}-${sha256.slice(0, 16)}.piece`
  return { entry: { object, bytes: bytes.length, sha256, offset }, bytes }
}
