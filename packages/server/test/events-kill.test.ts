import { setTimeout as sleep } from 'node:timers/promises'

import type { LedgerEvent } from '@tallystick/contract'
import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { EventReader } from './event-reader.ts'
import { type Call, callerOf, ROOT_KEY } from './harness.ts'
import { funding, KillLoad, openAccounts } from './kill-load.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

const KILLS = 8
const CLIENTS = 4
const LIFE_MS = [50, 300] as const

/** Ids of the transfers and holds that clients were told of. */
async function client(call: Call, load: KillLoad, told: Set<string>): Promise<void> {
  for (;;) {
    const { method, path, body, headers } = load.next()
    const reply = await call(method, path, body, headers).catch(() => undefined)
    if (reply === undefined) return
    load.learn(reply)
    const { object, id } = reply.json ?? {}
    if (reply.status === 201 && (object === 'transfer' || object === 'hold')) told.add(id)
  }
}

/** Entries of every account: its numbers, in the order in which they came. */
function numbersOf(events: readonly LedgerEvent[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>()
  for (const { data } of events) {
    if (!('transfer_id' in data)) continue
    for (const { account, number } of [data.debit, data.credit]) {
      numbers.set(account, [...(numbers.get(account) ?? []), Number(number)])
    }
  }
  return numbers
}

test('a listener that goes on behind what it knows misses nothing, however often the server is killed', async () => {
  const seed = Number(process.env['TALLY_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`TALLY_TEST_SEED=${seed}`)
  const random = new Prng(seed)
  const path = scratchDirectory()
  const load = new KillLoad(random, `e${seed}`)
  const told = new Set<string>()
  const heard: LedgerEvent[] = []
  const start = () => startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })
  const listen = (url: string): Promise<EventReader> =>
    EventReader.open(url, '?after=0', heard.length === 0 ? {} : { 'last-event-id': lastId(heard) })
  for (let count = 1; count <= KILLS; count++) {
    const server = start()
    const url = await urlOf(server)
    const reader = await listen(url)
    const rest = reader.rest()
    const call = callerOf(url)
    if (count === 1) {
      await openAccounts(call)
      for (const { method, path: to, body, headers } of funding())
        await call(method, to, body, headers)
    }
    const clients = Array.from({ length: CLIENTS }, () => client(call, load, told))
    await sleep(LIFE_MS[0] + random.below(LIFE_MS[1] - LIFE_MS[0]))
    server.child.kill('SIGKILL')
    await Promise.all([server.exit, rest, ...clients])
    heard.push(...reader.events)
  }
  const server = start()
  const url = await urlOf(server)
  const reader = await listen(url)
  const { json } = await callerOf(url)('GET', '/readyz')
  // After everything that clients were told of, so that it is known when all was heard; holds may expire after it.
  await callerOf(url)('POST', '/v1/assets', { asset: 'END/0' })
  while (!reader.events.some(({ subject }) => subject === 'END/0'))
    await reader.take(reader.events.length + 1)
  heard.push(...reader.events)
  const sequences = heard.map(({ sequence }) => Number(sequence))
  expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b))
  expect(sequences.at(-1)).toBeGreaterThan(Number(json.sequence))
  const moved = new Set(heard.map(({ data }) => ('transfer_id' in data ? data.transfer_id : '')))
  expect([...told].filter((id) => !moved.has(id))).toEqual([])
  expect(told.size).toBeGreaterThan(KILLS)
  for (const numbers of numbersOf(heard).values()) {
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  }
}, 120_000)

const lastId = (events: readonly LedgerEvent[]): string => events.at(-1)?.id ?? ''
