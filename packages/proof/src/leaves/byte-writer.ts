/** Writes the fields of what is hashed one behind the other, little-endian. */

export class ByteWriter {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  /** @param capacity the most bytes that are written. */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Four ASCII characters that name a form and its version. Whatever was written before is forgotten. */
  begin(tag: string): this {
    this.#at = 0
    for (let index = 0; index < tag.length; index++) this.u8(tag.charCodeAt(index))
    return this
  }
  u8(value: number): this {
    this.#view.setUint8(this.#at, value)
    this.#at += 1
    return this
  }
  u16(value: number): this {
    this.#view.setUint16(this.#at, value, true)
    this.#at += 2
    return this
  }
  u32(value: number): this {
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
    return this
  }
  u64(value: bigint): this {
    this.#view.setBigUint64(this.#at, value, true)
    this.#at += 8
    return this
  }
  bytes(value: Uint8Array): this {
    this.#bytes.set(value, this.#at)
    this.#at += value.length
    return this
  }
  zeros(count: number): this {
    this.#bytes.fill(0, this.#at, this.#at + count)
    this.#at += count
    return this
  }

  /** All that was written since `begin`, in place: it is overwritten by what is written next. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  /** The same as a copy. */
  end(): Uint8Array {
    return this.written.slice()
  }
}
