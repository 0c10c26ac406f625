import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { MediaType, packBatch, PackedOperation } from '@tallystick/contract'
import { accountIdOf } from '@tallystick/engine'
import { freshSeed, Prng } from '@tallystick/testkit'
import {
  type PolicyOptions,
  type SaidAccount,
  trustPolicy,
  verifyAccountProof,
} from '@tallystick/verify'
import { expect, test } from 'vitest'

import {
  BOOKS,
  type Call,
  FEES,
  openWallet,
  PAYMENT,
  ROOT_KEY,
  testServer,
  WALLET,
} from './harness.ts'
import { Lives } from './lives.ts'
import { scratchDirectory } from './server-process.ts'

const run = promisify(execFile)
const VERIFY = fileURLToPath(new URL('../../verify/src/main.ts', import.meta.url))
const NS_PER_MS = 1_000_000n

async function keysOf(call: Call): Promise<PolicyOptions> {
  const { json } = await call('GET', '/v1/log')
  return { keys: json.keys as string[] }
}

async function proved(call: Call, address: string, query = ''): Promise<SaidAccount> {
  const { status, text, headers } = await call('GET', `/v1/accounts/${address}/proof${query}`)
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
  const report = await verifyAccountProof(text, trustPolicy(await keysOf(call)))
  expect(report.checks.filter(({ holds }) => !holds)).toEqual([])
  if (report.said === undefined) throw new Error('the proof says nothing')
  return report.said
}

const timeOf = (ns: bigint): string =>
  `${new Date(Number(ns / NS_PER_MS)).toISOString().slice(0, 19)}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`

/** The chain as the list of entries has it, oldest first: numbers, amounts, balances. */
async function listed(call: Call, address: string): Promise<unknown[]> {
  const rows: unknown[] = []
  let cursor = ''
  do {
    const query = `kind=all&limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`
    const { json } = await call('GET', `/v1/accounts/${address}/entries?${query}`)
    rows.push(...json.data)
    cursor = (json.next_cursor as string | null) ?? ''
  } while (cursor !== '')
  return rows
    .reverse()
    .map((row) => row as { number: string; sequence: string; direction: string; amount: string })
    .map(({ number, sequence, direction, amount }) => [number, sequence, direction, amount])
}

const shown = ({ entries }: SaidAccount): unknown[] =>
  entries.map((entry) => [
    ...[String(entry?.entry.number), String(entry?.leaf.sequence)],
    ...[entry?.direction, String(entry?.amount)],
  ])

const pay = async (call: Call, body: object = {}): Promise<void> => {
  const { status } = await call('POST', '/v1/transfers', { ...PAYMENT, amount: '1', ...body })
  expect(status).toBe(201)
}

test('without a period: everything from the first entry to now, as the list of entries has it', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await pay(call, { metadata: { order: '17' } })
  const held = await call('POST', '/v1/holds', { ...PAYMENT, amount: '30', timeout_seconds: 600 })
  await call('POST', `/v1/holds/${held.json.id}/capture`, { amount: '10' })
  await call('POST', '/v1/holds', { ...PAYMENT, amount: '5', timeout_seconds: 600 })
  const said = await proved(call, WALLET)
  expect(said).toMatchObject({ account: WALLET, asset: 'EUR/2', isAssetProved: true })
  expect([said.opening, said.from, said.to]).toEqual([null, null, null])
  expect(shown(said)).toEqual(await listed(call, WALLET))
  expect(said.closing?.state).toMatchObject({
    ...{ debitsPosted: 11n, debitsPending: 5n, creditsPosted: 10_000n, creditsPending: 0n },
  })
  const [, first] = said.entries
  expect(Buffer.from(first?.metadata ?? []).toString()).toBe('{"order":"17"}')
  expect(first?.other?.address).toBe(BOOKS)
})

test('an account without entries, and addresses that no account has', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await pay(call)
  const { json } = await call('GET', '/v1/log')
  const empty = await proved(call, FEES)
  expect(empty).toMatchObject({ asset: 'EUR/2', entries: [], closing: { state: { count: 0n } } })
  for (const address of ['users:nobody', 'a', 'b', 'c', 'd', 'e', 'f', 'g']) {
    const said = await proved(call, address)
    expect([said.asset, said.closing?.state, said.entries]).toEqual([null, undefined, []])
  }
  // All of them share one statement: nothing happened in between.
  expect((await call('GET', '/v1/log')).json.events).toBe(String(Number(json.events) + 1))
})

test('a period begins behind the newest root before it, and ends with the oldest that shows all of it', async () => {
  const lives = new Lives()
  let call = await lives.start()
  await openWallet(call)
  const moments: bigint[] = []
  const whole: bigint[] = []
  for (let round = 0; round < 3; round++) {
    await pay(call)
    await pay(call)
    const said = await proved(call, WALLET)
    whole.push(said.wholeUntil ?? 0n)
    moments.push((said.closing?.statedAt ?? 0n) + 1n)
    if (round === 1) call = await lives.start()
  }
  await pay(call)
  const [first = 0n, second = 0n] = moments
  const period = `?from=${timeOf(first)}&to=${timeOf(whole[1] ?? 0n)}`
  const said = await proved(call, WALLET, period)
  expect([said.from, said.to]).toEqual([first, whole[1]])
  expect(said.opening?.statedAt).toBe(first - 1n)
  expect(said.closing?.statedAt).toBe(second - 1n)
  expect(said.entries.map((entry) => entry?.entry.number)).toEqual([4n, 5n])
  // A moment later the same root does not show all any more.
  const later = await proved(call, WALLET, `?from=${timeOf(second)}&to=${timeOf(second)}`)
  expect(later.opening?.statedAt).toBe(second - 1n)
  expect((later.closing?.statedAt ?? 0n) + 1n).toBe(moments[2])
  // Before the first root there is none to begin with: the list begins with the first entry.
  const early = await proved(call, WALLET, `?from=${timeOf(first - 2n)}`)
  expect(early.opening).toBeNull()
  expect(shown(early)).toEqual(await listed(call, WALLET))
})

test('an account that was opened after the opening root', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const before = await proved(call, WALLET)
  await call('POST', '/v1/accounts', { address: 'users:late', asset: 'EUR/2', code: 100 })
  await pay(call, { credit_account: 'users:late' })
  const from = new Date(Number((before.closing?.statedAt ?? 0n) / NS_PER_MS) + 1).toISOString()
  const said = await proved(call, 'users:late', `?from=${from}`)
  expect(said.opening).toMatchObject({ state: undefined })
  expect(said.entries).toHaveLength(1)
})

test('what tally-verify says of it, and of one digit changed', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await pay(call)
  const { text } = await call('GET', `/v1/accounts/${WALLET}/proof`)
  const file = join(scratchDirectory(), 'proof.json')
  writeFileSync(file, text)
  const { keys } = await keysOf(call)
  const verify = ['account', file, ...keys.flatMap((key) => ['--key', key])]
  const { stdout } = await run(process.execPath, [VERIFY, ...verify])
  expect(stdout).toMatch(/No entry is missing up to event [^]*\nPROVED\n/)
  const leaf = (JSON.parse(text) as { entries: { leaf: string }[] }).entries[1]?.leaf ?? ''
  const changed = leaf.replace(
    /^(.{60})(.)/,
    (_, head: string, one: string) => head + (one === 'A' ? 'B' : 'A'),
  )
  writeFileSync(file, text.replace(leaf, changed))
  await expect(run(process.execPath, [VERIFY, ...verify])).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('NOT PROVED'),
  })
})

test('ten thousand entries in one proof, of random amounts, after a restart', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const lives = new Lives()
  let call = await lives.start()
  await openWallet(call)
  for (let batch = 0; batch < 10; batch++) {
    const commands = Array.from({ length: 1_000 }, () => {
      const [debit, credit] = prng.below(2) === 0 ? [BOOKS, FEES] : [FEES, BOOKS]
      const amount = String(1 + prng.below(1_000_000))
      const transfer = {
        debit_account: debit,
        credit_account: credit,
        amount,
        asset: 'EUR/2',
        code: 10,
      }
      return { operation: 'create_transfer', ...transfer }
    })
    const { status } = await call('POST', '/v1/batches', { commands })
    expect(status).toBeLessThan(300)
  }
  const before = await call('GET', `/v1/accounts/${BOOKS}/balance`)
  call = await lives.start()
  const said = await proved(call, BOOKS)
  expect(said.entries, `TALLY_TEST_SEED=${seed}`).toHaveLength(10_000)
  const { creditsPosted = 0n, debitsPosted = 0n } = said.closing?.state ?? {}
  expect(String(creditsPosted - debitsPosted)).toBe(before.json.balances.balance)
})

test('many who ask at once, while payments go on, each have a proof of what was there when they asked', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const done = new AbortController()
  const work = async (): Promise<void> => {
    while (!done.signal.aborted) await pay(call, { amount: '1' })
  }
  const working = work()
  const asked = Array.from({ length: 12 }, async () => {
    const { json } = await call('GET', `/v1/accounts/${BOOKS}/balance`)
    const said = await proved(call, BOOKS)
    expect(said.closing?.state?.creditsPosted).toBeGreaterThanOrEqual(
      BigInt(json.balances.balance as string),
    )
  })
  await Promise.all(asked)
  done.abort()
  await working
  expect(asked).toHaveLength(12)
})

test.each([
  ['from=yesterday', 400, 'invalid_parameter'],
  ['from=2026-02-30T00:00:00Z', 400, 'invalid_time'],
  ['from=2026-02-02T00:00:00Z&to=2026-02-01T00:00:00Z', 400, 'invalid_time'],
  ['from=2026-02-01T00:00:00Z&from=2026-02-01T00:00:00Z', 400, 'unknown_parameter'],
  ['until=2026-02-01T00:00:00Z', 400, 'unknown_parameter'],
])('a question that cannot be asked: %s', async (query, status, code) => {
  const { call } = await testServer()
  await openWallet(call)
  const reply = await call('GET', `/v1/accounts/${WALLET}/proof?${query}`)
  expect([reply.status, reply.json.code]).toEqual([status, code])
  expect(reply.headers.get('content-type')).toBe('application/problem+json')
})

test('it needs a key and a well-formed address; without a proof log it says so', async () => {
  const { call, url } = await testServer()
  await openWallet(call)
  expect((await fetch(`${url}/v1/accounts/${WALLET}/proof`)).status).toBe(401)
  const { status, json } = await call('GET', '/v1/accounts/Not%20an%20address/proof')
  expect([status, json.code]).toEqual([400, 'invalid_parameter'])
  const without = await testServer({ proofs: false, rootKey: ROOT_KEY })
  const off = await without.call('GET', `/v1/accounts/${WALLET}/proof`)
  expect([off.status, off.json.code]).toEqual([503, 'proofs_unavailable'])
})

test('before anything has happened there is nothing to prove', async () => {
  const { call } = await testServer()
  const { status, json } = await call('GET', '/v1/accounts/users:nobody/proof')
  expect([status, json.code]).toEqual([503, 'proof_not_ready'])
})

test('more entries than one proof may have are refused with a sentence; a shorter period is proved', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await pay(call)
  const early = await proved(call, BOOKS)
  for (let batch = 0; batch < 3; batch++) {
    const commands = Array.from({ length: 7_000 }, (_, index) => ({
      ...{ operation: PackedOperation.createTransfer, id: BigInt(batch * 7_000 + index + 1) },
      ...{ debitAccountId: accountIdOf(FEES), creditAccountId: accountIdOf(BOOKS) },
      ...{ amount: 1n, asset: 978, code: 1, pendingId: 0n, effectiveAt: 0n, timeout: 0, flags: 0 },
      metadata: new Uint8Array(0),
    }))
    const body = packBatch(commands, { atomic: false })
    const { status } = await call('POST', '/v1/batches', body, { 'content-type': MediaType.batch })
    expect(status).toBe(200)
  }
  const refused = await call('GET', `/v1/accounts/${BOOKS}/proof`)
  expect([refused.status, refused.json.code, refused.json.param, refused.json.limit]).toEqual([
    ...[422, 'proof_too_large', 'from', '20000'],
  ])
  expect(refused.json.detail).toContain('21001 entries')
  // Another account, the same roots; and the same account, before it became so long.
  expect((await proved(call, WALLET)).entries).toHaveLength(2)
  const to = timeOf(early.wholeUntil ?? 0n)
  expect((await proved(call, BOOKS, `?to=${to}`)).entries).toHaveLength(1)
})

test('of a book that is behind what was signed nothing new is proved, and what was stated still is not signed', async () => {
  const lives = new Lives()
  let call = await lives.start()
  await openWallet(call)
  const { wholeUntil } = await proved(call, WALLET)
  await lives.stop()
  lives.copy('data', 'old')
  call = await lives.start()
  await pay(call)
  await proved(call, WALLET)
  await lives.stop()
  lives.copy('old', 'data')
  call = await lives.start()
  const { status, json } = await call('GET', `/v1/accounts/${WALLET}/proof`)
  expect([status, json.code]).toEqual([503, 'behind_signed'])
  const before = (await call('GET', '/readyz')).json.sequence
  // No checkpoint covers what was stated before either.
  const to = timeOf(wholeUntil ?? 0n)
  const old = await call('GET', `/v1/accounts/${WALLET}/proof?to=${to}`)
  expect([old.status, old.json.code]).toEqual([503, 'behind_signed'])
  expect((await call('GET', '/readyz')).json.sequence).toBe(before)
})

test('a lost tree over all accounts is made again with a new statement', async () => {
  const lives = new Lives()
  let call = await lives.start()
  await openWallet(call)
  const before = await proved(call, WALLET)
  await lives.stop()
  rmSync(join(lives.options.data, 'proofs', 'account-trees'), { recursive: true })
  call = await lives.start()
  const again = await proved(call, WALLET)
  expect(again.closing?.state).toEqual(before.closing?.state)
  expect(again.closing?.sequence).toBeGreaterThan(before.closing?.sequence ?? 0n)
})

test('from a damaged tree nothing is given out: it is let go of, and a new statement made', async () => {
  const lives = new Lives()
  let call = await lives.start()
  await openWallet(call)
  const before = await proved(call, WALLET)
  const { wholeUntil } = before
  await lives.stop()
  const trees = join(lives.options.data, 'proofs', 'account-trees')
  const file = join(trees, readdirSync(trees)[0] ?? '')
  const bytes = readFileSync(file)
  // Behind its head every byte counts: ids of accounts, and hashes.
  for (let at = 80; at < bytes.length; at += 7) bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(file, bytes)
  call = await lives.start()
  const to = timeOf(wholeUntil ?? 0n)
  const after = await proved(call, WALLET, `?to=${to}`)
  expect(after.closing?.sequence).toBeGreaterThan(before.closing?.sequence ?? 0n)
  expect(after.closing?.state).toEqual(before.closing?.state)
  expect(readdirSync(trees)).toHaveLength(1)
  // The new one serves like any other.
  expect((await proved(call, WALLET, `?to=${to}`)).closing).toEqual(after.closing)
})
