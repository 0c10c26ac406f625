/** Random salts, one per frame, drawn from the system in larger portions: a call for each would cost a microsecond. */
import { randomFillSync } from 'node:crypto'

import { SALT_BYTES } from '@tallystick/ledger'

const POOL_BYTES = 128 * SALT_BYTES

export class Salts {
  readonly #fill: (into: Uint8Array) => void
  readonly #pool = new Uint8Array(POOL_BYTES)
  #used = POOL_BYTES

  /** @param fill default: the system's randomness. */
  constructor(fill: (into: Uint8Array) => void = (into) => void randomFillSync(into)) {
    this.#fill = fill
  }

  /** A salt: a view that is valid until the next. */
  next(): Uint8Array {
    if (this.#used === POOL_BYTES) {
      this.#fill(this.#pool)
      this.#used = 0
    }
    this.#used += SALT_BYTES
    return this.#pool.subarray(this.#used - SALT_BYTES, this.#used)
  }
}
