import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

import { BookExport, openLedger, type TallyLedger, verifyLedger } from '@tallystick/engine'
import { Prng, RandomCommands } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { BackupDamaged, BackupRefused, dump, load } from '../src/index.ts'
import { hashesOf, more, scratchDirectory } from './fixture.ts'

const SECOND = 1_000_000_000n
const CALLS = 60

class Clock {
  wall = 1_000_000n * SECOND
  now(): bigint {
    return this.wall
  }
  monotonic(): bigint {
    return this.wall
  }
}

/** A closed directory with commands of every kind, holds that fell due, keys and burnt ids. */
async function randomDirectory(directory: string, seed: number): Promise<string> {
  const prng = new Prng(seed)
  const random = new RandomCommands(prng)
  const clock = new Clock()
  const ledger = await openLedger({ directory, clock })
  for (let call = 0; call < CALLS; call++) {
    clock.wall += BigInt(prng.below(1_500)) * 1_000_000n
    const batch = random.batch(clock.now())
    await ledger.applyCommands(batch, prng.once(3) ? { key: `key ${call}` } : {})
  }
  await ledger.close()
  return directory
}

/** Everything that the book has, as text. */
function portrait(directory: string): string[] {
  const book = new BookExport({ directory })
  const lines = [...book.parts()].map((part) => {
    if (part.part !== 'event') {
      return JSON.stringify(part, (_, value: unknown) =>
        typeof value === 'bigint' ? `${value}` : value,
      )
    }
    const { memory, offset, length, sequence, timestamp } = part.event.record
    const bytes = Buffer.from(memory.u8.subarray(offset, offset + length))
    return `${sequence} ${timestamp} ${bytes.toString('hex')}`
  })
  void book.close()
  return lines
}

const seeds = Array.from({ length: 5 }, (_, index) => index + 1)

test.each(seeds)('what is dumped and loaded is the same, byte for byte (seed %i)', async (seed) => {
  const path = scratchDirectory()
  const data = await randomDirectory(join(path, 'data'), seed)
  const file = join(path, seed % 2 === 0 ? 'ledger.ndjson.zst' : 'ledger.ndjson.gz')
  const dumped = await dump({ directory: data, path: file })
  const loaded = await load({ path: file, directory: join(path, 'again') })
  expect(loaded).toEqual(dumped)
  const hashes = await hashesOf(data)
  expect(hashes).toMatchObject({ sound: true, contentHash: dumped.contentHash })
  expect(await hashesOf(join(path, 'again'))).toEqual(hashes)
  expect(portrait(join(path, 'again'))).toEqual(portrait(data))
  await sameAnswers(data, join(path, 'again'))
})

test('roots over all accounts are as true in what was loaded', async () => {
  const path = scratchDirectory()
  const data = join(path, 'data')
  const ledger = await openLedger({ directory: data, proofs: true })
  await more(ledger, 3, 1)
  const first = await ledger.attestAccounts()
  await more(ledger, 3, 2)
  const second = await ledger.attestAccounts()
  expect(second.through).toBeGreaterThan(first.sequence)
  await ledger.close()
  await dump({ directory: data, path: join(path, 'ledger.ndjson.gz') })
  const again = join(path, 'again')
  await load({ path: join(path, 'ledger.ndjson.gz'), directory: again })
  // The verifier makes both trees again, with the salts of the frames.
  const { problems, lastSequence } = await verifyLedger({ directory: again })
  expect(problems).toEqual([])
  expect(lastSequence).toBe(second.sequence)
  // The trees themselves are not in a dump: the next statement makes one.
  const loaded = await openLedger({ directory: again, proofs: true })
  const third = await loaded.attestAccounts()
  expect(third.through).toBe(second.sequence)
  await loaded.close()
})

/** Both are asked the same, and answer the same. */
async function sameAnswers(first: string, second: string): Promise<void> {
  const clock = new Clock()
  clock.wall = 2_000_000n * SECOND
  const ledgers = await Promise.all(
    [first, second].map((directory) => openLedger({ directory, clock })),
  )
  const [one, other] = await Promise.all(ledgers.map(answersOf))
  expect(other).toEqual(one)
  await Promise.all(ledgers.map((ledger) => ledger.close()))
}

async function answersOf(ledger: TallyLedger): Promise<unknown> {
  const accounts = Array.from({ length: 13 }, (_, index) => BigInt(index))
  const ids = Array.from({ length: 400 }, (_, index) => 1_000n + BigInt(index))
  const transfers = await ledger.lookupTransfers(ids)
  // An id that was used or burnt is never booked again.
  const again = await ledger.createTransfers(
    ids.map((id) => ({
      ...{ id, debitAccountId: 1n, creditAccountId: 2n, amount: 1n, asset: 1, code: 9 },
    })),
  )
  return { accounts: await ledger.lookupAccounts(accounts), transfers, again }
}

test('an empty ledger is dumped and loaded', async () => {
  const path = scratchDirectory()
  await (await openLedger({ directory: join(path, 'data') })).close()
  const file = join(path, 'empty.ndjson')
  const dumped = await dump({ directory: join(path, 'data'), path: file })
  expect(dumped).toMatchObject({ groups: 0, events: 0 })
  expect(await load({ path: file, directory: join(path, 'again') })).toEqual(dumped)
})

test('any changed byte of a dump is refused, its line is named, and nothing is installed', async () => {
  const prng = new Prng(Number(process.env['TALLY_TEST_SEED'] ?? 99))
  const path = scratchDirectory()
  const data = await randomDirectory(join(path, 'data'), 5)
  const file = join(path, 'ledger.ndjson')
  await dump({ directory: data, path: file })
  const whole = readFileSync(file)
  const again = join(path, 'again')
  for (let round = 0; round < 40; round++) {
    const at = prng.below(whole.length)
    const broken = Buffer.from(whole)
    broken[at] = (broken[at] ?? 0) ^ (1 << prng.below(8))
    writeFileSync(file, broken)
    const error = await load({ path: file, directory: again }).catch((thrown: unknown) => thrown)
    expect(error, `byte ${at}`).toBeInstanceOf(BackupDamaged)
    expect(String(error)).toMatch(/ledger\.ndjson is damaged in line \d+: /)
    expect(existsSync(join(again, 'book'))).toBe(false)
  }
  writeFileSync(file, whole)
  await load({ path: file, directory: again })
})

test.each([
  ['a line that is missing', (lines: string[]) => lines.splice(20, 1)],
  [
    'two lines that changed places',
    (lines: string[]) => lines.splice(20, 2, lines[21]!, lines[20]!),
  ],
  ['a line that is there twice', (lines: string[]) => lines.splice(20, 0, lines[20]!)],
  ['a dump that ends early', (lines: string[]) => lines.splice(40)],
  ['a dump without its end', (lines: string[]) => lines.splice(-1)],
  ['something behind the end', (lines: string[]) => lines.push(lines[1]!)],
  ['no header', (lines: string[]) => lines.splice(0, 1)],
  ['nothing', (lines: string[]) => lines.splice(0)],
])('%s is refused', async (_, alter) => {
  const path = scratchDirectory()
  const data = await randomDirectory(join(path, 'data'), 6)
  const file = join(path, 'ledger.ndjson')
  await dump({ directory: data, path: file })
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  alter(lines)
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  const attempt = load({ path: file, directory: join(path, 'again') })
  await expect(attempt).rejects.toThrow(BackupDamaged)
  expect(existsSync(join(path, 'again', 'book'))).toBe(false)
})

test('a compressed dump that is cut or damaged is refused', async () => {
  const path = scratchDirectory()
  const data = await randomDirectory(join(path, 'data'), 7)
  for (const ending of ['zst', 'gz']) {
    const file = join(path, `ledger.ndjson.${ending}`)
    await dump({ directory: data, path: file })
    const bytes = readFileSync(file)
    const text = ending === 'zst' ? zstdDecompressSync(bytes) : gunzipSync(bytes)
    const cut = text.subarray(0, text.length / 2)
    const forms = [
      bytes.subarray(0, bytes.length / 2),
      ending === 'zst' ? zstdCompressSync(cut) : gzipSync(cut),
    ]
    for (const form of forms) {
      writeFileSync(file, form)
      const attempt = load({ path: file, directory: join(path, 'again') })
      await expect(attempt).rejects.toThrow(BackupDamaged)
    }
  }
})

test('a dump is not written over another file, nor under a name that says no compression', async () => {
  const path = scratchDirectory()
  const data = await randomDirectory(join(path, 'data'), 8)
  const file = join(path, 'ledger.ndjson')
  await dump({ directory: data, path: file })
  await expect(dump({ directory: data, path: file })).rejects.toThrow(/is there already/)
  const nameless = dump({ directory: data, path: join(path, 'ledger') })
  await expect(nameless).rejects.toThrow(BackupRefused)
  await expect(load({ path: file, directory: data })).rejects.toThrow(/is not empty/)
})
