import { expect, test } from 'vitest'

import { AssetRegistry } from './asset-registry.ts'
import { asset } from './asset.ts'

const { iso } = AssetRegistry

test.each([
  ['EUR/2', 978],
  ['USD/2', 840],
  ['CZK/2', 203],
  ['ALL/2', 8],
  ['JPY/0', 392],
  ['BHD/3', 48],
  ['CLF/4', 990],
])('%s is built in with number %i', (text, number) => {
  const known = iso.byText(text)
  expect(known?.number).toBe(number)
  expect(iso.byNumber(number)).toBe(known)
})

test.each(['EUR/4', 'JPY/2', 'XAU/0', 'DEM/2', 'EUR'])('%s is not built in', (text) => {
  expect(iso.byText(text)).toBeUndefined()
})

test('registered assets are numbered from 1000 upwards', () => {
  const points = iso.propose('PTS/0')
  expect(points).toEqual({ number: 1000, code: 'PTS', scale: 0 })
  const registry = iso.with(points!)
  expect(registry.propose('EUR/4')?.number).toBe(1001)
  expect(registry.byText('PTS/0')).toBe(points)
  expect(registry.byNumber(1000)).toBe(points)
  expect(registry.all()).toHaveLength(iso.all().length + 1)
})

test('numbers left free by a higher one are not given again', () => {
  expect(iso.with(asset(5000, { code: 'PTS', scale: 0 })).nextNumber()).toBe(5001)
})

test('nobody sees the assets of a later registry', () => {
  iso.with(asset(1000, { code: 'PTS', scale: 0 }))
  expect(iso.byText('PTS/0')).toBeUndefined()
})

test('what is known or malformed is not proposed', () => {
  expect(iso.propose('EUR/2')).toBeUndefined()
  expect(iso.propose('pts/0')).toBeUndefined()
})

test('neither a number nor a name is taken twice, and ISO numbers are not for others', () => {
  const registry = iso.with(asset(1000, { code: 'PTS', scale: 0 }))
  expect(() => registry.with(asset(1000, { code: 'GEM', scale: 0 }))).toThrow('taken')
  expect(() => registry.with(asset(1001, { code: 'PTS', scale: 0 }))).toThrow('registered')
  expect(() => registry.with(asset(1001, { code: 'EUR', scale: 2 }))).toThrow('registered')
  expect(() => registry.with(asset(999, { code: 'GEM', scale: 0 }))).toThrow('ISO')
})
