/**
 * Hashes many short messages at a time. The messages are written into the hasher's own memory, and the hashes are
 * read there: nothing is copied for a call.
 */
import { CryptoHasher } from './crypto-hasher.ts'
import { SimdHasher, simdExists } from './simd-hasher.ts'

export interface MessageBatch {
  /** Byte offset of the first message; any, so that a prefix of one byte may lie before words. */
  readonly source: number
  /** Bytes from one message to the next. */
  readonly stride: number
  /** Blocks of 64 bytes of each message, its padding (FIPS 180-4, section 5.1.1) included. At least 1. */
  readonly blocks: number
  /** Messages; 0 is allowed. */
  readonly count: number
  /** Byte offset of the first hash. */
  readonly target: number
  /** Bytes from one hash to the next, by default 32. */
  readonly targetStride?: number
}

export interface NodeBatch {
  /** Byte offset of the first pair of hashes of 32 bytes; the pairs are contiguous. */
  readonly source: number
  /** Pairs; 0 is allowed. */
  readonly count: number
  /** Byte offset of the first node; may be `source` or up to 32 bytes behind it: the pairs are consumed. */
  readonly target: number
}

export interface BatchHasher {
  /** All the memory it has; offsets are counted from its beginning. It never moves. */
  readonly u8: Uint8Array<ArrayBuffer>
  readonly u32: Uint32Array<ArrayBuffer>
  /** SHA-256 of every message. */
  hashMany(batch: MessageBatch): void
  /** The tree's nodes over pairs of hashes (RFC 9162, section 2.1.1): SHA-256(0x01 · left · right). */
  hashNodes(batch: NodeBatch): void
}

/** Four at a time where the machine has SIMD, one after the other where it has not. @param bytes of memory, rounded up to words. */
export function createHasher(bytes: number): BatchHasher {
  return simdExists() ? new SimdHasher(bytes) : new CryptoHasher(bytes)
}
