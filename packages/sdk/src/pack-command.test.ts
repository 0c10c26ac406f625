import { ALL_ONES, PackedOperation, PackedTransferFlags } from '@tallystick/contract'
import { expect, test } from 'vitest'
import { accountId } from './account-id.ts'
import { TallystickError } from './errors.ts'
import { packCommand } from './pack-command.ts'

const ASSETS = new Map([['EUR/2', 978]])
const ID = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
const NUMBER = 0x019aa3c57d2e7c419b0e3f6a52d81c07n

const MOVE = {
  debitAccount: 'world',
  creditAccount: 'a',
  amount: 5n,
  asset: 'EUR/2',
  id: ID,
} as const

test('a transfer', () => {
  const command = {
    operation: 'create_transfer',
    ...MOVE,
    mode: 'up_to',
    linked: true,
    effectiveAt: new Date(1),
    metadata: { b: 1, a: 2 },
  } as const
  expect(packCommand(command, ASSETS)).toEqual({
    operation: PackedOperation.createTransfer,
    id: NUMBER,
    debitAccountId: accountId('world:EUR-2'),
    creditAccountId: accountId('a'),
    amount: 5n,
    pendingId: 0n,
    effectiveAt: 1_000_000n,
    timeout: 0,
    asset: 978,
    code: 1,
    flags: PackedTransferFlags.balancingDebit | PackedTransferFlags.linked,
    metadata: new TextEncoder().encode('{"a":2,"b":1}'),
  })
})

test('a hold, its captures and its void', () => {
  const flags = PackedTransferFlags
  const hold = {
    operation: 'create_hold',
    ...MOVE,
    timeoutSeconds: 600,
    closeDebitAccount: true,
  } as const
  expect(packCommand(hold, ASSETS)).toMatchObject({
    timeout: 600,
    flags: flags.pending | flags.closingDebit,
  })
  expect(packCommand({ operation: 'capture_hold', hold: ID }, ASSETS)).toMatchObject({
    pendingId: NUMBER,
    amount: ALL_ONES,
    debitAccountId: 0n,
    asset: 0,
    code: 0,
    flags: flags.postPendingTransfer,
  })
  const part = { operation: 'capture_hold', hold: ID, amount: 1n, final: false } as const
  expect(packCommand(part, ASSETS)).toMatchObject({
    amount: 1n,
    flags: flags.postPendingTransfer | flags.partial,
  })
  expect(packCommand({ operation: 'void_hold', hold: ID }, ASSETS)).toMatchObject({
    amount: 0n,
    flags: flags.voidPendingTransfer,
  })
})

test('an account', () => {
  const command = {
    operation: 'create_account',
    address: 'a:b',
    parent: 'a',
    asset: 'EUR/2',
    flags: ['debits_must_not_exceed_credits'],
    limit: 7n,
    closed: true,
  } as const
  expect(packCommand(command, ASSETS)).toEqual({
    operation: PackedOperation.createAccount,
    id: accountId('a:b'),
    address: 'a:b',
    parent: accountId('a'),
    limit: 7n,
    subtreeLimit: ALL_ONES,
    asset: 978,
    code: 1,
    flags: 2 | 8,
    metadata: new Uint8Array(0),
  })
})

test('ids are made when they are not given, each a new one', () => {
  const { id: _, ...command } = MOVE
  const pack = () => packCommand({ operation: 'create_transfer', ...command }, ASSETS).id
  expect(pack()).not.toBe(pack())
})

test.each([
  ['an unknown asset', { ...MOVE, asset: 'PTS/0' }],
  ['a malformed id', { ...MOVE, id: 'order-17' }],
  ['a malformed time', { ...MOVE, effectiveAt: 'yesterday' }],
])('%s is refused before anything is sent', (_, command) => {
  expect(() => packCommand({ operation: 'create_transfer', ...command }, ASSETS)).toThrow(
    TallystickError,
  )
})
