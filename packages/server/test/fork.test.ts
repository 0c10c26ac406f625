import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'

import { parseNote, trustPolicy, verifyReceipt } from '@tallystick/verify'
import { expect, onTestFinished, test } from 'vitest'

import { forkLog, startWitness } from '../src/index.ts'
import { type Call, openWallet, PAYMENT } from './harness.ts'
import { Lives, ORIGIN } from './lives.ts'

const NEW_ORIGIN = 'ledger.example/log-2'

async function pay(call: Call): Promise<string> {
  const { status, json } = await call('POST', '/v1/transfers', PAYMENT)
  expect(status).toBe(201)
  return json.id as string
}

async function receiptOf(call: Call, id: string): Promise<string> {
  const { status, text } = await call('GET', `/v1/transfers/${id}/receipt`)
  expect(status).toBe(200)
  return text
}

const fork = ({ options }: Lives) =>
  forkLog({ data: options.data, keys: options.keys, origin: NEW_ORIGIN })

/** A ledger that has signed one payment more than its data has. */
async function behind(): Promise<{ lives: Lives; lost: string }> {
  const lives = new Lives()
  let call = await lives.start()
  await openWallet(call)
  await receiptOf(call, await pay(call))
  await lives.stop()
  lives.copy('data', 'old')
  call = await lives.start()
  const lost = await receiptOf(call, await pay(call))
  await lives.stop()
  lives.copy('old', 'data')
  return { lives, lost }
}

test('a fork says in the book what is lost, and goes on under a new name with a new key', async () => {
  const { lives, lost } = await behind()
  const signed = Number(parseNote(lost.slice(lost.indexOf(ORIGIN))).text.split('\n')[1])
  const report = await fork(lives)
  expect(report).toMatchObject({ oldOrigin: ORIGIN, signed: BigInt(signed), sequence: signed })
  const { statement } = report
  const text = Buffer.from(statement)
  expect(text.subarray(0, 4).toString()).toBe('TLK1')
  expect(text.readBigUInt64LE(8)).toBe(BigInt(signed))
  expect(text.subarray(48).toString()).toBe(ORIGIN)
  expect(readdirSync(join(lives.options.keys, 'retired'))).toHaveLength(2)

  const call = await lives.start({ logOrigin: undefined })
  const { json } = await call('GET', '/v1/log')
  expect(json).toMatchObject({ origin: NEW_ORIGIN, keys: [report.vkey] })
  const receipt = await receiptOf(call, await pay(call))
  const policy = trustPolicy({ keys: [report.vkey] })
  expect((await verifyReceipt(receipt, policy)).proved).toBe(true)
  // What the old log signed is not of the new one.
  expect((await verifyReceipt(lost, policy)).proved).toBe(false)
  // The book keeps the statement itself.
  const book = readFileSync(join(lives.options.data, 'book', '0000000001.book'))
  expect(book.includes(text)).toBe(true)
})

test('a book that is behind what was signed does not grow by a day that ended; the right one does', async () => {
  const day = 86_400_000_000_000n
  const clock = { at: 1_790_000_000_000_000_000n }
  const options = { clock: { now: () => clock.at, monotonic: () => clock.at } }
  const lives = new Lives()
  let call = await lives.start(options)
  await openWallet(call)
  await receiptOf(call, await pay(call))
  await lives.stop()
  lives.copy('data', 'old')
  call = await lives.start(options)
  await receiptOf(call, await pay(call))
  await lives.stop()
  lives.copy('data', 'right')
  lives.copy('keys', 'right-keys')
  clock.at += 2n * day
  const events = async (): Promise<number> => Number((await call('GET', '/v1/log')).json.events)
  call = await lives.start(options)
  const signed = await events()
  await expect.poll(events).toBe(signed + 1)
  await lives.stop()

  lives.copy('old', 'data')
  lives.copy('right-keys', 'keys')
  call = await lives.start(options)
  const before = await events()
  expect((await call('GET', '/readyz')).json.status).toBe('behind_signed')
  await expect.poll(async () => (await call('GET', '/v1/log')).json.hashed).toBe(`${before}`)
  // A snapshot, like the one that a statement begins with, takes its time after that.
  await lives.server?.ledger.snapshot()
  expect(await events()).toBe(before)
})

test('a fork that was cut short is run again, with one statement', async () => {
  const { lives } = await behind()
  const first = await fork(lives)
  const { keys } = lives.options
  // As if it had died before the record was replaced.
  const [record = ''] = readdirSync(join(keys, 'retired')).filter((name) => name.endsWith('.json'))
  renameSync(join(keys, 'retired', record), join(keys, 'signer.json'))
  const again = await fork(lives)
  expect(again.sequence).toBe(first.sequence)
  expect(createHash('sha256').update(again.statement).digest()).toEqual(
    createHash('sha256').update(first.statement).digest(),
  )
})

test('a log from which nothing is lost is not forked, nor under its own name', async () => {
  const lives = new Lives()
  const call = await lives.start()
  await openWallet(call)
  await receiptOf(call, await pay(call))
  await lives.stop()
  await expect(fork(lives)).rejects.toThrow(/nothing is lost/)
  const { data, keys } = lives.options
  await expect(forkLog({ data, keys, origin: ORIGIN })).rejects.toThrow(/give the new one another/)
  const again = await lives.start()
  await receiptOf(again, await pay(again))
})

test('old data with old keys: a quorum of witnesses knows more, and nothing is written', async () => {
  const lives = new Lives()
  let call = await lives.start()
  const [vkey = ''] = (await call('GET', '/v1/log')).json.keys as string[]
  const witness = await startWitness({
    directory: join(lives.path, 'witness'),
    name: 'witness.example/w',
    logKeys: [...trustPolicy({ keys: [vkey] }).logKeys],
    listen: { host: '127.0.0.1', port: 0 },
    onAlarm: () => {},
    onFailure: () => {},
  })
  onTestFinished(() => witness.close())
  const [key] = trustPolicy({ keys: [vkey], witnesses: [witness.vkey], quorum: 1 }).witnessKeys
  if (key === undefined) throw new Error('the witness has no key')
  const asking = { witnesses: [{ key, url: witness.url }], witnessQuorum: 1 }
  call = await lives.start(asking)
  await openWallet(call)
  await receiptOf(call, await pay(call))
  await lives.stop()
  lives.copy('data', 'old')
  lives.copy('keys', 'old-keys')
  call = await lives.start(asking)
  await receiptOf(call, await pay(call))
  await lives.stop()
  lives.copy('old', 'data')
  lives.copy('old-keys', 'keys')
  call = await lives.start(asking)
  await expect
    .poll(async () => (await call('GET', '/readyz')).json.status, { timeout: 5_000 })
    .toBe('behind_signed')
  expect((await call('POST', '/v1/transfers', PAYMENT)).json.code).toBe('behind_signed')
})
