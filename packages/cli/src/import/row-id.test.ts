import { parseId } from '@tallystick/contract'
import { expect, test } from 'vitest'
import { rowId } from './row-id.ts'

test('the same row has the same id for ever', () => {
  expect(rowId('bank', ['695247'])).toBe('5d7da405-66db-878b-9ccc-485105adc696')
})

test('an id is one of the ledger, a UUID of version 8', () => {
  for (let row = 0; row < 100; row++) {
    const id = rowId('bank', [row.toString()])
    expect(parseId(id)).toBeDefined()
    expect(id).toMatch(/^.{14}8.{4}[89ab]/)
  }
})

test('other maps, other parts and other borders between parts are other ids', () => {
  const ids = [
    rowId('bank', ['1', '2']),
    rowId('shop', ['1', '2']),
    rowId('bank', ['12']),
    rowId('bank', ['1', '', '2']),
    rowId('bank', ['1\n1\n2']),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})
