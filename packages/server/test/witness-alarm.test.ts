import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { SigningKey } from '@tallystick/proof'
import { SignatureType } from '@tallystick/verify'
import { expect, onTestFinished, test } from 'vitest'

import { startServer } from '../src/start-server.ts'

const ROOT_KEY = 'tk_root_0123456789abcdef0123456789abcdef'
const { verifierKey: key } = SigningKey.generate('witness.example/w', SignatureType.cosignature)

test.each([
  [422, 'text/plain', '', 'does not take the checkpoint'],
  [409, 'text/plain', '', 'another root'],
  [409, 'text/x.tlog.size', '900\n', 'has cosigned 900 leaves'],
])(
  'a witness that answers %i (%s) is an alarm in health, metrics and /v1/log',
  async (status, type, body, why) => {
    const witness = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(status, { 'content-type': type }).end(body)
      })
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => witness.once('listening', resolve))
    onTestFinished(() => void witness.close())
    const url = `http://127.0.0.1:${(witness.address() as AddressInfo).port}`
    const server = await startServer({ rootKey: ROOT_KEY, witnesses: [{ key, url }] })
    onTestFinished(() => server.close())
    const headers = { authorization: `Bearer ${ROOT_KEY}`, 'content-type': 'application/json' }
    const read = async (path: string): Promise<string> =>
      (await fetch(`${server.url}${path}`, { headers })).text()
    const opened = await fetch(`${server.url}/v1/accounts`, {
      ...{ method: 'POST', headers, body: JSON.stringify({ address: 'a', asset: 'EUR/2' }) },
    })
    expect(opened.status).toBe(201)
    await expect
      .poll(() => read('/metrics'), { timeout: 20_000 })
      .toMatch(/^tally_log_witness_alarms 1$/m)
    expect(JSON.parse(await read('/healthz'))).toMatchObject({ status: 'ok', log: 'alarmed' })
    expect(JSON.parse(await read('/v1/log'))).toMatchObject({
      status: 'alarmed',
      witnesses: [{ name: key.name, alarm: true, detail: expect.stringContaining(why) }],
    })
  },
)
