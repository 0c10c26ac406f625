/**
 * SHA-256 (FIPS 180-4) of four messages at a time, as a WebAssembly module: lane n of every vector belongs to message
 * n, so that one instruction does the same step for all four. The 64 rounds are unrolled; the eight working variables
 * and the sixteen words of the schedule are local variables that only change their names from round to round.
 */
import { assembleModule, Code, ValueType } from './assembler.ts'

/** Bytes at the beginning of the module's memory that it keeps for itself: constants, the state between blocks. */
export const RESERVED_BYTES = 1024
const K_AT = 0
const INITIAL_AT = 256
/** Eight vectors, the a … h of four messages. */
const STATE_AT = 512
/** The second blocks of four nodes: a byte of the right hash, the bit that ends every message, the length in bits. */
const NODE_ENDS_AT = 640

const COMPRESS = 0
const BEGIN = 1
const FINISH = 2

const { i32, v128 } = ValueType
const SWAP_BYTES = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]
const LOW_WORDS = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]
const HIGH_WORDS = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31]
const LOW_PAIRS = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
const HIGH_PAIRS = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31]

/** What has to lie at the beginning of the memory before a function is called. */
export function reservedBytes(): Uint8Array {
  const bytes = new Uint8Array(RESERVED_BYTES)
  const words = new Uint32Array(bytes.buffer)
  words.set(K, K_AT / 4)
  words.set(INITIAL, INITIAL_AT / 4)
  const view = new DataView(bytes.buffer)
  for (let lane = 0; lane < 4; lane++) {
    bytes[NODE_ENDS_AT + lane * 64 + 1] = 0x80
    view.setUint32(NODE_ENDS_AT + lane * 64 + 60, 65 * 8)
  }
  return bytes
}

/**
 * Exports, addresses in bytes of the imported memory:
 * `hashMany(source, stride, blocks, count, target, targetStride)` for padded messages of `blocks` × 64 bytes each;
 * `hashNodes(source, count, target)` for pairs of 32-byte hashes: SHA-256(0x01 · left · right).
 */
export function sha256Module(): Uint8Array<ArrayBuffer> {
  const functions = [
    { parameters: Array<typeof i32>(6).fill(i32), code: compress() },
    { parameters: [], code: begin() },
    { parameters: [i32, i32, i32], code: finish() },
    { exportedAs: 'hashMany', parameters: Array<typeof i32>(6).fill(i32), code: hashMany() },
    { exportedAs: 'hashNodes', parameters: [i32, i32, i32], code: hashNodes() },
  ]
  return assembleModule(functions, 1)
}

/**
 * compress(p0, p1, p2, p3, keep, put): the next block of four messages, into the state. Their first words, as
 * big-endian numbers, are taken as `word & keep | put`.
 */
function compress(): Code {
  const code = new Code(6)
  const words = vectors(code, 16)
  const rows = vectors(code, 4)
  for (let quarter = 0; quarter < 4; quarter++) {
    for (const [pointer, row] of rows.entries()) {
      code
        .get(pointer)
        .load(quarter * 16)
        .set(row)
      swapBytes(code, row).set(row)
    }
    transpose(code, rows, words.slice(quarter * 4, quarter * 4 + 4))
  }
  const first = words[0] as number
  code.get(first).get(4).splat().and().get(5).splat().or().set(first)
  rounds(code, words)
  return code
}

function rounds(code: Code, words: readonly number[]): void {
  let [a, b, c, d, e, f, g, h] = vectors(code, 8) as Eight
  const state: Eight = [a, b, c, d, e, f, g, h]
  for (const [index, local] of state.entries()) {
    code
      .constant(0)
      .load(STATE_AT + index * 16)
      .set(local)
  }
  // Majority(a, b, c) = b ^ ((a ^ b) & (b ^ c)), and this round's a ^ b is the next one's b ^ c.
  let [bc, ab] = [code.local(v128), code.local(v128)]
  code.get(b).get(c).xor().set(bc)
  for (let round = 0; round < 64; round++) {
    const at = round & 15
    if (round >= 16) extend(code, words, at)
    code.constant(0).load32Splat(K_AT + round * 4)
    code.get(words[at] as number).addLanes()
    code.get(h).addLanes()
    code.get(f).get(g).xor().get(e).and().get(g).xor().addLanes()
    rotations(code, e, [6, 11, 25]).addLanes().tee(h)
    code.get(d).addLanes().set(d)
    code.get(a).get(b).xor().tee(ab).get(bc).and().get(b).xor()
    code.get(h).addLanes()
    rotations(code, a, [2, 13, 22]).addLanes().set(h)
    ;[bc, ab] = [ab, bc]
    ;[a, b, c, d, e, f, g, h] = [h, a, b, c, d, e, f, g]
  }
  for (const [index, local] of [a, b, c, d, e, f, g, h].entries()) {
    code.constant(0)
    code.constant(0).load(STATE_AT + index * 16)
    code
      .get(local)
      .addLanes()
      .store(STATE_AT + index * 16)
  }
}

type Eight = [number, number, number, number, number, number, number, number]

/** Replaces word t − 16 of the schedule by word t; both live at `at`. */
function extend(code: Code, words: readonly number[], at: number): void {
  const word = (back: number): number => words[(at - back) & 15] as number
  code.get(word(16)).get(word(7)).addLanes()
  rotations(code, word(15), [7, 18], 3).addLanes()
  rotations(code, word(2), [17, 19], 10).addLanes().set(word(16))
}

/**
 * The exclusive or of a word turned right by each of `turns`, and shifted right by `shift`, as that is in FIPS 180-4.
 * As a flat tree: one term after the other costs 6 % of the throughput, because each waits for the one before (measured).
 */
function rotations(code: Code, word: number, turns: readonly number[], shift = 0): Code {
  for (const [index, turn] of turns.entries()) {
    code
      .get(word)
      .shiftRight(turn)
      .get(word)
      .shiftLeft(32 - turn)
      .xor()
    if (index > 0) code.xor()
  }
  return shift === 0 ? code : code.get(word).shiftRight(shift).xor()
}

/** begin(): the state of four messages of which nothing was hashed yet. */
function begin(): Code {
  const code = new Code(0)
  for (let word = 0; word < 8; word++) {
    code.constant(0)
    code.constant(0).load32Splat(INITIAL_AT + word * 4)
    code.store(STATE_AT + word * 16)
  }
  return code
}

/** finish(target, stride, count): the hashes of the first `count` of the four messages, one every `stride` bytes. */
function finish(): Code {
  const [target, stride, count] = [0, 1, 2]
  const code = new Code(3)
  const [state, rows] = [vectors(code, 4), vectors(code, 8)]
  for (let half = 0; half < 2; half++) {
    for (const [word, local] of state.entries()) {
      code
        .constant(0)
        .load(STATE_AT + half * 64 + word * 16)
        .set(local)
    }
    transpose(code, state, rows.slice(half * 4, half * 4 + 4))
  }
  for (let lane = 0; lane < 4; lane++) {
    code.get(count).constant(lane).greater()
    code.when(() => {
      for (let half = 0; half < 2; half++) {
        const row = rows[half * 4 + lane] as number
        swapBytes(code.get(target), row).store(half * 16)
      }
      code.get(target).get(stride).add().set(target)
    })
  }
  return code
}

function hashMany(): Code {
  const [source, stride, blocks, count, target, targetStride] = [0, 1, 2, 3, 4, 5]
  const code = new Code(6)
  const pointers = Array.from({ length: 4 }, () => code.local(i32))
  const left = code.local(i32)
  return code.repeatWhile(() => {
    pointToFour(code, pointers, { source, count, stride: () => code.get(stride) })
    code.call(BEGIN).get(blocks).set(left)
    code.repeatWhile(() => {
      for (const pointer of pointers) code.get(pointer)
      code.constant(-1).constant(0).call(COMPRESS)
      for (const pointer of pointers) code.get(pointer).constant(64).add().set(pointer)
      code.get(left).constant(1).subtract().tee(left)
    })
    code.get(target).get(targetStride).get(count).call(FINISH)
    for (let lane = 0; lane < 4; lane++) {
      code.get(source).get(stride).add().set(source)
      code.get(target).get(targetStride).add().set(target)
    }
    nextFour(code, count)
  })
}

function hashNodes(): Code {
  const [source, count, target] = [0, 1, 2]
  const code = new Code(3)
  const pointers = Array.from({ length: 4 }, () => code.local(i32))
  return code.repeatWhile(() => {
    pointToFour(code, pointers, { source, count, stride: () => code.constant(64) })
    code.call(BEGIN)
    // The block begins a byte before the pair; that byte, whatever it is, counts as 0x01.
    for (const pointer of pointers) code.get(pointer).constant(1).subtract()
    code.constant(0x00ff_ffff).constant(0x0100_0000).call(COMPRESS)
    // A second block written to memory is faster than a copy of the rounds that knows its zeros (measured).
    for (const [lane, pointer] of pointers.entries()) {
      code
        .constant(0)
        .get(pointer)
        .load8(63)
        .store8(NODE_ENDS_AT + lane * 64)
    }
    for (let lane = 0; lane < 4; lane++) code.constant(NODE_ENDS_AT + lane * 64)
    code.constant(-1).constant(0).call(COMPRESS)
    code.get(target).constant(32).get(count).call(FINISH)
    code.get(source).constant(256).add().set(source)
    code.get(target).constant(128).add().set(target)
    nextFour(code, count)
  })
}

/** Where there are fewer than four messages left, the spare lanes hash the first one again. */
function pointToFour(
  code: Code,
  pointers: readonly number[],
  { source, count, stride }: { source: number; count: number; stride: () => Code },
): void {
  for (const [lane, pointer] of pointers.entries()) {
    code.get(source)
    for (let step = 0; step < lane; step++) stride().add()
    code.get(source).get(count).constant(lane).greater().select().set(pointer)
  }
}

/** Leaves on the stack whether any are left. */
function nextFour(code: Code, count: number): void {
  code.get(count).constant(4).subtract().constant(0)
  code.get(count).constant(4).greater().select().tee(count)
}

function vectors(code: Code, count: number): number[] {
  return Array.from({ length: count }, () => code.local(v128))
}

/** Leaves the vector with the bytes of each word turned round on the stack. */
function swapBytes(code: Code, vector: number): Code {
  return code.get(vector).get(vector).shuffle(SWAP_BYTES)
}

/** Word n of the four rows to `columns[n]`. The rows are overwritten. */
function transpose(code: Code, rows: readonly number[], columns: readonly number[]): void {
  const [r0, r1, r2, r3] = rows as Eight
  const [c0, c1, c2, c3] = columns as Eight
  code.get(r0).get(r1).shuffle(LOW_WORDS).set(c0)
  code.get(r0).get(r1).shuffle(HIGH_WORDS).set(c2)
  code.get(r2).get(r3).shuffle(LOW_WORDS).set(c1)
  code.get(r2).get(r3).shuffle(HIGH_WORDS).set(c3)
  code.get(c0).get(c1).shuffle(LOW_PAIRS).set(r0)
  code.get(c0).get(c1).shuffle(HIGH_PAIRS).set(c1)
  code.get(r0).set(c0)
  code.get(c2).get(c3).shuffle(LOW_PAIRS).set(r0)
  code.get(c2).get(c3).shuffle(HIGH_PAIRS).set(c3)
  code.get(r0).set(c2)
}

/** FIPS 180-4, section 5.3.3. */
const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]

/** FIPS 180-4, section 4.2.2. */
const K = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]
