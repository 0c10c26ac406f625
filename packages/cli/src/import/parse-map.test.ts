import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BANK_MAP } from './bank-map.ts'
import { parseMap } from './parse-map.ts'

const SMALL = {
  name: 'shop',
  asset: 'EUR/2',
  account: 'shops:{shop}',
  counterparty: 'world',
  amount: 'amount',
  direction: 'sign',
}

const parse = (change: object) => parseMap(JSON.stringify({ ...SMALL, ...change }))

test('the built-in map of the bank is the one among the examples', () => {
  const path = new URL('../../../../examples/bank.json', import.meta.url)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(BANK_MAP)
})

test('what a small map leaves out has a default', () => {
  expect(parse({})).toMatchObject({
    id: [],
    account: [{ code: 1, flags: [], limit: '0', when: new Map() }],
    direction: { kind: 'sign' },
    numbers: { decimal: '.', grouping: '' },
    date: undefined,
    code: { column: undefined, default: 1 },
    delimiter: ',',
  })
})

test('rules of accounts may be a list with conditions', () => {
  const { counterparty } = parse({
    counterparty: [
      { address: 'fees', when: { kind: ['fee', 'tax'] }, code: 7 },
      { address: 'world', flags: ['debits_must_not_exceed_credits'], limit: '10.00' },
    ],
  })
  expect(counterparty.map(({ address }) => address.text)).toEqual(['fees', 'world'])
  expect(counterparty[0]?.when).toEqual(new Map([['kind', ['fee', 'tax']]]))
})

test('two columns of amounts say the direction themselves', () => {
  const { amount, direction } = parse({
    amount: { credit: 'in', debit: 'out' },
    direction: undefined,
  })
  expect([amount.kind, direction.kind]).toEqual(['two', 'sign'])
})

test.each([
  [{ name: undefined }, 'name must be a text'],
  [{ acount: 'x' }, 'acount is unknown; there are about, account'],
  [{ account: undefined }, 'account is missing'],
  [{ account: { address: 'a', code: 0 } }, 'account.code must be a whole number from 1'],
  [{ account: { address: 'a', flags: ['frozen'] } }, 'account.flags must be some of debits_must'],
  [{ account: [{ adress: 'a' }] }, 'account[0].address must be a text'],
  [{ direction: 'left' }, 'direction must be "sign"'],
  [{ direction: { column: 'd' } }, 'direction.credit must be a text or a list'],
  [{ amount: { credit: 'a', debit: 'b' } }, 'direction is said by the two columns'],
  [{ date: { column: 'd', format: 'dd' } }, 'needs yyyy, MM and dd'],
  [{ code: { column: 'c', values: { x: 99_999 } } }, 'code.values.x must be a whole number'],
])('%o is refused: %s', (change, why) => {
  expect(() => parse(change)).toThrow(why)
})

test('what is not JSON is said to be so', () => {
  expect(() => parseMap('{')).toThrow('The map is not JSON')
  expect(() => parseMap('[]')).toThrow('it must be an object')
})
