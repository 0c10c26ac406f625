/**
 * What a user of npm gets: the engine and what it needs, packed, installed without a network, and run by plain JavaScript
 * and by TypeScript outside of this repository. `npm run build` makes the same packages.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { installPackages } from '@tallystick/testkit'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const NAMES = ['money', 'access', 'rules', 'ledger', 'journal', 'verify', 'proof', 'engine']

let work = ''
let project = ''
beforeAll(async () => {
  ;({ work, project } = await installPackages(NAMES))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

async function runProgram(name: string, text: string): Promise<string> {
  writeFileSync(join(project, name), text)
  const { stdout } = await run(process.execPath, [name], { cwd: project })
  return stdout
}

test('seven packages are installed, no other, and no source', () => {
  const modules = join(project, 'node_modules')
  expect(readdirSync(modules).filter((name) => name !== '.package-lock.json')).toEqual([
    '.bin',
    '@tallystick',
  ])
  expect(readdirSync(join(modules, '.bin'))).toEqual(['tally-verify'])
  expect(readdirSync(join(modules, '@tallystick')).sort()).toEqual(NAMES.toSorted())
  const files = readdirSync(modules, { recursive: true, encoding: 'utf8' })
  expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('/index.d.ts'))).toEqual([])
})

test.each(NAMES)('publint finds nothing to mend in %s', async (name) => {
  const { messages } = await publint({ pkgDir: join(work, name), strict: true })
  expect(messages).toEqual([])
})

const REOPENED = `
import { openLedger, TransferStatus } from '@tallystick/engine'
const ledger = await openLedger({ directory: './data' })
const [{ status }] = await ledger.createTransfers([
  { id: 11n, debitAccountId: 1n, creditAccountId: 2n, amount: 501n, asset: 978, code: 1 },
])
const [account] = await ledger.lookupAccounts([1n])
await ledger.close()
console.log(status === TransferStatus.exceedsCredits, account.creditsPosted, account.debitsPosted)
`

test('the README’s program embeds a ledger in a directory, and the next one finds its money there', async () => {
  const readme = readFileSync(join(project, 'node_modules/@tallystick/engine/README.md'), 'utf8')
  const example = /```js\n(?<code>.*?)```/s.exec(readme)?.groups?.['code'] ?? ''
  expect(await runProgram('embedded.mjs', example)).toMatch(/^0 \d{19}n 500n\n$/)
  expect(await runProgram('reopened.mjs', REOPENED)).toBe('true 500n 0n\n')
})

const THREADS = `
import { subscribe } from 'node:diagnostics_channel'
import { openLedger } from '@tallystick/engine'
let threads = 0
const ended = []
subscribe('worker_threads', ({ worker }) => {
  threads++
  worker.once('error', (error) => ended.push(error.message))
})
const ledger = await openLedger({ directory: './busy' })
await ledger.createAccounts([{ id: 1n, asset: 978, code: 1 }, { id: 2n, asset: 978, code: 1 }])
const transfers = Array.from({ length: 20_000 }, (_, index) => (
  { id: BigInt(index + 10), debitAccountId: 2n, creditAccountId: 1n, amount: 1n, asset: 978, code: 1 }))
await ledger.createTransfers(transfers)
const snapshot = await ledger.snapshot()
const { groups, groupsInline } = ledger.metrics()
await ledger.close()
console.log(JSON.stringify({ threads, ended, snapshot, wroteOnThread: groups > groupsInline }))
`

test('the threads that write the journal, seal ids and write snapshots are found and work', async () => {
  expect(JSON.parse(await runProgram('threads.mjs', THREADS))).toEqual({
    threads: 3,
    ended: [],
    snapshot: 20_002,
    wroteOnThread: true,
  })
})

const TYPED = `
import { JournalCorrupt } from '@tallystick/journal'
import {
  AccountFlags, type AccountView, EngineError, type EventResult, JournalCorrupt as Same, openLedger, type TallyLedger,
} from '@tallystick/engine'
const same: typeof JournalCorrupt = Same
const ledger: TallyLedger = await openLedger({ directory: './data', onNote: (note: string) => console.log(note, same) })
const results: EventResult[] = await ledger.createTransfers([{ id: 10n, debitAccountId: 2n, creditAccountId: 1n, amount: 5n }])
const [account]: AccountView[] = await ledger.lookupAccounts([1n])
const posted: bigint | undefined = account?.creditsPosted
try { await ledger.createAccounts([{ id: 1n, asset: 978, code: 1, flags: AccountFlags.debitsMustNotExceedCredits }]) }
catch (error) { if (error instanceof EngineError && error.code === 'overloaded') console.log(posted, results[0]?.status) }
// @ts-expect-error amounts are bigint
await ledger.createTransfers([{ id: 11n, amount: 5 }])
// @ts-expect-error a directory, or memory: true
await openLedger({})
`

test('a program compiles against their types and Node’s, libraries checked', async () => {
  mkdirSync(join(project, 'node_modules/@types'))
  for (const name of ['@types/node', 'undici-types']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name))
  }
  writeFileSync(join(project, 'typed.ts'), TYPED)
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'esnext']
  const types = ['--types', 'node', '--skipLibCheck', 'false', 'typed.ts']
  await expect(
    run(process.execPath, [tsc, ...options, ...types], { cwd: project }),
  ).resolves.toEqual({ stdout: '', stderr: '' })
})
