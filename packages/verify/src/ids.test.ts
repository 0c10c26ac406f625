import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'

import { accountIdOf, formatId, formatRequestId } from './ids.ts'

test.each([
  [0n, '00000000-0000-0000-0000-000000000000'],
  [1n, '00000000-0000-0000-0000-000000000001'],
  [0x019aa3c57d2e7c419b0e3f6a52d81c07n, '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'],
])('id %s is %s', (id, text) => expect(formatId(id)).toBe(text))

test('request ids in known forms', () => {
  expect(formatRequestId(new Uint8Array(16))).toBe('req_00000000000000000000000000')
  expect(formatRequestId(new Uint8Array(16).fill(255))).toBe('req_7ZZZZZZZZZZZZZZZZZZZZZZZZZ')
  expect(formatRequestId(new Uint8Array(16).with(15, 33))).toBe('req_00000000000000000000000011')
})

test('an account id is the first 16 bytes of a hash, the lowest first', () => {
  const digest = createHash('sha256').update('tallystick/account/v1\n11\nworld:EUR-2').digest()
  const expected = digest.readBigUInt64LE(0) | (digest.readBigUInt64LE(8) << 64n)
  expect(accountIdOf('world:EUR-2')).toBe(expected)
})
