/** Bytes: comparing them, and writing the canonical form (little-endian, one field after the other, no padding). */

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

const TEXT = new TextEncoder()

const SIZE_START = 1024

export class ByteWriter {
  #bytes = new Uint8Array(SIZE_START)
  #length = 0

  u16(value: number): this {
    return this.#integer(BigInt(value), 2)
  }

  u32(value: number): this {
    return this.#integer(BigInt(value), 4)
  }

  u64(value: bigint): this {
    return this.#integer(value, 8)
  }

  u128(value: bigint): this {
    return this.#integer(value, 8).#integer(value >> 64n, 8)
  }

  /** As it is: names of sections, whose length everybody knows. */
  raw(bytes: Uint8Array | string): this {
    const encoded = typeof bytes === 'string' ? TEXT.encode(bytes) : bytes
    this.#reserve(encoded.length)
    this.#bytes.set(encoded, this.#length)
    this.#length += encoded.length
    return this
  }

  /** Its length as u32 first. */
  sized(bytes: Uint8Array | string): this {
    const encoded = typeof bytes === 'string' ? TEXT.encode(bytes) : bytes
    return this.u32(encoded.length).raw(encoded)
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** The lowest bytes of an integer, lowest first. */
  #integer(value: bigint, size: number): this {
    const word = new DataView(new ArrayBuffer(8))
    word.setBigUint64(0, BigInt.asUintN(64, value), true)
    return this.raw(new Uint8Array(word.buffer, 0, size))
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const larger = new Uint8Array(2 * (this.#length + more))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
