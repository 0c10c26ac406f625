import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'vitest'
import { ROOT } from './source-files.ts'

const tool = (name: string, ...args: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const bin = join(ROOT, 'node_modules/.bin', name)
    const options = { cwd: ROOT, maxBuffer: 64 << 20 }
    execFile(process.execPath, [bin, ...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve()
      const failure = new Error(`${name} found something to mend\n\n${stdout}${stderr}`)
      failure.stack = failure.message
      reject(failure)
    })
  })

test.concurrent('everything is formatted (npm run format)', () => tool('oxfmt', '--check'))
test.concurrent('the linter is content (npm run lint)', () => tool('oxlint', '--type-aware'))
test.concurrent('the types agree (npm run types)', () => tool('tsc', '-b'))
