/** Holds a frame's saved requests against its records: every event but the releases at the front belongs to exactly one. */
import { Memory, Operation, RecordCursor } from '@tallystick/ledger'

import type { BookBody } from '../book-body.ts'
import { savedRequests } from '../saved-request.ts'
import type { Problems } from './report.ts'

const cursor = new RecordCursor(Memory.allocate(8))

/** @returns how many requests the frame has. */
export function checkRequests(body: BookBody, problems: Problems): number {
  let next = body.firstSequence + releasesOf(body)
  let count = 0
  for (const request of savedRequests(body)) {
    count++
    if (request.firstSequence !== next || request.count < 1) {
      const text = `a request begins at event ${request.firstSequence}, not at ${next}`
      problems.add('request', request.firstSequence, text)
    }
    next = request.firstSequence + request.count
  }
  if (next !== body.firstSequence + body.count) {
    problems.add('request', next, 'an event belongs to no request')
  }
  return count
}

function releasesOf(body: BookBody): number {
  let count = 0
  while (count < body.count && body.point(count, cursor).kind === Operation.releaseHold) count++
  return count
}
