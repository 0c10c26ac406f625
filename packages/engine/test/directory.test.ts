import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { DirectoryLocked } from '@tallystick/journal'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openLedger } from '../src/index.ts'
import { account, transfer } from './fixtures.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tally-directory-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('threads, snapshots and the lock work on the real disk', async () => {
  const ledger = await openLedger({ directory })
  await expect(openLedger({ directory })).rejects.toBeInstanceOf(DirectoryLocked)
  await ledger.createAccounts([account(1n), account(2n)])
  const many = Array.from({ length: 20_000 }, (_, index) => transfer(BigInt(index + 10), 1n))
  const results = await ledger.createTransfers(many)
  expect(results.every(({ status }) => status === 0)).toBe(true)
  expect(await ledger.snapshot()).toBe(20_002)
  await ledger.createTransfers([transfer(5n, 1n)])
  const hash = await ledger.stateHash()
  await ledger.close()
  const again = await openLedger({ directory })
  expect(await again.stateHash()).toBe(hash)
  expect(again.metrics().snapshotSequence).toBe(20_003)
  await again.close()
})

test('the lock of a killed process is free at once', async () => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'crash-child.ts'), directory, '1'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const killed = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  await new Promise<void>((resolve) => void child.stdout.once('data', () => resolve()))
  await expect(openLedger({ directory })).rejects.toBeInstanceOf(DirectoryLocked)
  child.kill('SIGKILL')
  await killed
  const ledger = await openLedger({ directory })
  expect(ledger.reader.accountCount).toBe(40)
  await ledger.close()
})
