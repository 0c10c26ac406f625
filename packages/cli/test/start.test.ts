import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { captured } from '../src/program.fixture.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

test('a server started here is found by its key file, and stops in order', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'tally-start-'))
  const child = spawn(process.execPath, [MAIN, 'start', '--listen', '127.0.0.1:0'], { cwd })
  const closed = once(child, 'close')
  let shown = ''
  for await (const chunk of child.stdout) {
    shown += String(chunk)
    if (shown.includes('ready in')) break
  }
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(shown) ?? []
  const surroundings = { cwd, variables: { TALLY_URL: url, TALLY_STATE: join(cwd, 'state') } }
  const opened = await captured(['account', 'open', 'a', '--asset', 'EUR/2'], surroundings)
  expect(opened.stderr).toBe('')
  expect(opened.code).toBe(0)
  const second = await captured(['verify'], surroundings)
  expect(second.stdout).toContain('Everything agrees.')
  child.kill('SIGTERM')
  expect((await closed)[0]).toBe(0)
})

test('a wrong setting of the server stops the start with a sentence and 2', async () => {
  const child = spawn(process.execPath, [MAIN, 'start', '--listn', '127.0.0.1:0'], {
    cwd: mkdtempSync(join(tmpdir(), 'tally-start-')),
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  expect((await once(child, 'close'))[0]).toBe(2)
  expect(said).toContain('--listn')
})
