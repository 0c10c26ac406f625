import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'

import { EmbeddedServer } from '../src/embedded/embedded-server.ts'
import { serverPassword } from '../src/embedded/server-password.ts'
import { embeddedSource, isRunning, JOURNAL, openDatabase, pidOf, until } from '@tallystick/testkit'

test('it listens on a socket in a directory that nobody else may enter, and asks for its password', async () => {
  const source = embeddedSource()
  const { database } = openDatabase(source)
  const pool = await database.ready()
  const { rows } = await pool.query("select current_setting('listen_addresses') as hosts")
  expect(rows).toEqual([{ hosts: '' }])
  for (const name of ['', 'cluster', 'socket']) {
    expect(statSync(join(source.directory, name)).mode & 0o777).toBe(0o700)
  }
  expect(statSync(source.passwordFile).mode & 0o777).toBe(0o600)
  const { rows: users } = await pool.query(
    'select rolpassword from pg_authid where rolpassword is not null',
  )
  expect(users[0].rolpassword).toMatch(/^SCRAM-SHA-256\$/)
  const stranger = new Client({ ...database.config, password: 'wrong' })
  await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' })
})

test('it never runs as root', async () => {
  const source = embeddedSource()
  await openDatabase(source).database.ready()
  expect(statSync(join(source.directory, 'cluster')).uid).not.toBe(0)
})

test('what was committed is there at the next start', async () => {
  const source = embeddedSource()
  const one = openDatabase(source)
  const pool = await one.database.ready()
  await pool.query('create table kept as select 42 as answer')
  await one.database.close()
  const again = await openDatabase(source).database.ready()
  expect((await again.query('select answer from kept')).rows).toEqual([{ answer: 42 }])
})

test('killed, it is started again, and the loss is counted', async () => {
  const source = embeddedSource()
  const { database, notes } = openDatabase(source)
  const pool = await database.ready()
  await pool.query('create table kept as select 1 as answer')
  process.kill(pidOf(source), 'SIGKILL')
  await until(() => database.state.losses === 1)
  const again = await database.ready()
  expect((await again.query('select answer from kept')).rows).toEqual([{ answer: 1 }])
  expect(notes.some((note) => note.includes('the ledger goes on'))).toBe(true)
})

test('while it is away, whoever asks is told so at once', async () => {
  const source = embeddedSource()
  const { database } = openDatabase(source)
  expect(database.state.status).toBe('starting')
  expect(() => database.pool).toThrow('PostgreSQL is not there now: it is starting')
  await database.ready()
  await database.close()
  expect(() => database.pool).toThrow('it was closed')
})

/** A process that opens the database, commits one row, and says so. */
const OPENS = `
  import { Database, ownMigrations } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
  const [directory, passwordFile] = process.argv.slice(1)
  const source = { kind: 'embedded', directory, passwordFile }
  const journalId = Buffer.from('${JOURNAL.toString('hex')}', 'hex')
  const database = Database.open({ source, migrations: [ownMigrations()], journalId, onNote() {} })
  const pool = await database.ready()
  await pool.query('create table kept as select 5 as answer')
  console.log('committed')
  setInterval(() => {}, 1000)`

test('it ends when the process that started it is killed, and nothing is lost', async () => {
  const source = embeddedSource()
  const args = ['--input-type=module-typescript', '--eval', OPENS]
  const child = spawn(process.execPath, [...args, source.directory, source.passwordFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const pid = pidOf(source)
  child.kill('SIGKILL')
  await until(() => !isRunning(pid))
  const pool = await openDatabase(source).database.ready()
  expect((await pool.query('select answer from kept')).rows).toEqual([{ answer: 5 }])
})

test('a server that was left behind is ended by the next start', async () => {
  const source = embeddedSource()
  const password = serverPassword(source)
  const one = await EmbeddedServer.start({ ...source, password })
  const two = await EmbeddedServer.start({ ...source, password })
  onTestFinished(() => two.stop())
  await one.ended
  expect(isRunning(one.pid)).toBe(false)
  expect(pidOf(source)).toBe(two.pid)
})

test('a start that was killed while it made the cluster leaves nothing in the way', async () => {
  const source = embeddedSource()
  mkdirSync(join(source.directory, 'cluster.making', 'base'), { recursive: true })
  const pool = await openDatabase(source).database.ready()
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})

test('a path that is too long for a socket is made shorter', async () => {
  const { directory, passwordFile } = embeddedSource()
  const deep = join(dirname(directory), 'd'.repeat(90), 'postgres')
  const pool = await openDatabase({
    kind: 'embedded',
    directory: deep,
    passwordFile,
  }).database.ready()
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})

test('without its password it is refused with a sentence', async () => {
  const source = embeddedSource()
  const one = openDatabase(source)
  await one.database.ready()
  await one.database.close()
  rmSync(source.passwordFile)
  const { database } = openDatabase(source)
  await expect(database.ready()).rejects.toThrow(/which is gone: put it back, or move .* away/)
  expect(database.state.status).toBe('refused')
})
