import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { MalformedEvent } from './byte-reader.ts'
import { type LeafParts, packLeaf, START, ZEROS } from './event.fixture.ts'
import { decodeLeaf, LEAF_SIZE } from './leaf.ts'

test('a leaf is read field by field', () => {
  const leaf = packLeaf({
    status: 62,
    rules: 258,
    shard: 3,
    sequence: 0x0102030405060708n,
    timestamp: START,
  })
  expect(leaf).toHaveLength(LEAF_SIZE)
  expect(decodeLeaf(leaf)).toEqual({
    kind: 1,
    status: 62,
    rules: 258,
    shard: 3,
    sequence: 0x0102030405060708n,
    timestamp: START,
    requestId: new Uint8Array(16).fill(1),
    requestDigest: new Uint8Array(32).fill(2),
    content: new Uint8Array(32).fill(3),
    debit: new Uint8Array(32).fill(4),
    credit: new Uint8Array(32).fill(5),
  })
})

test('the bytes of a leaf lie where the decision draws them', () => {
  const leaf = packLeaf({ sequence: 7n })
  const at = (from: number, to: number) => leaf.subarray(from, to).toHex()
  expect(at(0, 12)).toBe('544c45310100010000000000')
  expect(at(12, 20)).toBe('0700000000000000')
  expect(at(28, 44)).toBe('01'.repeat(16))
  expect(at(44, 76)).toBe('02'.repeat(32))
  expect(at(76, 108)).toBe('03'.repeat(32))
  expect(at(108, 140)).toBe('04'.repeat(32))
  expect(at(140, 172)).toBe('05'.repeat(32))
})

const release = { kind: 2, requestId: new Uint8Array(16), requestDigest: ZEROS }
const sideless = { debit: ZEROS, credit: ZEROS }

test.each<[string, LeafParts]>([
  ['a transfer', {}],
  ['a release', release],
  ['an opening of an account', { kind: 3, ...sideless }],
  ['a closing of books', { kind: 9, ...sideless }],
  ['a control event', { kind: 63, ...sideless }],
])('%s can be a leaf', (_, parts) => {
  expect(decodeLeaf(packLeaf(parts)).kind).toBe(parts.kind ?? 1)
})

test.each<[string, LeafParts]>([
  ['is of kind 0, which is reserved', { kind: 0 }],
  ['is of kind 10, which is reserved', { kind: 10, ...sideless }],
  ['is of kind 31, which is reserved', { kind: 31, ...sideless }],
  ['is of kind 64, which is reserved', { kind: 64, ...sideless }],
  ['has no version of the rules', { rules: 0 }],
  ['has the sequence 0, but sequences begin at 1', { sequence: 0n, timestamp: 1n }],
  ['has no content', { content: ZEROS }],
  ['is of a transfer, but without both sides', { debit: ZEROS }],
  ['is of a transfer, but without both sides', { credit: ZEROS }],
  ['is of kind 3, but has a side', { kind: 3, debit: ZEROS }],
  ['is a release with the status 4', { ...release, status: 4 }],
  [
    'is a release, which nobody requests, but has a request',
    { ...release, requestDigest: new Uint8Array(32).fill(1) },
  ],
])('a leaf that %s is refused', (problem, parts) => {
  expect(() => decodeLeaf(packLeaf(parts))).toThrow(new MalformedEvent(`The leaf ${problem}`))
})

test('a leaf has 172 bytes, neither fewer nor more, and begins with its form', () => {
  const leaf = packLeaf({})
  expect(() => decodeLeaf(leaf.subarray(0, 171))).toThrow('The leaf ends after 171 bytes')
  expect(() => decodeLeaf(new Uint8Array([...leaf, 0]))).toThrow('The leaf has 1 bytes more')
  expect(() => decodeLeaf(new Uint8Array())).toThrow('The leaf does not begin with TLE1')
  expect(() => decodeLeaf(leaf.with(3, 0x32))).toThrow('The leaf does not begin with TLE1')
})

test.each([1, 2, 3])('any bytes are a leaf or a problem, nothing else (seed %i)', (seed) => {
  const random = new Prng(seed)
  const outcomes = new Set<string>()
  for (let round = 0; round < 2_000; round++) {
    const leaf = packLeaf({})
    for (let times = random.below(4); times >= 0; times--) {
      leaf[random.below(leaf.length)] = random.below(256)
    }
    try {
      decodeLeaf(random.once(8) ? leaf.subarray(random.below(leaf.length)) : leaf)
      outcomes.add('read')
    } catch (error) {
      outcomes.add(error instanceof MalformedEvent ? 'refused' : String(error))
    }
  }
  expect([...outcomes].sort()).toEqual(['read', 'refused'])
})
