import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { openJournal, RealDisk } from '../src/index.ts'
import { bodyOf } from './fixture.ts'

const ROUNDS = 12

test('what was told durable before a kill -9 is there after it, every time', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tallystick-kill-'))
  let before = 0
  for (let round = 0; round < ROUNDS; round++) {
    const told = await writeAndKill(directory, 100 + ((round * 173) % 500))
    expect(told).toBeGreaterThan(0)
    const journal = openJournal({ disk: new RealDisk(), directory, durableAtLeast: told })
    expect(journal.report.lastSequence).toBeGreaterThanOrEqual(told)
    let next = 1
    for (const { firstSequence, count, body } of journal.reader.frames()) {
      expect(firstSequence).toBe(next)
      if (!body.equals(bodyOf(firstSequence, body.length)))
        throw new Error(`${firstSequence} differs`)
      next += count
    }
    expect(next - 1).toBe(journal.report.lastSequence)
    expect(next - 1).toBeGreaterThan(before)
    before = next - 1
    await journal.close()
  }
  rmSync(directory, { recursive: true })
})

/** Starts a child that writes as fast as it can, kills it, and returns the last sequence that it told durable. */
async function writeAndKill(directory: string, afterMs: number): Promise<number> {
  const script = new URL('./endless-writer.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (data: Buffer) => {
    output = (output + data.toString()).slice(-1_000)
  })
  const closed = new Promise((resolve) => child.once('close', resolve))
  await Promise.race([closed, new Promise((resolve) => child.stdout.once('data', resolve))])
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  expect(child.exitCode, 'the child ended by itself').toBeNull()
  child.kill('SIGKILL')
  await closed
  return Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1))
}
