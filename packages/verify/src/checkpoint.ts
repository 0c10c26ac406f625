/** Checkpoints (c2sp.org/tlog-checkpoint): the text of a signed note that names a log, its size and its root. */
import { fromBase64, toBase64 } from './bytes.ts'

/** Of a log. The reference implementations read sizes as signed 64-bit numbers. */
export const TREE_SIZE_MAX = 2n ** 63n - 1n

const ROOT_BYTES = 32

export interface Checkpoint {
  /** The log's name. */
  readonly origin: string
  /** Leaves. */
  readonly size: bigint
  /** 32 bytes: of the tree of RFC 6962 at that size. */
  readonly root: Uint8Array
  /** Opaque lines after the third, without line feeds; usually none. */
  readonly extensions: readonly string[]
}

/** A text that is no checkpoint; the message says why. */
export class MalformedCheckpoint extends Error {
  override readonly name = 'MalformedCheckpoint'
}

/** @param text of a note, with its final line feed. @throws MalformedCheckpoint */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw new MalformedCheckpoint('the checkpoint does not end')
  const [origin = '', decimal = '', encoded = '', ...extensions] = text.slice(0, -1).split('\n')
  if (origin === '') throw new MalformedCheckpoint('the origin is empty')
  const size = parseTreeSize(decimal)
  if (size === undefined) {
    throw new MalformedCheckpoint(`${JSON.stringify(decimal)} is no tree size`)
  }
  const root = fromBase64(encoded)
  if (root?.length !== ROOT_BYTES) {
    throw new MalformedCheckpoint(`${JSON.stringify(encoded)} is no root of 32 bytes in base64`)
  }
  if (extensions.includes('')) throw new MalformedCheckpoint('an extension line is empty')
  return { origin, size, root, extensions }
}

/** @throws MalformedCheckpoint for what could not be read again. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const text = [origin, `${size}`, toBase64(root), ...extensions]
    .map((line) => `${line}\n`)
    .join('')
  const again = parseCheckpoint(text)
  if (again.origin === origin && again.extensions.length === extensions.length) return text
  throw new MalformedCheckpoint('a line of the checkpoint has a line feed')
}

/** Decimal digits, no leading zero. @returns undefined for anything else, and beyond 2^63 − 1. */
export function parseTreeSize(text: string): bigint | undefined {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text)) return undefined
  const size = BigInt(text)
  return size <= TREE_SIZE_MAX ? size : undefined
}
