import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

import { isTest, ROOT, textFiles } from './source-files.ts'

const committed = readFileSync(join(ROOT, 'packages/verify/browser/tally-verify.js'), 'utf8')

test('the verifier for browsers is what its sources make: else run node scripts/build-verifier.ts', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'build-verifier-'))
  try {
    const script = join(ROOT, 'scripts/build-verifier.ts')
    await promisify(execFile)(process.execPath, [script, '--into', directory])
    const made = readFileSync(join(directory, 'tally-verify.js'), 'utf8')
    expect(made === committed, 'packages/verify/browser/tally-verify.js is not up to date').toBe(
      true,
    )
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('the verifier for browsers is one file that imports nothing and can be read', () => {
  expect(committed).not.toMatch(/\bnode:|\brequire\(|\bprocess\.|^\s*import\b|\bimport\(/m)
  // What is minified has few and long lines.
  expect(committed.length / committed.split('\n').length).toBeLessThan(60)
})

test('only the command of the verifier needs Node', () => {
  const users = textFiles()
    .filter(({ path, text }) => path.startsWith('packages/verify/src/') && /'node:/.test(text))
    .filter(({ path }) => !isTest(path) && !path.endsWith('.fixture.ts'))
    .map(({ path }) => path.replace('packages/verify/src/', ''))
  expect(users.filter((path) => path !== 'main.ts' && !path.startsWith('command/'))).toEqual([])
})
