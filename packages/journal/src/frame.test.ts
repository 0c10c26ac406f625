import fc from 'fast-check'
import { expect, test } from 'vitest'

import { bodyOf } from '../test/fixture.ts'
import { brokenBlock, headerHolds, readFrameHeader, sealFrame } from './frame.ts'
import { align8, bodyBytesMax, FRAME_HEADER_BYTES, frameBytes } from './limits.ts'
import { viewOf } from './words.ts'

const SEAL = { firstSequence: 2 ** 40 + 7, count: 3, chain: 0xdead_beef, durable: 2 ** 40 + 2 }

function sealed(bodyBytes: number): Buffer {
  const bytes = Buffer.alloc(frameBytes(bodyBytes), 0xff)
  bodyOf(1, bodyBytes).copy(bytes, FRAME_HEADER_BYTES)
  sealFrame(bytes, viewOf(bytes), { ...SEAL, bodyBytes })
  return bytes
}

function isWhole(frame: Buffer, bodyBytes: number): boolean {
  const body = frame.subarray(FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + align8(bodyBytes))
  const table = frame.subarray(FRAME_HEADER_BYTES + body.length)
  return headerHolds(frame.subarray(0, FRAME_HEADER_BYTES), table) && brokenBlock(body, table) < 0
}

test('a header says what was sealed', () => {
  expect(readFrameHeader(viewOf(sealed(5_001)), 0)).toEqual({
    ...SEAL,
    bodyBytes: 5_001,
    magic: 0x31_46_4c_54,
    checksum: expect.any(Number),
    flags: 0,
  })
})

test.each([0, 1, 7, 8, 4_095, 4_096, 4_097, 8_192, 12_289])(
  'a body of %i bytes is whole',
  (length) => {
    expect(isWhole(sealed(length), length)).toBe(true)
  },
)

test('every flipped bit of a frame is found', () => {
  const frame = sealed(4_500)
  fc.assert(
    fc.property(fc.nat(frame.length * 8 - 1), (bit) => {
      const flipped = Buffer.from(frame)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      return !isWhole(flipped, 4_500)
    }),
    { numRuns: 2_000 },
  )
})

test('the layout is the one that was decided', () => {
  const bytes = Buffer.alloc(64)
  bytes.write('12345678', FRAME_HEADER_BYTES)
  const seal = { firstSequence: 5, count: 2, bodyBytes: 8, chain: 9, durable: 4 }
  sealFrame(bytes, viewOf(bytes), seal)
  expect(bytes.toString('latin1', 0, 4)).toBe('TLF1')
  const words = ['0900000008000000', '0500000000000000', '0200000000000000', '0400000000000000']
  expect(bytes.subarray(8, 48).toString('hex')).toBe(`${words.join('')}${'0'.repeat(16)}`)
  // CRC-32 of "12345678" is 0x9ae0daaf.
  expect(bytes.subarray(56, 64).toString('hex')).toBe('afdae09a00000000')
})

test('a frame of the longest body fits its group exactly or almost', () => {
  fc.assert(
    fc.property(fc.integer({ min: 512, max: 1 << 24 }), (groupBytes) => {
      const longest = bodyBytesMax(groupBytes)
      expect(frameBytes(longest)).toBeLessThanOrEqual(groupBytes)
      expect(frameBytes(longest + 32)).toBeGreaterThan(groupBytes)
    }),
  )
})
