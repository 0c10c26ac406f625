import { bodyRefusal, type CreateBatch } from '@tallystick/contract'
import { accountIdOf, openLedger, Operation, type TallyLedger } from '@tallystick/engine'
import { COMMAND_SIZE, packBatch } from '@tallystick/ledger'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { parseJson } from '../http/strict-json.ts'
import { KnownAccounts } from '../known-accounts.ts'
import { KnownAssets } from '../known-assets.ts'
import { createBatch } from './batch.ts'
import { giveBack, PlainBatchReader } from './plain-batch.ts'
import { isPlainBatch, plainNames } from './plain-names.ts'
import type { Planning } from './plan.ts'

const LONG = `long:${'x'.repeat(60)}:${'y'.repeat(60)}`
const ACCOUNTS = ['a', 'b:1', 'users:1042:wallet', 'world:EUR-2', LONG]
const ID = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'

let ledger: TallyLedger
let planning: Planning
let reader: PlainBatchReader

beforeAll(async () => {
  ledger = await openLedger({ memory: true })
  await ledger.createAccounts(
    ACCOUNTS.map((address) => ({ id: accountIdOf(address), address, asset: 978, code: 1 })),
  )
  const assets = new KnownAssets(ledger.reader)
  const accounts = new KnownAccounts(ledger.reader, assets)
  planning = {
    reader: ledger.reader,
    accounts,
    assets,
    allowCardNumbers: false,
    access: ledger.access,
    rules: ledger.rules,
  }
  reader = new PlainBatchReader(plainNames(accounts, assets))
})

afterAll(() => ledger.close())

/** The general way: parsed, held to the schema, planned, packed. undefined: refused. */
function generally(text: string): { packed: string; isPlain: boolean } | undefined {
  try {
    const body = parseJson(Buffer.from(text)) as CreateBatch
    if (bodyRefusal('createBatch', body) !== undefined) return undefined
    const asking = { owner: 'root', nowMs: 1, hasIdempotencyKey: true, requestId: () => '' }
    const { commands } = createBatch.plan(planning, asking, { params: undefined, body })
    const transfers = commands.filter(({ operation }) => operation === Operation.createTransfer)
    const { memory } = packBatch(transfers)
    return { packed: hexOf(memory.u8), isPlain: isPlainBatch(body) }
  } catch {
    return undefined
  }
}

function plainly(text: string): string | undefined {
  const batch = reader.read(Buffer.from(text))
  if (batch === undefined) return undefined
  const hex = hexOf(batch.memory.u8.subarray(0, batch.count * COMMAND_SIZE))
  giveBack(batch)
  return hex
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const account = fc.constantFrom(...ACCOUNTS)
const plain = fc.record(
  {
    operation: fc.constant('create_transfer'),
    id: fc.uuid(),
    debit_account: account,
    credit_account: account,
    amount: fc.bigInt(1n, 999_999_999_999_999n).map(String),
    asset: fc.constantFrom('EUR/2', 'USD/2', 'JPY/0'),
    code: fc.integer({ min: 1, max: 65_535 }),
  },
  { requiredKeys: ['operation', 'id', 'debit_account', 'credit_account', 'amount', 'asset'] },
)

const odd = fc.record(
  {
    operation: fc.constantFrom('create_transfer', 'create_hold', 'close_account', '', 1),
    id: fc.constantFrom(ID, ID.toUpperCase(), ID.slice(1), ID.replace('-', '0'), `${ID}0`, null),
    debit_account: fc.constantFrom(...ACCOUNTS, 'world', 'nobody', '', 'a:', 'ä', '..', 7),
    credit_account: fc.constantFrom(...ACCOUNTS, 'a"b', 'a\\b'),
    amount: fc.constantFrom('0', '01', '1', '1.0', '-1', `1${'0'.repeat(15)}`, '', '1e3', 5),
    asset: fc.constantFrom('EUR/2', 'EUR/02', 'XXQ/2', 'eur/2', '', 2),
    code: fc.constantFrom(0, 1, 65_535, 65_536, 1.5, -1, '1', true),
    mode: fc.constantFrom('exact', 'up_to'),
    metadata: fc.constant({ cart: 'c-7' }),
    private: fc.constant(1),
  },
  { requiredKeys: [] },
)

/** Fields in any order. */
function shuffled<Value extends object>(of: fc.Arbitrary<Value>): fc.Arbitrary<object> {
  return of
    .chain((value) => {
      const fields = Object.entries(value)
      return fc.shuffledSubarray(fields, { minLength: fields.length })
    })
    .map((fields) => Object.fromEntries(fields))
}

const indent = fc.constantFrom('', ' ', '\t', '\r\n')

test('batches of plain transfers are read, and packed as the general way packs them', () => {
  fc.assert(
    fc.property(
      fc.array(shuffled(plain), { minLength: 1, maxLength: 6 }),
      indent,
      (commands, by) => {
        const text = JSON.stringify({ commands }, null, by)
        const general = generally(text)
        expect(general?.isPlain).toBe(true)
        expect(plainly(text)).toBe(general?.packed)
      },
    ),
  )
})

test('what is read is what the general way reads, whatever is sent', () => {
  const command = fc.oneof(
    shuffled(plain),
    fc.tuple(plain, odd).map(([good, bad]) => ({ ...good, ...bad })),
  )
  const edit = fc.record({
    at: fc.nat(),
    removed: fc.nat({ max: 2 }),
    put: fc.constantFrom(
      '',
      '"',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '\\',
      '0',
      '1',
      'a',
      ' ',
      '\n',
      'é',
      '\u0000',
    ),
  })
  fc.assert(
    fc.property(
      fc.array(command, { minLength: 1, maxLength: 3 }),
      fc.array(edit, { maxLength: 2 }),
      (commands, edits) => {
        let text = JSON.stringify({ commands })
        for (const { at, removed, put } of edits) {
          const from = at % (text.length + 1)
          text = text.slice(0, from) + put + text.slice(from + removed)
        }
        const read = plainly(text)
        const general = generally(text)
        const both = { read, isPlain: true }
        // What is not read says nothing: the general way decides it.
        const expected =
          read === undefined ? both : { read: general?.packed, isPlain: general?.isPlain }
        expect(both).toEqual(expected)
      },
    ),
    { numRuns: 3_000 },
  )
})

const ONE = `{"operation":"create_transfer","id":"${ID}","debit_account":"a","credit_account":"b:1","amount":"1","asset":"EUR/2"}`

test.each([
  ['', 'nothing'],
  ['{"commands":[]}', 'no command'],
  [`{"commands":[${ONE}]`, 'an end that is missing'],
  [`{"commands":[${ONE}]}x`, 'more behind the end'],
  [`{"commands":[${ONE},]}`, 'a comma before the end'],
  [`{"commands":[${ONE}],"atomic":true}`, 'a field besides the commands'],
  [`\ufeff{"commands":[${ONE}]}`, 'a byte order mark'],
  [`{"commands":[${ONE.replace('"amount"', '"id":"x","amount"')}]}`, 'a field given twice'],
  [`{"commands":[${ONE.replace('"a"', String.raw`"\u0061"`)}]}`, 'an escape'],
  [`{"commands":[${ONE.replace('"a"', '"nobody"')}]}`, 'an account that is not there'],
])('%s is left to the general way: %s', (text) => {
  expect(plainly(text)).toBeUndefined()
})
