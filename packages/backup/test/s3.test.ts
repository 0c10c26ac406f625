import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { backUp, type BackupStore, openStore, restore, StoreFailed } from '../src/index.ts'
import { grow, hashesOf, scratchDirectory, startChild, writtenDirectory } from './fixture.ts'

const SCRIPT = fileURLToPath(new URL('../../../scripts/services/s3.ts', import.meta.url))
const BUCKET = 'ledgers'

let stop = (): void => {}
let endpoint = ''

beforeAll(async () => {
  const service = spawn(process.execPath, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] })
  stop = () => service.stdin.end()
  const [line] = await service.stdout.setEncoding('utf8').take(1).toArray()
  const { accessKey, secretKey, ...place } = JSON.parse(String(line)) as Record<string, string>
  endpoint = place['endpoint'] ?? ''
  process.env['AWS_ACCESS_KEY_ID'] = accessKey
  process.env['AWS_SECRET_ACCESS_KEY'] = secretKey
  process.env['AWS_ENDPOINT_URL'] = endpoint
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  client.destroy()
}, 180_000)

afterAll(() => stop())

const storeOf = (prefix: string): Promise<BackupStore> =>
  openStore(`s3://${BUCKET}/${prefix}`, { endpoint })

test('a backup in S3 is whole, then incremental, and restored with proof', async () => {
  const path = scratchDirectory()
  const directory = await writtenDirectory(join(path, 'data'), 200)
  const store = await storeOf('prod/ledger-1')
  const first = await backUp({ directory, store })
  await grow(directory, 20, 2)
  const second = await backUp({ directory, store })
  expect(second.bytes).toBeLessThan(first.bytes / 2)
  const hashes = await hashesOf(directory)
  const report = await restore({ store, directory: join(path, 'again'), to: { kind: 'now' } })
  expect(report).toMatchObject({ stateHash: hashes.stateHash, provedByManifest: true })
  const elsewhere = await storeOf('prod/ledger-2')
  expect(await elsewhere.list('')).toEqual([])
})

test('more objects than one page of a list has are all listed', async () => {
  const store = await storeOf('many')
  for (let from = 0; from < 1_050; from += 50) {
    const names = Array.from({ length: 50 }, (_, index) => `book/${from + index}.piece`)
    await Promise.all(names.map((name) => store.write(name, Buffer.from('x'))))
  }
  expect(await store.list('book/')).toHaveLength(1_050)
  await store.remove('book/7.piece')
  expect(await store.read('book/7.piece')).toBeUndefined()
  expect(await store.list('book/')).toHaveLength(1_049)
})

test('a ledger that is followed to S3 survives its disk', async () => {
  const path = scratchDirectory()
  const data = await writtenDirectory(join(path, 'data'), 20)
  const follower = startChild('backup-child.ts', 'follow', data, `s3://${BUCKET}/followed`)
  await follower.said(/^progress/)
  const writer = startChild('writer-child.ts', data, '2')
  await writer.said(/^acknowledged/)
  await sleep(2_500)
  writer.process.kill('SIGKILL')
  const killedAt = Date.now()
  follower.process.kill('SIGKILL')
  rmSync(data, { recursive: true })
  await Promise.all([writer.exit, follower.exit])
  const store = await storeOf('followed')
  const { sequence } = await restore({ store, directory: data, to: { kind: 'now' } })
  const safe = writer.lines
    .map((line) => line.split(' ').slice(1).map(Number))
    .filter(([, at = 0]) => at <= killedAt - 1_000)
  expect(safe.length).toBeGreaterThan(10)
  expect(sequence).toBeGreaterThanOrEqual(safe.at(-1)?.[0] ?? 0)
})

test('a bucket that is not there, and a store that does not answer, fail with a sentence', async () => {
  const missing = await openStore('s3://nobody/here', { endpoint })
  await expect(missing.list('book/')).rejects.toThrow(StoreFailed)
  await expect(missing.list('book/')).rejects.toThrow(/s3:\/\/nobody\/here.*NoSuchBucket/)
  await expect(openStore('s3:/wrong')).rejects.toThrow(/s3:\/\/BUCKET\/PREFIX/)
})
