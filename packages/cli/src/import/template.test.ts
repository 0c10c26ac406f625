import { expect, test } from 'vitest'
import { slug, Template } from './template.ts'

const fill = (text: string, row: Record<string, string>): string | undefined =>
  Template.parse(text, 'address').fill((column) => row[column] ?? '')

test.each([
  ['customers:{id}', { id: '7' }, 'customers:7'],
  ['{a}:{b}', { a: 'x', b: 'y' }, 'x:y'],
  ['shops:{name|slug}', { name: 'Café du Nord' }, 'shops:cafe-du-nord'],
  ['{a}', { a: '{b}', b: 'no' }, '{b}'],
  ['banks:{bank}', { bank: '' }, undefined],
  ['world', {}, 'world'],
])('%s of %o is %s', (text, row, filled) => {
  expect(fill(text, row)).toBe(filled)
})

test('a template says which columns it needs', () => {
  expect(Template.parse('{a}:{b|slug}:c', 'x').columns).toEqual(['a', 'b'])
})

test.each([
  ['a:{b', 'without its other half'],
  ['a}', 'without its other half'],
  ['{a|upper}', '"|upper" is unknown'],
])('%s is refused: %s', (text, why) => {
  expect(() => Template.parse(text, 'account.address')).toThrow(why)
})

test('a slug is an address segment', () => {
  expect(slug('  Žluťoučký kůň, s.r.o. ')).toBe('zlutoucky-kun-s.r.o.')
  expect(slug('x'.repeat(100))).toHaveLength(64)
})
