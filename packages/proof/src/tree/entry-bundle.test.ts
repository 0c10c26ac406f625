import { expect, test } from 'vitest'

import { encodeEntryBundle } from './entry-bundle.ts'

test('a bundle has each leaf behind its length, big-endian', () => {
  const long = new Uint8Array(258).fill(7)
  expect(encodeEntryBundle([Uint8Array.of(1, 2), new Uint8Array(), long])).toEqual(
    Uint8Array.of(0, 2, 1, 2, 0, 0, 1, 2, ...long),
  )
  expect(encodeEntryBundle([])).toEqual(new Uint8Array())
  expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow(RangeError)
})
