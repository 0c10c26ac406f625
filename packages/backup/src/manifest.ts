/**
 * The manifest: what a backup has, and where each part lies (docs/backup-format.md). Two lines of JSON: the manifest, and its
 * seal, which has the SHA-256 of the first line and, where somebody signs, a signature over it.
 */
import { createHash } from 'node:crypto'

import { BackupDamaged } from './errors.ts'
import { type Fields, fieldsOf, Malformed } from './fields.ts'

export const MANIFEST_NAME = 'manifest.json'

const FORMAT = 'tallystick/backup'
const VERSION = 1

/** A place between two frames of the journal. */
export interface Place {
  readonly segment: number
  readonly offset: number
  /** That the next frame begins with. */
  readonly sequence: number
  /** CRC-32 of the frame before. */
  readonly chain: number
}

/** An object that is named by another one. */
export interface Named {
  readonly object: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
}

/** Bytes of one segment, from one place to another. */
export interface PieceEntry extends Named {
  readonly from: Place
  readonly to: Place
  /** Of the first event, ns since 1970; undefined: it has none. */
  readonly timestamp: bigint | undefined
}

/** Whole frames of the file of personal data, ciphertexts all. */
export interface PrivatePiece extends Named {
  /** Where it lay in that file. */
  readonly offset: number
}

/** A state as the book gives it when it is read up to that event. */
export interface ProvedState {
  readonly sequence: number
  readonly contentHash: string
  readonly stateHash: string
  /** Root of the proof log's tree of so many events, base64 of 32 bytes. */
  readonly proofRoot: string
}

export interface Manifest {
  /** Hex. */
  readonly journalId: string
  readonly shard: number
  /** RFC 3339. */
  readonly writtenAt: string
  /** Newest event. */
  readonly sequence: number
  /** Where the backup ends. */
  readonly end: Place
  /** The newest state that was proved; at `sequence` or before. */
  readonly state: ProvedState | undefined
  /** The newest checkpoint of the proof log that is known, a signed note; of `sequence` or before. */
  readonly checkpoint: string | undefined
  /** The list of the newest segment that is complete; it names the one before. */
  readonly closed: Named | undefined
  /** Of the newest segment, in order. */
  readonly pieces: readonly PieceEntry[]
  /** Of personal data, in the order in which they were carried; none: it had none. */
  readonly private: readonly PrivatePiece[]
}

/** The pieces of a complete segment. */
export interface SegmentPieces {
  readonly segment: number
  readonly before: Named | undefined
  readonly pieces: readonly PieceEntry[]
}

/** Signs the bytes of a manifest; what it gives is kept beside them, as JSON. */
export type Sign = (manifest: Uint8Array) => Promise<unknown>

/** Throws when a signature is missing or not good. */
export type CheckSignature = (manifest: Uint8Array, signature: unknown) => Promise<void>

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export async function encodeManifest(manifest: Manifest, sign?: Sign): Promise<Buffer> {
  const { journalId, shard, writtenAt, sequence, end, state, checkpoint, closed, pieces } = manifest
  const personal = manifest.private.length === 0 ? undefined : manifest.private
  const line = Buffer.from(
    JSON.stringify({
      ...{ format: FORMAT, version: VERSION, journal: journalId, shard, written_at: writtenAt },
      ...{ sequence, end: placeJson(end), state: state && stateJson(state), checkpoint },
      ...{ closed, pieces: pieces.map(pieceJson), private: personal },
    }),
  )
  const signature = sign === undefined ? undefined : await sign(line)
  const seal = JSON.stringify({ sha256: sha256Of(line), signature })
  return Buffer.concat([line, Buffer.from(`\n${seal}\n`)])
}

/** @param object the manifest's name, for errors. @throws BackupDamaged, and what `check` throws. */
export async function decodeManifest(
  bytes: Buffer,
  object: string,
  check?: CheckSignature,
): Promise<Manifest> {
  const damaged = (offset: number, reason: string): BackupDamaged =>
    new BackupDamaged({ object, offset, reason })
  const lineEnd = bytes.indexOf('\n')
  if (lineEnd < 0) throw damaged(bytes.length, 'it ends in its first line')
  const line = bytes.subarray(0, lineEnd)
  const rest = bytes.subarray(lineEnd + 1).toString('utf8')
  const { sha256, signature } = sealOf(rest) ?? {}
  if (`${JSON.stringify({ sha256, signature })}\n` !== rest) {
    throw damaged(lineEnd + 1, 'its seal cannot be read')
  }
  if (sha256 !== sha256Of(line)) throw damaged(0, 'its SHA-256 is not that of its seal')
  await check?.(line, signature)
  try {
    return manifestFrom(fieldsOf(JSON.parse(line.toString('utf8'))))
  } catch (error) {
    if (error instanceof Malformed) throw damaged(0, error.message)
    throw error
  }
}

function sealOf(text: string): { sha256?: unknown; signature?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function manifestFrom(fields: Fields): Manifest {
  const [format, version] = [fields.text('format'), fields.count('version')]
  if (format !== FORMAT || version !== VERSION) {
    throw new Malformed(`it is ${format} ${version}; this program knows ${FORMAT} ${VERSION}`)
  }
  const state = fields.optional('state')
  const closed = fields.optional('closed')
  return {
    journalId: fields.hex('journal', 16),
    shard: fields.count('shard'),
    writtenAt: fields.text('written_at'),
    sequence: fields.count('sequence'),
    end: placeFrom(fields.object('end')),
    state: state && {
      sequence: state.count('sequence'),
      contentHash: state.hex('content_hash', 32),
      stateHash: state.hex('state_hash', 32),
      proofRoot: state.text('proof_root'),
    },
    checkpoint: fields.optionalText('checkpoint'),
    closed: closed && namedFrom(closed),
    pieces: fields.list('pieces').map(pieceFrom),
    private: fields.any('private') === undefined ? [] : fields.list('private').map(privateFrom),
  }
}

export function encodeSegmentPieces({ segment, before, pieces }: SegmentPieces): Buffer {
  return Buffer.from(`${JSON.stringify({ segment, before, pieces: pieces.map(pieceJson) })}\n`)
}

/** Of bytes whose SHA-256 was checked. @throws BackupDamaged. */
export function decodeSegmentPieces(bytes: Buffer, object: string): SegmentPieces {
  try {
    const fields = fieldsOf(JSON.parse(bytes.toString('utf8')))
    const before = fields.optional('before')
    return {
      segment: fields.count('segment'),
      before: before && namedFrom(before),
      pieces: fields.list('pieces').map(pieceFrom),
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new BackupDamaged({ object, offset: 0, reason })
  }
}

const placeJson = ({ segment, offset, sequence, chain }: Place): object => ({
  ...{ segment, offset, sequence },
  chain: chain.toString(16).padStart(8, '0'),
})

const stateJson = (state: ProvedState): object => ({
  ...{ sequence: state.sequence, content_hash: state.contentHash, state_hash: state.stateHash },
  proof_root: state.proofRoot,
})

const pieceJson = ({ object, bytes, sha256, from, to, timestamp }: PieceEntry): object => ({
  ...{ object, bytes, sha256, from: placeJson(from), to: placeJson(to) },
  timestamp: timestamp?.toString(),
})

const namedFrom = (fields: Fields): Named => ({
  object: fields.name('object'),
  bytes: fields.count('bytes'),
  sha256: fields.hex('sha256', 32),
})

const privateFrom = (fields: Fields): PrivatePiece => ({
  ...namedFrom(fields),
  offset: fields.count('offset'),
})

const placeFrom = (fields: Fields): Place => ({
  segment: fields.count('segment'),
  offset: fields.count('offset'),
  sequence: fields.count('sequence'),
  chain: Number.parseInt(fields.hex('chain', 4), 16),
})

const pieceFrom = (fields: Fields): PieceEntry => ({
  ...namedFrom(fields),
  from: placeFrom(fields.object('from')),
  to: placeFrom(fields.object('to')),
  timestamp: fields.optionalInteger('timestamp'),
})
