import { installPackages } from '@tallystick/testkit'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

import { TestMonth } from '../src/account-proof.fixture.ts'
import { statementHtml } from '../src/index.ts'
import { ORIGIN, TestSigner } from '../src/log.fixture.ts'
import { SignatureType } from '../src/verifier-key.ts'

const BROWSER = fileURLToPath(new URL('../browser/tally-verify.js', import.meta.url))

test('an installed verifier brings its command, its file for browsers, and no other package', async () => {
  const { work, project } = await installPackages(['verify'])
  try {
    const modules = join(project, 'node_modules')
    const packages = readdirSync(modules).filter((name) => !name.startsWith('.'))
    expect(packages).toEqual(['@tallystick'])
    expect(readdirSync(join(modules, '@tallystick'))).toEqual(['verify'])
    const run = async (...args: string[]) =>
      promisify(execFile)(join(modules, '.bin/tally-verify'), args, { cwd: work })
    expect((await run('--help')).stdout).toContain('tally-verify receipt FILE --key VKEY')
    const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
    const page = await statementHtml({
      document: JSON.stringify(new TestMonth().document([signer])),
      trust: { keys: [signer.vkey] },
      verifier: readFileSync(BROWSER, 'utf8'),
    })
    writeFileSync(join(work, 'november.html'), page)
    const { stdout } = await run('account', 'november.html', '--key', signer.vkey)
    expect(stdout).toContain('its script is the one of this tally-verify')
  } finally {
    rmSync(work, { recursive: true })
  }
})
