import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

import { BATCH_BYTES_MAX, BODY_BYTES_MAX } from '@tallystick/contract'
import { expect, test } from 'vitest'

import { CONNECTIONS_MAX } from '../src/limits.ts'
import { callerOf, openWallet, PAYMENT, type Reply, ROOT_KEY, testServer } from './harness.ts'
import { HEAD, heard, open, raw } from './raw-socket.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'
import { untouched } from './untouched.ts'

const BODY = JSON.stringify(PAYMENT)
const LENGTH = `Content-Length: ${BODY.length}`
const CHUNKED = 'Transfer-Encoding: chunked'
const CHUNK = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`
const SECOND_ONE = `GET /v1/accounts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ROOT_KEY}\r\n\r\n`

/** `[what it is, bytes]`: each could be two requests, or none, to somebody in between. */
const AMBIGUOUS: readonly (readonly [string, string])[] = [
  ['a length and chunks', `${HEAD}${LENGTH}\r\n${CHUNKED}\r\n\r\n${CHUNK}`],
  ['chunks and a length', `${HEAD}${CHUNKED}\r\n${LENGTH}\r\n\r\n${CHUNK}`],
  ['two lengths', `${HEAD}${LENGTH}\r\nContent-Length: 6\r\n\r\n${BODY}`],
  ['the same length twice', `${HEAD}${LENGTH}\r\n${LENGTH}\r\n\r\n${BODY}`],
  ['two lengths in one', `${HEAD}${LENGTH}, ${BODY.length}\r\n\r\n${BODY}`],
  ['a negative length', `${HEAD}Content-Length: -1\r\n\r\n${BODY}`],
  ['a length with a sign', `${HEAD}Content-Length: +${BODY.length}\r\n\r\n${BODY}`],
  ['a hexadecimal length', `${HEAD}Content-Length: 0x10\r\n\r\n${BODY}`],
  ['a length beyond 2^64', `${HEAD}Content-Length: 99999999999999999999\r\n\r\n${BODY}`],
  ['a space before the colon', `${HEAD}Transfer-Encoding : chunked\r\n\r\n${CHUNK}`],
  [
    'chunks that are not the last coding',
    `${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n${CHUNK}`,
  ],
  ['another coding', `${HEAD}Transfer-Encoding: xchunked\r\n\r\n${CHUNK}`],
  ['a folded header', `${HEAD}X: a\r\n b\r\n${LENGTH}\r\n\r\n${BODY}`],
  ['lines that end in LF', `${HEAD}${LENGTH}\r\n\r\n${BODY}`.replaceAll('\r\n', '\n')],
  ['NUL in a header', `${HEAD}X: a\0b\r\n${LENGTH}\r\n\r\n${BODY}`],
  ['a header without a name', `${HEAD}: x\r\n${LENGTH}\r\n\r\n${BODY}`],
  ['a chunk of no length', `${HEAD}${CHUNKED}\r\n\r\nzz\r\n${BODY}\r\n0\r\n\r\n`],
  ['a chunk beyond 2^64', `${HEAD}${CHUNKED}\r\n\r\nfffffffffffffffff\r\n${BODY}`],
  ['a chunk that is longer than it says', `${HEAD}${CHUNKED}\r\n\r\n2\r\n${BODY}\r\n0\r\n\r\n`],
  ['no host', HEAD.replace('Host: a\r\n', '') + `${LENGTH}\r\n\r\n${BODY}`],
  ['two hosts', `${HEAD}Host: b\r\n${LENGTH}\r\n\r\n${BODY}`],
  ['the same host twice', `${HEAD}HOST: a\r\n${LENGTH}\r\n\r\n${BODY}`],
  ['two hosts, of a read', `GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`],
  ['two hosts, of what is nowhere', `GET /nowhere HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`],
  ['no HTTP', 'hello\r\n\r\n'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['TLS', '\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc'],
  ['HTTP/3.0', 'GET /v1/accounts HTTP/3.0\r\nHost: a\r\n\r\n'],
  ['an unknown method', `MINT /v1/accounts HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['headers of 20 KB', `${HEAD}X: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['a URL of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['two thousand headers', `${HEAD}${'X: 1\r\n'.repeat(3_000)}\r\n`],
]

test.each(AMBIGUOUS)(
  '%s: a 400, the connection is closed, and nothing behind it is read',
  async (_what, bytes) => {
    const server = await testServer()
    await openWallet(server.call)
    let text = ''
    await untouched(server, async () => {
      text = await raw(server.url, bytes + SECOND_ONE)
      return server.call('GET', '/healthz')
    })
    expect(text).toMatch(/^HTTP\/1\.1 4(00|31) /)
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(text).not.toContain('"data":')
  },
)

test('what a proxy may send is taken: an absolute URL, chunks, two requests in one packet', async () => {
  const { url, call } = await testServer()
  await openWallet(call)
  const last = `${SECOND_ONE.slice(0, -2)}Connection: close\r\n\r\n`
  const text = await raw(
    url,
    `${HEAD.replace(' /v1', ' http://a/v1')}${CHUNKED}\r\n\r\n${CHUNK}${last}`,
  )
  expect(text.match(/HTTP\/1\.1 (201|200) /g)).toEqual(['HTTP/1.1 201 ', 'HTTP/1.1 200 '])
})

/** `[path as sent, status]`: no path leads out of where it is. */
const PATHS: readonly (readonly [string, number])[] = [
  ['/v1/../../etc/passwd', 404],
  ['/v1/accounts/../../etc/passwd', 404],
  ['/v1/accounts/..%2f..%2fetc%2fpasswd', 400],
  ['/v1/accounts/%2e%2e', 400],
  ['/v1/accounts/%00', 400],
  ['/v1/accounts/%', 400],
  ['/v1/accounts/%zz', 400],
  ['/v1/accounts/%ff', 400],
  ['/v1/accounts/us%D0%B5rs', 400],
  ['//v1/accounts', 404],
  ['/v1/accounts/', 400],
  ['/v1/accounts;a=b', 404],
  ['/V1/accounts', 404],
  ['/docs/../v1/accounts', 404],
  ['/v1/accounts/a?%zz', 400],
  [`/v1/accounts/${'a'.repeat(2_000)}`, 400],
]

test.each(PATHS)('%s is a %i', async (path, status) => {
  const server = await testServer()
  await openWallet(server.call)
  const text = await raw(
    server.url,
    `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ROOT_KEY}\r\nConnection: close\r\n\r\n`,
  )
  expect(text.split('\r\n')[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(text).toContain('application/problem+json')
})

test('clients that are slow or silent are cut off, others do not notice', async () => {
  const { url, call } = await testServer()
  await openWallet(call)
  const slow = raw(url, 'POST /v1/transfers HTTP/1.1\r\nHost: a\r\nX-Slow: ')
  const silent = raw(url, '')
  const trickling = open(url)
  const cut = heard(trickling)
  trickling.write(HEAD)
  const drip = setInterval(() => trickling.write('X: y\r\n'), 500)
  expect((await call('POST', '/v1/transfers', PAYMENT)).status).toBe(201)
  expect(await slow).toMatch(/^HTTP\/1\.1 400 |^$/)
  expect(await cut).toMatch(/^HTTP\/1\.1 400 |^$/)
  clearInterval(drip)
  expect(await silent).toMatch(/^HTTP\/1\.1 400 |^$/)
}, 30_000)

test('a client that closes its half is answered what it asked, and closed', async () => {
  const { url, call } = await testServer()
  await openWallet(call)
  const whole = open(url, true)
  whole.end(`${HEAD}${LENGTH}\r\n\r\n${BODY}`)
  expect(await heard(whole)).toMatch(/^HTTP\/1\.1 201 |^$/)
  const half = open(url, true)
  half.end(`${HEAD}${LENGTH}\r\n\r\n{`)
  expect(await heard(half)).toMatch(/^HTTP\/1\.1 400 |^$/)
  expect((await call('POST', '/v1/transfers', PAYMENT)).status).toBe(201)
})

test('a client that goes away in the middle of a body leaves nothing behind', async () => {
  const { url, call } = await testServer()
  for (let count = 0; count < 20; count++) {
    const socket = open(url)
    await new Promise<void>((resolve) => {
      socket.write(`${HEAD}Content-Length: 60000\r\n\r\n{"half":`, () => setTimeout(resolve, 5))
    })
    socket.destroy()
  }
  await expect
    .poll(async () => (await call('GET', '/metrics')).text)
    .toMatch(/^tally_body_bytes_in_flight 0$/m)
})

test('large bodies that never come are too much for further large ones, and never for a transfer', async () => {
  const server = await testServer()
  const { url, call } = server
  await openWallet(call)
  const batch = HEAD.replace('/v1/transfers', '/v1/batches')
  const stalled = Array.from({ length: 100 }, () => {
    const socket = open(url)
    socket.write(`${batch}Content-Length: ${BATCH_BYTES_MAX}\r\n\r\n{`)
    return socket
  })
  const commands = [{ operation: 'create_transfer', ...PAYMENT, amount: '1' }]
  const large = { commands, ...{ padding: 'x'.repeat(BODY_BYTES_MAX) } }
  const ask = (): Promise<Reply> => call('POST', '/v1/batches', large)
  await expect.poll(async () => (await ask()).json.code).toBe('overloaded')
  const refused = await untouched(server, ask)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect((await call('POST', '/v1/transfers', PAYMENT)).status).toBe(201)
  for (const socket of stalled) socket.destroy()
  await expect.poll(async () => (await ask()).json.code).toBe('unknown_field')
})

/** What the system lets this process open, less what it needs itself. */
function socketsToHave(wanted: number): number {
  const limits = readFileSync('/proc/self/limits', 'utf8')
  const [, files = '1024'] = /^Max open files\s+(\d+)/m.exec(limits) ?? []
  return Math.min(wanted, Number(files) - 300)
}

async function connectMany(url: string, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(500, count - sockets.length) }, () => open(url))
    await Promise.all(
      some.map((each) => new Promise((resolve) => void each.once('connect', resolve))),
    )
    sockets.push(...some)
  }
  return sockets
}

test('ten thousand idle connections hinder nobody, and are closed by and by', async () => {
  const server = startProcess(places(scratchDirectory()), { TALLY_ROOT_KEY: ROOT_KEY })
  const url = await urlOf(server)
  const call = callerOf(url)
  await openWallet(call)
  const count = socketsToHave(10_000)
  expect(count).toBeLessThan(CONNECTIONS_MAX)
  console.log(`${count} idle connections`)
  const sockets = await connectMany(url, count)
  const closed = sockets.map((socket) => heard(socket))
  for (let index = 0; index < 20; index++) {
    expect((await call('POST', '/v1/transfers', { ...PAYMENT, amount: '1' })).status).toBe(201)
  }
  await Promise.all(closed)
  expect((await call('GET', '/healthz')).status).toBe(200)
}, 60_000)

test('connections above the limit are closed at once, those below it go on', async () => {
  const { url } = await testServer({ maxConnections: 20 })
  const kept = open(url)
  const text = heard(kept)
  await connectMany(url, 19)
  expect(await raw(url, SECOND_ONE)).toBe('')
  kept.write(`${SECOND_ONE.slice(0, -2)}Connection: close\r\n\r\n`)
  expect(await text).toMatch(/^HTTP\/1\.1 200 /)
})
