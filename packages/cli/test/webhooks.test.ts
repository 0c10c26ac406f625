import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RunningLedger } from './running-ledger.ts'

let ledger: RunningLedger
let receiver: Server
let url = ''
const hits: string[] = []
let status = 204

beforeAll(async () => {
  ledger = await RunningLedger.start({ webhooksAllowPrivate: true, webhookScheduleMs: [0, 10] })
  receiver = createServer((request, response) => {
    hits.push(String(request.headers['webhook-id']))
    request.resume().on('end', () => response.writeHead(status).end())
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
})

afterAll(async () => {
  receiver.close()
  await ledger.stop()
})

test('a webhook is made, shown, tested, changed, given a new secret and removed', async () => {
  const made = await ledger.run('webhooks', 'create', url, '--type', 'transfer.*', 'hold.*')
  expect(made.stdout).toMatch(/^secret +whsec_\S{40,}$/m)
  const [, id = ''] = /^id +(\S+)$/m.exec(made.stdout) ?? []
  const shown = await ledger.run('webhooks', 'show', id)
  expect(shown.stdout).toMatch(/^types +transfer\.\* hold\.\*$/m)
  expect(shown.stdout).not.toContain('whsec_')
  const tested = await ledger.run('webhooks', 'test', id)
  expect([tested.code, tested.stdout]).toEqual([0, expect.stringContaining('taken')])
  status = 500
  const refused = await ledger.run('webhooks', 'test', id)
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('it answered 500')])
  status = 204
  const off = await ledger.run('webhooks', 'update', id, '--off')
  expect(off.stdout).toMatch(/^status +disabled$/m)
  const rotated = await ledger.run('webhooks', 'rotate-secret', id, '--overlap', '60')
  expect(rotated.stdout).toContain('whsec_')
  const listed = await ledger.json('webhooks', 'list')
  expect(listed).toMatchObject({ webhooks: [{ id, url, status: 'disabled', created_by: 'root' }] })
  expect((await ledger.run('webhooks', 'delete', id)).stdout).toBe(`${id} is removed.\n`)
  expect((await ledger.run('webhooks', 'show', id)).code).toBe(5)
})

test('what was given up is shown, and tried again', async () => {
  status = 500
  const made = await ledger.json('webhooks', 'create', url, '--since', '0')
  const id = String(made['id'])
  await ledger.run('account', 'open', 'users:1', '--asset', 'EUR/2')
  await expect
    .poll(async () => (await ledger.json('webhooks', 'show', id))['dead'], { timeout: 10_000 })
    .toBe('1')
  const dead = await ledger.run('webhooks', 'dead-letters', id)
  expect(dead.stdout).toMatch(/^0-1 +2$/m)
  const tried = await ledger.run('webhooks', 'attempts', id)
  expect(tried.stdout.match(/it answered 500/g)).toHaveLength(2)
  status = 204
  expect((await ledger.run('webhooks', 'replay', id)).stdout).toBe('1 are tried again.\n')
  await expect.poll(() => hits.at(-1), { timeout: 10_000 }).toBe('0-1')
})

test('a change of nothing, both ways at once, or a strange overlap is a wrong command line', async () => {
  const id = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
  const codes = [
    await ledger.run('webhooks', 'update', id),
    await ledger.run('webhooks', 'update', id, '--on', '--off'),
    await ledger.run('webhooks', 'rotate-secret', id, '--overlap', 'long'),
  ].map(({ code }) => code)
  expect(codes).toEqual([2, 2, 2])
})
