import { formatId, formatRequestId } from '@tallystick/contract'
import { expect, test } from 'vitest'

import { newId, newRequestId, postingId, referenceId, unnamedCaptureId } from './ids.ts'

const NOW = Date.UTC(2026, 10, 21)

test('new ids are UUIDv7 that begin with the time, and never the same', () => {
  const ids = Array.from({ length: 5_000 }, () => formatId(newId(NOW)))
  const time = NOW.toString(16).padStart(12, '0')
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(id.replaceAll('-', '').startsWith(time)).toBe(true)
  }
  expect(new Set(ids).size).toBe(ids.length)
})

test('request ids are in order of time', () => {
  const texts = [NOW, NOW + 1, NOW + 70_000, NOW + 2 ** 33].map((ms) =>
    formatRequestId(newRequestId(ms)),
  )
  expect([...texts].sort()).toEqual(texts)
})

test('a reference is one id per owner and kind, for ever', () => {
  const id = referenceId('root', 'transfer', 'order-17')
  expect(formatId(id)).toBe('69f00d2c-9bae-8ace-ae65-4695b53001e3')
  expect(referenceId('root', 'transfer', 'order-17')).toBe(id)
  expect(referenceId('root', 'hold', 'order-17')).not.toBe(id)
  expect(referenceId('other', 'transfer', 'order-17')).not.toBe(id)
})

test('the transfers of a transaction keep its time and have ids of their own', () => {
  const transaction = newId(NOW)
  const ids = Array.from({ length: 100 }, (_, index) => postingId(transaction, index))
  expect(ids[0]).toBe(transaction)
  expect(new Set(ids).size).toBe(100)
  for (const id of ids) expect(id >> 80n).toBe(transaction >> 80n)
  expect(formatId(postingId(7n, 1))).toBe('00000000-0000-89c4-9df2-e2c6e885c3ea')
})

test('a hold has one unnamed capture', () => {
  expect(formatId(unnamedCaptureId(7n))).toBe('a7081dbe-f915-8959-8b10-fcbe61e33773')
  expect(unnamedCaptureId(7n)).not.toBe(unnamedCaptureId(8n))
})
