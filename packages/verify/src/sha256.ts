/**
 * SHA-256 (FIPS 180-4), synchronous and in plain TypeScript, so that it runs wherever JavaScript does and
 * an auditor can read it. Made for the short inputs of a log: a few blocks of 64 bytes.
 */

export const HASH_SIZE = 32

const BLOCK_SIZE = 64
const LENGTH_AT = 56

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
)

/** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const INITIAL = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
)

// One computation at a time, from its first byte to its last: what it needs is allocated once.
const state = new Int32Array(8)
const schedule = new Int32Array(64)
const block = new Uint8Array(BLOCK_SIZE)
const blockView = new DataView(block.buffer)

/** SHA-256 of the parts, one after the other as if they were joined. @returns 32 bytes */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  state.set(INITIAL)
  let filled = 0
  let total = 0
  for (const part of parts) {
    filled = absorb(part, filled)
    total += part.length
  }
  finish(filled, total)
  const digest = new Uint8Array(HASH_SIZE)
  const view = new DataView(digest.buffer)
  for (let word = 0; word < 8; word++) view.setInt32(word * 4, state[word] as number)
  return digest
}

/** @param filled bytes that already wait in the block. @returns how many wait now */
function absorb(part: Uint8Array, filled: number): number {
  let at = filled
  for (let index = 0; index < part.length; index++) {
    block[at++] = part[index] as number
    if (at < BLOCK_SIZE) continue
    compress()
    at = 0
  }
  return at
}

/** A one bit, zeros, and the number of bits as u64 up to the end of a block. */
function finish(filled: number, total: number): void {
  block[filled] = 0x80
  block.fill(0, filled + 1)
  if (filled >= LENGTH_AT) {
    compress()
    block.fill(0)
  }
  blockView.setUint32(LENGTH_AT, Math.floor(total / 2 ** 29))
  blockView.setUint32(LENGTH_AT + 4, (total * 8) >>> 0)
  compress()
}

function compress(): void {
  expand()
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let round = 0; round < 64; round++) {
    const sum1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)
    const choice = (e & f) ^ (~e & g)
    const constant = ROUND_CONSTANTS[round] as number
    const t1 = (h + sum1 + choice + constant + (schedule[round] as number)) | 0
    const sum0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + sum0 + majority) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}

/** The block as 16 words, and 48 more made from them. */
function expand(): void {
  for (let word = 0; word < 16; word++) schedule[word] = blockView.getInt32(word * 4)
  for (let word = 16; word < 64; word++) {
    const w15 = schedule[word - 15] as number
    const w2 = schedule[word - 2] as number
    const sigma0 = rotateRight(w15, 7) ^ rotateRight(w15, 18) ^ (w15 >>> 3)
    const sigma1 = rotateRight(w2, 17) ^ rotateRight(w2, 19) ^ (w2 >>> 10)
    schedule[word] =
      (schedule[word - 16] as number) + sigma0 + (schedule[word - 7] as number) + sigma1
  }
}

function rotateRight(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}
