import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { installPackages } from '@tallystick/testkit'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

let work = ''
let project = ''
let installed = ''
beforeAll(async () => {
  // No network: the package has to bring all that it needs.
  ;({ work, project } = await installPackages(['sdk']))
  installed = join(project, 'node_modules/@tallystick/sdk')
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

test('the tarball holds the package and nothing else', () => {
  expect(readdirSync(installed).sort()).toEqual([
    'LICENSE',
    'README.md',
    'index.d.ts',
    'index.js',
    'package.json',
  ])
})

test('the code needs no other package and no Node', () => {
  const code = readFileSync(join(installed, 'index.js'), 'utf8')
  expect(code).not.toMatch(/^import\b|\bfrom ['"]|\b(import|require|Buffer\.\w+)\(/m)
  expect(code).not.toContain('typebox')
  const types = readFileSync(join(installed, 'index.d.ts'), 'utf8')
  expect(types).not.toMatch(/^import\b|@tallystick\/contract'/m)
})

test('publint finds nothing to mend', async () => {
  const { messages } = await publint({ pkgDir: join(work, 'sdk'), strict: true })
  expect(messages).toEqual([])
})

const PROGRAM = `
import { ExceedsCredits, Tallystick, type Transfer, uuidv7 } from '@tallystick/sdk'
const tally = new Tallystick({ url: globalThis.location.href, key: 'k' })
const transfer: Transfer = await tally.transfers.create({
  id: uuidv7(), debitAccount: 'users:1042:wallet', creditAccount: 'merchants:books', amount: 2500n, asset: 'EUR/2', code: 10,
})
const amount: bigint = transfer.amount
for await (const entry of tally.accounts.entries('users:1042:wallet')) console.log(entry.amount + amount, entry.balance)
try { await tally.holds.capture('x', { amount: 1n, final: false }) }
catch (error) { if (error instanceof ExceedsCredits) console.log(error.available) }
// @ts-expect-error amounts are bigint
await tally.accounts.increment('a', { amount: 5 })
`

test('a program compiles against its types, with a browser’s library and no other types', async () => {
  writeFileSync(join(project, 'program.ts'), PROGRAM)
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022']
  const library = ['--lib', 'es2022,dom', '--types', '', 'program.ts']
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  await expect(
    run(process.execPath, [tsc, ...options, ...library], { cwd: project }),
  ).resolves.toEqual({ stdout: '', stderr: '' })
})

test('the installed package moves money', async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method: request.method, amount: '2500' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const script = `
    import { Tallystick } from '@tallystick/sdk'
    const transfer = await new Tallystick().transfers.create({
      debitAccount: 'a', creditAccount: 'b', amount: 2500n, asset: 'EUR/2',
    })
    console.log(transfer.method, transfer.amount)`
  const env = { ...process.env, TALLY_URL: `http://127.0.0.1:${port}`, TALLY_KEY: 'k' }
  const args = ['--input-type=module', '--eval', script]
  const { stdout } = await run(process.execPath, args, { cwd: project, env })
  server.close()
  expect(stdout).toBe('POST 2500n\n')
})
