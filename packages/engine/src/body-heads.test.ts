import { MemoryDisk } from '@tallystick/journal'
import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { account, TestClock, transfer } from '../test/fixtures.ts'
import { openLedger } from './index.ts'

/** Batches whose records have one length, two lengths, or one each. */
const LENGTHS: readonly ((index: number) => number)[] = [
  () => 0,
  (index) => (index === 7 ? 8 : 0),
  (index) => (index % 3) * 40,
  (index) => (index === 29 ? 16 : 8),
]

test('records on disk are found however often a frame is looked into, whatever their lengths', async () => {
  const disk = new MemoryDisk()
  const clock = new TestClock()
  const first = await openLedger({ directory: '/data', disk, clock })
  await first.createAccounts([account(1n), account(2n)])
  for (const [batch, length] of LENGTHS.entries()) {
    await first.createTransfers(
      Array.from({ length: batch === 0 ? 1 : 30 }, (_, index) =>
        transfer(BigInt(100 * (batch + 1) + index), 1n, {
          metadata: new Uint8Array(length(index)).fill(index),
        }),
      ),
    )
  }
  const sequences = Array.from({ length: first.lastSequence - 2 }, (_, index) => index + 3)
  const written = sequences.map((sequence) => first.reader.transferBySequence(sequence))
  await first.close()

  // Nothing of it is in memory any more.
  const { reader } = await openLedger({ directory: '/data', disk, clock })
  const prng = new Prng(1)
  for (let look = 0; look < 400; look++) {
    const index = prng.below(sequences.length)
    expect(reader.transferBySequence(sequences[index] ?? 0)).toEqual(written[index])
  }
  expect(reader.entries({ account: 1n, limit: 1_000 }).entries).toHaveLength(sequences.length)
})
