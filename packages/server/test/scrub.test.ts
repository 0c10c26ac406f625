import { closeSync, cpSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { openSource, repair } from '@tallystick/backup'
import { expect, test } from 'vitest'

import { openWallet, PAYMENT, testServer } from './harness.ts'
import { scratchDirectory } from './server-process.ts'

type Server = Awaited<ReturnType<typeof testServer>>

const PERIOD = { scrubPeriodMs: 100 }

/** Waits until a figure is what it should be. */
async function figure(server: Server, name: string, isThere: (value: number) => boolean) {
  for (;;) {
    const { text } = await server.call('GET', '/metrics')
    const value = Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
    if (isThere(value)) return value
    await sleep(20)
  }
}

async function isDamaged(server: Server): Promise<unknown> {
  const { status, json } = await server.call('GET', '/readyz')
  expect(status).toBe(200)
  return json.damaged
}

test('the journal is read again and again while it is written, and found sound', async () => {
  const data = join(scratchDirectory(), 'data')
  const server = await testServer({ data, ...PERIOD })
  await openWallet(server.call)
  await figure(server, 'tally_scrub_passes_total', (passes) => passes >= 2)
  await server.call('POST', '/v1/transfers', PAYMENT, { 'idempotency-key': 'one' })
  const read = await figure(server, 'tally_scrub_bytes_total', (bytes) => bytes > 0)
  await figure(server, 'tally_scrub_bytes_total', (bytes) => bytes > read)
  expect(await figure(server, 'tally_scrub_damage', () => true)).toBe(0)
  expect(await isDamaged(server)).toBe(false)
})

test('a changed byte is told, also after a restart, until a pass finds it mended', async () => {
  const data = join(scratchDirectory(), 'data')
  const first = await testServer({ data, ...PERIOD })
  await openWallet(first.call)
  const path = join(data, 'book', '0000000001.book')
  const sound = readFileSync(path)
  const at = 4_096 + 200
  const flipped = Buffer.from(sound.subarray(at, at + 1)).map((byte) => byte ^ 1)
  patch(path, at, flipped)
  await figure(first, 'tally_scrub_damage', (damage) => damage === 1)
  expect(await isDamaged(first)).toBe(true)
  await first.close()
  patch(path, at, sound.subarray(at, at + 1))
  // A pass of this one will not be over soon: what it says is what it was told.
  const second = await testServer({ data, scrubPeriodMs: 3_600_000 })
  await figure(second, 'tally_scrub_damage', (damage) => damage === 1)
  await second.close()
  const third = await testServer({ data, ...PERIOD })
  await figure(third, 'tally_scrub_passes_total', (passes) => passes >= 1)
  await figure(third, 'tally_scrub_damage', (damage) => damage === 0)
})

test('what was told is over once it is repaired, and not only after the next pass', async () => {
  const path = scratchDirectory()
  const data = join(path, 'data')
  const first = await testServer({ data })
  await openWallet(first.call)
  await first.close()
  cpSync(data, join(path, 'copy'), { recursive: true })
  const second = await testServer({ data, ...PERIOD })
  const book = join(data, 'book', '0000000001.book')
  const at = 4_096 + 200
  patch(
    book,
    at,
    readFileSync(book)
      .subarray(at, at + 1)
      .map((byte) => byte ^ 1),
  )
  await figure(second, 'tally_scrub_damage', (damage) => damage === 1)
  await second.close()
  const source = await openSource(join(path, 'copy'), { cwd: path })
  expect((await repair({ directory: data, source })).mended).toHaveLength(1)
  source.close()
  const third = await testServer({ data, scrubPeriodMs: 3_600_000 })
  expect(await figure(third, 'tally_scrub_damage', () => true)).toBe(0)
  expect(await isDamaged(third)).toBe(false)
})

/** In place: the server has the file open. */
function patch(path: string, at: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, bytes.length, at)
  closeSync(file)
}
