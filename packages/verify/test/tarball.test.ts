import { installPackages } from '@tallystick/testkit'
import { execFile } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('an installed verifier brings its command and no other package', async () => {
  const { work, project } = await installPackages(['verify'])
  try {
    const modules = join(project, 'node_modules')
    const packages = readdirSync(modules).filter((name) => !name.startsWith('.'))
    expect(packages).toEqual(['@tallystick'])
    expect(readdirSync(join(modules, '@tallystick'))).toEqual(['verify'])
    const command = join(modules, '.bin/tally-verify')
    const { stdout } = await promisify(execFile)(command, ['--help'])
    expect(stdout).toContain('tally-verify receipt FILE --key VKEY')
  } finally {
    rmSync(work, { recursive: true })
  }
})
