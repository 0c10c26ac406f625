import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { firstSignerRecord, SigningKey } from '@tallystick/proof'
import { freshSeed, Prng, SlowTree } from '@tallystick/testkit'
import { parseNote, SignatureType } from '@tallystick/verify'
import { expect, test } from 'vitest'

import { StartRefused } from '../src/start/setting.ts'
import { openKeyFile, readKeyFile, writeKeyFile } from '../src/trust/key-file.ts'
import { addLogKey, type LogSigner, openLogSigner } from '../src/trust/log-signer.ts'
import { RecordFile } from '../src/trust/record-file.ts'
import { scratchDirectory } from './server-process.ts'

const PROCESS = fileURLToPath(new URL('trust-process.ts', import.meta.url))
const ORIGIN = 'ledger.example/log'

const modeOf = (path: string): number => statSync(path).mode & 0o777

test('a record is replaced when it is the expected one, and only then', async () => {
  const path = join(scratchDirectory(), 'record')
  const file = new RecordFile(path)
  expect(await file.read()).toBeUndefined()
  expect(await file.replace('other', 'a')).toBe(false)
  expect(existsSync(path)).toBe(false)
  expect(await file.replace(undefined, 'a')).toBe(true)
  expect(await file.replace(undefined, 'b')).toBe(false)
  expect(await file.replace('a', 'ä\n')).toBe(true)
  expect(await new RecordFile(path).read()).toBe('ä\n')
  expect(modeOf(path)).toBe(0o600)
})

test('of many at once in one process, each sees what the one before it left', async () => {
  const path = join(scratchDirectory(), 'record')
  const files = [new RecordFile(path), new RecordFile(path)]
  const won = await Promise.all(
    Array.from({ length: 20 }, (_, index) => files[index % 2]!.replace(undefined, `${index}`)),
  )
  expect(won.filter(Boolean)).toHaveLength(1)
  expect(await files[0]!.read()).toBe(`${won.indexOf(true)}`)
})

test('a half-written draft of one that died is no record', async () => {
  const directory = scratchDirectory()
  const file = new RecordFile(join(directory, 'record'))
  await file.replace(undefined, 'a')
  writeFileSync(join(directory, 'record.next'), 'half of a much longer rec')
  expect(await file.read()).toBe('a')
  expect(await file.replace('a', 'b')).toBe(true)
  expect(await file.read()).toBe('b')
})

function count(path: string, times: number): { child: ChildProcess; said: () => number[] } {
  const child = spawn(process.execPath, [PROCESS, path, `${times}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (piece: Buffer) => {
    text += piece.toString()
  })
  // A number whose line is cut off by the kill was not said.
  return { child, said: () => text.split('\n').slice(0, -1).map(Number) }
}

test('two processes that count in one record lose no number and give none twice', async () => {
  const path = join(scratchDirectory(), 'record')
  const processes = [count(path, 60), count(path, 60)]
  const codes = await Promise.all(processes.map(({ child }) => once(child, 'close')))
  expect(codes.map(([code]) => code as unknown)).toEqual([0, 0])
  const numbers = processes.flatMap(({ said }) => said()).toSorted((a, b) => a - b)
  expect(numbers).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
  expect(await new RecordFile(path).read()).toBe('120')
})

test('a process that is killed while it writes leaves what it said, or the next, and blocks nobody', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const path = join(scratchDirectory(), 'record')
  let newest = 0
  for (let kill = 0; kill < 15; kill++) {
    const { child, said } = count(path, 1_000_000)
    while (said().length < 1 + prng.below(5)) await once(child.stdout!, 'data')
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
    const last = said().at(-1)!
    const found = Number(await new RecordFile(path).read())
    expect([last, last + 1], `TALLY_SEED=${seed}`).toContain(found)
    expect(found).toBeGreaterThan(newest)
    newest = found
  }
})

test('a key is made once, for its owner alone, and found again', () => {
  const path = join(scratchDirectory(), 'log.key')
  const purpose = { name: ORIGIN, type: SignatureType.ed25519 }
  const key = openKeyFile(path, purpose)
  expect(modeOf(path)).toBe(0o600)
  expect(openKeyFile(path, purpose).vkey).toBe(key.vkey)
  // Whoever comes second gets the key that is there.
  expect(writeKeyFile(path, SigningKey.generate(ORIGIN, SignatureType.ed25519)).vkey).toBe(key.vkey)
  expect(readFileSync(path, 'utf8')).toBe(`${key.encode()}\n`)
  expect(readdirSync(join(path, '..'))).toEqual(['log.key'])
})

test.each([0o604, 0o640, 0o620, 0o601, 0o644, 0o660])('a key of mode %o is refused', (mode) => {
  const path = join(scratchDirectory(), 'log.key')
  openKeyFile(path, { name: ORIGIN, type: SignatureType.ed25519 })
  chmodSync(path, mode)
  expect(() => readKeyFile(path)).toThrow(StartRefused)
  expect(() => readKeyFile(path)).toThrow(/chmod 600/)
})

test('what is no key, or another one, is refused and left as it is', () => {
  const directory = scratchDirectory()
  const path = join(directory, 'log.key')
  const purpose = { name: ORIGIN, type: SignatureType.ed25519 }
  writeFileSync(path, 'PRIVATE+KEY+x', { mode: 0o600 })
  expect(() => openKeyFile(path, purpose)).toThrow(/Restore it/)
  expect(readFileSync(path, 'utf8')).toBe('PRIVATE+KEY+x')
  rmSync(path)
  const key = openKeyFile(path, purpose)
  expect(() => openKeyFile(path, { ...purpose, name: 'other' })).toThrow(/not the key of other/)
  const cosigning = { ...purpose, type: SignatureType.cosignature }
  expect(() => openKeyFile(path, cosigning)).toThrow(key.vkey)
  expect(() => readKeyFile(directory)).toThrow(/not a file/)
  symlinkSync(join(directory, 'nothing'), join(directory, 'link.key'))
  expect(() => openKeyFile(join(directory, 'link.key'), purpose)).toThrow(/leads nowhere/)
})

const tree = new SlowTree().grow(20)

const openIn = (directory: string, log = tree): Promise<LogSigner> =>
  openLogSigner({
    directory,
    origin: ORIGIN,
    tree: {
      proofs: (first, second) => Promise.resolve(log.consistency(Number(first), Number(second))),
    },
  })

test('a log signs with one key across restarts, and refuses an older backup of itself', async () => {
  const directory = join(scratchDirectory(), 'keys')
  const { signer, keys } = await openIn(directory)
  expect(modeOf(directory)).toBe(0o700)
  const first = await signer.sign(tree.head(9))
  expect(first.status).toBe('signed')
  const restarted = await openIn(directory)
  expect(restarted.keys.map(({ vkey }) => vkey)).toEqual(keys.map(({ vkey }) => vkey))
  expect(await restarted.signer.sign(tree.head(9))).toEqual(first)
  expect((await restarted.signer.sign(tree.head(20))).status).toBe('signed')
  const restored = await openIn(directory)
  const refused = await restored.signer.sign(tree.head(19))
  expect(refused).toMatchObject({ status: 'refused' })
  expect(await (await openIn(directory)).signer.sign(tree.head(20))).toEqual(refused)
})

test('a key that is added signs too, and the old one ends when its file is gone', async () => {
  const directory = join(scratchDirectory(), 'keys')
  const { keys: before } = await openIn(directory)
  const added = addLogKey(directory, ORIGIN)
  const { signer, keys } = await openIn(directory)
  expect(new Set(keys.map(({ vkey }) => vkey))).toEqual(new Set([before[0]!.vkey, added.vkey]))
  const outcome = await signer.sign(tree.head())
  const { signatures } = parseNote(outcome.status === 'signed' ? outcome.note : '')
  expect(signatures).toHaveLength(2)
  rmSync(join(directory, `log.${before[0]!.idText}.key`))
  expect((await openIn(directory)).keys.map(({ vkey }) => vkey)).toEqual([added.vkey])
})

test('a key without its record, or a record without its key, stops the start', async () => {
  const directory = join(scratchDirectory(), 'keys')
  const { signer, keys } = await openIn(directory)
  await signer.sign(tree.head(5))
  const keyPath = join(directory, `log.${keys[0]!.idText}.key`)
  const recordPath = join(directory, 'signer.json')
  const record = readFileSync(recordPath)
  rmSync(recordPath)
  await expect(openIn(directory)).rejects.toThrow(/second history. Restore it/)
  writeFileSync(recordPath, record)
  rmSync(keyPath)
  await expect(openIn(directory)).rejects.toThrow(/There is no key/)
  expect(readdirSync(directory).filter((name) => name.endsWith('.key'))).toEqual([])
})

test('a first start that was cut short between record and key is gone on with', async () => {
  const directory = scratchDirectory()
  writeFileSync(join(directory, 'signer.json'), firstSignerRecord(ORIGIN))
  const { signer } = await openIn(directory)
  expect((await signer.sign(tree.head(3))).status).toBe('signed')
})

test("another log's key, and a directory that others can write to, stop the start", async () => {
  const directory = join(scratchDirectory(), 'keys')
  await openIn(directory)
  addLogKey(directory, 'other.example/log')
  await expect(openIn(directory)).rejects.toThrow(/not a key of the log ledger.example/)
  const open = join(scratchDirectory(), 'open')
  mkdirSync(open)
  chmodSync(open, 0o770)
  await expect(openIn(open)).rejects.toThrow(/chmod 700/)
})
