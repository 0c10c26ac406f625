/** The project's first promise to a customer, held from end to end: real payments, one file, a real browser without a network. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { SigningKey } from '@tallystick/proof'
import {
  type RunningServer,
  type RunningWitness,
  startServer,
  startWitness,
} from '@tallystick/server'
import { embeddedProof, parseVerifierKey, SignatureType } from '@tallystick/verify'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Captured, captured } from '../src/program.fixture.ts'

const CHROMIUM = fileURLToPath(new URL('../../../scripts/services/chromium.ts', import.meta.url))
const WALLET = 'users:1042:wallet'

const directory = mkdtempSync(join(tmpdir(), 'tally-proved-'))
const at = (name: string): string => join(directory, name)
let server: RunningServer
let witness: RunningWitness
let browser: Browser
let vkey = ''
let html = ''

const tally = (...argv: readonly string[]): Promise<Captured> =>
  captured(argv, {
    cwd: directory,
    variables: { TALLY_URL: server.url, TALLY_KEY: server.rootKey, TALLY_STATE: at('state') },
  })

async function done(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await tally(...argv, '--json')
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Record<string, unknown>
}

/** A log with a key of its own, and a witness that it asks. */
async function startBoth(): Promise<void> {
  const options = { data: at('data'), keys: at('keys'), logOrigin: 'ledger.example/log' }
  const first = await startServer(options)
  const log = (await (await fetch(`${first.url}/v1/log`)).json()) as { keys: string[] }
  await first.close()
  vkey = log.keys[0] ?? ''
  const logKeys = [parseVerifierKey(vkey)]
  witness = await startWitness({
    ...{ directory: at('witness'), name: 'witness.example/w1', logKeys },
    listen: { host: '127.0.0.1', port: 0 },
    onAlarm: expect.unreachable,
    onFailure: (error) => expect.unreachable(String(error)),
  })
  const witnesses = [{ url: witness.url, key: parseVerifierKey(witness.vkey) }]
  server = await startServer({ ...options, witnesses, witnessQuorum: 1 })
}

async function payAll(): Promise<void> {
  await done('account', 'open', WALLET, '--asset', 'EUR/2', '--debits-must-not-exceed-credits')
  await done('account', 'open', 'merchants:books', '--asset', 'EUR/2')
  await done('transfer', 'world', WALLET, '100.00', '--metadata', 'note=Top-up')
  await done('transfer', WALLET, 'merchants:books', '25.00', '--metadata', 'order=17')
  const { id } = await done('hold', WALLET, 'merchants:books', '30.00', '--timeout', '600')
  await done('capture', String(id), '10.00', '--keep-rest')
  await done('void', String(id))
}

beforeAll(async () => {
  const service = spawn(process.execPath, [CHROMIUM], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await service.stdout.setEncoding('utf8').take(1).toArray()
  const { executablePath = '' } = JSON.parse(String(line)) as { executablePath?: string }
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  await startBoth()
  await payAll()
  const made = await tally(
    ...['statement', WALLET, '--from', '2020-01-01', '--to', '2100-01-01', '--proved'],
    ...['--log-key', vkey, '--witness', witness.vkey],
  )
  if (made.code !== 0) throw new Error(made.stderr)
  html = made.stdout
}, 400_000)

afterAll(async () => {
  await browser.close()
  await server.close()
  await witness.close()
  rmSync(directory, { recursive: true })
})

/** What a customer sees who opens the file; the server could as well be gone. */
async function opened(text: string) {
  const context = await browser.newContext({ offline: true })
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => request.url().startsWith('file:') || asked.push(request.url()))
  writeFileSync(at('statement.html'), text)
  await page.goto(pathToFileURL(at('statement.html')).href)
  const verdict = page.locator('#verdict:not([data-state=waiting])')
  const seen = {
    verdict: await verdict.innerText(),
    state: await verdict.getAttribute('data-state'),
    rows: await page
      .locator('tr.altered .no')
      .evaluateAll((all) => all.map(({ textContent }) => textContent)),
    why: await page.locator('tr.why').allInnerTexts(),
    asked,
  }
  await context.close()
  return seen
}

function changed(from: string | RegExp, to: string): string {
  const text = html.replace(from, () => to)
  expect(text).not.toBe(html)
  return text
}

interface Document {
  readonly checkpoint: string
  readonly entries: { side: string }[]
}

/** The file with another proof inside. */
function withProof(change: (document: Document) => object): string {
  const inside = embeddedProof(html) ?? ''
  const other = change(JSON.parse(inside) as Document)
  return changed(inside, JSON.stringify(other).replaceAll('<', String.raw`\u003c`))
}

test('the file is green: signature, witness, every entry, every balance, nothing missing', async () => {
  const seen = await opened(html)
  expect(seen).toMatchObject({ state: 'proved', rows: [], why: [], asked: [] })
  expect(seen.verdict).toContain('Verified: nothing altered, nothing missing')
  expect(seen.verdict).toContain(
    'all signatures hold, 5 entries and every balance follow from each other, and no entry is missing.',
  )
  expect(seen.verdict).toContain('witness.example/w1, ')
})

test('one digit changed in the file is red at its line, with a sentence', async () => {
  const seen = await opened(changed('debit">25.00<', 'debit">26.00<'))
  expect(seen).toMatchObject({ state: 'wrong', rows: ['2'] })
  expect(seen.why).toEqual(['Entry no. 2: the debit shows “26.00”, but “25.00” is proved.'])
  expect(seen.verdict).toContain('Not verified: something here was altered')
})

test('an entry dropped from the proof and from the page is missed', async () => {
  const without = withProof((document) => ({
    ...document,
    entries: document.entries.toSpliced(1, 1),
  }))
  const seen = await opened(without.replace(/<tr data-entry="2".*?<\/tr>\n/, ''))
  expect(seen).toMatchObject({ state: 'wrong', rows: ['3'] })
  expect(seen.verdict).toContain(
    'Entry 2 of the list: its number is 3, but 2 comes next: 1 missing before it.',
  )
})

test('the last entry dropped is missed as well', async () => {
  const seen = await opened(
    withProof((document) => ({ ...document, entries: document.entries.slice(0, -1) })),
  )
  expect(seen.state).toBe('wrong')
  expect(seen.verdict).toContain('entries are missing at the end')
})

test('a changed signature, of the log or of the witness, is said', async () => {
  for (const name of ['ledger.example/log', 'witness.example/w1']) {
    const seen = await opened(
      withProof((document) => {
        const checkpoint = document.checkpoint.replace(
          new RegExp(`(— ${name} .{40})(.)`),
          (_, head: string, one: string) => head + (one === 'A' ? 'B' : 'A'),
        )
        expect(checkpoint).not.toBe(document.checkpoint)
        return { ...document, checkpoint }
      }),
    )
    expect(seen.state).toBe('wrong')
    expect(seen.verdict).toContain(`the signature of ${name} is wrong`)
  }
})

test('the file is refused by the command when the log has another key, and nothing is written', async () => {
  const stranger = SigningKey.generate('ledger.example/log', SignatureType.ed25519).vkey
  const ask = ['statement', WALLET, '--proved']
  const refused = await tally(...ask, '--log-key', stranger)
  expect([refused.code, refused.stdout]).toEqual([6, ''])
  expect(refused.stderr).toContain('The page checks with another key than those that you gave.')
  // Without a key, those count that this client has seen the log with.
  expect((await tally(...ask)).stdout).toMatch(/^<!doctype html>/)
  expect((await tally(...ask, '--by', 'effective')).code).toBe(2)
  expect((await tally(...ask, '--format', 'csv')).code).toBe(2)
  expect((await tally(...ask, '--json')).code).toBe(2)
})
