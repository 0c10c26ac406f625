import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { PIECE_BYTES, piecesToKeep, SMALL_PIECES_MAX } from './tail.ts'

test('pieces stay few, and no byte is written often', () => {
  const prng = new Prng(11)
  let pieces: { bytes: number }[] = []
  let shipped = 0
  let written = 0
  for (let round = 0; round < 20_000; round++) {
    const bytes = 200 + prng.below(20_000)
    shipped += bytes
    written += bytes
    pieces.push({ bytes })
    const kept = piecesToKeep(pieces)
    if (kept === pieces.length) continue
    const joined = pieces.slice(kept).reduce((sum, piece) => sum + piece.bytes, 0)
    expect(joined).toBeLessThanOrEqual(PIECE_BYTES)
    written += joined
    pieces = [...pieces.slice(0, kept), { bytes: joined }]
  }
  expect(pieces.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(shipped)
  expect(pieces.length).toBeLessThan(shipped / (PIECE_BYTES / 2) + SMALL_PIECES_MAX + 2)
  expect(written / shipped).toBeLessThan(8)
})
