import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Document, documentOf, TestBook, TestMonth } from '../src/account-proof.fixture.ts'
import { embeddedProof, fromBase64, statementHtml, toBase64 } from '../src/index.ts'
import { ORIGIN, TestSigner } from '../src/log.fixture.ts'
import { SignatureType } from '../src/verifier-key.ts'

const SCRIPT = fileURLToPath(new URL('../../../scripts/services/chromium.ts', import.meta.url))
const VERIFIER = fileURLToPath(new URL('../browser/tally-verify.js', import.meta.url))
/** Where pictures are kept when somebody asks for them. */
const PICTURES = process.env['TALLY_TEST_PICTURES']

const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
const witnesses = ['w1.example', 'w2.example'].map(
  (name) => new TestSigner(name, SignatureType.cosignature),
)
const trust = { keys: [signer.vkey], witnesses: witnesses.map(({ vkey }) => vkey) }
const good = new TestMonth().document([signer, ...witnesses])
const directory = mkdtempSync(join(tmpdir(), 'tally-statement-'))

const verifier = readFileSync(VERIFIER, 'utf8')
let html = ''
let browser: Browser

beforeAll(async () => {
  html = await statementHtml({ document: JSON.stringify(good), trust, verifier })
  const service = spawn(process.execPath, [SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await service.stdout.setEncoding('utf8').take(1).toArray()
  const { executablePath = '' } = JSON.parse(String(line)) as { executablePath?: string }
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
}, 400_000)

afterAll(async () => {
  await browser.close()
  rmSync(directory, { recursive: true })
})

interface Seen {
  readonly state: string | undefined
  readonly verdict: string
  /** Numbers of the rows that are marked. */
  readonly rows: (string | undefined)[]
  readonly why: string[]
  readonly text: string
  /** What the browser said in its console, and what it asked the network for. */
  readonly noise: string[]
}

/** Opens a page as a reader does: a file, offline. */
async function opened(
  text: string,
  options: { dark?: boolean; narrow?: boolean; script?: boolean; picture?: string } = {},
): Promise<Seen> {
  const { dark = false, narrow = false, script = true, picture } = options
  const context = await browser.newContext({
    ...{ offline: true, javaScriptEnabled: script, colorScheme: dark ? 'dark' : 'light' },
    ...{ viewport: { width: narrow ? 390 : 900, height: 900 }, deviceScaleFactor: 2 },
  })
  const page = await context.newPage()
  const noise: string[] = []
  page.on('console', (message) => noise.push(message.text()))
  page.on('pageerror', (error) => noise.push(error.message))
  page.on('request', (request) => request.url().startsWith('file:') || noise.push(request.url()))
  const path = join(directory, 'statement.html')
  writeFileSync(path, text)
  await page.goto(pathToFileURL(path).href)
  if (script) await page.waitForSelector('#verdict:not([data-state=waiting])', { timeout: 15_000 })
  if (picture !== undefined && PICTURES !== undefined) {
    await page.screenshot({ path: join(PICTURES, picture), fullPage: true })
  }
  const seen = await seenIn(page, noise)
  await context.close()
  return seen
}

async function seenIn(page: Page, noise: string[]): Promise<Seen> {
  const rows = await page.locator('tr.altered').all()
  return {
    state: (await page.locator('#verdict').getAttribute('data-state')) ?? undefined,
    verdict: await page.locator('#verdict').innerText(),
    rows: await Promise.all(
      rows.map(async (row) => (await row.getAttribute('data-entry')) ?? undefined),
    ),
    text: await page.locator('main').innerText(),
    why: await page.locator('tr.why').allInnerTexts(),
    noise,
  }
}

/** The page with another document inside, and the same texts around it. */
function withDocument(change: (document: Document) => Document | void): string {
  const document = structuredClone(good)
  const changed = change(document) ?? document
  const inside = embeddedProof(html) ?? ''
  return html.replace(inside, () => JSON.stringify(changed).replaceAll('<', '\\u003c'))
}

function changed(text: string, from: string, to: string): string {
  expect(text.split(from)).toHaveLength(2)
  return text.replace(from, () => to)
}

const cell = (number: number, name: string, text: string): string =>
  `data-shows="entry.${number}.${name}">${text}<`

test('a statement is proved by the page itself, from a file, offline', async () => {
  const seen = await opened(html, { picture: 'statement.png' })
  expect(seen).toMatchObject({ state: 'proved', rows: [], why: [], noise: [] })
  expect(seen.verdict).toContain(
    '11 entries and every balance follow from each other, and no entry is missing',
  )
  const dark = await opened(html, { dark: true, narrow: true, picture: 'statement-narrow.png' })
  expect([dark.state, dark.noise]).toEqual(['proved', []])
})

test('one digit changed in a visible row is marked in that row', async () => {
  const text = changed(html, cell(4, 'debit', '1,180.00'), cell(4, 'debit', '1,130.00'))
  const seen = await opened(text, { picture: 'statement-altered.png' })
  expect(seen).toMatchObject({ state: 'wrong', rows: ['4'], noise: [] })
  expect(seen.why).toEqual(['Entry no. 4: the debit shows “1,130.00”, but “1,180.00” is proved.'])
})

test('one digit changed in the document is marked in the row that it is of', async () => {
  const text = withDocument((document) => {
    const entry = document.entries[4] as { preimage: string }
    const bytes = fromBase64(entry.preimage)!
    bytes[8]! ^= 1
    entry.preimage = toBase64(bytes)
  })
  const seen = await opened(text)
  expect(seen).toMatchObject({ state: 'wrong', rows: ['7'], noise: [] })
  expect(seen.why.join()).toContain('amount, account or balances were changed')
})

test('a changed signature is marked above', async () => {
  const [line = ''] =
    /— ledger\.example\/log [A-Za-z0-9+/=]+/.exec(good['checkpoint'] as string) ?? []
  const other = line.slice(0, -6) + (line.at(-6) === 'A' ? 'B' : 'A') + line.slice(-5)
  const seen = await opened(changed(html, line, other))
  expect(seen).toMatchObject({ state: 'wrong', rows: [] })
  expect(seen.verdict).toContain('the signature of ledger.example/log is wrong')
})

test('an entry taken out of the document is marked, and one taken out of both as well', async () => {
  const without = withDocument((document) => void document.entries.splice(3, 1))
  const seen = await opened(without)
  expect([seen.state, seen.rows]).toEqual(['wrong', expect.arrayContaining(['6', '7'])])
  expect(seen.why.join()).toContain('1 missing before it')
  const gone = without.replace(/<tr data-entry="6".*?<\/tr>\n/, '')
  expect(gone.length).toBeLessThan(without.length)
  const both = await opened(gone)
  expect([both.state, both.rows]).toEqual(['wrong', ['7']])
  const hidden = await opened(html.replace(/<tr data-entry="6".*?<\/tr>\n/, ''))
  expect(hidden.verdict).toContain(
    'Entry no. 6: the debit is missing in the page: “123.45” is proved.',
  )
})

test('two entries that change places are both marked', async () => {
  const text = withDocument((document) => {
    const [one, two] = document.entries.splice(0, 2)
    document.entries.unshift(two!, one!)
  })
  const seen = await opened(text)
  expect([seen.state, seen.rows]).toEqual(['wrong', expect.arrayContaining(['3', '4'])])
})

test('balances, period, account and keys above and below the table are held to the document too', async () => {
  for (const [name, from, to] of [
    ['opening', '1,454.50', '1,954.50'],
    ['closing.row', '3,184.51', '3,184.57'],
    ['account', 'users:1042:wallet', 'users:1043:wallet'],
    ['period', '30 Nov 2026', '29 Nov 2026'],
    ['key.0', signer.vkey.slice(0, 20), 'ledger.example/lo9+1'],
  ] as const) {
    const pattern = new RegExp(`(data-shows="${name}">)([^<]*)`)
    const text = html.replace(pattern, (_, tag: string, shown: string) => {
      expect(shown).toContain(from)
      return tag + shown.replace(from, to)
    })
    const seen = await opened(text)
    expect([name, seen.state]).toEqual([name, 'wrong'])
    expect(seen.verdict).toContain('is proved.')
  }
})

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '<img src=x onerror="alert(1)">',
  `"' onmouseover="alert(1)`,
  '{"a":"<b>","__proto__":"x","constructor":"<i>"}',
  '\u202e12.00\u2066 \u0000 \u001b[31m',
  '&lt;b&gt; $& $1 $` ]]> {{x}}',
  `${'😀'.repeat(201)}</main><main>`,
  '{"a":"\\ud800","b":"\\u2028\\r\\n"}',
]

test('hostile texts are shown as texts, run nothing and load nothing', async () => {
  const book = new TestBook()
  book.open('users:__proto__', 'shops:constructor')
  for (const metadata of HOSTILE) {
    book.move({ debit: 'shops:constructor', credit: 'users:__proto__', amount: 1n, metadata })
  }
  book.move({ debit: 'shops:constructor', credit: 'users:__proto__', amount: 2n ** 127n })
  const closing = book.state()
  const document = documentOf(book, { account: 'users:__proto__', signers: [signer], closing })
  const page = { document: JSON.stringify(document), trust: { keys: [signer.vkey] }, verifier }
  const text = await statementHtml(page)
  const seen = await opened(text)
  expect(seen).toMatchObject({ state: 'proved', rows: [], noise: [] })
  for (const metadata of HOSTILE.slice(0, 4)) expect(seen.text).toContain(metadata)
  expect(seen.text).toContain('\\u202e12.00\\u2066')
  expect(seen.text).toContain('1,701,411,834,604,692,317,316,873,037,158,841,057.28')
  expect(embeddedProof(text)).toBe(page.document)
})

const openedBy = async (text: string, name: string): Promise<Page> => {
  const context = await browser.newContext({ offline: true })
  const page = await context.newPage()
  const path = join(directory, name)
  writeFileSync(path, text)
  await page.goto(pathToFileURL(path).href)
  await page.waitForSelector('#verdict:not([data-state=waiting])', { timeout: 15_000 })
  return page
}

test('on paper the sheet stands alone: no field, no button, nothing folded, and what paper proves', async () => {
  const page = await openedBy(html, 'paper.html')
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  const seen = async (selector: string): Promise<boolean> => page.locator(selector).isVisible()
  expect(await seen('.compare')).toBe(false)
  expect(await seen('details')).toBe(false)
  expect(await page.locator('.paper').innerText()).toContain('the proof is in the file')
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
    'rgb(255, 255, 255)',
  )
  const pdf = await page.pdf({ preferCSSPageSize: true })
  if (PICTURES !== undefined) writeFileSync(join(PICTURES, 'statement.pdf'), pdf)
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  await page.context().close()
})

test('an altered row that is folded is unfolded, and is reached by keyboard from the verdict', async () => {
  const from = new TestMonth().from + 3n * 86_400_000_000_000n
  const document = JSON.stringify(new TestMonth().document([signer, ...witnesses], { from }))
  const whole = await statementHtml({ document, trust, verifier })
  const page = await openedBy(
    changed(whole, cell(4, 'debit', '1,180.00'), cell(4, 'debit', '1,130.00')),
    'folded.html',
  )
  expect(await page.locator('#verdict').getAttribute('role')).toBe('status')
  expect(await page.title()).toMatch(/^Altered: Statement of users:1042:wallet/)
  const row = page.locator('details.fold[open] tr.altered')
  expect(await row.getAttribute('data-entry')).toBe('4')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  expect(new URL(page.url()).hash).toBe('#row-4')
  await page.context().close()
})

test('a key that was got from elsewhere is compared by the page', async () => {
  const page = await openedBy(html, 'key.html')
  await page.getByLabel('as you got it from elsewhere').fill(signer.vkey)
  await page.keyboard.press('Enter')
  await page.waitForSelector('#compared[data-state=proved]')
  expect(await page.locator('#verdict').innerText()).toContain(
    'Verified with the key that you gave',
  )
  const stranger = new TestSigner(ORIGIN, SignatureType.ed25519)
  await page.getByLabel('as you got it from elsewhere').fill(stranger.vkey)
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.waitForSelector('#verdict[data-state=wrong]')
  expect(await page.locator('#verdict').innerText()).toContain(
    'not signed with the key that you gave',
  )
  await page.context().close()
})

test('a checkpoint with markup in its text does not leave its element', async () => {
  const text = withDocument((document) => {
    document['checkpoint'] = `</script><!--<script>\n1\nAAAA\n\n${document['checkpoint'] as string}`
  })
  const seen = await opened(text)
  expect([seen.state, seen.noise]).toEqual(['wrong', []])
})

test('a row that nothing proves is marked', async () => {
  const row = '<tr><td>1 Dec</td><td>A gift</td><td>+1.00</td><td>9.00</td></tr>\n'
  const seen = await opened(html.replace('<tr class="edge" data-edge>', (edge) => row + edge))
  expect(seen.state).toBe('wrong')
  expect(seen.verdict).toContain('a row that nothing proves')
})

test('a changed script does not run, and without a script nothing is claimed', async () => {
  const text = html.replaceAll('if (faults.length === 0)', 'if (true)')
  expect(text).not.toBe(html)
  const page = await opened(text, { script: false })
  expect([page.state, page.verdict]).toEqual(['waiting', expect.stringContaining('Not checked')])
  const context = await browser.newContext({ offline: true })
  const tab = await context.newPage()
  const noise: string[] = []
  tab.on('console', (message) => noise.push(message.text()))
  const path = join(directory, 'changed.html')
  writeFileSync(path, text)
  await tab.goto(pathToFileURL(path).href)
  await expect.poll(() => noise.join()).toContain('Content Security Policy')
  expect(await tab.locator('#verdict').getAttribute('data-state')).toBe('waiting')
  await context.close()
})

test('a browser without Ed25519 says that it cannot check', async () => {
  const context = await browser.newContext({ offline: true })
  const page = await context.newPage()
  await page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }))
  const path = join(directory, 'old.html')
  writeFileSync(path, html)
  await page.goto(pathToFileURL(path).href)
  await page.waitForSelector('#verdict[data-state=unable]', { timeout: 15_000 })
  expect(await page.locator('#verdict').innerText()).toContain('cannot verify signatures')
  await context.close()
})
