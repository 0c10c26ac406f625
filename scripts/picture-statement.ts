/**
 * Makes docs/images/statement.png anew: real payments on a real server with a witness, `tally statement --proved`, and the file in Chromium
 * without a network: as it is, and with one digit changed.
 *
 *     node scripts/picture-statement.ts [--into FILE.png] [--keep statement.html]
 */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs, promisify } from 'node:util'

import { startServer, startWitness } from '@tallystick/server'
import { parseVerifierKey } from '@tallystick/verify'
import { type Browser, chromium } from 'playwright-core'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const TALLY = join(ROOT, 'packages/cli/src/main.ts')
const WALLET = 'users:1042:wallet'
const SHOT = { width: 740, height: 960 }
const GAP = 32

const { values } = parseArgs({
  options: { into: { type: 'string' }, keep: { type: 'string' } },
})
const directory = mkdtempSync(join(tmpdir(), 'tally-picture-'))
const at = (name: string): string => join(directory, name)

interface Running {
  readonly tally: (...argv: readonly string[]) => Promise<string>
  readonly trust: readonly string[]
  readonly close: () => Promise<void>
}

function fail(reason: unknown): never {
  throw new Error(`the witness: ${String(reason)}`)
}

/** A server whose log has a key of its own, and a witness. */
async function start(): Promise<Running> {
  const options = { data: at('data'), keys: at('keys'), logOrigin: 'ledger.example/log' }
  const first = await startServer(options)
  const log = (await (await fetch(`${first.url}/v1/log`)).json()) as { keys: string[] }
  await first.close()
  const [vkey = ''] = log.keys
  const witness = await startWitness({
    ...{ directory: at('witness'), name: 'witness.example/w1' },
    ...{ logKeys: [parseVerifierKey(vkey)], listen: { host: '127.0.0.1', port: 0 } },
    ...{ onAlarm: fail, onFailure: fail },
  })
  const witnesses = [{ url: witness.url, key: parseVerifierKey(witness.vkey) }]
  const server = await startServer({ ...options, witnesses, witnessQuorum: 1 })
  const env = {
    ...process.env,
    ...{ TALLY_URL: server.url, TALLY_KEY: server.rootKey, TALLY_STATE: at('state') },
  }
  const run = promisify(execFile)
  return {
    tally: async (...argv) => {
      const { stdout } = await run(process.execPath, [TALLY, ...argv], { env, cwd: directory })
      return stdout
    },
    trust: ['--log-key', vkey, '--witness', witness.vkey],
    close: async () => {
      await server.close()
      await witness.close()
    },
  }
}

async function pay({ tally }: Running): Promise<void> {
  const open = ['--asset', 'EUR/2']
  for (const address of ['employers:acme', 'landlords:3', 'shops:7', 'shops:91']) {
    await tally('account', 'open', address, ...open)
  }
  await tally('account', 'open', WALLET, ...open, '--debits-must-not-exceed-credits')
  const move = (from: string, to: string, amount: string, note: string): Promise<string> =>
    tally('transfer', from, to, amount, '--metadata', `note=${note}`)
  await move('employers:acme', WALLET, '3125.00', 'Salary, November')
  await move(WALLET, 'landlords:3', '1180.00', 'Rent')
  const held = await tally('hold', WALLET, 'shops:91', '200.00', '--timeout', '600', '--json')
  const { id } = JSON.parse(held) as { id: string }
  await tally('capture', id, '123.45', '--metadata', 'note=Order 91-17')
  await move('shops:91', WALLET, '23.45', 'Refund, order 91-17')
  await move(WALLET, 'shops:7', '64.99', 'Groceries')
}

async function shot(browser: Browser, html: string): Promise<string> {
  const context = await browser.newContext({
    ...{ offline: true, viewport: SHOT, deviceScaleFactor: 2, colorScheme: 'light' },
  })
  const page = await context.newPage()
  writeFileSync(at('statement.html'), html)
  await page.goto(pathToFileURL(at('statement.html')).href)
  await page.waitForSelector('#verdict:not([data-state=waiting])')
  // The sheet, without the desk above it.
  const { y = 0 } = (await page.locator('main').boundingBox()) ?? {}
  const bytes = await page.screenshot({ fullPage: true, clip: { x: 0, y, ...SHOT } })
  await context.close()
  return `data:image/png;base64,${bytes.toString('base64')}`
}

/** Both, beside each other. */
async function draw(browser: Browser, pictures: readonly string[]): Promise<Buffer> {
  const width = SHOT.width * 2 + GAP * 3
  const context = await browser.newContext({
    ...{ viewport: { width, height: SHOT.height + GAP * 2 }, deviceScaleFactor: 1.5 },
  })
  const page = await context.newPage()
  const images = pictures.map((url) => `<img src="${url}">`).join('')
  await page.setContent(
    `<style>body{margin:0;padding:${GAP}px;display:flex;gap:${GAP}px;background:#d9d4c8}img{width:${SHOT.width}px;height:${SHOT.height}px;border-radius:8px;box-shadow:0 6px 30px rgb(0 0 0/.18)}</style>${images}`,
  )
  const bytes = await page.screenshot()
  await context.close()
  return bytes
}

const running = await start()
await pay(running)
const html = await running.tally('statement', WALLET, '--proved', ...running.trust)
await running.close()
if (values.keep !== undefined) writeFileSync(resolve(values.keep), html)
const altered = html.replace('debit">1,180.00<', 'debit">1,130.00<')
const found = execFileSync(process.execPath, [join(ROOT, 'scripts/services/chromium.ts')])
const { executablePath } = JSON.parse(String(found)) as { executablePath: string }
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const pictures = [await shot(browser, html), await shot(browser, altered)]
const into = resolve(values.into ?? join(ROOT, 'docs/images/statement.png'))
writeFileSync(into, await draw(browser, pictures))
await browser.close()
rmSync(directory, { recursive: true })
console.log(`${into}: ${readFileSync(into).length} bytes`)
