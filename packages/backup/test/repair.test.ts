import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { openLedger } from '@tallystick/engine'
import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { backUp, BackupDamaged, compare, openSource, openStore, repair } from '../src/index.ts'
import { grow, hashesOf, scratchDirectory, writtenDirectory } from './fixture.ts'

interface Prepared {
  readonly path: string
  readonly data: string
  readonly backup: string
  readonly hashes: Awaited<ReturnType<typeof hashesOf>>
}

/** A directory of several segments, backed up, and with some events behind the backup. */
async function prepared(): Promise<Prepared> {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 400)
  const backup = join(path, 'backup')
  await backUp({ directory: data, store: await openStore(backup) })
  await grow(data, 10, 2)
  return { path, data, backup, hashes: await hashesOf(data) }
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

const comparison = async (directory: string, place: string) =>
  compare({ directory, source: await openSource(place) })

const mend = async (directory: string, place: string, dryRun = false) =>
  repair({ directory, source: await openSource(place), dryRun })

test('a whole directory agrees with its backup, and with a copy of it', async () => {
  const { path, data, backup } = await prepared()
  expect((await comparison(data, backup)).differences).toEqual([])
  cpSync(data, join(path, 'copy'), { recursive: true })
  expect((await comparison(data, join(path, 'copy'))).differences).toEqual([])
})

test('a damaged, a cut and a missing segment are told from the backup and mended from it', async () => {
  const prng = new Prng(5)
  const { path, data, backup, hashes } = await prepared()
  const segments = readdirSync(join(data, 'book')).filter((name) => name.endsWith('.book'))
  expect(segments.length).toBeGreaterThanOrEqual(4)
  for (const [index, damage] of [
    (file: string) => flip(file, prng.below(100_000)),
    (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 50_000)),
    (file: string) => rmSync(file),
    (file: string) => flip(file, 20),
  ].entries()) {
    const file = join(data, 'book', segments[index % 3] ?? '')
    damage(file)
    const { differences } = await comparison(data, backup)
    expect(differences.map(({ verdict }) => verdict)).toContain('broken_here')
    expect(differences[0]?.text).toContain(file)
    const dry = await mend(data, backup, true)
    expect(dry.mended).toEqual(differences)
    expect((await comparison(data, backup)).differences).toEqual(differences)
    const { mended, kept, verified } = await mend(data, backup)
    expect(mended).toEqual(differences)
    expect(verified.stateHash).toBe(hashes.stateHash)
    expect(await hashesOf(data)).toEqual(hashes)
    rmSync(kept ?? join(path, 'nothing'), { recursive: true, force: true })
  }
})

test('what was damaged is kept aside, and a mended ledger opens', async () => {
  const { data, backup, hashes } = await prepared()
  const file = join(data, 'book', '0000000002.book')
  flip(file, 60_000)
  const damaged = readFileSync(file)
  const { kept = '' } = await mend(data, backup)
  expect(readFileSync(join(kept, '0000000002.book')).equals(damaged)).toBe(true)
  expect(existsSync(join(data, 'repairing'))).toBe(false)
  const ledger = await openLedger({ directory: data })
  expect(await ledger.stateHash()).toBe(hashes.stateHash)
  await ledger.close()
})

test('a directory is mended from another copy of it', async () => {
  const { path, data, hashes } = await prepared()
  cpSync(data, join(path, 'copy'), { recursive: true })
  flip(join(data, 'book', '0000000001.book'), 30_000)
  await mend(data, join(path, 'copy'))
  expect(await hashesOf(data)).toEqual(hashes)
})

test('a damaged snapshot and damaged ids are set aside, and made again', async () => {
  const { data, backup, hashes } = await prepared()
  const [snapshot = ''] = readdirSync(join(data, 'snapshots'))
  flip(join(data, 'snapshots', snapshot), 5_000)
  const { setAside, kept = '' } = await mend(data, backup)
  expect(setAside).toEqual(['snapshots'])
  expect(readdirSync(kept)).toEqual(['snapshots'])
  const ledger = await openLedger({ directory: data })
  await ledger.close()
  expect(await hashesOf(data)).toEqual(hashes)
  expect(readdirSync(join(data, 'snapshots'))).toHaveLength(1)
})

test('a damaged backup is told from a sound directory, and mends nothing that it does not have', async () => {
  const { path, data, backup } = await prepared()
  const pieces = readdirSync(join(backup, 'book', '0000000001'))
  const piece = join(
    backup,
    'book',
    '0000000001',
    pieces.find((name) => name.endsWith('.piece'))!,
  )
  flip(piece, 30_000)
  const { differences } = await comparison(data, backup)
  expect(differences.map(({ verdict }) => verdict)).toEqual(['broken_there'])
  expect(differences[0]?.text).toContain(piece)
  flip(join(data, 'book', '0000000001.book'), 60_000)
  const both = await comparison(data, backup)
  expect(both.differences.map(({ verdict }) => verdict)).toEqual(['broken_everywhere'])
  await expect(mend(data, backup)).rejects.toThrow(BackupDamaged)
  expect(readdirSync(data).some((name) => name.startsWith('damaged-'))).toBe(false)
  expect(existsSync(join(path, 'data', 'repairing'))).toBe(false)
})

test('damage behind the end of the backup is not mended, and nothing is changed', async () => {
  const { data, backup } = await prepared()
  const store = await openStore(backup)
  const manifest = JSON.parse(
    (await store.read('manifest.json'))!.toString().split('\n')[0] ?? '',
  ) as { end: { segment: number; offset: number } }
  const file = join(data, 'book', `${String(manifest.end.segment).padStart(10, '0')}.book`)
  flip(file, manifest.end.offset + 60)
  const damaged = readFileSync(file)
  await expect(mend(data, backup)).rejects.toThrow(/cannot mend this; nothing was changed/)
  expect(readFileSync(file).equals(damaged)).toBe(true)
})

test('another history is told from damage, and mends nothing', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 50)
  cpSync(data, join(path, 'fork'), { recursive: true })
  await grow(data, 20, 2)
  await grow(join(path, 'fork'), 40, 3)
  const { differences } = await comparison(data, join(path, 'fork'))
  expect(differences.map(({ verdict }) => verdict)).toContain('other_history')
  await expect(mend(data, join(path, 'fork'))).rejects.toThrow(/one of them is another history/)
  const other = await writtenDirectory(join(path, 'other'), 5)
  await expect(comparison(data, other)).rejects.toThrow(/is of journal/)
})
