import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { MediaType, parseId } from '@tallystick/contract'
import { accountIdOf, verifyLedger } from '@tallystick/engine'
import { Operation } from '@tallystick/ledger'
import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { BookModel } from './book-model.ts'
import { type Call, callerOf, type Reply, ROOT_KEY } from './harness.ts'
import { holdToModel, type Look } from './held-to-model.ts'
import {
  ACCOUNTS,
  address,
  type Ask,
  claimsOf,
  funding,
  KillLoad,
  openAccounts,
  transfersAsked,
} from './kill-load.ts'
import {
  places,
  scratchDirectory,
  type ServerProcess,
  startProcess,
  urlOf,
} from './server-process.ts'

/** In all; each directory takes `KILLS_OF_ONE` at most, or the model would be asked to remember too much. */
const KILLS = Number(process.env['TALLY_TEST_KILLS'] ?? 50)
const KILLS_OF_ONE = 50
const CLIENTS = 8
/** A server under load lives between these, ms. */
const LIFE_MS = [20, 220] as const
/** A server that is killed before it is ready lives this long at most, ms: about what a start takes. */
const START_MS = 800
/** One start in so many is killed. */
const START_KILLED = 4
const VERIFY_EVERY = 10
/** Old answers that are asked for again after each kill. */
const OLD_ANSWERS = 20
const AFTER_A_KILL: Look = { entries: 30, holds: 10 }
const IN_THE_END: Look = { entries: 100_000, holds: 100_000 }
const ADDRESSES = ['world:EUR-2', ...Array.from({ length: ACCOUNTS }, (_, index) => address(index))]

function send(call: Call, { method, path, body, headers }: Ask): Promise<Reply> {
  return call(method, path, body, headers)
}

/** What of an answer is the same when it is given again: all of it, but a packed one says itself whether it is. */
function lastingPart({ status, text, bytes, headers }: Reply): unknown {
  if (headers.get('content-type') !== MediaType.batch) return [status, text]
  const packed = Buffer.from(bytes)
  packed[8] = (packed[8] ?? 0) & ~1
  return [status, packed.toString('hex')]
}

/** Asked again: the first answer if there was one, and some answer in any case. */
async function repeat(call: Call, ask: Ask): Promise<void> {
  const again = await send(call, ask)
  const { path, body, reply: first = again } = ask
  const replayed = ask.reply === undefined ? again.headers.get('idempotent-replayed') : 'true'
  ask.reply = first
  expect([path, body, lastingPart(again), again.headers.get('idempotent-replayed')]).toEqual([
    ...[path, body, lastingPart(first), replayed],
  ])
}

/** The connection broke. Whatever else is wrong with an answer is no death of the server. */
function gone(error: unknown): undefined {
  if (!(error instanceof TypeError)) throw error
}

/** As many at once as there are clients. */
async function repeatEach(call: Call, asks: readonly Ask[]): Promise<void> {
  for (let from = 0; from < asks.length; from += CLIENTS) {
    await Promise.all(asks.slice(from, from + CLIENTS).map((ask) => repeat(call, ask)))
  }
}

/** One directory and all that is known of it. */
class Killed {
  readonly path = scratchDirectory()
  readonly data = join(this.path, 'data')
  readonly book = new BookModel(this.data)
  readonly random: Prng
  readonly load: KillLoad
  /** Of earlier lives: all of them are answered. */
  readonly #old: Ask[] = []
  /** Of the life before. */
  #fresh: Ask[] = funding()
  /** The book is known to be what was answered up to here. */
  #claimedThrough = 0

  constructor(seed: number) {
    this.random = new Prng(seed)
    this.load = new KillLoad(this.random, `k${seed}`)
  }

  get askedCount(): number {
    return this.#old.length
  }

  start(): ServerProcess {
    const args = [...places(this.path), '--snapshot-megabytes', '1']
    return startProcess(args, { TALLY_ROOT_KEY: ROOT_KEY })
  }

  /** Asks until the server is gone. */
  async client(call: Call): Promise<void> {
    for (;;) {
      const ask = this.load.next()
      this.#fresh.push(ask)
      const reply = await send(call, ask).catch(gone)
      if (reply === undefined) return
      ask.reply = reply
      this.load.learn(reply)
    }
  }

  /** Of a server that has just recovered: lost answers are asked for, old ones again, and all is held to the model. */
  async holdToPromises(call: Call, look: Look): Promise<void> {
    await repeatEach(call, this.#fresh)
    await this.book.follow()
    holdToClaims(this.#fresh, this.book, this.#claimedThrough)
    this.#claimedThrough = this.book.lastSequence
    for (const opened of this.load.opened.splice(0)) holdOpen(this.book, opened)
    this.#old.push(...this.#fresh.splice(0))
    await repeatEach(
      call,
      Array.from({ length: OLD_ANSWERS }, () => this.random.pick(this.#old)),
    )
    await holdToModel(call, this.book, ADDRESSES, look)
  }

  async repeatAll(call: Call): Promise<void> {
    await repeatEach(call, this.#old)
  }
}

const isTransfer = ({ operation }: { operation: number }): boolean =>
  operation === Operation.createTransfer

/** What a life brought into the book is what its clients were told, transfer by transfer: nothing less, nothing more. */
function holdToClaims(asks: readonly Ask[], { decisions }: BookModel, through: number): void {
  const fresh = decisions.slice(through).filter(isTransfer)
  const booked = fresh.filter(({ status }) => status === 0)
  const placed = new Map(booked.map(({ id, sequence }) => [id, sequence]))
  const claims = asks.flatMap(claimsOf)
  for (const { reply } of asks) {
    const id = parseId(reply?.json?.transfer_id ?? '')
    if (id !== undefined) claims.push({ sequence: placed.get(id) ?? 0n, created: true })
  }
  const created = claims.filter((claim) => claim.created).map(({ sequence }) => sequence)
  expect(created.toSorted(bySize)).toEqual(booked.map(({ sequence }) => sequence))
  for (const claim of claims) {
    expect(decisions[Number(claim.sequence) - 1]?.status === 0).toBe(claim.created)
  }
  // Refusals are events, too: as many as were asked for, each once.
  const reached = asks.filter(({ reply }) => reply?.headers.has('ledger-sequence'))
  expect(fresh.length).toBe(reached.reduce((sum, ask) => sum + transfersAsked(ask), 0))
}

function holdOpen({ model }: BookModel, opened: string): void {
  expect(model.account(accountIdOf(opened))?.address).toBe(opened)
}

async function verify(data: string): Promise<void> {
  const { sound, problems } = await verifyLedger({ directory: data })
  expect({ sound, problems }).toEqual({ sound: true, problems: [] })
}

const bySize = (a: bigint, b: bigint): number => (a < b ? -1 : 1)

async function kill(server: ServerProcess): Promise<void> {
  server.child.kill('SIGKILL')
  await server.exit
}

/** Some starts are killed, too, wherever they are. */
async function startAtLast(killed: Killed): Promise<ServerProcess> {
  while (killed.random.once(START_KILLED)) {
    const server = killed.start()
    await sleep(killed.random.below(START_MS))
    await kill(server)
  }
  return killed.start()
}

const directories = Array.from({ length: Math.ceil(KILLS / KILLS_OF_ONE) }, (_, index) => ({
  kills: Math.min(KILLS_OF_ONE, KILLS - index * KILLS_OF_ONE),
  seed: Number(process.env['TALLY_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31)) + index,
}))

test.each(directories)(
  '$kills kills under load: what was acknowledged is there, once, and all is what the model says',
  async ({ kills, seed }) => {
    console.log(`TALLY_TEST_SEED=${seed}`)
    const killed = new Killed(seed)
    for (let count = 1; count <= kills; count++) {
      const server = await startAtLast(killed)
      const call = callerOf(await urlOf(server))
      if (count === 1) await openAccounts(call)
      await killed.holdToPromises(call, AFTER_A_KILL)
      const clients = Array.from({ length: CLIENTS }, () => killed.client(call))
      await sleep(LIFE_MS[0] + killed.random.below(LIFE_MS[1] - LIFE_MS[0]))
      await kill(server)
      await Promise.all(clients)
      if (count % VERIFY_EVERY === 0) await verify(killed.data)
    }
    const server = killed.start()
    const call = callerOf(await urlOf(server))
    await killed.holdToPromises(call, IN_THE_END)
    await killed.repeatAll(call)
    await holdToModel(call, killed.book, ADDRESSES, AFTER_A_KILL)
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
    await verify(killed.data)
    expect(killed.askedCount).toBeGreaterThan(kills * CLIENTS)
  },
  300_000,
)
