import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleBank } from '../src/sample/bank.ts'
import { RunningLedger } from './running-ledger.ts'

let ledger: RunningLedger

beforeAll(async () => {
  ledger = await RunningLedger.start()
  const rows = [...sampleBank({ rows: 1_000, accounts: 25, seed: 3 })].join('')
  writeFileSync(ledger.path('bookings.csv'), rows)
  await ledger.run('import', 'bookings.csv', '--map', 'bank')
  await ledger.run('hold', 'bank:cash', 'bank:fees', '5.00')
  await ledger.server.ledger.snapshot()
})

afterAll(() => ledger.stop())

test('a directory is verified while its server runs', async () => {
  const { code, stdout, stderr } = await ledger.run('verify')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toContain('Everything agrees.')
  expect(stdout).toMatch(/CZK\/2 +\d+ +([\d,.]+) +\1 +5.00 +5.00/)
  expect(await ledger.json('verify', 'data')).toMatchObject({
    object: 'verification',
    sound: true,
    problems: [],
    open_holds: 1,
    content_hash: await ledger.contentHash(),
  })
})

/** The largest file under a directory: the journal's segment, by far. */
function largestFile(directory: string): string {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return files.reduce((a, b) => (statSync(a).size >= statSync(b).size ? a : b))
}

test('one changed byte is found and named, and ends with 4', async () => {
  cpSync(ledger.path('data'), ledger.path('copy'), { recursive: true })
  const path = largestFile(ledger.path('copy'))
  const bytes = readFileSync(path)
  const at = 40_000
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  writeFileSync(path, bytes)
  const { code, stdout } = await ledger.run('verify', 'copy')
  expect(stdout).toContain('1 found:')
  expect(stdout).toContain('checksum')
  expect(code).toBe(4)
})

test('what is no directory is a wrong command line', async () => {
  const { code, stderr } = await ledger.run('verify', 'nowhere')
  expect(stderr).toContain('There is no directory')
  expect(code).toBe(2)
})
