/** The hasher for machines without SIMD: the same interface over `node:crypto`, one message after the other. */
import { hash } from 'node:crypto'

import type { BatchHasher, MessageBatch, NodeBatch } from './batch-hasher.ts'

const NODE_PREFIX = 0x01

export class CryptoHasher implements BatchHasher {
  readonly u8: Uint8Array<ArrayBuffer>
  readonly u32: Uint32Array<ArrayBuffer>
  readonly #node = new Uint8Array(65)

  constructor(bytes: number) {
    this.u32 = new Uint32Array(Math.ceil(bytes / 4))
    this.u8 = new Uint8Array(this.u32.buffer)
    this.#node[0] = NODE_PREFIX
  }

  hashMany({ source, stride, blocks, count, target, targetStride = 32 }: MessageBatch): void {
    for (let index = 0; index < count; index++) {
      const from = source + index * stride
      const message = this.u8.subarray(from, from + messageLength(this.u8, from + blocks * 64))
      this.u8.set(hash('sha256', message, 'buffer'), target + index * targetStride)
    }
  }

  hashNodes({ source, count, target }: NodeBatch): void {
    for (let index = 0; index < count; index++) {
      const from = source + index * 64
      this.#node.set(this.u8.subarray(from, from + 64), 1)
      this.u8.set(hash('sha256', this.#node, 'buffer'), target + index * 32)
    }
  }
}

/** A padded message ends with its length in bits, big-endian; its upper half is zero here. */
function messageLength(bytes: Uint8Array, end: number): number {
  let bits = 0
  for (let at = end - 4; at < end; at++) bits = bits * 256 + (bytes[at] ?? 0)
  return bits / 8
}
