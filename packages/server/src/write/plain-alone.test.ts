import { bodyRefusal, type CreateTransfer } from '@tallystick/contract'
import { accountIdOf, openLedger, type TallyLedger } from '@tallystick/engine'
import { COMMAND_SIZE, Memory, packBatch } from '@tallystick/ledger'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { parseJson } from '../http/strict-json.ts'
import { KnownAccounts } from '../known-accounts.ts'
import { KnownAssets } from '../known-assets.ts'
import { aloneDigest, digestOfAsked } from './digest.ts'
import { PlainBatchReader } from './plain-batch.ts'
import { plainNames } from './plain-names.ts'
import type { Planning } from './plan.ts'
import { createTransfer } from './transfers.ts'

const LONG = `long:${'x'.repeat(60)}:${'y'.repeat(60)}`
const ACCOUNTS = ['a', 'b:1', 'users:1042:wallet', 'world:EUR-2', LONG]
const ID = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
/** Packed commands without the id, which is left to the server. */
const ID_DIGITS = 32

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

interface Asked {
  readonly packed: string
  readonly digest: string
  /** Commands, touched accounts, keys, bytes of the saved body: 1, 0, 0, 2 of a plain one. */
  readonly plan: readonly number[]
}

const PLAIN = [1, 0, 0, 2]

/** The general way: parsed, held to the schema, planned, packed. undefined: refused. */
function generally(text: string): Asked | undefined {
  try {
    const body = parseJson(Buffer.from(text)) as CreateTransfer
    if (bodyRefusal('createTransfer', body) !== undefined) return undefined
    const asking = { owner: 'root', nowMs: 1, hasIdempotencyKey: true, requestId: () => '' }
    const asked = { params: undefined, body }
    const plan = createTransfer.plan(planning, asking, asked)
    const { commands, touches, keys } = plan
    const saved = JSON.stringify(plan.body).length
    return {
      packed: hexOf(packBatch(commands).memory.u8).slice(ID_DIGITS),
      digest: hexOf(digestOfAsked('createTransfer', asked)),
      plan: [commands.length, touches.length, keys.length, saved],
    }
  } catch {
    return undefined
  }
}

/** Used for every text, as the server uses its own again. */
const memory = Memory.allocate(COMMAND_SIZE)

function plainly(text: string): Asked | undefined {
  const body = Buffer.from(text)
  if (!reader.readAlone(body, memory)) return undefined
  const digest = hexOf(aloneDigest(body, reader.places))
  return { packed: hexOf(memory.u8).slice(ID_DIGITS), digest, plan: PLAIN }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const account = fc.constantFrom(...ACCOUNTS)
const plain = fc.record(
  {
    debit_account: account,
    credit_account: account,
    amount: fc.bigInt(1n, 999_999_999_999_999n).map(String),
    asset: fc.constantFrom('EUR/2', 'USD/2', 'JPY/0'),
    code: fc.integer({ min: 1, max: 65_535 }),
  },
  { requiredKeys: ['debit_account', 'credit_account', 'amount', 'asset'] },
)

const odd = fc.record(
  {
    operation: fc.constant('create_transfer'),
    id: fc.constantFrom(ID, ID.slice(1)),
    debit_account: fc.constantFrom(...ACCOUNTS, 'world', 'nobody', '', 'a:', 'ä', '..', 7),
    credit_account: fc.constantFrom(...ACCOUNTS, 'a"b', 'a\\b'),
    amount: fc.constantFrom('0', '01', '1', '1.0', '-1', `1${'0'.repeat(15)}`, '', '1e3', 5),
    asset: fc.constantFrom('EUR/2', 'EUR/02', 'XXQ/2', 'eur/2', '', 2),
    code: fc.constantFrom(0, 1, 65_535, 65_536, 1.5, -1, '1', true),
    mode: fc.constantFrom('exact', 'up_to'),
    open_missing: fc.boolean(),
    reference: fc.constant('r-1'),
    effective_at: fc.constant('2026-01-01T00:00:00Z'),
    metadata: fc.constantFrom({}, { cart: 'c-7' }),
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

test('a plain transfer is read, packed and digested as the general way does it', () => {
  const indent = fc.constantFrom('', ' ', '\t', '\r\n')
  fc.assert(
    fc.property(shuffled(plain), indent, (body, by) => {
      const text = JSON.stringify(body, null, by)
      const general = generally(text)
      expect(general?.plan).toEqual(PLAIN)
      expect(plainly(text)).toEqual(general)
    }),
    { numRuns: 500 },
  )
})

test('what is read is what the general way reads, whatever is sent', () => {
  const body = fc.oneof(
    shuffled(plain),
    fc.tuple(plain, odd).chain(([good, bad]) => shuffled(fc.constant({ ...good, ...bad }))),
  )
  const put = fc.constantFrom(...['', '"', ',', ':', '{', '}', '[', ']', '\\', '0', '1', 'a', ' '])
  const edit = fc.record({ at: fc.nat(), removed: fc.nat({ max: 2 }), put })
  fc.assert(
    fc.property(body, fc.array(edit, { maxLength: 2 }), (value, edits) => {
      let text = JSON.stringify(value)
      for (const { at, removed, put: added } of edits) {
        const from = at % (text.length + 1)
        text = text.slice(0, from) + added + text.slice(from + removed)
      }
      const read = plainly(text)
      // What is not read says nothing: the general way decides it.
      expect(read).toEqual(read === undefined ? read : generally(text))
    }),
    { numRuns: 5_000 },
  )
})

const ONE = '{"debit_account":"a","credit_account":"b:1","amount":"1","asset":"EUR/2"}'

test.each([
  ['', 'nothing'],
  ['{}', 'no field'],
  [`[${ONE}]`, 'a list'],
  [ONE.slice(0, -1), 'an end that is missing'],
  [`${ONE}x`, 'more behind the end'],
  [`\ufeff${ONE}`, 'a byte order mark'],
  [ONE.replace('}', ',}'), 'a comma before the end'],
  [ONE.replace('"amount"', '"amount":"1","amount"'), 'a field given twice'],
  [ONE.replace('"a"', String.raw`"\u0061"`), 'an escape'],
  [ONE.replace('"a"', '"nobody"'), 'an account that is not there'],
  [ONE.replace('}', `,"id":"${ID}"}`), 'an id of its own'],
  [ONE.replace('}', ',"mode":"exact"}'), 'a mode'],
])('%s is left to the general way: %s', (text) => {
  expect(plainly(text)).toBeUndefined()
})
