import { expect, test } from 'vitest'

import { decodeContent, decodeFacts } from './content.ts'
import { EUR, type Field, pack, packContent, packLeaf, packOther, ZEROS } from './event.fixture.ts'
import { decodeLeaf } from './leaf.ts'

const moved = decodeLeaf(packLeaf({}))
const refused = decodeLeaf(packLeaf({ status: 62 }))
const leafOf = (kind: number) => decodeLeaf(packLeaf({ kind, debit: ZEROS, credit: ZEROS }))
const hash = new Uint8Array(32).fill(8)

test('the content of a plain transfer has 28 bytes, so that it fills one block', () => {
  const bytes = packContent('TLC1', { flags: 2, code: 7, id: 5n })
  expect(bytes).toHaveLength(28)
  expect(decodeContent(bytes, moved)).toEqual({ sort: 'moved', flags: 2, code: 7, id: 5n })
})

test('the sections of a moved transfer follow in the order of their bits', () => {
  const sections: Field[] = [
    [9, 16],
    [8, 8],
    [7, 16],
    [6, 16],
    [60, 4],
    [0, 4],
    [5, 8],
    [4, 16],
    hash,
  ]
  const form = 0b1001_1110 | (0b1_1111 << 8)
  const bytes = packContent('TLC1', { form, metadataLength: 12, id: 1n, sections })
  expect(decodeContent(bytes, moved)).toEqual({
    sort: 'moved',
    flags: 0,
    code: 7,
    id: 1n,
    pending: { id: 9n, sequence: 8n, captured: 7n, remaining: 6n },
    timeout: 60,
    effectiveAt: 5n,
    requested: 4n,
    metadataLength: 12,
    metadataHash: hash,
  })
})

test('the sections of a refused transfer follow in the order of their bits', () => {
  const sections: Field[] = [[9, 16], [60, 4], [0, 4], [5, 8], [3, 8], hash, hash]
  const bytes = packContent('TLR1', { form: 0b1110_1110, metadataLength: 1, id: 1n, sections })
  expect(decodeContent(bytes, refused)).toEqual({
    sort: 'refused',
    flags: 0,
    code: 7,
    id: 1n,
    pendingId: 9n,
    timeout: 60,
    effectiveAt: 5n,
    seen: 3n,
    factsHash: hash,
    metadataLength: 1,
    metadataHash: hash,
  })
})

test.each<[string, number, Field[], object]>([
  [
    'account',
    3,
    [[1, 16], [2, 16], [3, 16], [4, 8], [5, 4], 'a:b:c', hash],
    { of: 'account', parent: 1n, limit: 2n, subtreeLimit: 3n, seen: 4n, address: 'a:b:c' },
  ],
  [
    'limit',
    4,
    [
      [3, 4],
      [1, 16],
      [2, 16],
      [3, 16],
      [4, 16],
    ],
    { of: 'limit', form: 3, limit: 1n, subtreeLimit: 2n, limitBefore: 3n, subtreeLimitBefore: 4n },
  ],
  ['metadata', 5, [hash], { of: 'metadata' }],
  ['close', 6, [], { of: 'closure' }],
  ['reopen', 7, [], { of: 'closure' }],
  ['asset', 8, [hash], { of: 'asset' }],
  [
    'books',
    9,
    [
      [1, 8],
      [2, 8],
    ],
    { of: 'books', until: 1n, untilBefore: 2n },
  ],
  ['control', 32, [hash], { of: 'control' }],
])('the content of %s', (_, kind, fields, expected) => {
  const bytes = packOther(77n, fields)
  const content = decodeContent(bytes, leafOf(kind))
  expect(content).toMatchObject({
    sort: 'other',
    flags: 2,
    code: 7,
    asset: EUR,
    id: 77n,
    account: 77n,
    fields: expected,
  })
  expect(content.metadataHash).toEqual([3, 5, 8, 32].includes(kind) ? hash : undefined)
  expect(() => decodeContent(bytes.subarray(0, -1), leafOf(kind))).toThrow('The content ends after')
  expect(() => decodeContent(pack(bytes, [0, 1]), leafOf(kind))).toThrow('has 1 bytes more')
})

test.each<[string, Uint8Array, typeof moved]>([
  ['has the form 1, of which a bit', packContent('TLC1', { form: 1 }), moved],
  ['has the form 32, of which a bit', packContent('TLC1', { form: 32 }), moved],
  ['has the form 256, of which a bit', packContent('TLR1', { form: 256 }), refused],
  ['has metadata of 3 bytes', packContent('TLC1', { metadataLength: 3 }), moved],
  ['has metadata of 0 bytes', packContent('TLC1', { form: 128, sections: [hash] }), moved],
  ['has something else than zeros', packContent('TLC1', { form: 4, sections: [[-1, 8]] }), moved],
  ['does not begin with TLR1', packContent('TLC1', {}), refused],
  ['does not begin with TLC1', packContent('TLR1', {}), moved],
  ['does not begin with TLO1', packContent('TLC1', {}), leafOf(6)],
  ['ends after 28 bytes', packContent('TLC1', { form: 16 }), moved],
])('a content that %s is refused', (problem, bytes, leaf) => {
  expect(() => decodeContent(bytes, leaf)).toThrow(`The content ${problem}`)
})

test('an address that is not ASCII is refused', () => {
  const fields: Field[] = [[0, 16], [0, 16], [0, 16], [0, 8], [2, 4], 'é', hash]
  expect(() => decodeContent(packOther(1n, fields), leafOf(3))).toThrow('not ASCII')
})

test('what a limit said', () => {
  const bytes = pack('TLF1', new Uint8Array(16), [1, 16], [2, 16], [3, 16], [4, 16])
  expect(bytes).toHaveLength(84)
  expect(decodeFacts(bytes)).toEqual({ account: 1n, needed: 2n, available: 3n, limit: 4n })
  expect(() => decodeFacts(bytes.subarray(1))).toThrow('What the limit said does not begin')
})
