import { expect, test } from 'vitest'
import {
  checkBatch,
  COMMAND_SIZE,
  CommandField,
  MalformedCommand,
  packBatch,
  unpackCommand,
} from './batch.ts'
import { type Command, NO_SUBTREE_LIMIT, Operation } from './command.ts'
import { U128_MAX, U64_MAX } from './limits.ts'

const bytes = Uint8Array.of(1, 2, 3)
const transfer = {
  operation: Operation.createTransfer,
  ...{ id: U128_MAX - 1n, debitAccountId: 1n, creditAccountId: 1n << 64n, amount: 5n },
  ...{ pendingId: 0n, timeout: 0xffff_ffff, asset: 978, code: 0xffff, flags: 3 },
  ...{ effectiveAt: U64_MAX, metadata: bytes },
} as const
const account = {
  operation: Operation.createAccount,
  ...{ id: 7n, address: 'users:1:wallet', asset: 978, code: 1, flags: 2, parent: 6n, limit: 10n },
  ...{ subtreeLimit: NO_SUBTREE_LIMIT, metadata: bytes },
} as const
const commands: readonly Command[] = [
  transfer,
  account,
  { operation: Operation.changeLimit, id: 7n, flags: 0, limit: undefined, subtreeLimit: 9n },
  { operation: Operation.changeLimit, id: 7n, flags: 1, limit: 0n, subtreeLimit: undefined },
  { operation: Operation.changeMetadata, id: 7n, flags: 0, metadata: new Uint8Array(0) },
  { operation: Operation.closeAccount, id: 7n, flags: 0 },
  { operation: Operation.reopenAccount, id: 7n, flags: 0 },
  { operation: Operation.registerAsset, asset: 1000, flags: 0, name: 'PTS/0' },
  { operation: Operation.closeBooks, id: 0n, asset: 978, flags: 0, until: 5n },
]

test('every command comes out of the packed form as it went in', () => {
  const batch = packBatch(commands)
  checkBatch(batch)
  expect(commands.map((_, index) => unpackCommand(batch, index))).toEqual(commands)
})

test.each([
  ['an amount of 2^128', { ...transfer, amount: 1n << 128n }, 'amount'],
  ['a negative amount', { ...transfer, amount: -1n }, 'amount'],
  ['an effective time of 2^64', { ...transfer, effectiveAt: 1n << 64n }, 'effectiveAt'],
  ['a code of 65,536', { ...transfer, code: 65_536 }, 'code'],
  ['a timeout of half a second', { ...transfer, timeout: 0.5 }, 'timeout'],
  ['metadata of 4,097 bytes', { ...transfer, metadata: new Uint8Array(4097) }, 'metadata'],
  ['an address with a space', { ...account, address: 'a b' }, 'address'],
  ['an address that is not ASCII', { ...account, address: 'käse' }, 'address'],
  ['an address of 256 characters', { ...account, address: 'a'.repeat(256) }, 'address'],
])('%s cannot be packed', (_, command, field) => {
  expect(() => packBatch([command])).toThrow(expect.objectContaining({ field, index: 0 }))
})

test.each([
  ['an unknown operation', CommandField.operation, 77],
  ['a control command', CommandField.operation, Operation.attest],
  ['a release, which only the clock decides', CommandField.operation, Operation.releaseHold],
  ['unknown presence bits', CommandField.presence, 4],
  ['reserved bytes', 120, 1],
  ['metadata outside the data area', CommandField.metadataOffset, 200],
  ['metadata beyond its limit', CommandField.metadataLength + 2, 1],
])('packed bytes with %s are refused', (_, at, value) => {
  const batch = packBatch([account, transfer])
  batch.memory.u8[COMMAND_SIZE + at] = value
  expect(() => checkBatch(batch)).toThrow(MalformedCommand)
})
