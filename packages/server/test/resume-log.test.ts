import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { resumeLog } from '../src/index.ts'
import { openWallet, PAYMENT } from './harness.ts'
import { Lives } from './lives.ts'

const statusOf = async (lives: Lives): Promise<unknown> =>
  (await lives.server?.call('GET', '/readyz'))?.json.status

/** A ledger whose signed data was exchanged for an older copy, and started so: it refuses. The right data lies in `right`. */
async function refused(): Promise<Lives> {
  const lives = new Lives()
  const pay = async (): Promise<void> => {
    const { json } = (await lives.server?.call('POST', '/v1/transfers', PAYMENT)) ?? {}
    await lives.server?.call('GET', `/v1/transfers/${json.id}/receipt`)
  }
  await openWallet(await lives.start())
  await pay()
  await lives.stop()
  lives.copy('data', 'old')
  await lives.start()
  await pay()
  await lives.stop()
  lives.copy('data', 'right')
  lives.copy('old', 'data')
  await lives.start()
  expect(await statusOf(lives)).toBe('behind_signed')
  return lives
}

const resume = ({ options: { data, keys } }: Lives) => resumeLog({ data, keys })

test('once the right data is back, the refusal is taken away, and the log goes on from what was signed', async () => {
  const lives = await refused()
  await lives.stop()
  lives.copy('right', 'data')
  await lives.start()
  // The right data alone does not: a person has to look.
  expect(await statusOf(lives)).toBe('behind_signed')
  await lives.stop()
  const report = await resume(lives)
  expect(report.refusal).toMatch(/were signed: it lost some/)
  expect(JSON.parse(readFileSync(report.kept, 'utf8'))).toMatchObject({ refusal: report.refusal })
  const call = await lives.start()
  expect(await statusOf(lives)).toBe('ready')
  const { status, json } = await call('POST', '/v1/transfers', PAYMENT)
  expect(status).toBe(201)
  expect((await call('GET', `/v1/transfers/${json.id}/receipt`)).status).toBe(200)
})

test('while the data is another, or a server runs, nothing is taken away', async () => {
  const lives = await refused()
  await expect(resume(lives)).rejects.toThrow(/in use/)
  await lives.stop()
  const record = (): string => readFileSync(join(lives.options.keys, 'signer.json'), 'utf8')
  const before = record()
  await expect(resume(lives)).rejects.toThrow(/fewer than the \d+ events that were signed/)
  expect(record()).toBe(before)
})

test('without a refusal there is nothing to take away', async () => {
  const lives = new Lives()
  await openWallet(await lives.start())
  await lives.stop()
  await expect(resume(lives)).rejects.toThrow(/was not refused/)
})
