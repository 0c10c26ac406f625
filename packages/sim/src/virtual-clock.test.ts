import { expect, test } from 'vitest'

import { VirtualClock } from './virtual-clock.ts'
import { VirtualScheduler } from './virtual-scheduler.ts'

test('a jump moves the wall alone; it stops at 1970', () => {
  const clock = new VirtualClock()
  const from = clock.now()
  clock.advance(5n)
  clock.jump(-3n)
  expect([clock.now() - from, clock.monotonic()]).toEqual([2n, 5n])
  clock.jump(-(2n ** 64n))
  expect(clock.now()).toBe(0n)
})

test('tasks run in order, timers when they are due, nothing after the end', () => {
  const clock = new VirtualClock()
  const scheduler = new VirtualScheduler(clock)
  const ran: string[] = []
  const task = (name: string) => (): void => void ran.push(name)
  scheduler.soon(task('a'))
  scheduler.soon(task('b'))
  scheduler.after(2, task('timer'))
  const cancel = scheduler.after(1, task('called off'))
  cancel()
  expect(scheduler.nextDue).toBe(2_000_000n)
  scheduler.runNext()
  clock.advance(2_000_000n)
  while (scheduler.runNext());
  expect(ran).toEqual(['a', 'timer', 'b'])
  scheduler.soon(task('c'))
  scheduler.stop()
  expect(scheduler.runNext()).toBe(false)
})
