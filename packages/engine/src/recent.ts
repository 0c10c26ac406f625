/**
 * The newest bodies in memory, so that what happened a moment ago is not read from disk: holds that are captured, keys that
 * are repeated, the entries of a page. Bodies lie in chunks; the oldest chunk is let go when the cap is reached.
 */
import { align8, Memory } from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import { BookBody } from './book-body.ts'

/** Length of a chunk, bytes; a longer body gets one of its own. */
const CHUNK_BYTES = 4 * 1024 * 1024

interface Chunk {
  readonly memory: Memory
  /** Bytes in use. */
  used: number
}

export class Recent {
  readonly #bytesMax: number
  readonly #framesMax: number
  readonly #chunks: Chunk[] = []
  #bytes = 0
  /** Frames from `#head` on, in order of sequence. */
  #frames: BookBody[] = []
  #head = 0

  constructor(options: { bytesMax: number; framesMax: number }) {
    this.#bytesMax = options.bytesMax
    this.#framesMax = options.framesMax
  }

  /** First sequence that is here; Infinity when nothing is. */
  get firstSequence(): number {
    return this.#frames[this.#head]?.firstSequence ?? Number.POSITIVE_INFINITY
  }

  /** Copies a sealed body. Bodies come in order of sequence, without a gap. */
  add(source: Memory, start: number, length: number, firstSequence: number): BookBody {
    const chunk = this.#chunkFor(align8(length))
    chunk.memory.u8.set(source.u8.subarray(start, start + length), chunk.used)
    const body = new BookBody(chunk.memory, chunk.used, firstSequence)
    chunk.used += align8(length)
    this.#frames.push(body)
    if (this.#frames.length - this.#head > this.#framesMax) this.#dropChunk()
    return body
  }

  /** The frame that holds an event; undefined: it is not here (any more). */
  find(sequence: number): BookBody | undefined {
    if (!(sequence >= this.firstSequence)) return undefined
    let low = this.#head
    let high = this.#frames.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#frame(middle).firstSequence <= sequence) low = middle
      else high = middle - 1
    }
    const body = this.#frame(low)
    return sequence <= body.lastSequence ? body : undefined
  }

  /** Newest frame that begins at or before a moment; undefined: none here does. */
  findTime(at: bigint): BookBody | undefined {
    let low = this.#head
    let high = this.#frames.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#frame(middle).firstTimestamp <= at) low = middle + 1
      else high = middle
    }
    return low === this.#head ? undefined : this.#frame(low - 1)
  }

  #frame(index: number): BookBody {
    const frame = this.#frames[index]
    assert(frame !== undefined, 'the frame is in memory')
    return frame
  }

  #chunkFor(length: number): Chunk {
    const last = this.#chunks.at(-1)
    if (last !== undefined && last.used + length <= last.memory.byteLength) return last
    const size = Math.max(CHUNK_BYTES, length)
    let reused: Memory | undefined
    while (this.#chunks.length > 0 && this.#bytes + size > this.#bytesMax) {
      const dropped = this.#dropChunk()
      if (dropped.byteLength === size) reused = dropped
    }
    const chunk = { memory: reused ?? Memory.allocate(size), used: 0 }
    this.#chunks.push(chunk)
    this.#bytes += size
    return chunk
  }

  #dropChunk(): Memory {
    const chunk = this.#chunks.shift()
    assert(chunk !== undefined, 'there is a chunk to drop')
    this.#bytes -= chunk.memory.byteLength
    while (this.#frames[this.#head]?.memory === chunk.memory) this.#head++
    if (this.#head > this.#frames.length / 2) {
      this.#frames = this.#frames.slice(this.#head)
      this.#head = 0
    }
    return chunk.memory
  }
}
