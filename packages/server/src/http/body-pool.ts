/**
 * Memory for large bodies, used again and again. A body of a megabyte in memory of its own costs twice: the system hands out and clears 256 pages for
 * it, and V8, which counts such memory, collects garbage every thirty bodies.
 */
import { BODIES_IDLE_BYTES_MAX, POOLED_BODY_BYTES_MIN } from '../limits.ts'

export class BodyPool {
  /** By size, all powers of two. */
  readonly #idle = new Map<number, Buffer[]>()
  #idleBytes = 0

  /** At least so many bytes, with anything in them. */
  take(bytes: number): Buffer {
    const size = sizeFor(bytes)
    const memory = this.#idle.get(size)?.pop()
    if (memory === undefined) return Buffer.allocUnsafeSlow(size)
    this.#idleBytes -= size
    return memory
  }

  /** Nobody reads it any more. */
  give(memory: Buffer): void {
    const size = memory.length
    if (this.#idleBytes + size > BODIES_IDLE_BYTES_MAX) return
    this.#idleBytes += size
    const idle = this.#idle.get(size)
    if (idle === undefined) this.#idle.set(size, [memory])
    else idle.push(memory)
  }
}

function sizeFor(bytes: number): number {
  let size = POOLED_BODY_BYTES_MIN
  while (size < bytes) size *= 2
  return size
}
