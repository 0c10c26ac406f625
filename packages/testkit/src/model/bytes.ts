/** Bytes: comparing them, and writing the canonical form (little-endian, one field after the other, no padding). */

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

const TEXT = new TextEncoder()

export class ByteWriter {
  readonly #bytes: number[] = []

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
    return this.#integer(value, 16)
  }

  /** As it is: names of sections, whose length everybody knows. */
  raw(bytes: Uint8Array | string): this {
    for (const byte of typeof bytes === 'string' ? TEXT.encode(bytes) : bytes)
      this.#bytes.push(byte)
    return this
  }

  /** Its length as u32 first. */
  sized(bytes: Uint8Array | string): this {
    const encoded = typeof bytes === 'string' ? TEXT.encode(bytes) : bytes
    return this.u32(encoded.length).raw(encoded)
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  #integer(value: bigint, size: number): this {
    for (let index = 0; index < size; index++) {
      this.#bytes.push(Number((value >> BigInt(8 * index)) & 0xffn))
    }
    return this
  }
}
