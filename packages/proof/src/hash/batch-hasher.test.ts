import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { freshSeed, Prng } from '@tallystick/testkit'

import { type BatchHasher, createHasher } from './batch-hasher.ts'
import { CryptoHasher } from './crypto-hasher.ts'
import { SimdHasher, simdExists } from './simd-hasher.ts'

const SEED = freshSeed()
const BYTES = 65_536
const TARGET = 32_768
const HASHERS = [
  ['SIMD', (): BatchHasher => new SimdHasher(BYTES)],
  ['node:crypto', (): BatchHasher => new CryptoHasher(BYTES)],
] as const

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const hex = (bytes: Uint8Array): string => bytes.toHex()

test('this machine has SIMD, and then it is used', () => {
  expect(simdExists()).toBe(true)
  expect(createHasher(1)).toBeInstanceOf(SimdHasher)
})

/** FIPS 180-4, section 5.1.1. */
function pad(hasher: BatchHasher, at: number, message: Uint8Array, blocks: number): void {
  hasher.u8.fill(0, at, at + blocks * 64)
  hasher.u8.set(message, at)
  hasher.u8[at + message.length] = 0x80
  new DataView(hasher.u8.buffer, hasher.u8.byteOffset).setUint32(
    at + blocks * 64 - 4,
    message.length * 8,
  )
}

test.each(HASHERS)('%s hashes the examples of FIPS 180-4', (_, make) => {
  const hasher = make()
  pad(hasher, 3, Buffer.from('abc'), 1)
  pad(hasher, 128, Buffer.from('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'), 2)
  hasher.hashMany({ source: 3, stride: 64, blocks: 1, count: 1, target: 512 })
  hasher.hashMany({ source: 128, stride: 128, blocks: 2, count: 1, target: 544 })
  expect(hex(hasher.u8.subarray(512, 544))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
  expect(hex(hasher.u8.subarray(544, 576))).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  )
})

test.each(HASHERS)('%s hashes any number of messages as node:crypto does', (_, make) => {
  const prng = new Prng(SEED)
  const hasher = make()
  for (let run = 0; run < 300; run++) {
    const [blocks, count] = [1 + prng.below(5), prng.below(18)]
    const [source, stride] = [prng.below(70), blocks * 64 + prng.below(9)]
    const targetStride = 32 + prng.below(20)
    const target = TARGET + prng.below(5)
    const messages = Array.from({ length: count }, (_, index) => {
      // Of this many blocks exactly: between 9 and 72 bytes less.
      const length = Math.max(0, blocks * 64 - 9 - prng.below(64))
      const message = Uint8Array.from({ length }, () => prng.below(256))
      pad(hasher, source + index * stride, message, blocks)
      return message
    })
    const seen = `seed ${SEED}, run ${run}`
    const end = target + count * targetStride
    hasher.u8.fill(0xee, target, end + 200)
    hasher.hashMany({ source, stride, blocks, count, target, targetStride })
    for (const [index, message] of messages.entries()) {
      const at = target + index * targetStride
      expect([seen, hex(hasher.u8.subarray(at, at + 32))]).toEqual([seen, sha256(message)])
      expect([seen, hex(hasher.u8.subarray(at + 32, at + targetStride))]).toEqual([
        seen,
        'ee'.repeat(targetStride - 32),
      ])
    }
    expect([seen, hex(hasher.u8.subarray(end, end + 200))]).toEqual([seen, 'ee'.repeat(200)])
  }
})

test.each(HASHERS)('%s hashes nodes, also onto the place of their children', (_, make) => {
  const prng = new Prng(SEED)
  const hasher = make()
  for (let count = 0; count < 40; count++) {
    const source = prng.below(100) * 4 + 32
    for (const target of [TARGET + prng.below(9), source, source + 32, source - 32]) {
      const pairs = Uint8Array.from({ length: count * 64 }, () => prng.below(256))
      hasher.u8.set(pairs, source)
      const behind = target + count * 32
      const kept = hasher.u8.slice(behind, source + count * 64)
      hasher.hashNodes({ source, count, target })
      for (let index = 0; index < count; index++) {
        const pair = pairs.subarray(index * 64, index * 64 + 64)
        const node = hasher.u8.subarray(target + index * 32, target + index * 32 + 32)
        const seen = `seed ${SEED}, node ${index} of ${count}`
        expect([seen, hex(node)]).toEqual([seen, sha256(Buffer.concat([Uint8Array.of(1), pair]))])
      }
      expect(hasher.u8.slice(behind, behind + kept.length)).toEqual(kept)
    }
  }
})

test.each(HASHERS)('%s has the memory that was asked for, in words', (_, make) => {
  const { u8, u32 } = make()
  expect(u8.length).toBe(BYTES)
  expect(u32.length).toBe(BYTES / 4)
  u32[1] = 0x0403_0201
  expect(u8.subarray(4, 8)).toEqual(Uint8Array.of(1, 2, 3, 4))
})
