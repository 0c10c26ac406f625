import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { connect } from '@tallystick/postgres'
import { embeddedSource } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { EventReader } from './event-reader.ts'
import { type Call, openWallet, PAYMENT, testServer } from './harness.ts'
import { scratchDirectory } from './server-process.ts'

const WAIT = { timeout: 60_000, interval: 50 }

const modelsOf = async (call: Call): Promise<Record<string, unknown>> =>
  (await call('GET', '/v1/read-models')).json

/** @returns what differs now, by a check that was asked for here. */
async function check(call: Call): Promise<unknown> {
  const before = (await modelsOf(call))['agreement']
  await expect
    .poll(async () => (await call('POST', '/v1/read-models/check')).status, WAIT)
    .toBe(200)
  await expect.poll(async () => (await modelsOf(call))['agreement'], WAIT).not.toEqual(before)
  return (await modelsOf(call))['agreement']
}

async function isFollowing(call: Call): Promise<void> {
  await expect.poll(async () => (await modelsOf(call))['status'], WAIT).toBe('following')
}

test('whoever changes the tables is found: by health, by a figure and by an event, which a restart keeps', async () => {
  const source = embeddedSource()
  const data = scratchDirectory()
  const one = await testServer({ data, database: source })
  await openWallet(one.call)
  await one.call('POST', '/v1/transfers', PAYMENT)
  await isFollowing(one.call)
  expect(await modelsOf(one.call)).toMatchObject({ agreement: null })
  expect(await check(one.call)).toMatchObject({ differences: [] })
  expect((await one.call('GET', '/healthz')).json).toMatchObject({ read_models: 'agree' })

  await tamper(source)
  expect(await check(one.call)).toMatchObject({
    differences: [expect.stringMatching(/^EUR\/2: the ledger has 4 accounts, .* the tables 4/)],
  })
  expect((await one.call('GET', '/healthz')).json).toMatchObject({ read_models: 'differ' })
  const figures = (await one.call('GET', '/metrics')).text
  expect(figures).toMatch(/^tally_read_models_differences 1$/m)
  const [told] = await (await EventReader.open(one.url, '?after=0&type=read_models.*')).take(1)
  expect(told).toMatchObject({ type: 'read_models.differed', subject: 'read_models' })
  // The same difference is no news.
  await check(one.call)
  await one.close()

  const two = await testServer({ data, database: source })
  await expect
    .poll(async () => (await two.call('GET', '/healthz')).json.read_models, WAIT)
    .toBe('differ')
  await two.call('POST', '/v1/read-models/rebuild')
  await isFollowing(two.call)
  expect(await check(two.call)).toMatchObject({ differences: [] })
  const rest = await EventReader.open(two.url, `?after=${told?.id}&type=read_models.*`)
  expect((await rest.take(1)).map(({ type }) => type)).toEqual(['read_models.agreed'])
})

async function tamper({ directory, passwordFile }: ReturnType<typeof embeddedSource>) {
  const client = await connect(
    {
      ...{ host: join(directory, 'socket'), user: 'tallystick', database: 'postgres' },
      password: readFileSync(passwordFile, 'utf8').trim(),
    },
    () => {},
  )
  await client.query(
    "update tallystick.accounts set credits_posted = credits_posted + 1 where address like 'users:%'",
  )
  await client.end()
}
