import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { TestMonth } from '../src/account-proof.fixture.ts'
import { HELP } from '../src/command/help.ts'
import { runVerify } from '../src/command/program.ts'
import { payment } from '../src/event.fixture.ts'
import { openingsOf, ORIGIN, receiptOf, TestLog, TestSigner } from '../src/log.fixture.ts'
import { statementHtml } from '../src/index.ts'
import { shownLog, TestBook } from '../src/replay/test-book.fixture.ts'
import { SignatureType } from '../src/verifier-key.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
const witness = new TestSigner('w1.example', SignatureType.cosignature)
const events = Array.from({ length: 600 }, (_, at) => payment(BigInt(at + 1)))
const log = new TestLog(events.map(({ leaf }) => leaf))

const directory = mkdtempSync(join(tmpdir(), 'tally-verify-'))
const at = (name: string): string => join(directory, name)
const write = (name: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(at(name)), { recursive: true })
  writeFileSync(at(name), content)
}

let server: Server
let url = ''

beforeAll(async () => {
  for (const [path, bytes] of log.files) write(`log/${path}`, bytes)
  write('log/checkpoint', log.note([signer, witness]))
  write('older', log.note([signer], 300))
  write('newer', log.note([signer, witness]))
  const openings = openingsOf(events[41]!)
  const note = log.note([signer, witness])
  write('receipt', receiptOf({ log, index: 41, note, openings }))
  write(
    'proof',
    log.tree
      .consistency(300, 600)
      .map((hash) => `${hash.toBase64()}\n`)
      .join(''),
  )
  write('empty', '')
  write('nonsense', Uint8Array.of(255, 254, 10, 10))
  server = createServer((request, response) => {
    const path = request.url?.replace('/log/', '') ?? ''
    const bytes = path === 'checkpoint' ? log.note([signer]) : log.files.get(path)
    const broken = path.startsWith('broken/')
    response.writeHead(broken ? 503 : bytes === undefined ? 404 : 200).end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  rmSync(directory, { recursive: true })
  await new Promise((resolve) => server.close(resolve))
})

const run = async (...argv: string[]) => {
  let out = ''
  let err = ''
  const code = await runVerify(argv, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    isTerminal: false,
  })
  return { code, out, err }
}
const key = ['--key', signer.vkey]

test('a receipt is proved, and told', async () => {
  const { code, out, err } = await run('receipt', at('receipt'), ...key, '--witness', witness.vkey)
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain("ok     The leaf is event 42 of the 600 under the checkpoint's root.\n")
  expect(out).toContain('debit           1,234 of asset 978\n')
  expect(out).toMatch(/\nPROVED\n$/)
})

test('an account is proved from its document and from the page that has it inside', async () => {
  const document = JSON.stringify(new TestMonth().document([signer, witness]))
  const trust = { keys: [signer.vkey], witnesses: [witness.vkey] }
  write('account.json', document)
  write('account.html', await statementHtml({ document, trust, verifier: '' }))
  for (const name of ['account.json', 'account.html']) {
    const { code, out } = await run('account', at(name), ...key, '--witness', witness.vkey)
    expect([code, out]).toEqual([0, expect.stringContaining('closing balance 3,184.51')])
    expect(out).toContain('ok     No entry is missing up to event 15')
  }
  const json = await run('account', at('account.json'), ...key, '--json')
  expect(JSON.parse(json.out)).toMatchObject({
    proved: true,
    said: { account: 'users:1042:wallet' },
  })
  write('altered.json', document.replace('"side":"credit"', '"side":"debit"'))
  const altered = await run('account', at('altered.json'), ...key)
  expect([altered.code, altered.out]).toEqual([
    1,
    expect.stringContaining('WRONG  Entry 1 of the list'),
  ])
})

test('what was meant otherwise is said: a receipt, a page, a file in place of a key', async () => {
  const receipt = await run('account', at('receipt'), ...key)
  expect([receipt.code, receipt.err]).toEqual([2, expect.stringContaining('tally-verify receipt')])
  write('some.html', '<!doctype html>')
  const page = await run('receipt', at('some.html'), ...key)
  expect([page.code, page.err]).toEqual([2, expect.stringContaining('tally-verify account')])
  const named = await run('receipt', at('receipt'), '--key', at('receipt'))
  expect([named.code, named.err]).toEqual([2, expect.stringContaining('--key "$(cat FILE)"')])
})

test('a receipt as JSON', async () => {
  const { code, out } = await run('receipt', at('receipt'), ...key, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    proved: true,
    shown: { tree_size: '600', sequence: '42', debit: { amount: '1234', entry: { number: '1' } } },
  })
})

test('a log that grew, with tiles from a directory and from the web, and with a proof', async () => {
  const pair = ['consistency', at('older'), at('newer'), ...key]
  for (const tiles of [at('log'), `${url}/log`, `${url}/log/`]) {
    const { code, out } = await run(...pair, '--tiles', tiles)
    expect([code, out]).toEqual([0, expect.stringContaining('The log only grew')])
  }
  expect((await run(...pair, '--proof', at('proof'))).code).toBe(0)
  expect((await run(...pair, '--proof', at('empty'))).code).toBe(1)
  expect(
    (await run('consistency', at('newer'), at('newer'), ...key, '--proof', at('empty'))).code,
  ).toBe(0)
})

test('a whole log, from a directory and from the web', async () => {
  for (const source of [at('log'), `${url}/log`]) {
    const { code, out } = await run('full', source, ...key)
    expect([code, out]).toEqual([
      0,
      expect.stringContaining("The 600 events lead to the checkpoint's root."),
    ])
    expect(out).toContain('Not checked:\n  Who paid whom how much:')
  }
  const needy = await run('full', at('log'), ...key, '--openings')
  expect([needy.code, needy.out]).toEqual([
    1,
    expect.stringContaining('WRONG  There are no openings where the tiles lie.'),
  ])
})

test('a whole log with openings comes to balances that are told', async () => {
  const book = new TestBook()
  book.open('bank')
  book.open('wallet')
  book.pay('bank', 'wallet', 1_000n)
  const opened = shownLog(book.events)
  for (const [path, bytes] of opened.files) write(`opened/${path}`, bytes)
  write('opened/checkpoint', opened.note([signer]))
  const { code, out } = await run('full', at('opened'), ...key, '--openings')
  expect(code).toBe(0)
  expect(out).toContain('What the 3 events come to: 2 accounts and 0 open holds.\n')
  expect(out).toContain('  asset 978: 2 accounts, debits 1,000 posted and 0 pending, credits')
  const json = await run('full', at('opened'), ...key, '--json')
  expect(JSON.parse(json.out)).toMatchObject({
    proved: true,
    replayed: { events: '3', accounts: 2, assets: [{ asset: 978, debits_posted: '1000' }] },
  })
})

test('a log up to a checkpoint that was kept', async () => {
  const { code, out } = await run('full', `${url}/log`, ...key, '--checkpoint', at('older'))
  expect([code, out]).toEqual([1, expect.stringContaining('tile/1/000.p/1 is missing')])
})

test('entries that need a key are read with one, and a redirect does not carry it elsewhere', async () => {
  const seen: (string | undefined)[] = []
  const elsewhere = createServer((request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const other = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
  const guarded = createServer((request, response) => {
    const path = request.url ?? ''
    const isAllowed = request.headers.authorization === 'Bearer tk_auditor'
    if (path.startsWith('/moved/')) response.writeHead(302, { location: other }).end()
    else if (path.includes('/entries/') && !isAllowed) response.writeHead(401).end()
    else response.end(path === '/checkpoint' ? log.note([signer]) : log.files.get(path.slice(1)))
  })
  await new Promise<void>((resolve) => guarded.listen(0, '127.0.0.1', resolve))
  const guardedUrl = `http://127.0.0.1:${(guarded.address() as AddressInfo).port}`
  write('auditor.key', 'tk_auditor\n')
  const full = ['full', guardedUrl, ...key]
  const without = await run(...full)
  expect([without.code, without.out]).toEqual([
    1,
    expect.stringContaining('answers 401: reading it needs an API key that has the right to.'),
  ])
  expect((await run(...full, '--token', 'tk_auditor')).code).toBe(0)
  expect((await run(...full, '--token-file', at('auditor.key'))).code).toBe(0)
  const wrong = await run(...full, '--token', 'tk_other')
  expect([wrong.code, wrong.out]).toEqual([1, expect.not.stringContaining('tk_other')])
  const moved = await run('full', `${guardedUrl}/moved`, ...key, '--token', 'tk_auditor')
  expect([moved.code, moved.out]).toEqual([1, expect.stringContaining('does not answer')])
  expect(seen).toEqual([])
  await Promise.all([elsewhere, guarded].map((each) => new Promise((done) => each.close(done))))
})

test('what is not signed as it was asked for is not proved', async () => {
  const stranger = new TestSigner(ORIGIN, SignatureType.ed25519)
  const { code, out } = await run('receipt', at('receipt'), '--key', stranger.vkey)
  expect([code, out]).toEqual([1, expect.stringContaining('\nNOT PROVED: 1 of ')])
  const other = new TestSigner('w2.example', SignatureType.cosignature)
  const asked = ['--witness', witness.vkey, '--witness', other.vkey]
  expect((await run('receipt', at('receipt'), ...key, ...asked)).code).toBe(1)
  expect((await run('receipt', at('receipt'), ...key, ...asked, '--quorum', '1')).code).toBe(0)
  expect((await run('receipt', at('nonsense'), ...key)).code).toBe(1)
})

test('a source that does not answer proves nothing, and is no usage error', async () => {
  const broken = await run('full', `${url}/log/broken`, ...key)
  expect([broken.code, broken.out]).toEqual([
    1,
    `WRONG  ${url}/log/broken/checkpoint answers 503.\n\nNOT PROVED: 1 of 1 checks failed\n`,
  ])
  const closed = await run('full', 'http://127.0.0.1:1/log', ...key, '--json')
  expect([closed.code, JSON.parse(closed.out)]).toEqual([
    1,
    {
      proved: false,
      checks: [
        {
          name: 'source',
          holds: false,
          sentence: 'http://127.0.0.1:1/log/checkpoint does not answer.',
        },
      ],
    },
  ])
})

test.each<[string, string[]]>([
  ['No command is given', []],
  ['There is no command prove', ['prove']],
  ['receipt takes FILE, not 0 names', ['receipt', ...key]],
  ['receipt takes FILE, not 2 names', ['receipt', 'a', 'b', ...key]],
  ['consistency takes OLDER and NEWER, not 1 names', ['consistency', 'a', ...key]],
  ['consistency takes one of --tiles and --proof', ['consistency', 'a', 'b', ...key]],
  [
    'consistency takes one of --tiles and --proof',
    ['consistency', 'a', 'b', '--tiles', 'c', '--proof', 'd', ...key],
  ],
  ['receipt has no option --tiles', ['receipt', 'a', '--tiles', 'b', ...key]],
  ['No --key is given', ['receipt', 'a']],
  ['The keys cannot be used: "x" is no verifier key', ['receipt', 'a', '--key', 'x']],
  ['The keys cannot be used: a quorum of 1', ['receipt', 'a', ...key, '--quorum', '1']],
  ['--quorum two is not a number', ['receipt', 'a', ...key, '--quorum', 'two']],
  ['receipt has no option --token', ['receipt', 'a', '--token', 'b', ...key]],
  ['Give one of --token and', ['full', 'a', '--token', 'b', '--token-file', 'c', ...key]],
  ['receipt has no option --openings', ['receipt', 'a', '--openings', ...key]],
  ['The API key is empty', ['full', 'a', '--token', ' ', ...key]],
  ["Unknown option '--keys'", ['receipt', 'a', '--keys', 'x']],
  ['/does/not/exist cannot be read (ENOENT)', ['receipt', '/does/not/exist', ...key]],
  ['/does/not/exist is not a directory', ['full', '/does/not/exist', ...key]],
  ['\\u001b[2J cannot be read', ['receipt', '\u001b[2J', ...key]],
])('%s …: used wrongly', async (problem, argv) => {
  const { code, out, err } = await run(...argv)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(problem)
  expect(err).toMatch(/\.\nTry tally-verify --help\.\n$/)
})

test('a proof of other text is used wrongly', async () => {
  const { code, err } = await run(
    'consistency',
    at('older'),
    at('newer'),
    ...key,
    '--proof',
    at('older'),
  )
  expect([code, err]).toEqual([2, expect.stringContaining('Line 1 of')])
})

test('progress is drawn on a terminal and wiped away', async () => {
  let err = ''
  const io = { out: () => undefined, err: (text: string) => (err += text), isTerminal: true }
  expect(await runVerify(['full', at('log'), ...key], io)).toBe(0)
  const clear = '\r\u001b[K'
  expect(err.startsWith(`${clear}256 of 600 events, 42 %`)).toBe(true)
  expect(err.endsWith(clear)).toBe(true)
})

test('help', async () => {
  expect(await run('--help')).toEqual({ code: 0, out: HELP, err: '' })
  expect(await run('receipt', '-h')).toEqual({ code: 0, out: HELP, err: '' })
})

test('as a process, with a receipt from the standard input', async () => {
  const execute = promisify(execFile)
  const running = execute(process.execPath, [MAIN, 'receipt', '-', ...key])
  running.child.stdin?.end(receiptOf({ log, index: 0, note: log.note([signer]), openings: {} }))
  expect((await running).stdout).toMatch(/\nPROVED\n$/)
  const wrong = execute(process.execPath, [MAIN, 'full', at('log'), '--key', witness.vkey])
  await expect(wrong).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('NOT PROVED'),
  })
  await expect(execute(process.execPath, [MAIN])).rejects.toMatchObject({ code: 2 })
})
