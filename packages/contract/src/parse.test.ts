import { expect, test } from 'vitest'
import { headersRefusal, parseBody, parseParams, parseQuery } from './parse.ts'
import type { OperationId } from './routes.ts'

const TRANSFER = { debit_account: 'a', credit_account: 'b', amount: '1', asset: 'EUR/2' }

const POSTING = { source: 'a', destination: 'b', amount: '1', asset: 'EUR/2' }

const COMMAND = { operation: 'create_transfer', ...TRANSFER }

test.each<[OperationId, unknown, string, string]>([
  ['createTransfer', undefined, 'missing_body', 'body'],
  ['createTransfer', [], 'invalid_field', ''],
  ['createTransfer', { ...TRANSFER, sequence: '1' }, 'unknown_field', 'sequence'],
  ['createTransfer', { ...TRANSFER, private: {} }, 'missing_field', 'private.subject'],
  ['closeAccount', { private: {} }, 'unknown_field', 'private'],
  ['createTransfer', { ...TRANSFER, amount: undefined }, 'invalid_field', 'amount'],
  [
    'createTransfer',
    { debit_account: 'a', credit_account: 'b', asset: 'EUR/2' },
    'missing_field',
    'amount',
  ],
  ['createTransfer', { ...TRANSFER, amount: 1 }, 'invalid_field', 'amount'],
  ['createTransfer', { ...TRANSFER, amount: '-1' }, 'invalid_field', 'amount'],
  ['createTransfer', { ...TRANSFER, amount: '0x10' }, 'invalid_field', 'amount'],
  ['createTransfer', { ...TRANSFER, amount: '1e3' }, 'invalid_field', 'amount'],
  ['createTransfer', { ...TRANSFER, amount: ' 12 ' }, 'invalid_field', 'amount'],
  ['createTransfer', { ...TRANSFER, amount: '+5' }, 'invalid_field', 'amount'],
  ['createTransfer', { ...TRANSFER, amount: '' }, 'invalid_field', 'amount'],
  ['createTransfer', { ...TRANSFER, amount: '١٢' }, 'invalid_field', 'amount'],
  ['createTransfer', { ...TRANSFER, amount: '12\n' }, 'invalid_field', 'amount'],
  ['createTransfer', { ...TRANSFER, amount: '1'.repeat(40) }, 'invalid_field', 'amount'],
  ['createTransfer', { ...TRANSFER, asset: 'eur/2' }, 'invalid_field', 'asset'],
  ['createTransfer', { ...TRANSFER, code: 0 }, 'invalid_field', 'code'],
  ['createTransfer', { ...TRANSFER, code: 1.5 }, 'invalid_field', 'code'],
  ['createTransfer', { ...TRANSFER, debit_account: 'а' }, 'invalid_field', 'debit_account'],
  ['createTransfer', { ...TRANSFER, debit_account: '..' }, 'invalid_field', 'debit_account'],
  ['createTransfer', { ...TRANSFER, mode: 'most' }, 'invalid_field', 'mode'],
  [
    'createTransfer',
    { ...TRANSFER, effective_at: '275760-01-01T00:00:00Z' },
    'invalid_field',
    'effective_at',
  ],
  [
    'createTransfer',
    { ...TRANSFER, metadata: { private: 1 } },
    'reserved_field',
    'metadata.private',
  ],
  ['createTransfer', { ...TRANSFER, metadata: [] }, 'invalid_field', 'metadata'],
  ['createTransaction', { postings: [] }, 'invalid_field', 'postings'],
  [
    'createTransaction',
    { postings: [POSTING, { ...POSTING, amount: 1 }] },
    'invalid_field',
    'postings[1].amount',
  ],
  ['createTransaction', { postings: [{ ...POSTING, x: 1 }] }, 'unknown_field', 'postings[0].x'],
  ['changeAccount', {}, 'invalid_field', ''],
  ['closeBooks', { asset: 'EUR/2' }, 'missing_field', 'closed_until'],
  ['createBatch', {}, 'missing_field', 'commands'],
  ['createBatch', { commands: {} }, 'invalid_field', 'commands'],
  ['createBatch', { commands: [] }, 'invalid_field', 'commands'],
  ['createBatch', { commands: [COMMAND], linked: true }, 'unknown_field', 'linked'],
  ['createBatch', { commands: [COMMAND, 1] }, 'invalid_field', 'commands[1]'],
  ['createBatch', { commands: [{}] }, 'missing_field', 'commands[0].operation'],
  [
    'createBatch',
    { commands: [{ operation: 'toString' }] },
    'invalid_field',
    'commands[0].operation',
  ],
  [
    'createBatch',
    { commands: [COMMAND, { ...COMMAND, amount: 1 }] },
    'invalid_field',
    'commands[1].amount',
  ],
  ['createBatch', { commands: [{ ...COMMAND, x: 1 }] }, 'unknown_field', 'commands[0].x'],
  [
    'createBatch',
    { commands: Array.from({ length: 8_191 }, () => COMMAND) },
    'batch_too_large',
    'commands',
  ],
])('%s refuses %j as %s of %j', (id, body, code, param) => {
  const { refusal } = parseBody(id, body)
  expect(refusal).toMatchObject({ code, param })
  expect(refusal?.detail).toMatch(/^\S.*\.$/)
})

test.each<[OperationId, unknown]>([
  ['createTransfer', TRANSFER],
  ['createTransfer', { ...TRANSFER, amount: '340282366920938463463374607431768211455' }],
  ['captureHold', undefined],
  ['captureHold', {}],
  ['closeAccount', undefined],
  [
    'createBatch',
    { atomic: true, commands: [COMMAND, { operation: 'close_account', account: 'a' }] },
  ],
])('%s takes %j', (id, body) => expect(parseBody(id, body)).toEqual({ value: body }))

test('a refusal says what would be right', () => {
  expect(parseBody('createTransfer', { ...TRANSFER, amount: 1 }).refusal?.detail).toBe(
    'amount must be a string of digits: JSON numbers are not exact.',
  )
  expect(parseBody('createTransfer', { ...TRANSFER, asset: 'EUR' }).refusal?.detail).toBe(
    'asset must look like "EUR/2".',
  )
  expect(parseBody('createTransfer', { ...TRANSFER, mode: 'most' }).refusal?.detail).toBe(
    'mode must be one of: exact, up_to.',
  )
})

test.each<[OperationId, [string, string][], unknown]>([
  [
    'listEntries',
    [
      ['limit', '50'],
      ['code', '7'],
    ],
    { limit: 50, code: 7 },
  ],
  ['listEntries', [], {}],
  ['createTransfer', [['dry_run', 'true']], { dry_run: true }],
  [
    'listTotals',
    [
      ['prefix', 'users:'],
      ['group_by', '0'],
    ],
    { prefix: 'users:', group_by: 0 },
  ],
])('%s takes the query %j', (id, pairs, value) => {
  expect(parseQuery(id, pairs)).toEqual({ value })
})

test.each<[OperationId, [string, string][], string, string]>([
  ['listEntries', [['limit', '0']], 'invalid_parameter', 'limit'],
  ['listEntries', [['limit', '1e9']], 'invalid_parameter', 'limit'],
  ['listEntries', [['limit', '1001']], 'invalid_parameter', 'limit'],
  ['listEntries', [['limit', '+5']], 'invalid_parameter', 'limit'],
  ['listEntries', [['limit', '']], 'invalid_parameter', 'limit'],
  [
    'listEntries',
    [
      ['limit', '1'],
      ['limit', '2'],
    ],
    'unknown_parameter',
    'limit',
  ],
  ['listEntries', [['offset', '1']], 'unknown_parameter', 'offset'],
  ['listEntries', [['__proto__', '1']], 'unknown_parameter', '__proto__'],
  ['listEntries', [['from', 'yesterday']], 'invalid_parameter', 'from'],
  ['listEntries', [['cursor', "' OR 1=1"]], 'invalid_parameter', 'cursor'],
  ['createTransfer', [['dry_run', '1']], 'invalid_parameter', 'dry_run'],
  ['findTransactions', [], 'invalid_parameter', 'reference'],
  ['getHealth', [['x', '1']], 'unknown_parameter', 'x'],
])('%s refuses the query %j as %s of %s', (id, pairs, code, param) => {
  expect(parseQuery(id, pairs).refusal).toMatchObject({ code, param })
})

test('values of the path are held to their form', () => {
  expect(parseParams('getAccount', { address: 'users:1042:wallet' }).refusal).toBeUndefined()
  expect(parseParams('getTransfer', { id: 'order-17' }).refusal).toMatchObject({
    code: 'invalid_parameter',
    param: 'id',
  })
})

test('headers are held to their form, others are left alone', () => {
  const long = 'k'.repeat(256)
  expect(
    headersRefusal('createTransfer', { 'idempotency-key': 'order-17', host: 'x' }),
  ).toBeUndefined()
  expect(headersRefusal('createTransfer', { 'idempotency-key': long })).toMatchObject({
    code: 'invalid_header',
    param: 'idempotency-key',
  })
  expect(headersRefusal('createTransfer', { 'idempotency-key': 'ключ' })?.code).toBe(
    'invalid_header',
  )
})
