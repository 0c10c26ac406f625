import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { type Call, callerOf, openWallet, PAYMENT, ROOT_KEY } from './harness.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

const ENV = { TALLY_ROOT_KEY: ROOT_KEY }

const withDatabase = (path: string): string[] => [...places(path).slice(0, -2), '--log-level=debug']

const pidOf = (path: string): number =>
  Number(readFileSync(join(path, 'data/postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0])

async function models(call: Call): Promise<Record<string, unknown>> {
  return (await call('GET', '/v1/read-models')).json
}

async function databaseIs(call: Call, status: string): Promise<void> {
  await expect
    .poll(async () => (await call('GET', '/healthz')).json.database, { timeout: 60_000 })
    .toBe(status)
}

test('the ledger serves before PostgreSQL is there, and while it is gone', async () => {
  const path = scratchDirectory()
  const server = startProcess(withDatabase(path), ENV)
  const call = callerOf(await urlOf(server))
  expect((await call('GET', '/healthz')).json.database).toBe('starting')
  await openWallet(call)
  await databaseIs(call, 'ready')
  expect((await call('GET', '/metrics')).text).toMatch(/^tally_database_ready 1$/m)
  process.kill(pidOf(path), 'SIGKILL')
  expect((await call('POST', '/v1/transfers', PAYMENT)).status).toBe(201)
  await server.said(/the ledger goes on/)
  await databaseIs(call, 'ready')
  expect((await call('GET', '/metrics')).text).toMatch(/^tally_database_losses_total 1$/m)
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(0)
})

test('killed and started again, both are there', async () => {
  const path = scratchDirectory()
  const one = startProcess(withDatabase(path), ENV)
  const first = callerOf(await urlOf(one))
  await openWallet(first)
  await databaseIs(first, 'ready')
  one.child.kill('SIGKILL')
  await one.exit
  const two = startProcess(withDatabase(path), ENV)
  const second = callerOf(await urlOf(two))
  await databaseIs(second, 'ready')
  expect((await second('GET', '/v1/accounts/users:1042:wallet')).json.balances.balance).toBe(
    '10000',
  )
  two.child.kill('SIGTERM')
  expect(await two.exit).toBe(0)
})

test('the read models follow, are made again when asked for, and say so', async () => {
  const path = scratchDirectory()
  const server = startProcess(withDatabase(path), ENV)
  const call = callerOf(await urlOf(server))
  await openWallet(call)
  const modelsAre = async (status: string): Promise<void> => {
    await expect.poll(() => models(call), { timeout: 60_000 }).toMatchObject({ status })
  }
  await modelsAre('following')
  const { json } = await call('POST', '/v1/read-models/rebuild')
  expect(json).toMatchObject({ object: 'read_models', status: 'rebuilding' })
  await modelsAre('following')
  const { sequence, durable_sequence } = await models(call)
  expect(sequence).toBe(durable_sequence)
  expect((await call('GET', '/metrics')).text).toMatch(/^tally_read_models_lag_events 0$/m)
  process.kill(pidOf(path), 'SIGKILL')
  await modelsAre('unavailable')
  await modelsAre('following')
})

test('without PostgreSQL the read models are refused with a sentence', async () => {
  const path = scratchDirectory()
  const call = callerOf(await urlOf(startProcess(places(path), ENV)))
  expect(await models(call)).toMatchObject({ status: 'unavailable' })
  const { status, json } = await call('POST', '/v1/read-models/rebuild')
  expect(status).toBe(503)
  expect(json).toMatchObject({
    code: 'read_models_unavailable',
    detail: 'This server runs without PostgreSQL.',
  })
})

test('a database that may not be used does not keep the ledger from its work', async () => {
  const path = scratchDirectory()
  const url = 'postgres://tally:secret@127.0.0.1:1/none'
  const server = startProcess(withDatabase(path), { ...ENV, TALLY_DATABASE_URL: url })
  const call = callerOf(await urlOf(server))
  await databaseIs(call, 'down')
  await openWallet(call)
  expect((await call('POST', '/v1/transfers', PAYMENT)).status).toBe(201)
  expect(server.text()).not.toContain('secret')
})

test('without a database nothing is said of one', async () => {
  const path = scratchDirectory()
  const call = callerOf(await urlOf(startProcess(places(path), ENV)))
  expect(Object.keys((await call('GET', '/healthz')).json)).not.toContain('database')
  expect((await call('GET', '/metrics')).text).not.toContain('tally_database')
})
