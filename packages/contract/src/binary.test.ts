import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packBatchAnswer, unpackBatchAnswer } from './binary-answer.ts'
import { MalformedBatch, packBatch, readBatchHeader, unpackBatch } from './binary.ts'
import { ALL_ONES, type PackedCommand, PackedOperation } from './packed-command.ts'

const TRANSFER: PackedCommand = {
  operation: PackedOperation.createTransfer,
  id: 0x0102030405060708090a0b0c0d0e0f10n,
  debitAccountId: 2n,
  creditAccountId: 1n << 64n,
  amount: 2500n,
  pendingId: 3n,
  effectiveAt: 4n,
  timeout: 5,
  asset: 978,
  code: 10,
  flags: 0x102,
  metadata: new TextEncoder().encode('{"a":1}'),
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const zeros = (count: number): string => '00'.repeat(count)

test('a packed transfer, byte by byte', () => {
  const hex = hexOf(packBatch([TRANSFER], { atomic: true }))
  expect(hex).toBe(
    [
      `${hexOf(Buffer.from('TSB1'))}010000000800000001000000${zeros(16)}`,
      '100f0e0d0c0b0a090807060504030201',
      `02${zeros(15)}`,
      `${zeros(8)}01${zeros(7)}`,
      `c409${zeros(14)}`,
      `03${zeros(15)}`,
      `04${zeros(7)}05000000d2030000`,
      `0a000201010000000000000007000000`,
      zeros(16),
      `${hexOf(Buffer.from('{"a":1}'))}00`,
    ].join(''),
  )
})

test('a packed account has its address after nothing, its metadata after that', () => {
  const account: PackedCommand = {
    operation: PackedOperation.createAccount,
    id: 7n,
    address: 'users:1042',
    parent: 8n,
    limit: 9n,
    subtreeLimit: ALL_ONES,
    asset: 978,
    code: 100,
    flags: 2,
    metadata: new Uint8Array([1, 2, 3]),
  }
  const hex = hexOf(packBatch([account], { atomic: false }).subarray(32))
  expect(hex).toBe(
    [
      `07${zeros(15)}`,
      `08${zeros(15)}`,
      zeros(16),
      `09${zeros(15)}`,
      'ff'.repeat(16),
      `${zeros(12)}d2030000`,
      `64000200030000001000000003000000`,
      `000000000a000000${zeros(8)}`,
      `${hexOf(Buffer.from('users:1042'))}${zeros(6)}`,
      `010203${zeros(5)}`,
    ].join(''),
  )
})

const u128 = fc.bigInt(0n, (1n << 128n) - 1n)
const u64 = fc.bigInt(0n, (1n << 64n) - 1n)
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const u16 = fc.integer({ min: 0, max: 0xffff })
const bytes = fc.uint8Array({ maxLength: 40 })
const word = fc.stringMatching(/^[!-~]{0,24}$/)
const maybe = fc.option(u128, { nil: undefined })

const command: fc.Arbitrary<PackedCommand> = fc.oneof(
  fc.record({
    operation: fc.constant(PackedOperation.createTransfer),
    id: u128,
    debitAccountId: u128,
    creditAccountId: u128,
    amount: u128,
    pendingId: u128,
    effectiveAt: u64,
    timeout: u32,
    asset: u32,
    code: u16,
    flags: u16,
    metadata: bytes,
  }),
  fc.record({
    operation: fc.constant(PackedOperation.createAccount),
    id: u128,
    address: word,
    parent: u128,
    limit: u128,
    subtreeLimit: u128,
    asset: u32,
    code: u16,
    flags: u16,
    metadata: bytes,
  }),
  fc.record({
    operation: fc.constant(PackedOperation.changeLimit),
    id: u128,
    flags: u16,
    limit: maybe,
    subtreeLimit: maybe,
  }),
  fc.record({
    operation: fc.constant(PackedOperation.changeMetadata),
    id: u128,
    flags: u16,
    metadata: bytes,
  }),
  fc.record({
    operation: fc.constantFrom(PackedOperation.closeAccount, PackedOperation.reopenAccount),
    id: u128,
    flags: u16,
  }),
  fc.record({
    operation: fc.constant(PackedOperation.registerAsset),
    asset: u32,
    flags: u16,
    name: word,
  }),
  fc.record({
    operation: fc.constant(PackedOperation.closeBooks),
    id: u128,
    asset: u32,
    flags: u16,
    until: u64,
  }),
)

test('any commands come back from their packed form', () => {
  const batch = fc.array(command, { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(batch, fc.boolean(), (commands, atomic) => {
      expect(unpackBatch(packBatch(commands, { atomic }))).toEqual({ atomic, commands })
    }),
  )
})

test('arbitrary bytes are read or refused, never anything else', () => {
  const good = packBatch([TRANSFER, TRANSFER], { atomic: false })
  const change = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), fc.nat(good.length), (changes, length) => {
      const bytes = good.slice(0, length)
      for (const [at, value] of changes) if (at < length) bytes[at] = value
      expect(outcomeOf(() => unpackBatch(bytes))).toMatch(/^(read|MalformedBatch)$/)
      expect(outcomeOf(() => unpackBatchAnswer(bytes))).toMatch(/^(read|MalformedBatch)$/)
    }),
  )
})

function outcomeOf(read: () => unknown): string {
  try {
    read()
    return 'read'
  } catch (error) {
    return error instanceof Error ? error.name : 'thrown'
  }
}

test.each<[string, Partial<typeof TRANSFER>]>([
  ['an amount below 0', { amount: -1n }],
  ['an amount above 2^128 − 1', { amount: 1n << 128n }],
  ['a time above 2^64 − 1', { effectiveAt: 1n << 64n }],
  ['a timeout above 2^32 − 1', { timeout: 2 ** 32 }],
  ['a code that is no integer', { code: 1.5 }],
  ['metadata above 4 KiB', { metadata: new Uint8Array(4_097) }],
])('%s is refused', (_, change) => {
  const wrong = { ...TRANSFER, ...change } as PackedCommand
  expect(() => packBatch([wrong], { atomic: false })).toThrow(MalformedBatch)
})

test('a batch has at least one command', () => {
  expect(() => packBatch([], { atomic: false })).toThrow(MalformedBatch)
  const header = new Uint8Array(32)
  header.set(new TextEncoder().encode('TSB1'))
  expect(() => readBatchHeader(header)).toThrow(MalformedBatch)
})

test('a body inside a larger buffer is read from where it begins', () => {
  const packed = packBatch([TRANSFER], { atomic: false })
  const buffer = new Uint8Array(packed.length + 16)
  buffer.set(packed, 3)
  expect(unpackBatch(buffer.subarray(3, 3 + packed.length)).commands).toEqual([TRANSFER])
})

test('an answer, byte by byte, and back', () => {
  const answer = {
    statuses: new Uint8Array([0, 62, 16]),
    firstSequence: 0x0102n,
    firstTimestamp: 5n,
    replayed: true,
    dryRun: false,
  }
  const packed = packBatchAnswer(answer)
  expect(hexOf(packed)).toBe(
    [
      `${hexOf(Buffer.from('TSR1'))}0300000001000000${zeros(4)}`,
      `0201${zeros(6)}05${zeros(7)}`,
      `003e10${zeros(5)}`,
    ].join(''),
  )
  expect(unpackBatchAnswer(packed)).toEqual(answer)
})
