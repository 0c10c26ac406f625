import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { callerOf, openWallet, PAYMENT, ROOT_KEY } from './harness.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

test('the first start says where it is and shows the root key once', async () => {
  const path = scratchDirectory()
  const one = startProcess(places(path))
  await one.said(/^ready in [\d.]+ s, 0 accounts, 0 transfers$/m)
  const [first = '', second = '', third = ''] = one.text().split('\n')
  expect(first).toMatch(/^Tallystick 0\.1\.0 {2}· {2}data \S+ {2}· {2}http:\/\/127\.0\.0\.1:\d+$/)
  const [, key = ''] =
    /^root key {2}(tk_root_\w{43}) {2}\(shown once; also in \S+root\.key\)$/.exec(second) ?? []
  expect(readFileSync(join(path, 'keys', 'root.key'), 'utf8')).toBe(`${key}\n`)
  expect(third).toMatch(/^docs http:\S+\/docs {3}metrics \/metrics {3}health \/healthz$/)
  expect(statSync(join(path, 'keys')).mode & 0o777).toBe(0o700)
  expect(statSync(join(path, 'keys', 'root.key')).mode & 0o777).toBe(0o600)
  const [, url = ''] = /(http:\S+)$/.exec(first) ?? []
  await openWallet(callerOf(url, key))
  one.child.kill('SIGTERM')
  expect(await one.exit).toBe(0)

  const two = startProcess(places(path))
  await two.said(/^ready in [\d.]+ s, 4 accounts, 1 transfer$/m)
  expect(two.text()).not.toContain(key)
  two.child.kill('SIGINT')
  expect(await two.exit).toBe(0)
})

test('a second process on the same data is refused, and taken once the first is killed', async () => {
  const path = scratchDirectory()
  const one = startProcess(places(path))
  await one.said(/^ready/m)
  const two = startProcess(places(path))
  expect(await two.exit).toBe(3)
  expect(two.text()).toMatch(/is in use by another Tallystick: stop that one/)
  one.child.kill('SIGKILL')
  await one.exit
  const three = startProcess(places(path))
  await three.said(/^ready/m)
})

test('a stop answers what is on its way', async () => {
  const path = scratchDirectory()
  const one = startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })
  const url = await urlOf(one)
  const call = callerOf(url)
  await openWallet(call)
  const asked = Array.from({ length: 50 }, () =>
    call('POST', '/v1/transfers', { ...PAYMENT, amount: '1' }),
  )
  one.child.kill('SIGTERM')
  const replies = await Promise.allSettled(asked)
  const done = replies.filter((reply) => reply.status === 'fulfilled' && reply.value.status === 201)
  expect(await one.exit).toBe(0)
  const two = startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })
  const again = await urlOf(two)
  const { json } = await callerOf(again)('GET', '/v1/accounts/users:1042:wallet')
  expect(Number(json.balances.debits_posted)).toBeGreaterThanOrEqual(done.length)
})

const WRONG: readonly (readonly [string, readonly string[], Record<string, string>, RegExp])[] = [
  ['an unknown flag', ['--date', 'x'], {}, /--date is not a setting; did you mean --data\? --help/],
  ['a flag without value', ['--data'], {}, /--data needs a value: --data DIRECTORY/],
  ['a flag twice', ['--log-level', 'info', '--log-level', 'info'], {}, /given twice/],
  ['a bad address', ['--listen', 'here'], {}, /--listen is "here": use HOST:PORT/],
  ['a bad port', ['--listen', '127.0.0.1:99999'], {}, /use HOST:PORT/],
  ['a bad level', [], { TALLY_LOG_LEVEL: 'loud' }, /TALLY_LOG_LEVEL is "loud": use one of error/],
  [
    'an unknown variable',
    [],
    { TALLY_LISTN: 'x' },
    /TALLY_LISTN .* did you mean TALLY_LISTEN\? --help/,
  ],
  [
    'a weak root key',
    [],
    { TALLY_ROOT_KEY: 'tk_root_secret' },
    /less than 128 bits: use at least 22/,
  ],
  [
    'a repeated root key',
    [],
    { TALLY_ROOT_KEY: `tk_root_${'ab'.repeat(20)}` },
    /less than 128 bits/,
  ],
  ['another root key', [], { TALLY_ROOT_KEY: 'x'.repeat(40) }, /must be tk_root_ followed by/],
  [
    'a URL of something else',
    [],
    { TALLY_DATABASE_URL: 'mysql://root:secret@db/x' },
    /TALLY_DATABASE_URL is not the URL of a PostgreSQL database: use one like/,
  ],
  ['an empty directory name', ['--keys='], {}, /--keys is empty/],
]

test.each(WRONG)('%s stops the start with a sentence', async (_what, args, env, sentence) => {
  const path = scratchDirectory()
  const server = startProcess(args, {
    TALLY_KEYS: join(path, 'k'),
    TALLY_DATA: join(path, 'd'),
    ...env,
  })
  expect(await server.exit).toBe(2)
  expect(server.text()).toMatch(sentence)
  expect(server.text().trim().split('\n').length).toBe(1)
})

test('help lists every setting with its variable and default', async () => {
  const server = startProcess(['--help'])
  expect(await server.exit).toBe(0)
  for (const name of ['--data', 'TALLY_ROOT_KEY', '--listen', '127.0.0.1:7411', 'Examples:']) {
    expect(server.text()).toContain(name)
  }
  expect(server.text()).not.toMatch(/undefined|Default: .*Default: /)
})

test('damaged data is refused with its place, and nothing is changed', async () => {
  const path = scratchDirectory()
  const one = startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })
  const url = await urlOf(one)
  await openWallet(callerOf(url))
  one.child.kill('SIGKILL')
  await one.exit
  const book = readdirSync(join(path, 'data'), { recursive: true })
    .map(String)
    .find((name) => name.endsWith('.book'))
  expect(book).toBeDefined()
  const file = join(path, 'data', book ?? '')
  const bytes = readFileSync(file)
  bytes[4_096 + 60] = (bytes[4_096 + 60] ?? 0) ^ 1
  writeFileSync(file, bytes)
  const two = startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })
  expect(await two.exit).toBe(4)
  expect(two.text()).toMatch(/is corrupt at offset 4\d+/)
  expect(readFileSync(file).equals(bytes)).toBe(true)
})
