/** Reads bytes of a fixed form from front to back: little-endian, with nothing missing and nothing left over. */

/** Bytes that do not have the form that they should have; the message says what and where. */
export class MalformedEvent extends Error {
  override readonly name = 'MalformedEvent'
}

export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  /** What is read, as the subject of a sentence. */
  readonly #what: string
  #at = 0

  constructor(what: string, bytes: Uint8Array) {
    this.#what = what
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true)
  }

  /** Lower limb first. */
  u128(): bigint {
    return this.u64() | (this.u64() << 64n)
  }

  /** A copy. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length)
    return this.#bytes.slice(at, at + length)
  }

  /** @throws MalformedEvent unless the text is ASCII */
  ascii(length: number): string {
    const at = this.#at
    const bytes = this.bytes(length)
    if (bytes.some((byte) => byte > 0x7f)) this.fail(`has a text that is not ASCII at byte ${at}`)
    return String.fromCharCode(...bytes)
  }

  zeros(length: number): void {
    const at = this.#at
    if (this.bytes(length).some((byte) => byte !== 0)) {
      this.fail(`has something else than zeros at byte ${at}`)
    }
  }

  /** The four characters that name a form and its version. @returns the one that was found */
  tag<Tag extends string>(known: readonly Tag[]): Tag {
    const found = this.#bytes.subarray(this.#at, this.#at + 4)
    const tag = known.find((text) => text === String.fromCharCode(...found))
    if (tag === undefined) this.fail(`does not begin with ${known.join(' or ')}`)
    this.#at += 4
    return tag
  }

  end(): void {
    const left = this.#bytes.length - this.#at
    if (left !== 0) this.fail(`has ${left} bytes more than its form allows`)
  }

  fail(problem: string): never {
    throw new MalformedEvent(`${this.#what} ${problem}`)
  }

  #take(length: number): number {
    const at = this.#at
    if (at + length > this.#bytes.length) {
      this.fail(`ends after ${this.#bytes.length} bytes, in the middle of its form`)
    }
    this.#at += length
    return at
  }
}
