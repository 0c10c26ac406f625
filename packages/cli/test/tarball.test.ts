/** `tally` as a user of npm gets it: packed with all that it needs of this repository, installed, and run. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { installPackages } from '@tallystick/testkit'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url))
const ENGINE = ['money', 'access', 'rules', 'ledger', 'journal', 'engine']
const BESIDE = [
  'verify',
  'proof',
  'backup',
  'contract',
  'postgres',
  'read-models',
  'scenario',
  'server',
  'cli',
]
const NAMES = [...ENGINE, 'sdk', ...BESIDE]

let work = ''
let project = ''
beforeAll(async () => {
  ;({ work, project } = await installPackages(NAMES, 'cli'))
  // Sixteen packages are built: a minute on a machine with other work.
}, 240_000)
afterAll(() => rmSync(work, { recursive: true, force: true }))

const tally = () => join(project, 'node_modules/.bin/tally')
/** Its first line asks the PATH for Node: this one. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` }

test.each(BESIDE)('publint finds nothing to mend in %s', async (name) => {
  const { messages } = await publint({ pkgDir: join(work, name), strict: true })
  expect(messages).toEqual([])
})

test('it knows its version, and that the benchmarks are elsewhere', async () => {
  const { stdout } = await run(tally(), ['--version'], { cwd: project, env })
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  await expect(run(tally(), ['bench'], { cwd: project, env })).rejects.toThrow(
    'clone the repository',
  )
})

test('without DuckDB, which is not installed along, Parquet is refused with how to get it', async () => {
  const asked = ['export', '--key', 'tk_test', '--format', 'parquet', '--out', 'x.parquet']
  await expect(run(tally(), asked, { cwd: project, env })).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('npm install @duckdb/node-api@') as string,
  })
})

test('it plays a scenario', async () => {
  const { stdout } = await run(tally(), ['play', join(EXAMPLES, 'holds.tally')], {
    cwd: project,
    env,
  })
  expect(stdout).toBe(readFileSync(join(EXAMPLES, 'holds.out'), 'utf8'))
})

test('it starts a server with its PostgreSQL, opens an account there, makes a page that proves itself, verifies its directory, backs it up and restores it', async () => {
  const child = spawn(tally(), ['start', '--listen', '127.0.0.1:0'], { cwd: project, env })
  const closed = once(child, 'close')
  let shown = ''
  for await (const chunk of child.stdout) {
    shown += String(chunk)
    if (shown.includes('ready in')) break
  }
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(shown) ?? []
  const options = {
    cwd: project,
    env: { ...env, TALLY_URL: url, TALLY_STATE: join(project, 'state') },
  }
  await expect
    .poll(async () => (await fetch(`${url}/healthz`)).json(), { timeout: 20_000 })
    .toMatchObject({ database: 'ready' })
  await run(tally(), ['account', 'open', 'a', '--asset', 'EUR/2'], options)
  // The page is made in a thread of the server's package, of a file of the verifier's.
  const page = await run(tally(), ['statement', 'a', '--proved'], options)
  expect(page.stdout).toMatch(/^<!doctype html>/)
  const { stdout } = await run(tally(), ['verify'], options)
  expect(stdout).toContain('Everything agrees.')
  await run(tally(), ['backup', 'copies'], options)
  const restored = await run(tally(), ['restore', 'copies', 'again'], options)
  expect(restored.stdout).toContain('as the backup’s manifest says')
  child.kill('SIGTERM')
  expect((await closed)[0]).toBe(0)
})
