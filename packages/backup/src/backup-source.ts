/** A backup as it is read back: nothing of it is believed before its checksum, and the chain of what it is part of, hold. */
import { findBreak, wholePrivateFrames } from '@tallystick/journal'

import { BackupDamaged, BackupRefused } from './errors.ts'
import {
  type CheckSignature,
  decodeManifest,
  decodeSegmentPieces,
  type Manifest,
  MANIFEST_NAME,
  type Named,
  type PieceEntry,
  type Place,
  type PrivatePiece,
  sha256Of,
} from './manifest.ts'
import type { BackupStore } from './store.ts'

export class BackupSource {
  readonly store: BackupStore
  readonly manifest: Manifest
  /** All of them, in order, without a gap. */
  readonly pieces: readonly PieceEntry[]

  private constructor(store: BackupStore, manifest: Manifest, pieces: readonly PieceEntry[]) {
    this.store = store
    this.manifest = manifest
    this.pieces = pieces
  }

  /** @throws BackupRefused when there is no backup; BackupDamaged; StoreFailed; what `check` throws. */
  static async open(store: BackupStore, check?: CheckSignature): Promise<BackupSource> {
    const bytes = await store.read(MANIFEST_NAME)
    if (bytes === undefined) throw new BackupRefused(`There is no backup in ${store.name}.`)
    const manifest = await decodeManifest(bytes, `${store.name}/${MANIFEST_NAME}`, check)
    const pieces = await allPieces(store, manifest)
    checkOrder(store, manifest, pieces)
    return new BackupSource(store, manifest, pieces)
  }

  /** Bytes of all pieces. */
  get bytes(): number {
    return this.pieces.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Whole frames of personal data. @throws BackupDamaged */
  async readPrivate(piece: PrivatePiece): Promise<Buffer> {
    const bytes = await readNamed(this.store, piece)
    if (wholePrivateFrames(bytes) === bytes.length) return bytes
    const object = `${this.store.name}/${piece.object}`
    const reason = 'its frames of personal data are not whole'
    throw new BackupDamaged({ object, offset: wholePrivateFrames(bytes), reason })
  }

  /** Bytes of a piece, as they were written. @throws BackupDamaged with object and place. */
  async read(piece: PieceEntry): Promise<Buffer> {
    const { store } = this
    const bytes = await store.read(piece.object)
    const problem = problemOf(bytes, piece)
    if (bytes !== undefined && problem === undefined) return bytes
    // A wrong checksum says that something is wrong; the frames say where.
    const found = bytes === undefined ? undefined : findBreak(bytes, piece)
    throw new BackupDamaged({
      object: `${store.name}/${piece.object}`,
      offset: found === undefined ? 0 : found.offset - piece.from.offset,
      reason: found === undefined ? `${problem}` : `${problem}; ${found.reason}`,
    })
  }
}

/** Bytes of an object that a manifest or list names. @throws BackupDamaged */
async function readNamed(store: BackupStore, named: Named): Promise<Buffer> {
  const bytes = await store.read(named.object)
  const problem = problemOf(bytes, named)
  if (bytes !== undefined && problem === undefined) return bytes
  const object = `${store.name}/${named.object}`
  throw new BackupDamaged({ object, offset: 0, reason: `${problem}` })
}

async function allPieces(store: BackupStore, manifest: Manifest): Promise<PieceEntry[]> {
  const segments: (readonly PieceEntry[])[] = [manifest.pieces]
  for (let list = manifest.closed; list !== undefined;) {
    const { before, pieces } = await readList(store, list)
    segments.push(pieces)
    list = before
  }
  return segments.reverse().flat()
}

async function readList(store: BackupStore, list: Named) {
  return decodeSegmentPieces(await readNamed(store, list), `${store.name}/${list.object}`)
}

function problemOf(bytes: Buffer | undefined, named: Named): string | undefined {
  if (bytes === undefined) return 'it is missing'
  if (bytes.length !== named.bytes) return `it has ${bytes.length} bytes, not ${named.bytes}`
  const isSame = sha256Of(bytes) === named.sha256
  return isSame ? undefined : 'its SHA-256 is not that of the manifest'
}

/** Each piece begins where the one before ended, or begins the next segment. */
function checkOrder(store: BackupStore, manifest: Manifest, pieces: readonly PieceEntry[]): void {
  let before: Place | undefined
  for (const { object, from, to, bytes } of pieces) {
    if (
      !follows(before, from) ||
      to.offset - from.offset !== bytes ||
      to.sequence < from.sequence
    ) {
      const reason = 'it does not begin where the piece before ended'
      throw new BackupDamaged({ object: `${store.name}/${object}`, offset: 0, reason })
    }
    before = to
  }
  const isEnd = before === undefined ? manifest.sequence === 0 : samePlace(before, manifest.end)
  if (isEnd && manifest.end.sequence === manifest.sequence + 1) return
  const reason = 'its pieces do not end where it says'
  throw new BackupDamaged({ object: `${store.name}/${MANIFEST_NAME}`, offset: 0, reason })
}

function follows(before: Place | undefined, from: Place): boolean {
  if (before === undefined) return from.segment === 1 && from.offset === 0 && from.chain === 0
  const { segment, sequence, chain } = before
  if (samePlace(before, from)) return true
  return samePlace({ segment: segment + 1, offset: 0, sequence, chain }, from)
}

function samePlace(a: Place, b: Place): boolean {
  return (
    a.segment === b.segment &&
    a.offset === b.offset &&
    a.sequence === b.sequence &&
    a.chain === b.chain
  )
}
