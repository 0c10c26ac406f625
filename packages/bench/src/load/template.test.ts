import { expect, test } from 'vitest'
import { hole, putDecimal, putHex, putUuid, Template } from './template.ts'

test('holes are where their characters are missing, and the body has its length', () => {
  const template = new Template(['POST / HTTP/1.1', `key: ${hole(2)}`], `{"a":"${hole(3)}"}`)
  const bytes = template.next()
  const [key = 0, a = 0] = template.holes
  putDecimal(bytes, key, 2, 7)
  putDecimal(bytes, a, 3, 120)
  expect(bytes.toString()).toBe(
    'POST / HTTP/1.1\r\nkey: 07\r\ncontent-length: 11\r\n\r\n{"a":"120"}',
  )
})

test('two copies take turns, and a request without a body has no length', () => {
  const template = new Template(['GET / HTTP/1.1'], '')
  const [first, second, third] = [template.next(), template.next(), template.next()]
  expect(first).not.toBe(second)
  expect(first).toBe(third)
  expect(first.toString()).toBe('GET / HTTP/1.1\r\n\r\n')
})

test('words become hexadecimal digits and UUIDs', () => {
  const bytes = Buffer.alloc(36)
  putHex(bytes, 0, 0xfedcba90)
  expect(bytes.toString('latin1', 0, 8)).toBe('fedcba90')
  putUuid(bytes, 0, Uint32Array.of(0x0c0d0e0f, 0x89abcdef, 0x45677123, 0x019aa3c5))
  expect(bytes.toString()).toBe('019aa3c5-4567-7123-89ab-cdef0c0d0e0f')
})
