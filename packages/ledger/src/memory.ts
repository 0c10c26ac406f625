/**
 * Memory: one stretch of bytes seen through four widths. Commands, records and tables lie in such memory, so
 * that the hot path reads and writes numbers where they are, without an object per record.
 */
import { assert } from '@tallystick/money'

/** Views of the same bytes; every multi-byte number lies at a multiple of its own size, little-endian. */
export class Memory {
  readonly u8: Uint8Array
  readonly u16: Uint16Array
  readonly u32: Uint32Array
  readonly u64: BigUint64Array
  readonly byteLength: number

  /** @param byteOffset a multiple of 8. @param byteLength a multiple of 8, by default all that is left. */
  constructor(buffer: ArrayBufferLike, byteOffset = 0, byteLength?: number) {
    const length = byteLength ?? buffer.byteLength - byteOffset
    assert(byteOffset % 8 === 0, 'memory begins at a multiple of 8')
    assert(length % 8 === 0, 'memory is a multiple of 8 long')
    this.u8 = new Uint8Array(buffer, byteOffset, length)
    this.u16 = new Uint16Array(buffer, byteOffset, length >>> 1)
    this.u32 = new Uint32Array(buffer, byteOffset, length >>> 2)
    this.u64 = new BigUint64Array(buffer, byteOffset, length >>> 3)
    this.byteLength = length
  }

  static allocate(byteLength: number): Memory {
    return new Memory(new ArrayBuffer(align8(byteLength)))
  }
}

export function align8(bytes: number): number {
  return (bytes + 7) & ~7
}

/** A u128 at a byte offset that is a multiple of 8, as one bigint. For the rims: it allocates. */
export function readU128(memory: Memory, offset: number): bigint {
  const at = offset >>> 3
  return ((memory.u64[at + 1] ?? 0n) << 64n) | (memory.u64[at] ?? 0n)
}

export function writeU128(memory: Memory, offset: number, value: bigint): void {
  const at = offset >>> 3
  memory.u64[at] = BigInt.asUintN(64, value)
  memory.u64[at + 1] = BigInt.asUintN(64, value >> 64n)
}

export function readU64(memory: Memory, offset: number): bigint {
  return memory.u64[offset >>> 3] ?? 0n
}

/** A u64 that is known to be below 2^53: sequences, lengths. */
export function readSafe(memory: Memory, offset: number): number {
  const at = offset >>> 2
  return (memory.u32[at] ?? 0) + (memory.u32[at + 1] ?? 0) * 0x1_0000_0000
}

export function writeSafe(memory: Memory, offset: number, value: number): void {
  const at = offset >>> 2
  memory.u32[at] = value >>> 0
  memory.u32[at + 1] = Math.floor(value / 0x1_0000_0000)
}
