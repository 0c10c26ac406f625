import { createHash } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { crc32 } from 'node:zlib'

import { openLedger, rootAt, rootsOfBook } from '@tallystick/engine'
import { signCheckpoint, SigningKey } from '@tallystick/proof'
import { Prng } from '@tallystick/testkit'
import { SignatureType, toBase64 } from '@tallystick/verify'
import { expect, test } from 'vitest'

import {
  backUp,
  BackupDamaged,
  BackupRefused,
  manifestCheck,
  manifestSigner,
  openStore,
  restore,
  type RestorePoint,
} from '../src/index.ts'
import {
  bookBytes,
  filesIn,
  grow,
  hashesOf,
  openSmall,
  scratchDirectory,
  startChild,
  writtenDirectory,
} from './fixture.ts'

const NOW: RestorePoint = { kind: 'now' }

const backUpTo = async (directory: string, destination: string) =>
  backUp({ directory, store: await openStore(destination) })

const restoreFrom = async (destination: string, directory: string, to: RestorePoint = NOW) =>
  restore({ store: await openStore(destination), directory, to })

/** A seed that is new on each run, and said. */
function freshSeed(): number {
  const seed = Number(process.env['TALLY_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`TALLY_TEST_SEED=${seed}`)
  return seed
}

test('a backup is whole at first and then only what is new, and a restored ledger is the same', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 300)
  const first = await backUpTo(data, join(path, 'backup'))
  expect(first.found).toBe(0)
  expect(first.bytes).toBe(bookBytes(data).length)
  const before = bookBytes(data).length
  await grow(data, 30, 2)
  const second = await backUpTo(data, join(path, 'backup'))
  expect(second.bytes).toBe(bookBytes(data).length - before)
  const hashes = await hashesOf(data)
  expect(second).toMatchObject({
    sequence: hashes.lastSequence,
    state: { contentHash: hashes.contentHash, stateHash: hashes.stateHash },
  })
  const report = await restoreFrom(join(path, 'backup'), join(path, 'again'))
  expect(report).toMatchObject({ stateHash: hashes.stateHash, provedByManifest: true })
  expect(bookBytes(join(path, 'again')).equals(bookBytes(data))).toBe(true)
  expect(await hashesOf(join(path, 'again'))).toEqual(hashes)
  const ledger = await openSmall(join(path, 'again'))
  expect(ledger.metrics().durableSequence).toBe(hashes.lastSequence)
  await ledger.close()
  const third = await backUpTo(data, join(path, 'backup'))
  expect(third).toMatchObject({ bytes: 0, pieces: 0, sequence: hashes.lastSequence })
})

test('backups are taken while writes go on as fast as they can', async () => {
  const path = scratchDirectory()
  const data = join(path, 'data')
  const writer = startChild('writer-child.ts', data)
  const sequences: number[] = []
  for (let round = 0; round < 4; round++) {
    await writer.said(/^acknowledged/)
    await sleep(150)
    const { sequence, state } = await backUpTo(data, join(path, 'backup'))
    expect(state?.sequence).toBe(sequence)
    sequences.push(sequence)
    const report = await restoreFrom(join(path, 'backup'), join(path, `restored-${round}`))
    expect(report).toMatchObject({ sequence, provedByManifest: true, stateHash: state?.stateHash })
  }
  writer.process.kill('SIGKILL')
  await writer.exit
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
  expect(new Set(sequences).size).toBe(sequences.length)
})

test('a backup that is killed at any moment leaves the former one valid, and the next run goes on', async () => {
  const prng = new Prng(freshSeed())
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 100)
  const backup = join(path, 'backup')
  await backUpTo(data, backup)
  const former = await hashesOf(data)
  await grow(data, 1_200, 2)
  const bytes = bookBytes(data).length
  for (let kill = 0; kill < 6; kill++) {
    const child = startChild('backup-child.ts', 'once', data, backup, String(bytes * 2))
    await Promise.race([child.said(/^progress/).catch(() => ''), child.exit])
    await sleep(prng.below(150))
    child.process.kill('SIGKILL')
    await child.exit
    rmSync(join(path, 'between'), { recursive: true, force: true })
    const { sequence } = await restoreFrom(backup, join(path, 'between'))
    expect(sequence).toBeGreaterThanOrEqual(former.lastSequence)
  }
  const report = await backUpTo(data, backup)
  expect(report.bytes).toBeLessThan(bytes)
  const hashes = await hashesOf(data)
  const restored = await restoreFrom(backup, join(path, 'again'))
  expect(restored).toMatchObject({ sequence: hashes.lastSequence, stateHash: hashes.stateHash })
})

test('one flipped byte anywhere in a backup refuses the restore and names the object', async () => {
  const prng = new Prng(freshSeed())
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 300)
  const backup = join(path, 'backup')
  await backUpTo(data, backup)
  const names = filesIn(backup)
  expect(names.length).toBeGreaterThan(5)
  for (let round = 0; round < 60; round++) {
    const name = names[round] ?? prng.pick(names)
    const whole = readFileSync(join(backup, name))
    const broken = Buffer.from(whole)
    const at = prng.below(broken.length)
    broken[at] = (broken[at] ?? 0) ^ (1 << prng.below(8))
    writeFileSync(join(backup, name), broken)
    const again = join(path, 'again')
    await expect(restoreFrom(backup, again), `${name} at ${at}`).rejects.toThrow(BackupDamaged)
    await expect(restoreFrom(backup, again)).rejects.toThrow(join(backup, name))
    expect(filesIn(again)).toEqual(['lock.sqlite'])
    writeFileSync(join(backup, name), whole)
  }
  await restoreFrom(backup, join(path, 'again'))
})

test('the place of a flipped byte in a piece is named', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 100)
  const backup = join(path, 'backup')
  await backUpTo(data, backup)
  const piece = filesIn(backup).find((name) => name.startsWith('book/0000000001/000000000000-'))!
  const bytes = readFileSync(join(backup, piece))
  bytes[50_000] = (bytes[50_000] ?? 0) ^ 1
  writeFileSync(join(backup, piece), bytes)
  const error = await restoreFrom(backup, join(path, 'again')).catch((thrown: unknown) => thrown)
  const [, offset = ''] = /is damaged at offset (\d+): its SHA-256/.exec(String(error)) ?? []
  // A block of the frame is as near as checksums tell.
  expect(Math.abs(Number(offset) - 50_000)).toBeLessThan(4_096)
})

test('a piece, a list and a manifest that are missing refuse the restore', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 300)
  const backup = join(path, 'backup')
  await backUpTo(data, backup)
  for (const name of filesIn(backup)) {
    cpSync(backup, join(path, 'copy'), { recursive: true })
    rmSync(join(path, 'copy', name))
    const attempt = restoreFrom(join(path, 'copy'), join(path, 'again'))
    await expect(attempt).rejects.toThrow(/is missing|There is no backup/)
    rmSync(join(path, 'copy'), { recursive: true })
  }
})

test('a directory with anything in it is not restored into', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 20)
  await backUpTo(data, join(path, 'backup'))
  await expect(restoreFrom(join(path, 'backup'), data)).rejects.toThrow(/is not empty \(book\)/)
  expect((await hashesOf(data)).sound).toBe(true)
})

test('a restore that died is begun anew', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 20)
  await backUpTo(data, join(path, 'backup'))
  const again = join(path, 'again')
  cpSync(join(data, 'book'), join(again, 'restoring', 'book'), { recursive: true })
  await restoreFrom(join(path, 'backup'), again)
  expect(existsSync(join(again, 'restoring'))).toBe(false)
  expect(await hashesOf(again)).toEqual(await hashesOf(data))
})

test('restored to an event or a moment, a ledger ends with the last whole group before it', async () => {
  const prng = new Prng(freshSeed())
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 300)
  const backup = join(path, 'backup')
  await backUpTo(data, backup)
  const { lastSequence } = await hashesOf(data)
  for (let round = 0; round < 6; round++) {
    const sequence = 30 + prng.below(lastSequence - 30)
    const byEvent = await restoreFrom(backup, join(path, `e${round}`), {
      kind: 'sequence',
      sequence,
    })
    expect(byEvent.sequence).toBeLessThanOrEqual(sequence)
    // A call books 40 events at most, and each is a group of its own here.
    expect(byEvent.sequence).toBeGreaterThan(sequence - 40)
    const at = byEvent.timestamp
    const byTime = await restoreFrom(backup, join(path, `t${round}`), { kind: 'time', at })
    expect(byTime).toMatchObject({ sequence: byEvent.sequence, stateHash: byEvent.stateHash })
    const sooner = await restoreFrom(backup, join(path, `s${round}`), { kind: 'time', at: at - 1n })
    expect(sooner.sequence).toBeLessThan(byEvent.sequence)
  }
  await expect(restoreFrom(backup, join(path, 'before'), { kind: 'time', at: 1n })).rejects.toThrow(
    /nothing from before that moment/,
  )
})

test('a destination keeps to one journal and one history', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 50)
  const backup = join(path, 'backup')
  await backUpTo(data, backup)
  const other = await writtenDirectory(join(path, 'other'), 50)
  await expect(backUpTo(other, backup)).rejects.toThrow(/has a backup of journal/)
  cpSync(data, join(path, 'fork'), { recursive: true })
  await grow(data, 20, 2)
  await backUpTo(data, backup)
  await expect(backUpTo(join(path, 'fork'), backup)).rejects.toThrow(/is ahead of/)
  await grow(join(path, 'fork'), 60, 3)
  await expect(backUpTo(join(path, 'fork'), backup)).rejects.toThrow(/has other events/)
  await expect(backUpTo(join(path, 'fork'), backup)).rejects.toThrow(BackupRefused)
  await restoreFrom(backup, join(path, 'again'))
  expect(await hashesOf(join(path, 'again'))).toEqual(await hashesOf(data))
})

test('a manifest is signed: without the right signature nothing is restored where one is wanted', async () => {
  const path = scratchDirectory()
  const directory = await writtenDirectory(join(path, 'data'), 20)
  const store = await openStore(join(path, 'backup'))
  const key = SigningKey.generate('tallystick/backup', SignatureType.ed25519)
  const other = SigningKey.generate('tallystick/backup', SignatureType.ed25519)
  const again = join(path, 'again')
  const restoreWith = ({ verifierKey }: SigningKey) =>
    restore({ store, directory: again, to: NOW, checkSignature: manifestCheck(verifierKey) })

  await backUp({ directory, store })
  await expect(restoreWith(key)).rejects.toThrow(/is not signed/)
  await backUp({ directory, store, sign: manifestSigner(other) })
  await expect(restoreWith(key)).rejects.toThrow(/is not one of tallystick\/backup/)
  await backUp({ directory, store, sign: manifestSigner(key) })
  const manifest = join(path, 'backup', 'manifest.json')
  const whole = readFileSync(manifest, 'utf8')
  const [line = '', seal = ''] = whole.split('\n')
  // Somebody without the key can make the checksum fit.
  const changed = line.replace(/"written_at":"2/, '"written_at":"1')
  const fitting = seal.replace(/[0-9a-f]{64}/, createHash('sha256').update(changed).digest('hex'))
  writeFileSync(manifest, `${changed}\n${fitting}\n`)
  await expect(restoreWith(key)).rejects.toThrow(/it was changed/)
  writeFileSync(manifest, whole)
  await restoreWith(key)
})

test('the proof root is that of the book, and the checkpoint comes along once its events do', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 60)
  const { lastSequence } = await hashesOf(data)
  const key = SigningKey.generate('ledger.example/log', SignatureType.ed25519)
  const noteOf = (size: number, root: Uint8Array): string =>
    signCheckpoint({ origin: key.verifierKey.name, size: BigInt(size), root, extensions: [] }, [
      key,
    ])
  const [early = new Uint8Array(), last = new Uint8Array()] = await rootsOfBook(
    { directory: data },
    [lastSequence - 7, lastSequence],
  )
  const backup = join(path, 'backup')
  const store = await openStore(backup)
  const later = noteOf(lastSequence + 1, early)
  const ahead = await backUp({ directory: data, store, checkpoints: async () => later })
  expect(ahead.checkpoint).toBeUndefined()
  const note = noteOf(lastSequence - 7, early)
  const report = await backUp({ directory: data, store, checkpoints: async () => note })
  expect(report).toMatchObject({ checkpoint: note, state: { proofRoot: toBase64(last) } })
  // From the files of the proof log, where there are any, it is the same.
  await (await openLedger({ directory: data, proofs: true })).close()
  expect(await rootAt({ directory: data }, lastSequence)).toEqual(last)

  const whole = await restoreFrom(backup, join(path, 'whole'))
  expect(whole).toMatchObject({
    proofRoot: toBase64(last),
    checkpoint: { origin: 'ledger.example/log', size: lastSequence - 7, book: 'continues' },
  })
  const earlier = { kind: 'sequence', sequence: lastSequence - 60 } as const
  const behind = await restoreFrom(backup, join(path, 'behind'), earlier)
  expect(behind.checkpoint?.book).toBe('behind')
  const foreign = noteOf(lastSequence - 6, early)
  await backUp({ directory: data, store, checkpoints: async () => foreign })
  await expect(restoreFrom(backup, join(path, 'foreign'))).rejects.toThrow(/they were changed/)
})

test('a dry run proves a backup and leaves nothing', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 20)
  const store = await openStore(join(path, 'backup'))
  await backUp({ directory: data, store })
  const again = join(path, 'again')
  const report = await restore({ store, directory: again, to: NOW, dryRun: true })
  expect(report.provedByManifest).toBe(true)
  expect(existsSync(again)).toBe(false)
})

/** As a server writes it, as far as a backup looks at it. */
function privateFrame(text: string): Buffer {
  const frame = Buffer.alloc(16 + Math.ceil(text.length / 8) * 8)
  frame.write('TPF1')
  frame.writeUInt32LE(frame.length, 8)
  frame.write(text, 16)
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4)
  return frame
}

const privateOf = (directory: string) => join(directory, 'private/0000000001.private')

function keepPrivate(directory: string, ...frames: readonly Buffer[]): void {
  mkdirSync(join(directory, 'private'), { recursive: true })
  for (const frame of frames) appendFileSync(privateOf(directory), frame)
}

test('personal data comes along as it is, whole frames only, once each, and is there before the book is', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 5)
  const backup = join(path, 'backup')
  await backUpTo(data, backup)
  const frames = Array.from({ length: 40 }, (_, index) => privateFrame(`sealed ${index + 10}`))
  for (const [index, frame] of frames.entries()) {
    // One that is being written is not carried: the next run finds it whole.
    keepPrivate(data, frame.subarray(0, 20))
    await backUpTo(data, backup)
    truncateSync(privateOf(data), frame.length * index)
    keepPrivate(data, frame)
    const { bytes } = await backUpTo(data, backup)
    expect(bytes).toBeGreaterThanOrEqual(frame.length)
  }
  expect(filesIn(backup).filter((name) => name.startsWith('private/')).length).toBeLessThan(34)
  const report = await restoreFrom(backup, join(path, 'again'))
  expect(report.privateBytes).toBe(Buffer.concat(frames).length)
  expect(readFileSync(privateOf(join(path, 'again')))).toEqual(Buffer.concat(frames))

  const [name = ''] = filesIn(backup).filter((each) => each.startsWith('private/'))
  const whole = readFileSync(join(backup, name))
  writeFileSync(join(backup, name), whole.with(17, (whole[17] ?? 0) ^ 1))
  await expect(restoreFrom(backup, join(path, 'other'))).rejects.toThrow(join(backup, name))
  expect(existsSync(join(path, 'other/private'))).toBe(false)
})

test('personal data that is gone here is not taken from the backup, and what comes in its place is carried beside it', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 5)
  const backup = join(path, 'backup')
  keepPrivate(data, privateFrame('first'), privateFrame('second'))
  await backUpTo(data, backup)
  rmSync(join(data, 'private'), { recursive: true })
  await backUpTo(data, backup)
  keepPrivate(data, privateFrame('another'))
  await backUpTo(data, backup)
  await restoreFrom(backup, join(path, 'again'))
  const all = ['first', 'second', 'another'].map(privateFrame)
  expect(readFileSync(privateOf(join(path, 'again')))).toEqual(Buffer.concat(all))
})

test('a restore that died between personal data and the book is begun anew', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 5)
  keepPrivate(data, privateFrame('first'))
  await backUpTo(data, join(path, 'backup'))
  const again = join(path, 'again')
  cpSync(join(data, 'book'), join(again, 'restoring', 'book'), { recursive: true })
  keepPrivate(again, privateFrame('older'))
  await restoreFrom(join(path, 'backup'), again)
  expect(readFileSync(privateOf(again))).toEqual(privateFrame('first'))
  const foreign = join(path, 'foreign')
  keepPrivate(foreign, privateFrame('somebody’s'))
  await expect(restoreFrom(join(path, 'backup'), foreign)).rejects.toThrow(
    /is not empty \(private\)/,
  )
})
