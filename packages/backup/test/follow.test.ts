import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { openStore, restore } from '../src/index.ts'
import {
  type Child,
  filesIn,
  grow,
  hashesOf,
  scratchDirectory,
  startChild,
  writtenDirectory,
} from './fixture.ts'

const ONE_SECOND_MS = 1_000

/** What the writer was told is durable, and when. */
function acknowledged({ lines }: Child): { sequence: number; at: number }[] {
  return lines.map((line) => {
    const [, sequence, at] = line.split(' ')
    return { sequence: Number(sequence), at: Number(at) }
  })
}

test('a server is killed and its directory is gone: what was acknowledged a second before is in the followed backup', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 50)
  const backup = join(path, 'backup')
  const follower = startChild('backup-child.ts', 'follow', data, backup)
  await follower.said(/^progress/)
  const writer = startChild('writer-child.ts', data, '2')
  await writer.said(/^acknowledged/)
  await sleep(4 * ONE_SECOND_MS)
  writer.process.kill('SIGKILL')
  const killedAt = Date.now()
  // The disk dies with it: the follower sees no more of it either.
  follower.process.kill('SIGKILL')
  rmSync(data, { recursive: true })
  await Promise.all([writer.exit, follower.exit])
  const store = await openStore(backup)
  const report = await restore({ store, directory: data, to: { kind: 'now' } })
  const safe = acknowledged(writer).filter(({ at }) => at <= killedAt - ONE_SECOND_MS)
  expect(safe.length).toBeGreaterThan(10)
  expect(report.sequence).toBeGreaterThanOrEqual(safe.at(-1)?.sequence ?? 0)
  // It goes on from there, and so does its backup.
  await grow(data, 20, 3)
  const again = startChild('backup-child.ts', 'once', data, backup)
  expect(await again.exit).toBe(0)
})

test('a follower that is stopped in order ends with all there is, proved, in few pieces', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 20)
  const backup = join(path, 'backup')
  const follower = startChild('backup-child.ts', 'follow', data, backup)
  await follower.said(/^progress/)
  const writer = startChild('writer-child.ts', data, '2')
  await sleep(2 * ONE_SECOND_MS)
  writer.process.kill('SIGKILL')
  await writer.exit
  follower.process.kill('SIGTERM')
  expect(await follower.exit).toBe(0)
  const hashes = await hashesOf(data)
  const store = await openStore(backup)
  const report = await restore({ store, directory: join(path, 'again'), to: { kind: 'now' } })
  expect(report).toMatchObject({
    sequence: hashes.lastSequence,
    stateHash: hashes.stateHash,
    provedByManifest: true,
  })
  // A manifest, and of each segment a list and some pieces; the newest may have more.
  const segments = readdirSync(join(data, 'book')).filter((name) => name.endsWith('.book'))
  expect(filesIn(backup).length).toBeLessThan(1 + 4 * segments.length + 32)
})

test('a follower goes on over restarts of the server, and over its own', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 20)
  const backup = join(path, 'backup')
  for (let round = 0; round < 3; round++) {
    const follower = startChild('backup-child.ts', 'follow', data, backup)
    await grow(data, 40, 2 + 2 * round)
    await grow(data, 40, 3 + 2 * round)
    if (round === 1) follower.process.kill('SIGKILL')
    else follower.process.kill('SIGTERM')
    await follower.exit
  }
  const hashes = await hashesOf(data)
  const store = await openStore(backup)
  const report = await restore({ store, directory: join(path, 'again'), to: { kind: 'now' } })
  expect(report).toMatchObject({ sequence: hashes.lastSequence, stateHash: hashes.stateHash })
})
