/** The writer thread: waits for submitted groups and makes them durable, one write and one sync each. */
import assert from 'node:assert/strict'
import { isMainThread, workerData } from 'node:worker_threads'

import { Appender } from './appender.ts'
import { Group } from './group.ts'
import { runJob } from './jobs.ts'
import { RealDisk } from './real-disk.ts'
import { SharedTail } from './shared-tail.ts'
import type { ThreadData } from './thread-runner.ts'

assert(!isMainThread)
const data: ThreadData = workerData
const tail = new SharedTail(data.tail)
const groups = data.groups.map((memory, index) => new Group(index, memory))
const appender = new Appender({ ...data.options, disk: new RealDisk() }, tail, groups)

for (;;) {
  // Read before anything else is: a call that comes after it is heard, also the one to end.
  const { bell } = tail
  if (tail.stopped || tail.failure !== undefined) break
  if (tail.submitted === tail.released) tail.waitForBell(bell)
  else runJob(tail, appender, { patient: true })
}
