import { MediaType } from '@tallystick/contract'
import { verifyLedger } from '@tallystick/engine'
import { expect, test } from 'vitest'

import type { Faults } from './fault-disk.ts'
import { FaultyServer } from './faulty-server.ts'
import { batchOf, fillDisk } from './fill-disk.ts'
import {
  BOOKS,
  type Call,
  FEES,
  openWallet,
  PAYMENT,
  type Reply,
  ROOT_KEY,
  WALLET,
} from './harness.ts'
import { holdToModel } from './held-to-model.ts'
import { urlOf } from './server-process.ts'

const ADDRESSES = ['world:EUR-2', WALLET, BOOKS, FEES]
const ALL = { entries: 2_000, holds: 1_000 }
const HOUR_MS = 3_600_000

const key = (name: string) => ({ 'idempotency-key': name })
const pay = (call: Call, name: string, amount = '1'): Promise<Reply> =>
  call('POST', '/v1/transfers', { ...PAYMENT, amount }, key(name))
const shown = ({ status, json }: Reply): unknown => [status, json.code ?? json.status]
const readiness = async (call: Call): Promise<unknown> => shown(await call('GET', '/readyz'))

/** The first answer again. */
async function holdToAnswer(call: Call, name: string, first: Reply): Promise<void> {
  const again = await pay(call, name)
  expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true'])
}

async function verify(server: FaultyServer): Promise<void> {
  const { sound, problems } = await verifyLedger({ directory: server.data })
  expect({ sound, problems }).toEqual({ sound: true, problems: [] })
}

test('a full disk: 503 for writes, reads go on, also after kill and restart, and it mends itself', async () => {
  const server = new FaultyServer()
  const call = await server.start()
  await openWallet(call)
  const first = await pay(call, 'first')
  await server.suffer({ full: true })
  expect(await fillDisk(call)).toBe('storage_full')
  const refused = await pay(call, 'refused')
  expect(shown(refused)).toEqual([503, 'storage_full'])
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await readiness(call)).toEqual([503, 'storage_full'])
  await holdToAnswer(call, 'first', first)
  await holdToModel(call, server.book, ADDRESSES, ALL)
  await server.end('SIGKILL')

  const again = await server.start({ full: true })
  expect(shown(await pay(again, 'refused'))).toEqual([503, 'storage_full'])
  await holdToAnswer(again, 'first', first)
  await holdToModel(again, server.book, ADDRESSES, ALL)
  await server.suffer({})
  await expect.poll(() => readiness(again)).toEqual([200, 'ready'])
  expect((await pay(again, 'refused')).status).toBe(201)
  await holdToAnswer(again, 'first', first)
  await holdToModel(again, server.book, ADDRESSES, ALL)
  expect(await server.end('SIGTERM')).toBe(0)
  await verify(server)
}, 60_000)

test('a stop on a full disk is a stop in order, without a snapshot', async () => {
  const server = new FaultyServer()
  const call = await server.start()
  await openWallet(call)
  await server.suffer({ full: true })
  expect(await server.end('SIGTERM')).toBe(0)
  expect(server.process?.text()).toContain('closed without a snapshot: Error: ENOSPC')
  await verify(server)
})

const BIG = { path: '/v1/batches', body: batchOf(200), type: MediaType.batch }
const SMALL = { path: '/v1/transfers', body: PAYMENT, type: MediaType.json }

/** `[what fails, how large the write is (large ones are written by a thread), whether it is there in the end, cause in the log]` */
const BROKEN: readonly (readonly [Faults, 'small' | 'big', boolean, string])[] = [
  [{ sync: 'kept' }, 'small', true, 'EIO: made by a test, fdatasync'],
  [{ sync: 'lost' }, 'small', false, 'EIO: made by a test, fdatasync'],
  [{ sync: 'kept' }, 'big', true, 'EIO: made by a test, fdatasync'],
  [{ sync: 'lost' }, 'big', false, 'EIO: made by a test, fdatasync'],
  [{ write: 'fails' }, 'small', false, 'EIO: made by a test, write'],
  [{ write: 'short' }, 'small', false, 'wrote \\d+ of \\d+ bytes'],
  [{ write: 'short' }, 'big', false, 'wrote \\d+ of \\d+ bytes'],
]

test.each(BROKEN)(
  '%j in a %s write: the process ends, a restart and the same key tell what became of it',
  async (faults, size, isThere, cause) => {
    const { path, body, type } = size === 'big' ? BIG : SMALL
    const server = new FaultyServer()
    const call = await server.start()
    await openWallet(call)
    const first = await pay(call, 'first')
    await server.suffer(faults)
    const headers = { 'content-type': type, ...key('unknown') }
    expect(shown(await call('POST', path, body, headers))).toEqual([503, 'outcome_unknown'])
    expect(await server.process?.exit).toBe(1)
    const lastLine = server.process?.text().trim().split('\n').at(-1) ?? ''
    expect(lastLine).toMatch(/"message":"the ledger stopped: a restart recovers it"/)
    expect(lastLine).toMatch(new RegExp(cause))

    const again = await server.start()
    await holdToAnswer(again, 'first', first)
    const told = await again('POST', path, body, headers)
    expect(told.status).toBe(size === 'big' ? 200 : 201)
    expect(told.headers.get('idempotent-replayed')).toBe(isThere ? 'true' : null)
    await holdToModel(again, server.book, ADDRESSES, ALL)
    expect(await server.end('SIGTERM')).toBe(0)
    await verify(server)
  },
)

test('a slow disk: every answer is right and in order, the server is not stuck, an impatient client asks again', async () => {
  const server = new FaultyServer()
  const call = await server.start()
  await openWallet(call)
  await server.suffer({ syncMs: 300 })
  // The first sync holds up the main thread; from then on syncs are left to the writer's.
  await pay(call, 'slow')
  const done: string[] = []
  const write = pay(call, 'write').then(() => done.push('write'))
  const health = call('GET', '/healthz').then(() => done.push('health'))
  await Promise.all([write, health])
  expect(done).toEqual(['health', 'write'])

  const client = async (name: string): Promise<void> => {
    let last = 0n
    for (let count = 0; count < 3; count++) {
      const reply = await pay(call, `${name}-${count}`)
      expect([reply.status, BigInt(reply.json.sequence) > last]).toEqual([201, true])
      last = BigInt(reply.json.sequence)
    }
  }
  await Promise.all(Array.from({ length: 10 }, (_, index) => client(`client-${index}`)))

  const url = await urlOf(server.process ?? server.begin())
  const impatient = fetch(`${url}/v1/transfers`, {
    ...{ method: 'POST', body: JSON.stringify({ ...PAYMENT, amount: '1' }) },
    headers: {
      authorization: `Bearer ${ROOT_KEY}`,
      'content-type': MediaType.json,
      ...key('impatient'),
    },
    signal: AbortSignal.timeout(50),
  })
  await expect(impatient).rejects.toThrow('aborted')
  const told = await pay(call, 'impatient')
  expect([told.status, told.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
  await server.suffer({})
  await holdToModel(call, server.book, ADDRESSES, ALL)
  const { json } = await call('GET', `/v1/accounts/${WALLET}`)
  expect(json.balances.debits_posted).toBe('33')
})

test('a clock that runs back: work goes on, time does not run back, also across a restart', async () => {
  const server = new FaultyServer()
  const call = await server.start()
  await openWallet(call)
  const times: string[] = [(await pay(call, 'before')).json.timestamp]
  await server.suffer({ clockMs: -HOUR_MS })
  times.push((await pay(call, 'back')).json.timestamp, (await pay(call, 'back-2')).json.timestamp)
  await server.end('SIGKILL')
  const again = await server.start({ clockMs: -HOUR_MS })
  times.push((await pay(again, 'restarted')).json.timestamp)
  await server.suffer({})
  times.push((await pay(again, 'right')).json.timestamp)
  expect(new Set(times).size).toBe(times.length)
  expect(times.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(times)
  await holdToModel(again, server.book, ADDRESSES, ALL)
})

test('a clock that jumps forward: writes stop, no hold expires, and a restart takes the clock as it is', async () => {
  const server = new FaultyServer()
  const call = await server.start()
  await openWallet(call)
  const first = await pay(call, 'first')
  const asked = { ...PAYMENT, timeout_seconds: 1_800 }
  const { json: hold } = await call('POST', '/v1/holds', asked)
  const holdNow = async (now: Call) => (await now('GET', `/v1/holds/${hold.id}`)).json.status
  await server.suffer({ clockMs: HOUR_MS })
  const refused = await pay(call, 'jumped')
  expect(shown(refused)).toEqual([503, 'clock_jump'])
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await readiness(call)).toEqual([503, 'clock_jump'])
  expect(server.process?.text()).toMatch(/the wall clock jumped forward by 3(599|600) s/)
  expect(await holdNow(call)).toBe('pending')
  // Set right again, it is still for an operator to say so.
  await server.suffer({})
  expect(shown(await pay(call, 'jumped'))).toEqual([503, 'clock_jump'])
  expect(await server.end('SIGTERM')).toBe(0)

  const right = await server.start()
  expect((await pay(right, 'jumped')).status).toBe(201)
  expect(await holdNow(right)).toBe('pending')
  await holdToAnswer(right, 'first', first)
  await server.end('SIGKILL')

  const ahead = await server.start({ clockMs: HOUR_MS })
  await expect.poll(() => holdNow(ahead)).toBe('expired')
  expect((await pay(ahead, 'ahead')).status).toBe(201)
  await holdToModel(ahead, server.book, ADDRESSES, ALL)
  await server.end('SIGTERM')
  await verify(server)
})

/** Calls that change something, counted from the start of the process: all of them lie before it is ready. */
const DEATHS = [...Array.from({ length: 20 }, (_, index) => index + 1), 30, 50]

test('killed again and again while it recovers: nothing is lost, and at last it starts', async () => {
  const server = new FaultyServer()
  const call = await server.start()
  await openWallet(call)
  const first = await pay(call, 'first')
  await call('POST', '/v1/batches', BIG.body, { 'content-type': MediaType.batch })
  // A torn write for recovery to cut.
  await server.suffer({ write: 'short' })
  await pay(call, 'torn').catch(() => {})
  expect(await server.process?.exit).toBe(1)
  for (const dieAt of DEATHS) {
    await server.suffer({ dieAt })
    expect(await server.begin().exit).toBeNull()
    expect(server.process?.text()).not.toMatch(/^ready/m)
  }
  const again = await server.start()
  await holdToAnswer(again, 'first', first)
  expect((await pay(again, 'torn')).status).toBe(201)
  await holdToModel(again, server.book, ADDRESSES, ALL)
  expect(await server.end('SIGTERM')).toBe(0)
  await verify(server)
}, 60_000)
