import { expect, test } from 'vitest'

import { SECOND, TestClock } from '../test/fixtures.ts'
import { ReleaseTimer } from './release-timer.ts'

/** Milliseconds that the timer was set for, one after the other; `ring` lets the newest of them pass. */
function timer(clock: TestClock) {
  const waits: number[] = []
  const tasks: (() => void)[] = []
  let rung = 0
  const scheduler = {
    soon: () => {},
    after: (ms: number, task: () => void) => {
      waits.push(ms)
      tasks.push(task)
      return () => {}
    },
  }
  const made = new ReleaseTimer(clock, scheduler, () => rung++)
  return { timer: made, waits, ring: () => tasks.at(-1)?.(), rung: () => rung }
}

test('it rings at the deadline, and at once for one that has passed', () => {
  const clock = new TestClock(10n * SECOND)
  const { timer: made, waits, ring, rung } = timer(clock)
  made.arm(12n * SECOND)
  made.arm(12n * SECOND)
  made.arm(9n * SECOND)
  ring()
  expect([waits, rung()]).toEqual([[2_000, 0], 1])
})

test('a hold that could not be released is tried again after a pause, not at once', () => {
  const clock = new TestClock(10n * SECOND)
  const { timer: made, waits, ring } = timer(clock)
  for (let turn = 0; turn < 3; turn++) {
    made.arm(9n * SECOND)
    ring()
  }
  made.arm(9n * SECOND + 1n)
  expect(waits).toEqual([0, 100, 100, 0])
})

test('a wall clock that was set back meanwhile is waited for', () => {
  const clock = new TestClock(10n * SECOND)
  const { timer: made, waits, ring } = timer(clock)
  made.arm(11n * SECOND)
  clock.jump(-5n * SECOND)
  ring()
  made.arm(11n * SECOND)
  expect(waits).toEqual([1_000, 6_000])
})
