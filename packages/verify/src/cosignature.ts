/** Cosignatures of witnesses (c2sp.org/tlog-cosignature, `cosignature/v1`): Ed25519 over the time and the checkpoint's text. */
import { concatBytes } from './bytes.ts'

/** 2^63 − 1, in seconds. */
export const COSIGNATURE_TIMESTAMP_MAX = 2n ** 63n - 1n

const TIMESTAMP_BYTES = 8
const SIGNATURE_BYTES = 64

export interface Cosignature {
  /** Seconds since the epoch. */
  readonly timestamp: bigint
  /** 64 bytes, over `cosignatureMessage`. */
  readonly signature: Uint8Array
}

/** What is signed. @param text the checkpoint's, with its final line feed. @param timestamp seconds since the epoch. */
export function cosignatureMessage(text: string, timestamp: bigint): Uint8Array {
  return new TextEncoder().encode(`cosignature/v1\ntime ${timestamp}\n${text}`)
}

/** What follows the key id: u64 big-endian, then the signature. */
export function encodeCosignature({ timestamp, signature }: Cosignature): Uint8Array {
  const time = new DataView(new ArrayBuffer(TIMESTAMP_BYTES))
  time.setBigUint64(0, timestamp)
  return concatBytes(new Uint8Array(time.buffer), signature)
}

/** @returns undefined when the bytes are no timestamped signature. */
export function decodeCosignature(bytes: Uint8Array): Cosignature | undefined {
  if (bytes.length !== TIMESTAMP_BYTES + SIGNATURE_BYTES) return undefined
  const timestamp = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  if (timestamp > COSIGNATURE_TIMESTAMP_MAX) return undefined
  return { timestamp, signature: bytes.subarray(TIMESTAMP_BYTES) }
}
