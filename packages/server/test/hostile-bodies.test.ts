import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'

import { BATCH_COMMANDS_MAX, MediaType } from '@tallystick/contract'
import { expect, test } from 'vitest'

import { callerOf, openWallet, PAYMENT, ROOT_KEY, testServer } from './harness.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'
import { untouched } from './untouched.ts'

const MEGABYTE = 1024 * 1024
/** What the bombs together may add to a server's memory at the most. */
const GROWTH_BYTES_MAX = 768 * MEGABYTE

const TRANSFER = JSON.stringify(PAYMENT)
const inside = (field: string): string => `${TRANSFER.slice(0, -1)},${field}}`
const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'))

/** `[what it is, body as sent, headers, [status, code]]` */
const BODIES: readonly (readonly [
  string,
  string | Uint8Array,
  Record<string, string>,
  readonly [number, string],
])[] = [
  ['not JSON', '{', {}, [400, 'malformed_json']],
  ['two documents', `${TRANSFER}${TRANSFER}`, {}, [400, 'malformed_json']],
  ['a comment', `/* */${TRANSFER}`, {}, [400, 'malformed_json']],
  ['single quotes', "{'amount':'1'}", {}, [400, 'malformed_json']],
  ['a trailing comma', `${TRANSFER.slice(0, -1)},}`, {}, [400, 'malformed_json']],
  ['NaN', inside('"code":NaN'), {}, [400, 'malformed_json']],
  ['a byte order mark', `\ufeff${TRANSFER}`, {}, [400, 'malformed_json']],
  ['NUL behind', `${TRANSFER}\0`, {}, [400, 'malformed_json']],
  ['a duplicate key', '{"amount":"1","amount":"2"}', {}, [400, 'duplicate_field']],
  ['an escaped duplicate', String.raw`{"a":1,"\u0061":2}`, {}, [400, 'duplicate_field']],
  ['a nested duplicate', '{"metadata":{"x":[{"a":1,"b":{},"a":2}]}}', {}, [400, 'duplicate_field']],
  ['a duplicate __proto__', '{"__proto__":1,"__proto__":2}', {}, [400, 'duplicate_field']],
  ['__proto__', inside('"__proto__":{"amount":"1"}'), {}, [400, 'unknown_field']],
  ['an escaped __proto__', inside(String.raw`"__proto\u005f_":{}`), {}, [400, 'unknown_field']],
  ['constructor', inside('"constructor":{"prototype":{}}'), {}, [400, 'unknown_field']],
  [
    '__proto__ in metadata',
    inside('"metadata":{"a":{"__proto__":1}}'),
    {},
    [400, 'reserved_field'],
  ],
  ['half a surrogate', inside(String.raw`"metadata":{"a":"\ud800"}`), {}, [400, 'invalid_field']],
  ['an escaped NUL', inside(String.raw`"metadata":{"a":"\u0000"}`), {}, [400, 'invalid_field']],
  ['a rounded number', inside('"metadata":{"a":12345678901234567890}'), {}, [400, 'invalid_field']],
  ['an endless number', inside(`"metadata":{"a":1e999}`), {}, [400, 'invalid_field']],
  ['30,000 levels', '['.repeat(30_000) + ']'.repeat(30_000), {}, [400, 'malformed_json']],
  [
    '33 levels',
    inside(`"metadata":{"a":${'['.repeat(32)}${']'.repeat(32)}}`),
    {},
    [400, 'malformed_json'],
  ],
  [
    'invalid UTF-8',
    Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d),
    {},
    [400, 'malformed_json'],
  ],
  ['overlong UTF-8', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), {}, [400, 'malformed_json']],
  [
    'a surrogate as UTF-8',
    Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22),
    {},
    [400, 'malformed_json'],
  ],
  ['UTF-16 in disguise', utf16(TRANSFER), {}, [400, 'malformed_json']],
  ['a list', '[]', {}, [400, 'invalid_field']],
  ['a text', '"x"', {}, [400, 'invalid_field']],
  ['a number', '1', {}, [400, 'invalid_field']],
  ['null', 'null', {}, [400, 'invalid_field']],
  ['nothing', '', {}, [400, 'missing_body']],
  ['spaces', '   ', {}, [400, 'malformed_json']],
  [
    'a form',
    'a=1',
    { 'content-type': 'application/x-www-form-urlencoded' },
    [415, 'unsupported_media_type'],
  ],
  ['text', TRANSFER, { 'content-type': 'text/plain' }, [415, 'unsupported_media_type']],
  [
    'multipart',
    TRANSFER,
    { 'content-type': 'multipart/form-data; boundary=x' },
    [415, 'unsupported_media_type'],
  ],
  ['XML', '<a/>', { 'content-type': 'application/xml' }, [415, 'unsupported_media_type']],
  ['no known type', TRANSFER, { 'content-type': 'json' }, [415, 'unsupported_media_type']],
  [
    'two types',
    TRANSFER,
    { 'content-type': 'application/json, text/plain' },
    [415, 'unsupported_media_type'],
  ],
  [
    'utf-16',
    utf16(TRANSFER),
    { 'content-type': 'application/json; charset=utf-16' },
    [415, 'unsupported_media_type'],
  ],
  [
    'latin1',
    TRANSFER,
    { 'content-type': 'application/json;charset=iso-8859-1' },
    [415, 'unsupported_media_type'],
  ],
  [
    'lines where one is wanted',
    TRANSFER,
    { 'content-type': MediaType.ndjson },
    [415, 'unsupported_media_type'],
  ],
  [
    'a packed batch elsewhere',
    'TSB1',
    { 'content-type': MediaType.batch },
    [415, 'unsupported_media_type'],
  ],
  [
    'gzip',
    new Uint8Array(gzipSync(TRANSFER)),
    { 'content-encoding': 'gzip' },
    [415, 'unsupported_media_type'],
  ],
  ['br', TRANSFER, { 'content-encoding': 'br' }, [415, 'unsupported_media_type']],
  ['gzip twice', TRANSFER, { 'content-encoding': 'gzip, gzip' }, [415, 'unsupported_media_type']],
  ['gzip unsaid', new Uint8Array(gzipSync(TRANSFER)), {}, [400, 'malformed_json']],
  ['70 KB', `{"a":"${'x'.repeat(70_000)}"}`, {}, [413, 'body_too_large']],
  ['a long key', TRANSFER, { 'idempotency-key': 'x'.repeat(256) }, [400, 'invalid_header']],
  ['an empty key', TRANSFER, { 'idempotency-key': '' }, [400, 'invalid_header']],
  ['a key beyond ASCII', TRANSFER, { 'idempotency-key': 'clé' }, [400, 'invalid_header']],
  ['a key with a tab', TRANSFER, { 'idempotency-key': 'a\tb' }, [400, 'invalid_header']],
  ['urgency 9', TRANSFER, { priority: 'u=9' }, [400, 'invalid_header']],
  ['urgency -1', TRANSFER, { priority: 'u=-1' }, [400, 'invalid_header']],
]

test.each(BODIES)('a body of %s is refused', async (_what, body, headers, refusal) => {
  const server = await testServer()
  await openWallet(server.call)
  const given = typeof body === 'string' ? body : new Uint8Array(body)
  const reply = await untouched(server, () => server.call('POST', '/v1/transfers', given, headers))
  expect([reply.status, reply.json.code]).toEqual(refusal)
})

const COMMAND = { operation: 'create_transfer', ...PAYMENT }
const LINE = `${JSON.stringify({ operation: 'close_account', account: 'a' })}\n`

/** A header alone: so many commands, so many bytes of data. */
function packedHeader(count: number, dataLength: number): Uint8Array {
  const bytes = Buffer.alloc(32 + 128)
  bytes.write('TSB1')
  bytes.writeUInt32LE(count, 4)
  bytes.writeUInt32LE(dataLength, 8)
  return new Uint8Array(bytes)
}

/** `[what it is, path, body, type, [status, code]]`: large, or larger inside than it looks. */
const BOMBS: readonly (readonly [
  string,
  string,
  () => string | Uint8Array,
  string,
  readonly [number, string],
])[] = [
  [
    'a million items',
    '/v1/batches',
    () => `{"commands":[${'{},'.repeat(999_999)}{}]}`,
    MediaType.json,
    [413, 'batch_too_large'],
  ],
  [
    'a million numbers',
    '/v1/batches',
    () => `{"commands":[${'1,'.repeat(999_999)}1]}`,
    MediaType.json,
    [413, 'batch_too_large'],
  ],
  [
    '8,191 commands',
    '/v1/batches',
    () =>
      `{"commands":[${`${JSON.stringify(COMMAND)},`.repeat(BATCH_COMMANDS_MAX)}${JSON.stringify(COMMAND)}]}`,
    MediaType.json,
    [413, 'batch_too_large'],
  ],
  [
    '8,191 lines',
    '/v1/batches',
    () => LINE.repeat(BATCH_COMMANDS_MAX + 1),
    MediaType.ndjson,
    [413, 'batch_too_large'],
  ],
  [
    'a million lines',
    '/v1/batches',
    () => '{}\n'.repeat(1_000_000),
    MediaType.ndjson,
    [413, 'batch_too_large'],
  ],
  [
    'eight million empty lines',
    '/v1/batches',
    () => '\n'.repeat(8_000_000),
    MediaType.ndjson,
    [400, 'invalid_field'],
  ],
  [
    'a million postings',
    '/v1/transactions',
    () => `{"postings":[${'1,'.repeat(500_000)}1]}`,
    MediaType.json,
    [400, 'invalid_field'],
  ],
  [
    '200,000 levels',
    '/v1/batches',
    () => '{"a":'.repeat(200_000),
    MediaType.json,
    [400, 'malformed_json'],
  ],
  [
    'four million levels',
    '/v1/batches',
    () => '['.repeat(4_000_000) + ']'.repeat(4_000_000),
    MediaType.json,
    [400, 'malformed_json'],
  ],
  [
    'a million fields',
    '/v1/batches',
    () => `{${Array.from({ length: 500_000 }, (_, index) => `"${index}":1`).join()}}`,
    MediaType.json,
    [400, 'missing_field'],
  ],
  [
    'a million equal fields',
    '/v1/batches',
    () => `{${'"a":1,'.repeat(1_000_000)}"a":1}`,
    MediaType.json,
    [400, 'duplicate_field'],
  ],
  [
    'a number of seven million digits',
    '/v1/batches',
    () => `{"commands":${'1'.repeat(7_000_000)}}`,
    MediaType.json,
    [400, 'invalid_field'],
  ],
  [
    'a text of seven million escapes',
    '/v1/batches',
    () => `{"commands":"${String.raw`\"`.repeat(3_500_000)}"}`,
    MediaType.json,
    [400, 'invalid_field'],
  ],
  [
    'a gigabyte in a megabyte of gzip',
    '/v1/batches',
    gzipBomb,
    MediaType.json,
    [415, 'unsupported_media_type'],
  ],
  [
    'a header of four billion commands',
    '/v1/batches',
    () => packedHeader(0xffff_ffff, 0xffff_ffff),
    MediaType.batch,
    [400, 'malformed_batch'],
  ],
  [
    'a header of four billion bytes',
    '/v1/batches',
    () => packedHeader(1, 0xffff_ffff),
    MediaType.batch,
    [400, 'malformed_batch'],
  ],
  ['9 MB', '/v1/batches', () => ' '.repeat(9 * MEGABYTE), MediaType.json, [413, 'body_too_large']],
  [
    '9 MB of nothing packed',
    '/v1/batches',
    () => new Uint8Array(9 * MEGABYTE),
    MediaType.batch,
    [413, 'body_too_large'],
  ],
]

function gzipBomb(): Uint8Array {
  // Eight streams one after the other are one file: 128 MB are packed once.
  const piece = gzipSync(Buffer.alloc(128 * MEGABYTE), { level: 9 })
  return new Uint8Array(Buffer.concat(Array.from({ length: 8 }, () => piece)))
}

function residentBytes(pid: number): number {
  const [, kilobytes = ''] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

/** Sends on and on without regard for what comes back, until it is cut off. @returns the status line. */
function pour(url: string, head: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const piece = Buffer.alloc(MEGABYTE, 32)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    const more = (): void => {
      while (socket.writable) if (!socket.write(piece)) return
    }
    socket.on('connect', () => void socket.write(head, more))
    socket.on('drain', more)
    socket.setEncoding('utf8').on('data', (got: string) => (text += got))
    socket.on('error', () => {})
    socket.on('close', () => resolve(text.split('\r\n')[0] ?? ''))
  })
}

const HEAD = `POST /v1/batches HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ROOT_KEY}\r\nContent-Type: application/json\r\n`
const SIZE = 100 * 1024 * MEGABYTE

test('bombs are refused, with memory and time for others left', async () => {
  const path = scratchDirectory()
  const server = startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })
  const url = await urlOf(server)
  const call = callerOf(url)
  await openWallet(call)
  const pid = server.child.pid ?? 0
  const before = residentBytes(pid)
  const { sequence } = (await call('GET', '/readyz')).json
  for (const [what, at, body, type, refusal] of BOMBS) {
    const headers = {
      'content-type': type,
      ...(what.includes('gzip') ? { 'content-encoding': 'gzip' } : {}),
    }
    const reply = await call('POST', at, body(), headers)
    expect([what, reply.status, reply.json.code]).toEqual([what, ...refusal])
    expect((await call('GET', '/healthz')).status).toBe(200)
  }
  const said = `${HEAD}Content-Length: ${SIZE}\r\n\r\n`
  const unsaid = `${HEAD}Transfer-Encoding: chunked\r\n\r\n${SIZE.toString(16)}\r\n`
  const nobody = said.replace(/Authorization.*\r\n/, '')
  for (const [head, line] of [
    [said, 'HTTP/1.1 413 Payload Too Large'],
    [unsaid, 'HTTP/1.1 413 Payload Too Large'],
    [nobody, 'HTTP/1.1 401 Unauthorized'],
  ] as const) {
    const lines = await Promise.all(Array.from({ length: 8 }, () => pour(url, head)))
    expect(new Set(lines)).toEqual(new Set([line]))
  }
  expect(residentBytes(pid) - before).toBeLessThan(GROWTH_BYTES_MAX)
  expect((await call('GET', '/readyz')).json.sequence).toBe(sequence)
  expect((await call('POST', '/v1/transfers', PAYMENT)).status).toBe(201)
}, 120_000)
