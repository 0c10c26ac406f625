import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { DirectoryLock } from './directory-lock.ts'
import { DirectoryLocked } from './errors.ts'

const directory = mkdtempSync(join(tmpdir(), 'tallystick-lock-'))

afterAll(() => rmSync(directory, { recursive: true }))

test('a directory has one holder, and the next one after it is released', () => {
  const lock = new DirectoryLock(directory)
  expect(() => new DirectoryLock(directory)).toThrow(DirectoryLocked)
  lock.release()
  lock.release()
  new DirectoryLock(directory).release()
})

test('another process is refused with a sentence, until the holder is killed', async () => {
  const module = new URL('./directory-lock.ts', import.meta.url).href
  const script = `
    const { DirectoryLock } = await import(${JSON.stringify(module)})
    globalThis.lock = new DirectoryLock(${JSON.stringify(directory)})
    process.stdout.write('held')
    setInterval(() => {}, 1_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  expect(() => new DirectoryLock(directory)).toThrow(
    `${directory} is in use by another process; only one may write to it`,
  )
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exited
  new DirectoryLock(directory).release()
})

test('a directory that is not there is not taken for a locked one', () => {
  expect(() => new DirectoryLock(join(directory, 'none'))).toThrow(
    expect.not.objectContaining({ name: 'DirectoryLocked' }),
  )
})
