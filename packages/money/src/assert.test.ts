import { expect, test } from 'vitest'
import { assert, AssertionError } from './assert.ts'

test('what is true passes', () => {
  expect(() => assert(true)).not.toThrow()
})

test('what is false stops with its message', () => {
  expect(() => assert(false, 'a gap means lost money')).toThrow(AssertionError)
  expect(() => assert(false, 'a gap means lost money')).toThrow('a gap means lost money')
})
