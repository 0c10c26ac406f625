import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  httpSource,
  parseProofText,
  trustPolicy,
  verifyGrowth,
  verifyReceipt,
} from '@tallystick/verify'
import { expect, onTestFinished, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ROOT_KEY = 'tk_root_0123456789abcdef0123456789abcdef'

interface Process {
  readonly child: ChildProcess
  readonly text: () => string
  readonly exit: Promise<void>
}

/** `tally` in a directory, killed with the test. */
function tally(cwd: string, ...argv: readonly string[]): Process {
  const env = { ...process.env, TALLY_ROOT_KEY: ROOT_KEY, TALLY_STATE: join(cwd, 'state') }
  const child = spawn(process.execPath, [MAIN, ...argv], { cwd, env })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  }
  const exit = new Promise<void>((resolve) => child.on('close', () => resolve()))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, text: () => text, exit }
}

async function startServer(cwd: string): Promise<{ server: Process; url: string }> {
  const server = tally(
    cwd,
    'start',
    '--listen',
    '127.0.0.1:0',
    '--database',
    'off',
    '--shipped-marker',
    'shipped',
  )
  await expect.poll(server.text, { timeout: 20_000 }).toMatch(/^ready/m)
  const [, url = ''] = /(http:\S+)$/m.exec(server.text()) ?? []
  return { server, url }
}

interface Reply {
  readonly status: number
  readonly text: string
}

async function ask(url: string, path: string, body?: object): Promise<Reply> {
  const headers = { authorization: `Bearer ${ROOT_KEY}`, 'content-type': 'application/json' }
  const rest = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const response = await fetch(`${url}/v1${path}`, { headers, ...rest })
  return { status: response.status, text: await response.text() }
}

const fieldOf = (reply: Reply, name: string): unknown =>
  (JSON.parse(reply.text) as Record<string, unknown>)[name]

const PAYMENT = {
  ...{ debit_account: 'bank:cash', credit_account: 'users:1' },
  ...{ amount: '100', asset: 'EUR/2', code: 1 },
}

interface Acknowledged {
  readonly id: string
  /** When its answer was here, ms. */
  readonly at: number
}

/** What the server said that it did. */
interface Told {
  readonly paid: Acknowledged[]
  readonly receipts: string[]
}

/** Pays until it is told to stop or the server is gone, and asks for a receipt now and then. */
async function payOn(
  url: string,
  { paid: known, receipts }: Told,
  stop: AbortSignal,
): Promise<void> {
  for (let count = 0; !stop.aborted; count++) {
    try {
      const paid = await ask(url, '/transfers', PAYMENT)
      const id = String(fieldOf(paid, 'id'))
      if (paid.status === 201) known.push({ id, at: Date.now() })
      if (count % 20 !== 0) continue
      const receipt = await ask(url, `/transfers/${id}/receipt`)
      if (receipt.status === 200) receipts.push(receipt.text)
    } catch {
      return
    }
  }
}

test('a disk that is wiped under load needs no fork: what was published had been shipped, the log goes on from it, and no answer that was a second old is missing', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'tally-shipped-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  const follow = ['backup', 'copies', '--follow', '--marker', 'shipped'] as const
  const first = await startServer(cwd)
  const follower = tally(cwd, ...follow)
  for (const address of ['bank:cash', 'users:1']) {
    await ask(first.url, '/accounts', { address, asset: 'EUR/2', code: 1 })
  }
  const told: Told = { paid: [], receipts: [] }
  const { receipts } = told
  const stop = new AbortController()
  const load = Array.from({ length: 4 }, () => payOn(first.url, told, stop.signal))
  await expect.poll(() => receipts.length, { timeout: 30_000 }).toBeGreaterThan(8)
  const secondOld = (now: number) => told.paid.filter(({ at }) => at < now - 1_000)
  await expect.poll(() => secondOld(Date.now()).length, { timeout: 20_000 }).toBeGreaterThan(50)
  const policy = trustPolicy({
    keys: fieldOf(await ask(first.url, '/log'), 'keys') as string[],
  })
  const killedAt = Date.now()
  first.server.child.kill('SIGKILL')
  follower.child.kill('SIGKILL')
  await Promise.all([first.server.exit, follower.exit])
  rmSync(join(cwd, 'data'), { recursive: true })
  stop.abort()
  await Promise.all(load)

  const restored = tally(cwd, 'restore', 'copies', 'data')
  await restored.exit
  expect(restored.text()).toMatch(/^checkpoint .* and this book begins with them$/m)
  const { url } = await startServer(cwd)
  tally(cwd, ...follow)
  const paid = await ask(url, '/transfers', PAYMENT)
  expect(paid.status).toBe(201)
  const path = `/transfers/${String(fieldOf(paid, 'id'))}/receipt`
  await expect.poll(async () => (await ask(url, path)).status, { timeout: 20_000 }).toBe(200)
  expect(fieldOf(await ask(url, '/log'), 'status')).not.toBe('refused')
  const newer = (await ask(url, '/log/checkpoint')).text
  const evidence = httpSource(`${url}/v1/log/`)
  for (const receipt of receipts) {
    expect((await verifyReceipt(receipt, policy)).proved).toBe(true)
    const older = parseProofText(receipt).checkpoint
    const { checks } = await verifyGrowth({ older, newer, evidence }, policy)
    expect(checks.filter(({ holds }) => !holds)).toEqual([])
  }
  // Each answer that was a second old is there, and its receipt is good under the newest checkpoint.
  const safe = secondOld(killedAt)
  expect(safe.length).toBeGreaterThan(50)
  for (const { id } of safe) {
    const receipt = await ask(url, `/transfers/${id}/receipt`)
    expect(receipt.status).toBe(200)
    expect((await verifyReceipt(receipt.text, policy)).proved).toBe(true)
  }
  console.log(`${safe.length} of ${told.paid.length} payments were a second old: all are proved`)
  console.log(`${receipts.length} receipts from before the loss fit the log after it`)
})
