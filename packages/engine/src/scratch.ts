/** Memory for records that were read back: taken piece by piece, given back all at once or by wrapping around. */
import { align8, Memory } from '@tallystick/ledger'

const CHUNK_BYTES = 1024 * 1024

export class Scratch {
  /** Where the piece that was taken last lies. */
  memory: Memory
  offset = 0
  readonly #chunks: Memory[] = []
  readonly #chunksMax: number
  #current = 0
  #used = 0

  /** @param chunksMax after so many MiB the oldest pieces are overwritten; by default it grows. */
  constructor(chunksMax = Number.POSITIVE_INFINITY) {
    this.#chunksMax = chunksMax
    this.memory = Memory.allocate(8)
  }

  /** Takes `length` bytes, at most 1 MiB: they are at `offset` of `memory`. Their content is arbitrary. */
  take(length: number): Buffer {
    const size = align8(length)
    if (this.#chunks.length === 0 || this.#used + size > CHUNK_BYTES) this.#advance()
    this.memory = this.#chunks[this.#current] ?? this.memory
    this.offset = this.#used
    this.#used += size
    return Buffer.from(this.memory.u8.buffer, this.offset, length)
  }

  /** Gives everything back. */
  clear(): void {
    this.#current = 0
    this.#used = 0
  }

  #advance(): void {
    this.#used = 0
    if (this.#chunks.length > 0) this.#current = (this.#current + 1) % this.#chunksMax
    if (this.#current === this.#chunks.length) this.#chunks.push(Memory.allocate(CHUNK_BYTES))
  }
}
