/** Idempotency keys that no two requests share: 32 hexadecimal digits, random for the connection, then counted. */
import type { Xorshift } from './random.ts'
import { putHex } from './template.ts'

export class RequestKeys {
  readonly #words: Uint32Array
  #count = 0

  constructor(random: Xorshift) {
    this.#words = Uint32Array.of(random.u32(), random.u32(), random.u32())
  }

  put(bytes: Buffer, at: number): void {
    for (let word = 0; word < 3; word++) putHex(bytes, at + word * 8, this.#words[word] ?? 0)
    putHex(bytes, at + 24, this.#count++)
  }
}
