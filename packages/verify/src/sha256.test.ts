import { Prng } from '@tallystick/testkit'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'

import { sha256 } from './sha256.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each([
  // FIPS 180-2, B.1 and B.2; the empty message, and a message of 896 bits, from NIST's example values.
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [
    'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
  ],
])("NIST's hash of %j", (message, digest) => {
  expect(sha256(ascii(message)).toHex()).toBe(digest)
})

test("NIST's hash of a million letters a", () => {
  expect(sha256(ascii('a'.repeat(1_000_000))).toHex()).toBe(
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  )
})

test('every length up to four blocks gives the hash that Node gives', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => (index * 151 + 7) & 255)
  for (let length = 0; length <= bytes.length; length++) {
    const message = bytes.subarray(0, length)
    expect(sha256(message).toHex()).toBe(createHash('sha256').update(message).digest('hex'))
  }
})

test.each([1, 2, 3])(
  'parts are hashed as if they were joined, wherever they are cut (seed %i)',
  (seed) => {
    const random = new Prng(seed)
    for (let round = 0; round < 200; round++) {
      const parts = Array.from({ length: random.below(6) }, () =>
        Uint8Array.from({ length: random.below(150) }, () => random.below(256)),
      )
      const whole = createHash('sha256')
      for (const part of parts) whole.update(part)
      expect(sha256(...parts).toHex()).toBe(whole.digest('hex'))
    }
  },
)

test('a hash is not changed by the next one', () => {
  const first = sha256(ascii('abc'))
  const kept = first.toHex()
  sha256(ascii('other'))
  expect(first.toHex()).toBe(kept)
})
