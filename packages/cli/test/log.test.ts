import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { accountIdOf, openLedger } from '@tallystick/engine'
import { SigningKey } from '@tallystick/proof'
import { startServer } from '@tallystick/server'
import { ShownLog } from '@tallystick/testkit'
import {
  type LogReport,
  parseNote,
  SignatureType,
  trustPolicy,
  verifyLog,
} from '@tallystick/verify'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Captured, captured } from '../src/program.fixture.ts'
import { RunningLedger } from './running-ledger.ts'

const VERIFIER = fileURLToPath(new URL('../../verify/src/main.ts', import.meta.url))

let ledger: RunningLedger
let transfer = ''
beforeAll(async () => {
  ledger = await RunningLedger.start()
  await ledger.run('account', 'open', 'shop', '--asset', 'EUR/2')
  transfer = String((await ledger.json('transfer', 'world', 'shop', '12.50'))['id'])
})
afterAll(() => ledger.stop())

test('a receipt is fetched, verified, and refused with the key of another log', async () => {
  const { code, stdout, stderr } = await ledger.run('receipt', transfer, '--out', 'p.tlog-proof')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain('1,250 of asset 978')
  const text = readFileSync(ledger.path('p.tlog-proof'), 'utf8')
  expect((await ledger.run('receipt', transfer)).stdout.split('\n')[0]).toBe(text.split('\n')[0])
  expect(await ledger.json('receipt', transfer)).toMatchObject({ object: 'receipt', proved: true })
  const stranger = SigningKey.generate('ledger.example/log', SignatureType.ed25519).vkey
  const other = await ledger.run('receipt', transfer, '--log-key', stranger)
  expect(other.code).toBe(6)
  expect(other.stderr).toContain('WRONG')
  expect((await ledger.run('receipt', transfer, '--log-key', 'x')).code).toBe(2)
  expect((await ledger.run('receipt', '01a1fd1e-5c9b-7f49-b52f-53eee575be2b')).code).toBe(5)
})

test('the proof of an account is fetched, verified, and refused with the key of another log', async () => {
  const { code, stdout, stderr } = await ledger.run('proof', 'shop', '--out', 'shop.json')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/No entry is missing[^]*closing balance 12\.50\n\nPROVED\n$/)
  const { format } = JSON.parse(readFileSync(ledger.path('shop.json'), 'utf8')) as {
    format: string
  }
  expect(format).toBe('tallystick/account-proof/v1')
  const absent = await ledger.json('proof', 'nobody', '--from', '2026-11-01', '--to', '2099-01-01')
  expect(absent).toMatchObject({ object: 'account_proof', account: 'nobody', proved: true })
  const stranger = SigningKey.generate('ledger.example/log', SignatureType.ed25519).vkey
  const other = await ledger.run('proof', 'shop', '--log-key', stranger)
  expect([other.code, other.stderr]).toEqual([6, expect.stringContaining('NOT PROVED')])
  expect((await ledger.run('proof', 'shop', '--month', 'x')).code).toBe(2)
})

test('a checkpoint is kept, and the log is held to it', async () => {
  expect((await ledger.run('log', 'checkpoint', '--out', 'old')).code).toBe(0)
  const { id } = await ledger.json('transfer', 'world', 'shop', '1.00')
  await ledger.run('receipt', String(id))
  const grown = await ledger.run('log', 'consistency', 'old')
  expect([grown.code, grown.stdout]).toEqual([0, expect.stringContaining('The log only grew')])
  expect((await ledger.run('log', 'consistency')).stdout).toContain('The log only grew.')
  const newest = await ledger.run('log', 'checkpoint')
  writeFileSync(ledger.path('new'), newest.stdout)
  // The newer one in the place of the older.
  const swapped = await ledger.run('log', 'consistency', 'new', '--newer', 'old')
  expect([swapped.code, swapped.stdout]).toEqual([6, expect.stringContaining('WRONG')])
  const whole = await ledger.run('log', 'verify')
  expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining('without a gap')])
  const asOld = await ledger.json('log', 'verify', '--checkpoint', 'old')
  expect(asOld).toMatchObject({ object: 'log_verification', proved: true })
})

test('the files of a log are made from a data directory, and verified without its server', async () => {
  const note = await ledger.run('log', 'checkpoint', '--out', 'covering')
  expect(note.code).toBe(0)
  const made = await ledger.json('log', 'export', 'audit', '--checkpoint', 'covering')
  expect(made).toMatchObject({ object: 'log_export', events: expect.any(Number) as number })
  const { seen } = (await ledger.json('log', 'consistency')) as { seen: { keys: string[] } }
  const source = {
    read: async (path: string) =>
      existsSync(join(ledger.path('audit'), path))
        ? readFileSync(join(ledger.path('audit'), path))
        : undefined,
  }
  const report = await verifyLog({ source }, trustPolicy({ keys: seen.keys }))
  expect(report.checks.filter(({ holds }) => !holds)).toEqual([])
  expect(report.proved).toBe(true)
  const again = await ledger.run('log', 'export', 'audit')
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is not empty')])
  expect((await ledger.run('log', 'export', 'other', '--checkpoint', 'none')).code).toBe(2)
})

test('with openings every balance is replayed from the files, and what they show is said', async () => {
  const note = await ledger.run('log', 'checkpoint', '--out', 'whole')
  expect(note.code).toBe(0)
  // What a killed export leaves is removed, and what is of others is not.
  mkdirSync(ledger.path('opened.partial'))
  const others = await ledger.run('log', 'export', 'opened', '--openings')
  expect([others.code, others.stderr]).toEqual([2, expect.stringContaining('not from an export')])
  writeFileSync(join(ledger.path('opened.partial'), 'UNFINISHED'), '')
  const made = await ledger.run('log', 'export', 'opened', '--checkpoint', 'whole', '--openings')
  expect([made.code, made.stderr]).toEqual([0, expect.stringContaining('amounts, balances')])
  expect(existsSync(ledger.path('opened.partial'))).toBe(false)
  expect(existsSync(join(ledger.path('opened'), 'UNFINISHED'))).toBe(false)
  const { seen } = (await ledger.json('log', 'consistency')) as { seen: { keys: string[] } }
  const asked = ['full', ledger.path('opened'), '--openings', '--json']
  const checked = spawnSync(process.execPath, [
    ...[VERIFIER, ...asked],
    ...seen.keys.flatMap((key) => ['--key', key]),
  ])
  const report = JSON.parse(checked.stdout.toString()) as LogReport
  expect(report.checks.filter(({ holds }) => !holds)).toEqual([])
  expect([checked.status, report.proved]).toEqual([0, true])
  expect(report.replayed?.accounts).toBeGreaterThan(0)
  expect(report.checks.map(({ name }) => name)).toContain('trial_balance')
})

test('a directory is held against a checkpoint, and the log on the web says where it parts', async () => {
  for (let paid = 0; paid < 12; paid++)
    await ledger.run('transfer', 'world', 'shop', `${paid + 1}.00`)
  const { id } = await ledger.json('transfer', 'world', 'shop', '2.00')
  await ledger.run('receipt', String(id))
  await ledger.run('log', 'checkpoint', '--out', 'kept')
  const { seen } = (await ledger.json('log', 'consistency')) as {
    seen: { keys: string[]; size: number }
  }
  const byFile = ['verify', '--against', 'kept', '--log-key', ...seen.keys]
  expect((await ledger.run(...byFile)).stdout).toMatch(
    /kept agrees: .*\nSigned by tallystick\.local/,
  )
  const byUrl = await ledger.run('verify', '--against', ledger.server.url)
  expect([byUrl.code, byUrl.stdout]).toEqual([0, expect.stringContaining('was not checked')])
  // The same up to event 6, another history from there on.
  await ledger.run('backup', 'copies')
  const restored = await ledger.run('restore', 'copies', 'other', '--to', '6')
  expect([restored.code, restored.stderr]).toEqual([0, ''])
  const short = await ledger
    .json('verify', 'other')
    .then(async () => ledger.run('verify', 'other', '--against', 'kept'))
  expect([short.code, short.stdout]).toEqual([4, expect.stringContaining('this book has 6')])
  const forged = await openLedger({ directory: ledger.path('other') })
  for (let paid = 0; paid < 20; paid++) {
    await forged.createTransfers([
      {
        ...{ id: BigInt(paid + 1), amount: 1n, asset: 978, code: 1 },
        ...{ debitAccountId: accountIdOf('world:EUR-2'), creditAccountId: accountIdOf('shop') },
      },
    ])
  }
  await forged.close()
  const file = await ledger.run('verify', 'other', '--against', 'kept')
  expect([file.code, file.stdout]).toEqual([4, expect.stringContaining('(other_history)')])
  for (const address of [ledger.server.url, `${ledger.server.url}/v1/log/checkpoint`]) {
    const { code, stdout } = await ledger.run('verify', 'other', '--against', address, '--json')
    expect(code).toBe(4)
    expect(JSON.parse(stdout)).toMatchObject({
      sound: true,
      comparison: { verdict: 'other_history', first_difference: 7 },
    })
  }
  const stranger = SigningKey.generate('ledger.example/log', SignatureType.ed25519).vkey
  const untrusted = await ledger.run('verify', '--against', 'kept', '--log-key', stranger)
  expect([untrusted.code, untrusted.stdout]).toEqual([4, expect.stringContaining('not_trusted')])
  expect((await ledger.run('verify', '--against', 'kept', '--quorum', '1')).code).toBe(2)
  expect((await ledger.run('verify', '--against', 'http://127.0.0.1:1')).code).toBe(3)
})

/** `tally` against a log that can lie. */
async function lying(): Promise<{ log: ShownLog; run: (...argv: string[]) => Promise<Captured> }> {
  const log = new ShownLog().grow(300)
  onTestFinished(() => log.close())
  const TALLY_STATE = mkdtempSync(join(tmpdir(), 'tally-log-'))
  onTestFinished(() => rmSync(TALLY_STATE, { recursive: true }))
  const variables = { TALLY_URL: await log.listen(), TALLY_KEY: 'tk', TALLY_STATE }
  return { log, run: (...argv) => captured(argv, { variables }) }
}

test('any command finds another history, says what to do, keeps both checkpoints, and ends with 6', async () => {
  const { log, run } = await lying()
  expect((await run('log', 'consistency')).stdout).toContain('this is the first time')
  const before = log.checkpoint()
  log.leaves.length = 200
  log.grow(200, 1)
  // Within the minute nothing is asked again; a person can ask.
  expect((await run('account', 'show', 'a', '--json')).code).toBe(0)
  const asked = await run('log', 'consistency')
  expect([asked.code, asked.stdout]).toEqual([6, expect.stringContaining('not what it was')])
  const next = await run('account', 'show', 'a', '--json')
  expect(next.code).toBe(6)
  const { code, detail } = JSON.parse(next.stderr) as Record<string, string>
  expect(code).toBe('log_forked')
  expect(detail).toContain('Rely on no answer of this server until that is explained')
  const path = /Both are kept in (\S+)\.$/.exec(detail ?? '')?.[1] ?? ''
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    checkpoint: before,
    alarm: { code: 'forked', evidence: log.checkpoint() },
  })
  expect((await run('log', 'forget')).code).toBe(0)
  expect((await run('account', 'show', 'a', '--json')).code).toBe(0)
})

test('a log that is shorter than it was, and one behind another key at the same address', async () => {
  const { log, run } = await lying()
  await run('log', 'consistency')
  log.leaves.length = 299
  const shorter = await run('log', 'consistency', '--json')
  expect([shorter.code, shorter.stderr]).toEqual([6, expect.stringContaining('log_shrunk')])
  log.grow(2)
  log.keys = new ShownLog().keys
  const replaced = await run('log', 'consistency')
  expect(replaced.code).toBe(0)
  expect(replaced.stderr).toContain('shows another log than before')
  await log.close()
  expect((await run('log', 'consistency')).code).toBe(3)
})

test('the key is changed while clients look on, and nobody is alarmed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tally-rotate-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const keys = join(directory, 'keys')
  const surroundings = { cwd: directory, variables: { TALLY_STATE: join(directory, 'state') } }
  const rotate = (...argv: string[]) =>
    captured(['log', 'rotate-key', '--json', ...argv], surroundings)
  expect((await rotate('--keys', keys)).code).toBe(2)
  let listen = { host: '127.0.0.1', port: 0 }
  /** One life of the server. @returns the keys that the client believes then. */
  const life = async (signatures: number): Promise<string[]> => {
    const server = await startServer({
      ...{ data: join(directory, 'data'), keys, logOrigin: 'a.example', listen },
    })
    listen = { ...listen, port: Number(new URL(server.url).port) }
    try {
      const url = ['--url', server.url]
      const key = ['--key', readFileSync(join(keys, 'root.key'), 'utf8').trim()]
      await captured(
        ['account', 'open', `a${signatures}`, '--asset', 'EUR', ...url, ...key],
        surroundings,
      )
      await expect
        .poll(async () => {
          const { stdout } = await captured(['log', 'checkpoint', ...url], surroundings)
          return stdout === '' ? 0 : parseNote(stdout).signatures.length
        })
        .toBe(signatures)
      const { stdout, stderr, code } = await captured(
        ['log', 'consistency', '--json', ...url],
        surroundings,
      )
      expect([code, stderr]).toEqual([0, ''])
      return (JSON.parse(stdout) as { seen: { keys: string[] } }).seen.keys
    } finally {
      await server.close()
    }
  }
  const [first = ''] = await life(1)
  const made = JSON.parse((await rotate()).stdout) as { added: string; signing: string[] }
  expect(made.signing).toEqual([first, made.added])
  expect((await rotate()).stderr).toContain('2 keys sign already')
  expect(new Set(await life(2))).toEqual(new Set(made.signing))
  const id = first.split('+')[1] ?? ''
  expect((await rotate('--retire', 'ffffffff')).code).toBe(2)
  expect(JSON.parse((await rotate('--retire', id)).stdout)).toMatchObject({ retired: first })
  expect(readdirSync(join(keys, 'retired'))).toEqual([`log.${id}.key`])
  expect(await life(1)).toEqual([made.added])
  const only = made.added.split('+')[1] ?? ''
  expect((await rotate('--retire', only)).stderr).toContain('is the only key')
})
