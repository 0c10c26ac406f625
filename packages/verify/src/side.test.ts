import { expect, test } from 'vitest'

import { EUR, pack, packLeaf, packSide } from './event.fixture.ts'
import { decodeLeaf } from './leaf.ts'
import { decodeSide } from './side.ts'

const moved = decodeLeaf(packLeaf({}))
const refused = decodeLeaf(packLeaf({ status: 62 }))
const ACCOUNT = 0x0f0e0d0c0b0a09080706050403020100n

test('a narrow side has 104 bytes, so that it fills two blocks', () => {
  const links = [3n, 2n, 1n] as const
  const balances = [4n, 5n, 6n, 7n] as const
  const bytes = packSide({ amount: 1_234n, account: ACCOUNT, salt: 9, links, balances })
  expect(bytes).toHaveLength(104)
  expect(bytes.subarray(32, 48).toHex()).toBe('000102030405060708090a0b0c0d0e0f')
  expect(decodeSide('debit', bytes, moved)).toEqual({
    asset: EUR,
    amount: 1_234n,
    account: ACCOUNT,
    entry: {
      number: 3n,
      previous: 2n,
      jump: 1n,
      debitsPending: 4n,
      debitsPosted: 5n,
      creditsPending: 6n,
      creditsPosted: 7n,
    },
  })
})

test('a wide side has the upper limbs behind the lower ones', () => {
  const big = (2n << 64n) | 1n
  const balances = [big + 1n, big + 2n, big + 3n, 0n] as const
  const bytes = packSide({ amount: big, account: ACCOUNT, salt: 9, balances }, true)
  expect(bytes).toHaveLength(144)
  expect(decodeSide('credit', bytes, moved)).toMatchObject({
    amount: big,
    entry: {
      debitsPending: big + 1n,
      debitsPosted: big + 2n,
      creditsPending: big + 3n,
      creditsPosted: 0n,
    },
  })
})

test('the side of a refused transfer says what was asked, and no balance', () => {
  const bytes = pack('TLX1', [EUR, 4], [5n << 64n, 16], new Uint8Array(16), [ACCOUNT, 16])
  expect(bytes).toHaveLength(56)
  expect(decodeSide('debit', bytes, refused)).toEqual({
    asset: EUR,
    amount: 5n << 64n,
    account: ACCOUNT,
  })
})

test('a side of another form, or of another length, is refused', () => {
  const bytes = packSide({ amount: 1n, account: ACCOUNT, salt: 9 })
  expect(() => decodeSide('debit', bytes, refused)).toThrow(
    'The debit side does not begin with TLX1',
  )
  expect(() => decodeSide('credit', bytes.with(2, 0x58), moved)).toThrow(
    'The credit side does not begin with TLN1 or TLW1',
  )
  expect(() => decodeSide('debit', bytes.subarray(0, 103), moved)).toThrow('ends after 103 bytes')
  expect(() => decodeSide('debit', pack(bytes, [0, 1]), moved)).toThrow('has 1 bytes more')
})
