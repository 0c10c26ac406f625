import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleBank } from '../src/sample/bank.ts'
import { RunningLedger } from './running-ledger.ts'

let ledger: RunningLedger

beforeAll(async () => {
  ledger = await RunningLedger.start()
  const rows = [...sampleBank({ rows: 500, accounts: 25, seed: 3 })].join('')
  writeFileSync(ledger.path('bookings.csv'), rows)
  await ledger.run('import', 'bookings.csv', '--map', 'bank')
})

afterAll(() => ledger.stop())

test('a running server’s directory is backed up, restored and verified', async () => {
  const { code, stdout, stderr } = await ledger.run('backup', 'copies', '--rate', '500MB/s')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^carried +[\d,]+ bytes in 1 pieces$/m)
  await ledger.run('hold', 'bank:cash', 'bank:fees', '5.00')
  expect(await ledger.json('backup', 'copies')).toMatchObject({ object: 'backup', pieces: 1 })
  const restored = await ledger.run('restore', 'copies', 'again')
  expect(restored.stderr).toBe('')
  expect(restored.stdout).toContain('as the backup’s manifest says')
  expect(await ledger.json('verify', 'again')).toMatchObject({
    sound: true,
    content_hash: await ledger.contentHash(),
  })
})

test('with a keys directory a backup is signed, has the checkpoint of the running server, and a restore checks both', async () => {
  mkdirSync(ledger.path('safe'), { mode: 0o700 })
  await expect
    .poll(async () => (await ledger.json('backup', 'signed', '--keys', 'safe'))['checkpoint'], {
      timeout: 20_000,
    })
    .toEqual(expect.stringMatching(/^tallystick\.local\//))
  const { signed_by: key, checkpoint } = await ledger.json('backup', 'signed', '--keys', 'safe')
  expect([key, checkpoint]).toEqual([
    expect.stringMatching(/^tallystick\/backup\+/),
    expect.any(String),
  ])
  const restored = await ledger.run('restore', 'signed', 'checked', '--signed-by', String(key))
  expect(restored.stderr).toBe('')
  expect(restored.stdout).toMatch(/^proof root +\S{44}, as the backup’s manifest says$/m)
  expect(restored.stdout).toMatch(/^checkpoint .* and this book begins with them$/m)
  const unsigned = await ledger.run('restore', 'copies', 'never', '--signed-by', String(key))
  expect([unsigned.code, unsigned.stderr]).toEqual([1, expect.stringContaining('is not signed')])
})

test('a restore to an earlier event says where it ended', async () => {
  const { sequence } = (await ledger.json('backup', 'copies')) as { sequence: number }
  const to = String(sequence - 1)
  const dry = await ledger.run('restore', 'copies', 'earlier', '--to', to, '--dry-run')
  expect(dry.stdout).toContain('dry run: nothing was installed')
  expect(dry.stdout).toMatch(/^left out +1 later events$/m)
  const { code, stderr } = await ledger.run('restore', 'copies', 'data')
  expect([code, stderr]).toEqual([1, expect.stringContaining('data is not empty (')])
})

test('wrong rates, points and places are said', async () => {
  const wrong = await Promise.all([
    ledger.run('backup', 'copies', '--rate', 'fast'),
    ledger.run('restore', 'copies', 'x', '--to', 'never'),
    ledger.run('restore', 'nowhere', 'x'),
    ledger.run('backup', 's3:/x'),
  ])
  expect(wrong.map(({ code, stderr }) => [code, stderr.split('\n')[0]])).toEqual([
    [2, expect.stringContaining('is no rate')],
    [2, expect.stringContaining('"never" is no time')],
    [1, expect.stringContaining('There is no backup in')],
    [1, expect.stringContaining('write s3://BUCKET/PREFIX')],
  ])
})

test('a damaged directory is held against its backup, and mended from it', async () => {
  await ledger.run('backup', 'copies')
  const agreed = await ledger.run('verify', '--against', 'copies')
  expect(agreed.stdout).toMatch(/^copies agrees: [\d,]+ bytes, up to event [\d,]+\.$/m)
  expect(agreed.code).toBe(0)
  cpSync(ledger.path('data'), ledger.path('damaged'), {
    recursive: true,
    filter: (path) => !path.endsWith('lock.sqlite'),
  })
  const file = join(ledger.path('damaged'), 'book', '0000000001.book')
  const bytes = readFileSync(file)
  bytes[40_000] = (bytes[40_000] ?? 0) ^ 1
  writeFileSync(file, bytes)
  const differs = await ledger.run('verify', 'damaged', '--against', 'copies')
  expect(differs.stdout).toContain('damaged here')
  expect(differs.code).toBe(4)
  const mended = await ledger.run('repair', 'damaged', '--from', 'copies')
  expect(mended.stderr).toBe('')
  expect(mended.stdout).toMatch(/^mended +1 pieces$/m)
  expect((await ledger.run('verify', 'damaged', '--against', 'copies')).code).toBe(0)
})
