import { startServer } from '@tallystick/server'
import { Prng } from '@tallystick/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RunningLedger } from './running-ledger.ts'

interface Asked {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly key?: string
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly replayed: string | null
}

let ledger: RunningLedger

beforeAll(async () => {
  ledger = await RunningLedger.start()
})

afterAll(() => ledger.stop())

async function ask(url: string, { method, path, body, key }: Asked): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      authorization: `Bearer ${ledger.variables['TALLY_KEY']}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
  })
  const replayed = response.headers.get('idempotent-replayed')
  return { status: response.status, text: await response.text(), replayed }
}

const address = (index: number): string => `load:${index}:wallet`

/** Writes of every kind, with a key or a reference each; some are refused, some burn their ids. */
function* writes(prng: Prng): Generator<Asked> {
  for (let index = 0; index < 6; index++) {
    const flags = index < 3 ? ['debits_must_not_exceed_credits'] : []
    const body = { address: address(index), asset: 'EUR/2', flags, metadata: { n: `${index}` } }
    yield { method: 'POST', path: '/v1/accounts', body, key: `open-${index}` }
    const path = `/v1/accounts/${address(index)}/increments`
    yield { method: 'POST', path, body: { amount: '5000' }, key: `fund-${index}` }
  }
  for (let index = 0; index < 120; index++) {
    const debit = prng.below(6)
    const movement = {
      ...{ debit_account: address(debit), credit_account: address((debit + 1) % 6) },
      ...{ amount: String(1 + prng.below(prng.once(6) ? 90_000 : 300)), asset: 'EUR/2' },
    }
    const { debit_account: source, credit_account: destination, ...rest } = movement
    const named = prng.once(3) ? { reference: `ref-${index}` } : {}
    const key = 'reference' in named ? {} : { key: `key-${index}` }
    const post = { method: 'POST', ...key }
    const kind = prng.below(4)
    if (kind === 0) {
      const timeout = prng.once(2) ? { timeout_seconds: 3_600 } : {}
      yield { ...post, path: '/v1/holds', body: { ...movement, ...timeout, ...named } }
    } else if (kind === 1) {
      const postings = [{ source, destination, ...rest }]
      yield { ...post, path: '/v1/transactions', body: { postings, ...named } }
    } else {
      const past = prng.once(5) ? { effective_at: '2026-01-02T03:04:05Z' } : {}
      yield { ...post, path: '/v1/transfers', body: { ...movement, ...past, ...named } }
    }
  }
}

/** Reads that together show everything. */
const reads = (): Asked[] =>
  ['/v1/accounts?limit=1000', '/v1/balances?group_by=1', '/v1/assets']
    .concat(
      Array.from({ length: 6 }, (_, index) => `/v1/accounts/${address(index)}`).flatMap((path) => [
        path,
        `${path}/entries?limit=1000`,
        `${path}/balance?at=2026-01-03T00:00:00Z&by=effective`,
      ]),
    )
    .map((path) => ({ method: 'GET', path }))

test('a client that asks again after a load gets its first answers, and nothing is booked twice', async () => {
  const seed = Number(process.env['TALLY_TEST_SEED'] ?? 17)
  const asked: { write: Asked; answer: Answer }[] = []
  for (const write of writes(new Prng(seed))) {
    asked.push({ write, answer: await ask(ledger.server.url, write) })
  }
  const statuses = new Set(asked.map(({ answer }) => answer.status))
  expect(statuses).toContain(422)
  expect(statuses).toContain(201)
  const before = await Promise.all(reads().map((read) => ask(ledger.server.url, read)))
  expect(new Set(before.map(({ status }) => status))).toEqual(new Set([200]))
  const dumped = await ledger.run('dump', 'ledger.ndjson.zst')
  expect(dumped.stderr).toBe('')
  const loaded = await ledger.run('load', 'ledger.ndjson.zst', 'again')
  expect(loaded.stderr).toBe('')
  const [, hash = ''] = /^state hash +(\w+)$/m.exec(dumped.stdout) ?? []
  expect(loaded.stdout).toContain(hash)
  const rootKey = ledger.variables['TALLY_KEY'] ?? ''
  const again = await startServer({ data: ledger.path('again'), rootKey })
  try {
    const after = await Promise.all(reads().map((read) => ask(again.url, read)))
    expect(after.map(timeless)).toEqual(before.map(timeless))
    for (const { write, answer } of asked) {
      expect(await ask(again.url, write)).toEqual({ ...answer, replayed: 'true' })
    }
    const later = await Promise.all(reads().map((read) => ask(again.url, read)))
    expect(later.map(timeless)).toEqual(before.map(timeless))
    const { code } = await ledger.run('verify', 'again')
    expect(code).toBe(0)
  } finally {
    await again.close()
  }
})

/** Without what tells when it was asked. */
function timeless({ status, text }: Answer): unknown {
  return [status, text.replaceAll(/"(as_of|at|request_id|cursor)":"[^"]*"/g, '')]
}
