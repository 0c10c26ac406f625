/** Wall and monotonic time that move only when the simulation says so; the wall can be set, forward and back. */
import type { Clock } from '@tallystick/engine'

/** 2026-01-01, ns since 1970. */
const START = 1_767_225_600_000_000_000n

export class VirtualClock implements Clock {
  #wall = START
  #monotonic = 0n

  now(): bigint {
    return this.#wall
  }

  monotonic(): bigint {
    return this.#monotonic
  }

  advance(ns: bigint): void {
    this.#wall += ns
    this.#monotonic += ns
  }

  /** Somebody sets the wall clock; the monotonic one does not care. */
  jump(ns: bigint): void {
    this.#wall += ns
    if (this.#wall < 0n) this.#wall = 0n
  }
}
