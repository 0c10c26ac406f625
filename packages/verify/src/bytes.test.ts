import { expect, test } from 'vitest'

import { concatBytes, equalBytes, fromBase64, toBase64 } from './bytes.ts'

test('base64 has one spelling for each content', () => {
  const bytes = Uint8Array.of(0, 255, 254, 7)
  expect(toBase64(bytes)).toBe('AP/+Bw==')
  expect(fromBase64('AP/+Bw==')).toEqual(bytes)
  for (const other of ['AP/+Bw', 'AP/+Bx==', 'AP_-Bw==', 'AP/+ Bw==', '=', 'é']) {
    expect(fromBase64(other)).toBeUndefined()
  }
})

test('bytes are equal when each one is', () => {
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false)
  expect(concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3))).toEqual(
    Uint8Array.of(1, 2, 3),
  )
})
