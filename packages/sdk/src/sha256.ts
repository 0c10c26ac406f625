/**
 * SHA-256 (FIPS 180-4) of short texts. `crypto.subtle` would be asynchronous, and browsers keep it from pages without TLS;
 * a packed batch needs thousands of these at once.
 */

const ROUNDS = 64
const K = new Uint32Array(ROUNDS)
const START = new Uint32Array(8)
fillConstants()

/** Fractional parts of the cube roots and square roots of the first primes. */
function fillConstants(): void {
  let prime = 2
  for (let index = 0; index < ROUNDS; prime++) {
    if (!isPrime(prime)) continue
    K[index] = fraction(Math.cbrt(prime))
    if (index < 8) START[index] = fraction(Math.sqrt(prime))
    index++
  }
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++)
    if (value % divisor === 0) return false
  return true
}

function fraction(value: number): number {
  return ((value - Math.floor(value)) * 2 ** 32) >>> 0
}

/** @returns 32 bytes. */
export function sha256(message: Uint8Array): Uint8Array {
  const length = ((message.length + 8) >>> 6) * 64 + 64
  const padded = new Uint8Array(length)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(length - 8, Math.floor(message.length / 2 ** 29))
  view.setUint32(length - 4, message.length << 3)
  const state = START.slice()
  const words = new Uint32Array(ROUNDS)
  for (let at = 0; at < length; at += 64) compress(state, words, view, at)
  const digest = new DataView(new ArrayBuffer(32))
  state.forEach((word, index) => digest.setUint32(index * 4, word))
  return new Uint8Array(digest.buffer)
}

function compress(state: Uint32Array, words: Uint32Array, view: DataView, at: number): void {
  const word = (index: number): number => words[index] ?? 0
  for (let t = 0; t < 16; t++) words[t] = view.getUint32(at + t * 4)
  for (let t = 16; t < ROUNDS; t++) {
    const a = word(t - 15)
    const b = word(t - 2)
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
    words[t] = word(t - 16) + s0 + word(t - 7) + s1
  }
  let [a, b, c, d, e, f, g, h] = [...state] as Eight
  for (let t = 0; t < ROUNDS; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[t] ?? 0) + word(t)) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  const added: Eight = [a, b, c, d, e, f, g, h]
  added.forEach((value, index) => (state[index] = (state[index] ?? 0) + value))
}

type Eight = [number, number, number, number, number, number, number, number]

function rotate(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits))
}
