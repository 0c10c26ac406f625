import { expect, test } from 'vitest'
import { uuidv7, uuidv7At } from './uuid.ts'

test('ids are UUIDv7, different, and in order', () => {
  const ids = Array.from({ length: 20_000 }, () => uuidv7())
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
})

test('an id begins with its time', () => {
  const at = Date.UTC(2200, 0, 1)
  expect(Number.parseInt(uuidv7At(at, new Uint8Array(16)).replace('-', '').slice(0, 12), 16)).toBe(
    at,
  )
})

test('a clock that runs back makes no id smaller', () => {
  const at = Date.UTC(2300, 0, 1)
  const full = new Uint8Array(16).fill(255)
  const first = uuidv7At(at, full.slice())
  const later = Array.from({ length: 5_000 }, () => uuidv7At(at - 60_000, full.slice()))
  expect([first, ...later].toSorted()).toEqual([first, ...later])
})
