import { expect, test } from 'vitest'
import { VirtualClock } from './clock.ts'

test('time moves only when told to, back too', () => {
  const clock = new VirtualClock(10n)
  expect(clock.now()).toBe(10n)
  clock.advance(5n)
  expect(clock.now()).toBe(15n)
  clock.set(3n)
  expect(clock.now()).toBe(3n)
})

test('there is no time before 1970', () => {
  expect(() => new VirtualClock(-1n)).toThrow('1970')
  expect(() => new VirtualClock().advance(-1n)).toThrow('1970')
})
