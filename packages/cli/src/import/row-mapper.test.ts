import { expect, test } from 'vitest'
import { parseMap } from './parse-map.ts'
import { type Booking, type RefusedRow, RowMapper } from './row-mapper.ts'

const MAP = {
  name: 'shop',
  id: 'no',
  asset: '{currency}/2',
  account: { address: 'shops:{shop}', code: 100 },
  counterparty: [{ address: 'banks:{bank}' }, 'world'],
  amount: 'amount',
  direction: { column: 'side', credit: ['C', 'CR'], debit: 'D' },
  date: { column: 'day', format: 'dd.MM.yyyy' },
  code: { column: 'kind', values: { sale: 10 }, default: 1 },
  metadata: { note: 'text' },
}
const HEADER = ['no', 'currency', 'shop', 'bank', 'amount', 'side', 'day', 'kind', 'text', 'left']
const ROW = ['1', 'EUR', '7', 'AB', '12.50', 'C', '31.12.2025', 'sale', 'first', '-3.10']

function mapRow(
  row: readonly string[],
  change: object = {},
  checkBalance: string | undefined = 'left',
): Booking | RefusedRow {
  const map = parseMap(JSON.stringify({ ...MAP, ...change }))
  return new RowMapper({ map, header: HEADER, checkBalance }).map(row, 1)
}

const changed = (cells: Record<string, string>): string[] =>
  HEADER.map((name, index) => cells[name] ?? ROW[index] ?? '')

test('a row is a transfer between two accounts', () => {
  expect(mapRow(ROW)).toMatchObject({
    row: 1,
    transfer: {
      debitAccount: 'banks:AB',
      creditAccount: 'shops:7',
      amount: 1_250n,
      asset: 'EUR/2',
      code: 10,
      effectiveAt: '2025-12-31T00:00:00Z',
      metadata: { note: 'first' },
    },
    account: { address: 'shops:7', asset: 'EUR/2', code: 100, flags: [], limit: 0n },
    counterparty: { address: 'banks:AB', code: 1 },
    expected: -310n,
  })
})

test('a debit goes the other way, and an empty column falls to the next rule', () => {
  const row = changed({ side: 'D', bank: '', kind: 'x', text: '', left: '' })
  expect(mapRow(row)).toMatchObject({
    transfer: { debitAccount: 'shops:7', creditAccount: 'world:EUR-2', code: 1 },
    expected: undefined,
  })
  expect(mapRow(row)).not.toHaveProperty('transfer.metadata')
})

test.each([
  [{ amount: '12,50' }, 'invalid_amount'],
  [{ amount: '0.00' }, 'invalid_amount'],
  [{ amount: '-1.00' }, 'invalid_amount'],
  [{ side: 'X' }, 'invalid_direction'],
  [{ day: '2025-12-31' }, 'invalid_date'],
  [{ shop: '' }, 'no_account'],
  [{ shop: 'a b' }, 'invalid_address'],
  [{ currency: 'eur' }, 'invalid_asset'],
  [{ currency: '' }, 'invalid_asset'],
  [{ no: '' }, 'invalid_id'],
  [{ left: '1.234' }, 'invalid_amount'],
])('%o is refused as %s', (cells, reason) => {
  const row = mapRow(changed(cells))
  expect(row).toMatchObject({ reason, row: 1 })
})

test('a row with too few cells is refused', () => {
  expect(mapRow(ROW.slice(1))).toMatchObject({ reason: 'invalid_row' })
})

test('amounts may be written as a country writes them', () => {
  const numbers = { decimal: ',', grouping: '.' }
  expect(mapRow(changed({ amount: '1.234,5', left: '0' }), numbers)).toMatchObject({
    transfer: { amount: 123_450n },
  })
})

test('the sign of an amount may say the direction', () => {
  const sign = { direction: 'sign' }
  expect(mapRow(changed({ amount: '-5.00' }), sign)).toMatchObject({
    transfer: { debitAccount: 'shops:7', amount: 500n },
  })
  expect(mapRow(changed({ amount: '+5.00' }), sign)).toMatchObject({
    transfer: { creditAccount: 'shops:7', amount: 500n },
  })
})

test('each side may have a column of its own', () => {
  const two = { amount: { credit: 'amount', debit: 'left' }, direction: undefined }
  const debit = mapRow(changed({ amount: '', left: '2.00' }), two, undefined)
  expect(debit).toMatchObject({ transfer: { debitAccount: 'shops:7', amount: 200n } })
  expect(mapRow(changed({ left: '2.00' }), two, undefined)).toMatchObject({
    reason: 'invalid_amount',
  })
  expect(mapRow(changed({ amount: '', left: '' }), two, undefined)).toMatchObject({
    reason: 'invalid_amount',
  })
})

function idsOfTwins(): string[] {
  const map = parseMap(JSON.stringify({ ...MAP, id: [] }))
  const mapper = new RowMapper({ map, header: HEADER, checkBalance: undefined })
  return [1, 2].map((row) => {
    const mapped = mapper.map(ROW, row)
    return 'transfer' in mapped ? mapped.transfer.id : mapped.reason
  })
}

test('rows without a name are told apart by how often they were there', () => {
  expect(new Set(idsOfTwins()).size).toBe(2)
  expect(idsOfTwins()).toEqual(idsOfTwins())
})

test('a file without the columns that the map names is refused', () => {
  const map = parseMap(JSON.stringify(MAP))
  const make = (header: string[], checkBalance?: string) =>
    new RowMapper({ map, header, checkBalance })
  expect(() => make(HEADER.slice(1))).toThrow('no column "no"')
  expect(() => make(HEADER, 'after')).toThrow('no column "after"')
  expect(() => make([...HEADER, 'no'])).toThrow('two columns named "no"')
})
