import { setTimeout as sleep } from 'node:timers/promises'

import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { type Call, callerOf, type Reply, ROOT_KEY } from './harness.ts'
import {
  places,
  scratchDirectory,
  type ServerProcess,
  startProcess,
  urlOf,
} from './server-process.ts'

const KILLS = 20
const CLIENTS = 12
const ACCOUNTS = 8
/** A server under load lives between these, ms. */
const LIFE_MS = [40, 400] as const

interface Ask {
  readonly key: string
  readonly path: string
  readonly body: unknown
  /** The first answer; undefined: the server died before it came. */
  reply?: Reply
}

const address = (index: number): string => `kill:${index}`

/** Accounts 0 to 3 cannot be overdrawn, so that some commands are refused. */
async function openAccounts(call: Call): Promise<void> {
  for (let index = 0; index < ACCOUNTS; index++) {
    const flags = index < 4 ? ['debits_must_not_exceed_credits'] : []
    await call('POST', '/v1/accounts', { address: address(index), asset: 'EUR/2', flags })
    await call('POST', `/v1/accounts/${address(index)}/increments`, { amount: '2000' })
  }
}

function makeAsk(random: Prng, key: string): Ask {
  const pick = (): number => random.below(ACCOUNTS)
  const movement = () => {
    const debit = pick()
    const credit = (debit + 1 + random.below(ACCOUNTS - 1)) % ACCOUNTS
    const amount = String(1 + random.below(900))
    return {
      debit_account: address(debit),
      credit_account: address(credit),
      amount,
      asset: 'EUR/2',
    }
  }
  const kind = random.below(100)
  if (kind < 60) return { key, path: '/v1/transfers', body: movement() }
  if (kind < 75) return { key, path: '/v1/holds', body: { ...movement(), timeout_seconds: 3_600 } }
  if (kind < 85) {
    const postings = [movement(), movement()].map(({ debit_account, credit_account, ...rest }) => ({
      ...{ source: debit_account, destination: credit_account, ...rest },
    }))
    return { key, path: '/v1/transactions', body: { postings } }
  }
  const commands = Array.from({ length: 5 }, () => ({
    operation: 'create_transfer',
    ...movement(),
  }))
  return { key, path: '/v1/batches', body: { commands, atomic: kind >= 95 } }
}

/** Asks until the server is gone. */
async function load(call: Call, asks: Ask[], next: () => Ask): Promise<void> {
  for (;;) {
    const ask = next()
    asks.push(ask)
    try {
      ask.reply = await call('POST', ask.path, ask.body, { 'idempotency-key': ask.key })
    } catch {
      return
    }
  }
}

/** The same key again: the first answer if there was one, and some answer in any case. */
async function repeat(call: Call, ask: Ask): Promise<void> {
  const { reply: first } = ask
  const again = await call('POST', ask.path, ask.body, { 'idempotency-key': ask.key })
  if (first === undefined) {
    ask.reply = again
    return
  }
  expect([again.status, again.text]).toEqual([first.status, first.text])
  expect(again.headers.get('idempotent-replayed')).toBe('true')
}

test(`${KILLS} kills under load: what was acknowledged is there, once`, async () => {
  const seed = Number(process.env['TALLY_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`TALLY_TEST_SEED=${seed}`)
  const random = new Prng(seed)
  const path = scratchDirectory()
  const start = (): ServerProcess => startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })
  const asks: Ask[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const server = start()
    const call = callerOf(await urlOf(server))
    if (kill === 0) await openAccounts(call)
    const unknown = asks.filter(({ reply }) => reply === undefined)
    const known = asks.filter(() => random.below(asks.length) < 20)
    for (const ask of [...unknown, ...known]) await repeat(call, ask)
    const next = (): Ask => makeAsk(random, `${seed}-${asks.length}`)
    const clients = Array.from({ length: CLIENTS }, () => load(call, asks, next))
    await sleep(LIFE_MS[0] + random.below(LIFE_MS[1] - LIFE_MS[0]))
    server.child.kill('SIGKILL')
    await Promise.all(clients)
    await server.exit
  }
  const call = callerOf(await urlOf(start()))
  for (const ask of asks) await repeat(call, ask)
  expect(asks.length).toBeGreaterThan(KILLS * CLIENTS)
  await holdToBooks(call, asks)
}, 240_000)

/** Balances are what the answers add up to, histories hold every transfer once, and the whole is zero. */
async function holdToBooks(call: Call, asks: readonly Ask[]): Promise<void> {
  const moved = asks.flatMap(({ path, body, reply }) => movedBy(path, body, reply))
  const expected = new Map<string, bigint>()
  const ids = new Map<string, number>()
  for (const { debit, credit, amount, id } of moved) {
    expected.set(debit, (expected.get(debit) ?? 0n) - amount)
    expected.set(credit, (expected.get(credit) ?? 0n) + amount)
    ids.set(id, (ids.get(id) ?? 0) + 1)
  }
  expect(Math.max(...ids.values())).toBe(1)
  let total = 0n
  for (let index = 0; index < ACCOUNTS; index++) {
    const { json } = await call('GET', `/v1/accounts/${address(index)}`)
    const isLimited = index < 4
    expect(isLimited && json.balances.balance.startsWith('-')).toBe(false)
    expect(BigInt(json.balances.balance)).toBe(2000n + (expected.get(address(index)) ?? 0n))
    total += BigInt(json.balances.balance)
    await holdToHistory(call, address(index), ids)
  }
  const world = await call('GET', '/v1/accounts/world:EUR-2')
  expect(total + BigInt(world.json.balances.balance)).toBe(0n)
}

async function holdToHistory(
  call: Call,
  account: string,
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const seen = new Set<string>()
  let cursor = ''
  do {
    const { json } = await call('GET', `/v1/accounts/${account}/entries?limit=1000${cursor}`)
    for (const { transfer_id: id, counterparty } of json.data) {
      expect(seen.has(id)).toBe(false)
      seen.add(id)
      if (counterparty !== 'world:EUR-2') expect(ids.has(id)).toBe(true)
    }
    cursor = json.has_more ? `&cursor=${json.next_cursor}` : ''
  } while (cursor !== '')
}

interface Moved {
  readonly id: string
  readonly debit: string
  readonly credit: string
  readonly amount: bigint
}

const one = (shown: Record<string, string>): Moved => ({
  id: shown['id'] ?? '',
  debit: shown['debit_account'] ?? '',
  credit: shown['credit_account'] ?? '',
  amount: BigInt(shown['amount'] ?? '0'),
})

/** What the answer says was moved. */
function movedBy(path: string, body: unknown, reply: Reply | undefined): Moved[] {
  const { status, json } = reply ?? { status: 0, json: undefined }
  if (status !== 200 && status !== 201) return []
  if (path === '/v1/transfers') return [one(json)]
  if (path === '/v1/transactions') return json.transfers.map(one)
  if (path !== '/v1/batches') return []
  const { commands } = body as { commands: Record<string, string>[] }
  return commands.flatMap((command, index) => {
    const { status: outcome, id } = json.results[index]
    return outcome === 'created' ? [one({ ...command, id })] : []
  })
}
