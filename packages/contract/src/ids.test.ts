import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountIdInput, formatId, formatRequestId, parseId, parseRequestId } from './ids.ts'

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 })

test.each([
  [0n, '00000000-0000-0000-0000-000000000000'],
  [1n, '00000000-0000-0000-0000-000000000001'],
  [(1n << 128n) - 1n, 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  [0x019aa3c57d2e7c419b0e3f6a52d81c07n, '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'],
])('id %s is %s', (id, text) => {
  expect(formatId(id)).toBe(text)
  expect(parseId(text)).toBe(id)
})

test('any id comes back from its text', () => {
  fc.assert(fc.property(fc.bigInt(0n, (1n << 128n) - 1n), (id) => parseId(formatId(id)) === id))
})

test.each([
  '',
  '019AA3C5-7D2E-7C41-9B0E-3F6A52D81C07',
  '019aa3c57d2e7c419b0e3f6a52d81c07',
  ' 019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07',
  '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c0\u0667',
  '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07\n',
])('%j is no id', (text) => expect(parseId(text)).toBeUndefined())

test('request ids in known forms', () => {
  expect(formatRequestId(new Uint8Array(16))).toBe('req_00000000000000000000000000')
  expect(formatRequestId(new Uint8Array(16).fill(255))).toBe('req_7ZZZZZZZZZZZZZZZZZZZZZZZZZ')
  const one = new Uint8Array(16)
  one[15] = 1
  expect(formatRequestId(one)).toBe('req_00000000000000000000000001')
})

test('a request id is the number of its bytes in base 32', () => {
  fc.assert(
    fc.property(bytes16, (bytes) => {
      const digits = formatRequestId(bytes).slice(4)
      let number = 0n
      for (const digit of digits) {
        number = number * 32n + BigInt('0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(digit))
      }
      expect(number).toBe(bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n))
    }),
  )
})

test('any request id comes back from its text', () => {
  fc.assert(
    fc.property(bytes16, (bytes) => {
      expect(parseRequestId(formatRequestId(bytes))).toEqual(bytes)
    }),
  )
})

test.each([
  'req_8ZZZZZZZZZZZZZZZZZZZZZZZZZ',
  'req_0000000000000000000000000O',
  'req_0000000000000000000000000i',
  'req_000000000000000000000000',
  '00000000000000000000000000',
])('%s is no request id', (text) => expect(parseRequestId(text)).toBeUndefined())

test('what is hashed for an account', () => {
  expect(accountIdInput('world:EUR-2')).toBe('tallystick/account/v1\n11\nworld:EUR-2')
})
