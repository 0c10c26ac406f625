import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { packBatch, PackedOperation } from '@tallystick/contract'
import { accountIdOf, verifyLedger } from '@tallystick/engine'
import { expect, onTestFinished, test } from 'vitest'

import { type RunningServer, startServer } from '../src/index.ts'
import { openLog } from '../src/start/log.ts'
import {
  BOOKS,
  type Call,
  callerOf,
  FEES,
  openWallet,
  PAYMENT,
  type Reply,
  ROOT_KEY,
  testServer,
  WALLET,
} from './harness.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

/** Nothing else has this text: where it is found, private data is. */
const MARKER = 'zQ7-marker-Lovelace'
const SUBJECT = 'customer-17'
const secret = { subject: SUBJECT, data: { name: MARKER, nested: { list: [1, true, null] } } }
const about = (text: string, subject = SUBJECT) => ({ subject, data: { name: text } })

const erase = (call: Call, subject = SUBJECT): Promise<Reply> =>
  call('DELETE', `/v1/subjects/${subject}`)

/** A body of every write that takes metadata, with private data in it. */
async function everyWrite(call: Call): Promise<readonly Reply[]> {
  const named = { metadata: { a: 1 }, private: secret }
  const write = (path: string, body: object): Promise<Reply> => call('POST', path, body)
  const transfer = await write('/v1/transfers', { ...PAYMENT, ...named })
  const hold = await write('/v1/holds', { ...PAYMENT, ...named, amount: '300' })
  const other = await write('/v1/holds', { ...PAYMENT, amount: '300' })
  const postings = [{ source: WALLET, destination: BOOKS, amount: '9', asset: 'EUR/2' }]
  const transaction = await write('/v1/transactions', { postings, ...named })
  const part = { amount: '100', final: false, reference: 'part' }
  const opening = { address: 'private:one', asset: 'EUR/2', ...named }
  return [
    transfer,
    hold,
    transaction,
    await write('/v1/accounts', opening),
    await call('PATCH', `/v1/accounts/${FEES}`, named),
    await write(`/v1/accounts/${WALLET}/increments`, { amount: '5', ...named }),
    await write(`/v1/accounts/${WALLET}/decrements`, { amount: '5', ...named }),
    await write(`/v1/transfers/${transfer.json.id}/reverse`, { amount: '5', ...named }),
    await write(`/v1/transactions/${transaction.json.id}/reverse`, named),
    await write(`/v1/holds/${hold.json.id}/capture`, { ...part, ...named }),
    await write(`/v1/holds/${other.json.id}/void`, named),
  ]
}

/** Everything below a directory, as bytes, with its path. */
function filesOf(directory: string): { path: string; bytes: Buffer }[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: readFileSync(path) }))
}

class Place {
  readonly root = mkdtempSync(join(tmpdir(), 'tally-private-'))
  readonly log: string[] = []

  async start(): Promise<{ server: RunningServer; call: Call }> {
    const server = await startServer({
      ...{ data: join(this.root, 'data'), keys: join(this.root, 'keys') },
      log: openLog('debug', (line) => this.log.push(line) > 0),
    })
    return { server, call: callerOf(server.url, server.rootKey) }
  }

  /** Files and log lines that hold the text or the subject: there have to be none. */
  holding(): string[] {
    const files = filesOf(this.root)
    if (files.length < 4) throw new Error('the server left too few files to be looked through')
    return [MARKER, SUBJECT].flatMap((text) => [
      ...files.filter(({ bytes }) => bytes.includes(text)).map(({ path }) => path),
      ...this.log.filter((line) => line.includes(text)),
    ])
  }
}

test('private data is shown with everything that it was written with, and in nothing else', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const replies = await everyWrite(call)
  for (const { json } of replies) {
    // A capture or void answers with its hold; what it brought itself is with its own transfer.
    const { transfer_id: id } = json
    const shown = id === undefined ? json : (await call('GET', `/v1/transfers/${id}`)).json
    expect(shown).toMatchObject({ metadata: { a: 1 }, private: secret })
    for (const transfer of shown.transfers ?? []) expect(transfer.private).toEqual(secret)
    expect(JSON.stringify(shown)).not.toContain('pd1_')
  }
})

test('reads, lists and saved requests show it, decrypted', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { json: paid } = await call('POST', '/v1/transfers', { ...PAYMENT, private: secret })
  const { json: read } = await call('GET', `/v1/transfers/${paid.id}`)
  expect(read).toMatchObject({ metadata: {}, private: secret })
  const { json: list } = await call('GET', `/v1/accounts/${WALLET}/entries?limit=1`)
  expect(list.data[0]).toMatchObject({ metadata: {}, private: secret })
  const { json: statement } = await call('GET', `/v1/accounts/${WALLET}/statement`)
  expect(statement.entries.at(-1).private).toEqual(secret)
  const csv = await call('GET', `/v1/accounts/${WALLET}/statement?format=csv`)
  expect(csv.text).not.toMatch(/pd1_|marker/)
  const { json: saved } = await call('GET', `/v1/requests/${paid.request_id}`)
  expect(saved.records[0].private).toEqual(secret)
  expect(saved.answer.body).toEqual(paid)
  expect(JSON.stringify(saved.body)).not.toContain(MARKER)
})

test('no file and no log line holds the text, before and after it is erased, snapshots included', async () => {
  const place = new Place()
  onTestFinished(() => rmSync(place.root, { recursive: true, force: true }))
  const { server, call } = await place.start()
  await openWallet(call)
  await everyWrite(call)
  // One of each that fails, in as many ways as there are.
  await call('POST', '/v1/transfers', { ...PAYMENT, amount: '999999', private: secret })
  await call('POST', '/v1/transfers', { ...PAYMENT, amount: 'x', private: secret })
  await call('POST', '/v1/batches', {
    commands: [{ operation: 'create_transfer', ...PAYMENT, private: secret }],
  })
  await call('POST', '/v1/transfers?dry_run=true', { ...PAYMENT, private: about(MARKER, 'dry') })
  await server.ledger.snapshot()
  expect(place.holding()).toEqual([])
  const hash = await server.ledger.stateHash()
  const again = await call('POST', '/v1/transfers', {
    ...{ ...PAYMENT, id: '019aa3c5-7d2e-7c41-9b0e-00000000000a', private: secret },
  })
  expect(await server.ledger.stateHash()).not.toBe(hash)
  const before = await server.ledger.stateHash()
  expect((await erase(call)).json).toEqual({
    ...{ object: 'subject', subject: SUBJECT, status: 'erased' },
  })
  expect(await server.ledger.stateHash()).toBe(before)
  expect((await call('GET', `/v1/transfers/${again.json.id}`)).json.private).toBe('erased')
  await server.close()
  expect(place.holding()).toEqual([])
  const report = await verifyLedger({ directory: join(place.root, 'data') })
  expect(report.problems).toEqual([])
  const second = await place.start()
  const { json } = await second.call('GET', `/v1/transfers/${again.json.id}`)
  expect(json).toEqual({ ...again.json, private: 'erased' })
  await second.server.close()
})

test('a restart shows it as before', async () => {
  const place = new Place()
  onTestFinished(() => rmSync(place.root, { recursive: true, force: true }))
  const first = await place.start()
  await openWallet(first.call)
  const { json } = await first.call('POST', '/v1/transfers', { ...PAYMENT, private: secret })
  await first.server.close()
  const second = await place.start()
  expect((await second.call('GET', `/v1/transfers/${json.id}`)).json).toEqual(json)
  await second.server.close()
})

test('a server that is killed under load has the private data of every write that it answered', async () => {
  const path = scratchDirectory()
  const first = startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })
  const call = callerOf(await urlOf(first))
  await openWallet(call)
  const answered = new Map<string, unknown>()
  const erased = new Set<string>()
  const client = async (n: number): Promise<void> => {
    for (let round = 0; ; round++) {
      const given = about(`text ${n} ${round}`, `subject-${n}-${round % 3}`)
      const { json } = await call('POST', '/v1/transfers', {
        ...PAYMENT,
        amount: '1',
        private: given,
      })
      answered.set(json.id, given)
      if (round % 10 !== 9) continue
      const reply = await erase(call, given.subject)
      if (reply.status === 200) erased.add(`${n} ${round}`)
    }
  }
  // Each ends with the connection that the killed server breaks.
  const clients = [0, 1, 2, 3].map((n) => client(n).catch(() => undefined))
  while (answered.size < 150) await new Promise((resolve) => setTimeout(resolve, 5))
  first.child.kill('SIGKILL')
  await Promise.all([...clients, first.exit])
  const second = callerOf(await urlOf(startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })))
  expect(erased.size).toBeGreaterThan(0)
  let whole = 0
  for (const [id, given] of answered) {
    const { json } = await second('GET', `/v1/transfers/${id}`)
    expect([given, 'erased']).toContainEqual(json.private)
    if (json.private !== 'erased') whole++
  }
  expect(whole).toBeGreaterThan(0)
})

test.each([
  ['an idempotency key', { 'idempotency-key': 'order-17' }, {}],
  ['a reference', {}, { reference: 'order-17' }],
])(
  'repeated under %s it is the first answer, with other private data refused',
  async (_, headers, more) => {
    const { call } = await testServer()
    await openWallet(call)
    const ask = (given: object): Promise<Reply> =>
      call('POST', '/v1/transfers', { ...PAYMENT, ...more, private: given }, headers)
    const first = await ask(secret)
    const reordered = { data: { nested: secret.data.nested, name: MARKER }, subject: SUBJECT }
    for (const given of [secret, reordered]) {
      const { text, headers: answered } = await ask(given)
      expect([text, answered.get('idempotent-replayed')]).toEqual([first.text, 'true'])
    }
    for (const given of [about('other'), { ...secret, subject: 'customer-18' }]) {
      const { status, json, text } = await ask(given)
      expect([status, json.code]).toEqual([422, 'idempotency_key_reused'])
      expect(text).not.toContain(MARKER)
    }
    await erase(call)
    const { text, status, headers: answered } = await ask(secret)
    expect([status, answered.get('idempotent-replayed')]).toEqual([first.status, 'true'])
    expect(JSON.parse(text)).toEqual({ ...first.json, private: 'erased' })
    const other = await call(
      'POST',
      '/v1/transfers',
      { ...PAYMENT, ...more, amount: '7', private: secret },
      headers,
    )
    expect(other.json.code).toBe('idempotency_key_reused')
  },
)

test('a hundred at once are one, and a batch is repeated like everything', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const headers = { 'idempotency-key': 'once' }
  const asked = Array.from({ length: 20 }, () =>
    call('POST', '/v1/transfers', { ...PAYMENT, amount: '10', private: secret }, headers),
  )
  expect(new Set((await Promise.all(asked)).map(({ text }) => text)).size).toBe(1)
  const commands = [
    { operation: 'create_transfer', ...PAYMENT, amount: '1', private: secret },
    { operation: 'create_transfer', ...PAYMENT, amount: '1', private: about('b', 'two') },
  ]
  const key = { 'idempotency-key': 'batch' }
  const first = await call('POST', '/v1/batches', { commands }, key)
  await erase(call)
  const second = await call('POST', '/v1/batches', { commands }, key)
  expect([second.text, second.headers.get('idempotent-replayed')]).toEqual([first.text, 'true'])
  const { json } = await call('GET', `/v1/requests/${first.json.request_id}`)
  expect(json.records.map((record: { private: unknown }) => record.private)).toEqual([
    'erased',
    about('b', 'two'),
  ])
})

test('the saved digest is not one of the text as it was sent', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const body = JSON.stringify({
    commands: [{ operation: 'create_transfer', ...PAYMENT, private: secret }],
  })
  const { json } = await call('POST', '/v1/batches', body, { 'content-type': 'application/json' })
  const { json: saved } = await call('GET', `/v1/requests/${json.request_id}`)
  const asSent = createHash('sha256').update(`tallystick/command/v1/as-sent\n${body}`).digest('hex')
  expect(saved.digest).not.toBe(asSent)
  expect(saved.digest).toMatch(/^[0-9a-f]{64}$/)
})

test('an erased subject can be written of again, and is then another one', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { json: old } = await call('POST', '/v1/transfers', { ...PAYMENT, private: secret })
  await erase(call)
  const { json: fresh } = await call('POST', '/v1/transfers', { ...PAYMENT, private: secret })
  expect(fresh.private).toEqual(secret)
  expect((await call('GET', `/v1/transfers/${old.id}`)).json.private).toBe('erased')
})

test('erasing answers the same for what was, what never was and what is gone', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await call('POST', '/v1/transfers', { ...PAYMENT, private: secret })
  const [once, twice, never] = [await erase(call), await erase(call), await erase(call, 'nobody')]
  expect(once.text).toBe(twice.text)
  expect(never.text).toBe(once.text.replace(SUBJECT, 'nobody'))
  expect([once.status, never.status]).toEqual([200, 200])
  expect((await erase(call, 'a b')).json.code).toBe('invalid_parameter')
  const stranger = callerOf((await testServer()).url, 'tk_root_wrong')
  expect((await erase(stranger)).status).toBe(401)
})

test('a dry run shows it and keeps nothing', async () => {
  const { call, ledger } = await testServer()
  await openWallet(call)
  const before = await ledger.stateHash()
  const path = '/v1/transfers?dry_run=true'
  const { json } = await call('POST', path, { ...PAYMENT, private: secret })
  expect(json).toMatchObject({ dry_run: true, metadata: {}, private: secret })
  expect(await ledger.stateHash()).toBe(before)
})

const tooMany = Array.from({ length: 33 }, () => ({
  ...{ operation: 'create_transfer', ...PAYMENT, private: about(MARKER) },
}))

test.each<[string, object, number, string]>([
  ['a field that nobody knows', { private: { ...secret, key: 'mine' } }, 400, 'unknown_field'],
  ['no subject', { private: { data: secret.data } }, 400, 'missing_field'],
  ['no data', { private: { subject: SUBJECT } }, 400, 'missing_field'],
  [
    'data that is no object',
    { private: { subject: SUBJECT, data: [MARKER] } },
    400,
    'invalid_field',
  ],
  ['a subject with spaces', { private: { ...secret, subject: 'Ada L' } }, 400, 'invalid_field'],
  ['a text in its place', { private: MARKER }, 400, 'invalid_field'],
  ['null', { private: null }, 400, 'invalid_field'],
  ['5,000 bytes', { private: about(MARKER + 'x'.repeat(5_000)) }, 400, 'private_too_large'],
  ['a card number', { private: about(`${MARKER} 4242424242424242`) }, 422, 'card_number_refused'],
  ['half a surrogate pair', { private: about(`${MARKER}\ud800`) }, 400, 'invalid_field'],
  [
    'a number that is rounded',
    { private: { ...secret, data: { [MARKER]: 2 ** 60 } } },
    400,
    'invalid_field',
  ],
  ['private in metadata', { metadata: { private: secret } }, 400, 'reserved_field'],
  ['what stands for it', { metadata: { private: `pd1_${'A'.repeat(43)}` } }, 400, 'reserved_field'],
])('%s is refused, and the refusal says nothing of it', async (_, more, status, code) => {
  const { call, ledger } = await testServer()
  await openWallet(call)
  const before = await ledger.stateHash()
  const body = JSON.stringify({ ...PAYMENT, ...more })
  const reply = await call('POST', '/v1/transfers', body, { 'content-type': 'application/json' })
  expect([reply.status, reply.json.code]).toEqual([status, code])
  expect(reply.text).not.toContain(MARKER)
  expect(await ledger.stateHash()).toBe(before)
})

test('too many pieces, a change without metadata, and a batch with one bad piece are refused', async () => {
  const { call, ledger } = await testServer()
  await openWallet(call)
  const before = await ledger.stateHash()
  const many = await call('POST', '/v1/batches', { commands: tooMany })
  expect(many.json.code).toBe('private_too_large')
  const change = await call('PATCH', `/v1/accounts/${BOOKS}`, { private: secret })
  expect(change.json).toMatchObject({ code: 'missing_field', param: 'metadata' })
  const inBatch = await call('POST', '/v1/batches', {
    commands: [{ operation: 'change_account', account: BOOKS, private: secret }],
  })
  expect(inBatch.json).toMatchObject({ code: 'missing_field', param: 'commands[0].metadata' })
  const bad = await call('POST', '/v1/batches', {
    commands: [
      tooMany[0],
      { operation: 'create_transfer', ...PAYMENT, private: about(`${MARKER} 4242424242424242`) },
    ],
  })
  expect(bad.json).toMatchObject({
    ...{ code: 'card_number_refused', param: 'commands[1].private.data' },
  })
  expect(bad.text).not.toContain(MARKER)
  expect(await ledger.stateHash()).toBe(before)
})

test('metadata and what stands for private data share the metadata’s limit', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const [small, large] = [4_020, 4_060].map((length) => ({
    ...{ ...PAYMENT, amount: '1', metadata: { a: 'x'.repeat(length) }, private: secret },
  }))
  expect((await call('POST', '/v1/transfers', small)).status).toBe(201)
  expect((await call('POST', '/v1/transfers', large)).json.code).toBe('metadata_too_large')
})

test('a packed batch cannot bring what stands for another’s private data', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const command = {
    ...{ operation: PackedOperation.createTransfer, id: 77n, amount: 1n, pendingId: 0n },
    ...{ debitAccountId: accountIdOf(BOOKS), creditAccountId: accountIdOf(FEES) },
    ...{ effectiveAt: 0n, timeout: 0, asset: 978, code: 1, flags: 0 },
  }
  const send = (metadata: object): Promise<Reply> => {
    const bytes = Buffer.from(JSON.stringify(metadata))
    const body = packBatch([{ ...command, metadata: bytes }], { atomic: false })
    return call('POST', '/v1/batches', body, {
      'content-type': 'application/vnd.tallystick.batch',
    })
  }
  const copied = { private: `pd1_${'A'.repeat(43)}` }
  expect((await send(copied)).json).toMatchObject({ status: 400, code: 'malformed_batch' })
  expect((await send({ public: 1 })).status).toBe(200)
})
