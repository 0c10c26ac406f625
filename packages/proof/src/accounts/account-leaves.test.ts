import { freshSeed, Prng } from '@tallystick/testkit'
import { hash } from 'node:crypto'
import { expect, test } from 'vitest'

import { accountState, AccountLeaves, type RowLayout } from './account-leaves.ts'

const LAYOUT: RowLayout = {
  rowWords: 64,
  id: 0,
  asset: 6,
  balances: 8,
  entryCount: 28,
  newest: 30,
}
const FRAME_SALT = Uint8Array.from({ length: 32 }, (_, index) => index * 7)

/** The definition, word for word. */
function leafOf(row: Uint32Array): { id: bigint; hash: string } {
  const bytes = Buffer.from(row.buffer, row.byteOffset, 256)
  const id = bytes.subarray(0, 16)
  const salt = digest(Buffer.from('TLS2'), FRAME_SALT, id).subarray(0, 16)
  const state = digest(
    Buffer.from('TLM1'),
    bytes.subarray(24, 28),
    bytes.subarray(112, 120),
    salt,
    bytes.subarray(120, 128),
    bytes.subarray(32, 96),
  )
  return {
    id: (id.readBigUInt64LE(8) << 64n) | id.readBigUInt64LE(0),
    hash: digest(Buffer.of(0), Buffer.from('TLB1'), id, state).toString('hex'),
  }
}

const digest = (...parts: Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer')

test('the leaves of any accounts are those of the definition, in order of id', () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  for (const accounts of [0, 1, 3, 4, 255, 256, 257, 1_000]) {
    const rows = new Uint32Array(accounts * 64).map(() => prng.u32())
    // Ids that differ in one word alone, in each.
    for (let n = 1; n < accounts; n += 5) rows.copyWithin(n * 64, (n - 1) * 64, (n - 1) * 64 + 4)
    for (let n = 1; n < accounts; n += 5) rows[n * 64 + (n % 4)] = prng.u32()
    const leaves = new AccountLeaves(LAYOUT, FRAME_SALT, accounts)
    for (let from = 0; from < accounts; from += 300) {
      const count = Math.min(300, accounts - from)
      leaves.add(rows.subarray(from * 64, (from + count) * 64), count)
    }
    const expected = Array.from({ length: accounts }, (_, n) =>
      leafOf(rows.subarray(n * 64, n * 64 + 64)),
    ).sort((a, b) => (a.id < b.id ? -1 : 1))
    const { ids, hashes } = leaves.sorted()
    const view = new DataView(ids.buffer)
    const actual = expected.map((_, n) => ({
      id: (view.getBigUint64(n * 16 + 8, true) << 64n) | view.getBigUint64(n * 16, true),
      hash: Buffer.from(hashes.subarray(n * 32, n * 32 + 32)).toString('hex'),
    }))
    expect(actual, `TALLY_SEED=${seed}`).toEqual(expected)
    expect([ids.length, hashes.length]).toEqual([accounts * 16, accounts * 32])
  }
})

test('a state that is shown is the one that was hashed', () => {
  const row = new Uint32Array(64).fill(0)
  const words = new DataView(row.buffer)
  words.setUint32(24, 978, true)
  words.setBigUint64(112, 5n, true)
  words.setBigUint64(120, 77n, true)
  words.setBigUint64(40, 1n, true)
  words.setBigUint64(48, 2n, true)
  words.setBigUint64(88, 9n, true)
  const salt = digest(Buffer.from('TLS2'), FRAME_SALT, Buffer.alloc(16)).subarray(0, 16)
  const preimage = accountState(salt, {
    ...{ asset: 978, entryCount: 5n, newest: 77n },
    balances: [1n << 64n, 2n, 0n, 9n << 64n],
  })
  const leaf = digest(Buffer.of(0), Buffer.from('TLB1'), Buffer.alloc(16), digest(preimage))
  expect(leaf.toString('hex')).toBe(leafOf(row).hash)
})
