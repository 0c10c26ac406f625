import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { openStore } from '@tallystick/backup'
import { parseCheckpoint, parseNote } from '@tallystick/verify'
import { expect, onTestFinished, test } from 'vitest'

import { type RunningServer, startServer } from '../src/start-server.ts'
import { StartRefused } from '../src/start/setting.ts'
import { readSettings } from '../src/start/settings.ts'
import { outsideOf } from '../src/trust/publish/outside.ts'
import { scratchDirectory } from './server-process.ts'

const ROOT_KEY = 'tk_root_0123456789abcdef0123456789abcdef'
const S3 = fileURLToPath(new URL('../../../scripts/services/s3.ts', import.meta.url))
const WAIT = { timeout: 20_000 }

async function serving(...places: readonly string[]): Promise<RunningServer> {
  const server = await startServer({
    ...{ rootKey: ROOT_KEY, logOrigin: 'ledger.example/log', checkpointsEveryMs: 10 },
    checkpointsTo: places.map((place) => outsideOf(place, '--checkpoints-to')),
  })
  onTestFinished(() => server.close())
  return server
}

let opened = 0
async function openAccount({ url }: RunningServer): Promise<void> {
  const response = await fetch(`${url}/v1/accounts`, {
    ...{ method: 'POST', body: JSON.stringify({ address: `a:${opened++}`, asset: 'EUR/2' }) },
    headers: { authorization: `Bearer ${ROOT_KEY}`, 'content-type': 'application/json' },
  })
  expect(response.status).toBe(201)
}

const sizeOf = (note: string): number => Number(parseCheckpoint(parseNote(note).text).size)

async function figure({ url }: RunningServer, name: string): Promise<number> {
  const headers = { authorization: `Bearer ${ROOT_KEY}` }
  const text = await (await fetch(`${url}/metrics`, { headers })).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

test('a file gets a line, and a directory an object, for each checkpoint', async () => {
  const directory = scratchDirectory()
  const [file, objects] = [join(directory, 'checkpoints.ndjson'), join(directory, 'objects/')]
  // As a crash leaves it.
  writeFileSync(file, '{"checkpoint":"ledger.exa')
  const server = await serving(file, objects)
  for (const size of [1, 2, 3]) {
    await openAccount(server)
    await expect.poll(() => figure(server, 'tally_log_outside_events_total'), WAIT).toBe(size)
  }
  const written = readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(1)
  const sizes = written.map((line) =>
    sizeOf((JSON.parse(line) as { checkpoint: string }).checkpoint),
  )
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
  expect(sizes.slice(-3)).toEqual([1, 2, 3])
  const names = readdirSync(join(objects, 'ledger.example-log')).sort()
  expect(names.slice(-3)).toEqual([1, 2, 3].map((size) => expect.stringMatching(`^0{15}${size}-`)))
  const last = readFileSync(join(objects, 'ledger.example-log', names.at(-1) ?? ''), 'utf8')
  expect(sizeOf(last)).toBe(3)
  expect(await figure(server, 'tally_log_outside_places')).toBe(2)
})

test('a webhook that fails is asked again until it has the newest, and holds up nobody', async () => {
  let status = 503
  const got: string[] = []
  const hook = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (status === 200) got.push(Buffer.concat(parts).toString())
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => hook.once('listening', resolve))
  onTestFinished(() => void hook.close())
  const { port } = hook.address() as AddressInfo
  const file = join(scratchDirectory(), 'checkpoints.ndjson')
  const server = await serving(`http://127.0.0.1:${port}/hook?token=secret`, file)
  await openAccount(server)
  await expect.poll(() => figure(server, 'tally_log_outside_failing'), WAIT).toBe(1)
  await expect.poll(() => readFileSync(file, 'utf8'), WAIT).toContain('ledger.example/log\\n1\\n')
  expect(await figure(server, 'tally_log_outside_events_total')).toBe(0)
  await openAccount(server)
  status = 200
  await expect.poll(() => figure(server, 'tally_log_outside_events_total'), WAIT).toBe(2)
  expect(got.map(sizeOf).at(-1)).toBe(2)
  expect(await figure(server, 'tally_log_outside_failing')).toBe(0)
})

test('a bucket gets an object for each checkpoint', async () => {
  // A bucket is a directory there.
  const data = scratchDirectory()
  mkdirSync(join(data, 'kept'))
  const service = spawn(process.execPath, [S3, data], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void service.stdin.end())
  const [line] = await service.stdout.setEncoding('utf8').take(1).toArray()
  const { accessKey, secretKey, endpoint = '' } = JSON.parse(String(line)) as Record<string, string>
  Object.assign(process.env, {
    ...{ AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey },
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1' },
  })
  const server = await serving('s3://kept/checkpoints')
  await openAccount(server)
  await expect.poll(() => figure(server, 'tally_log_outside_events_total'), WAIT).toBe(1)
  const store = await openStore('s3://kept/checkpoints')
  onTestFinished(() => store.close())
  const names = (await store.list('ledger.example-log/')).map(({ name }) => name).sort()
  expect(sizeOf(String(await store.read(names.at(-1) ?? '')))).toBe(1)
}, 180_000)

test('places are settings, and wrong ones are refused', () => {
  const { settings } = readSettings(
    ['--checkpoints-to', '/mnt/kept, https://hook.example/?t=s'],
    {},
  )
  expect(settings.checkpointsTo.map(({ name }) => name)).toEqual([
    '/mnt/kept',
    'https://hook.example',
  ])
  for (const wrong of ['s3:/bucket', 'https://[']) {
    expect(() => readSettings(['--checkpoints-to', wrong], {})).toThrow(StartRefused)
  }
})
