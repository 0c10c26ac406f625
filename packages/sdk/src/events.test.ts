import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Forbidden, type TallystickError } from './errors.ts'
import type { LedgerEvent } from './shapes/event.ts'
import { Tallystick } from './tallystick.ts'

type Answer = (response: ServerResponse) => void

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

interface Asked {
  readonly url: string | undefined
  readonly lastEventId: string | string[] | undefined
}

async function serve(answers: readonly Answer[]): Promise<{ tally: Tallystick; asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    asked.push({ url: request.url, lastEventId: request.headers['last-event-id'] })
    answers[Math.min(asked.length, answers.length) - 1]?.(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { tally: new Tallystick({ url: `http://127.0.0.1:${port}`, key: 'k' }), asked }
}

const event = (sequence: number): string =>
  `id: 0-${sequence}\ndata: ${JSON.stringify({
    ...{ id: `0-${sequence}`, type: 'transfer.posted', sequence: `${sequence}` },
    data: { amount: '250', debit: { account: 'a', number: '7', balances: { debits_posted: '1' } } },
  })}\n\n`

/** Sends these pieces, each by itself, and then breaks the connection, ends it or leaves it open. */
const stream =
  (pieces: readonly string[], end: 'break' | 'end' | 'open'): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (index: number): void => {
      const piece = pieces[index]
      if (piece !== undefined) response.write(piece, () => setImmediate(() => send(index + 1)))
      else if (end === 'break') response.destroy()
      else if (end === 'end') response.end()
    }
    send(0)
  }

const problem =
  (status: number, code: string): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ code, status, title: 'T', detail: 'D' }))
  }

async function take(events: AsyncGenerator<LedgerEvent>, count: number): Promise<LedgerEvent[]> {
  const taken: LedgerEvent[] = []
  for await (const each of events) {
    taken.push(each)
    if (taken.length === count) break
  }
  return taken
}

test('events have the names and numbers of programs, wherever the pieces are cut', async () => {
  const text = `retry: 1000\nid: 0-0\n\n${event(1)}${event(2)}`
  const pieces = Array.from({ length: Math.ceil(text.length / 7) }, (_, index) =>
    text.slice(index * 7, index * 7 + 7),
  )
  const { tally, asked } = await serve([stream(pieces, 'open')])
  const query = { type: ['transfer.posted', 'hold.*'], account: 'a', after: '0' }
  const events = await take(tally.events.follow(query), 2)
  expect(events.map(({ sequence }) => sequence)).toEqual([1n, 2n])
  expect(events[0]).toMatchObject({
    data: { amount: 250n, debit: { number: 7n, balances: { debitsPosted: 1n } } },
  })
  expect(asked[0]?.url).toBe('/v1/events?after=0&type=transfer.posted%2Chold.*&account=a')
})

test('after every kind of break it goes on behind what was taken', async () => {
  const { tally, asked } = await serve([
    stream(['id: 0-3\n\n'], 'break'),
    problem(503, 'unavailable'),
    stream([event(4), event(5), 'id: 0-6\ndata: {"id"'], 'break'),
    stream([event(6), 'event: closed\ndata: {"code":"unavailable"}\n\n'], 'open'),
    stream(['id: 0-9\n\n'], 'end'),
    stream([event(10)], 'open'),
  ])
  const breaks: string[] = []
  const onBreak = (error: TallystickError): void => void breaks.push(error.message)
  const events = await take(tally.events.follow({}, { onBreak }), 4)
  expect(events.map(({ id }) => id)).toEqual(['0-4', '0-5', '0-6', '0-10'])
  expect(asked.map(({ lastEventId }) => lastEventId)).toEqual([
    ...[undefined, '0-3', '0-3', '0-5', '0-6', '0-9'],
  ])
  expect(breaks).toEqual([
    'the stream of events broke',
    'unavailable: D',
    'the stream of events broke',
    'the server closed the stream: {"code":"unavailable"}',
    'the stream of events ended',
  ])
}, 30_000)

test('what no further try mends is thrown', async () => {
  const { tally, asked } = await serve([problem(403, 'forbidden')])
  await expect(tally.events.follow().next()).rejects.toThrow(Forbidden)
  expect(asked).toHaveLength(1)
})

test('a signal ends it, with its own reason', async () => {
  const { tally } = await serve([stream([event(1)], 'open')])
  const end = new AbortController()
  const events = tally.events.follow({}, { signal: end.signal })
  await events.next()
  const next = events.next()
  end.abort(new Error('enough'))
  await expect(next).rejects.toThrow('enough')
})
