import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import {
  checkOutside,
  InsideAddress,
  isOutside,
  outsideLookup,
  type Resolve,
} from './outside-address.ts'
import { send } from './send.ts'

test.each([
  ...['127.0.0.1', '127.1.2.3', '0.0.0.0', '10.1.2.3', '100.64.0.1', '169.254.169.254'],
  ...['172.16.0.1', '172.31.255.255', '192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', 'fe80::1', 'fc00::1'],
  ...['fd00:ec2::254', 'ff02::1', '2001:db8::1', '2002:7f00:1::', 'localhost', ''],
])('%s is inside', (address) => {
  expect(isOutside(address)).toBe(false)
})

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '93.184.216.34', '2606:2800:220:1::1'])(
  '%s is outside',
  (address) => {
    expect(isOutside(address)).toBe(true)
  },
)

// A URL writes an address in its one form, whatever it was given as.
test.each([
  ...['http://127.0.0.1/', 'http://localhost:9/', 'http://0x7f.1/', 'http://2130706433/'],
  ...['http://127.1/', 'http://0177.0.0.1/', 'http://0x7f000001/', 'http://127.0.0.1./'],
  ...['http://LOCALHOST/', 'http://①②⑦.⓪.⓪.①/', 'http://127%2e0.0.1/'],
  ...['http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://0/', 'http://169.254.169.254/latest'],
  ...['http://[0:0:0:0:0:ffff:7f00:1]/', 'http://[::127.0.0.1]/', 'http://[64:ff9b::10.0.0.1]/'],
  ...['http://[fe80::1]/', 'http://[fd12::1]/', 'http://[2002:a00:1::]/', 'http://10.0.0.1:443/'],
  ...[
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://3232235777/',
  ],
])('%s is refused before a byte is sent', async (url) => {
  await expect(checkOutside(new URL(url))).rejects.toThrow(InsideAddress)
})

/** A name whose address is another one each time that it is looked up. */
function rebinding(...addresses: readonly string[]): Resolve {
  let asked = 0
  return (_hostname, _options, done) => {
    const address = addresses[Math.min(asked++, addresses.length - 1)] ?? ''
    done(null, [{ address, family: 4 }])
  }
}

async function listening(answer: (response: ServerResponse) => void): Promise<{
  readonly port: number
  readonly hits: string[]
}> {
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(request.url ?? '')
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, hits }
}

test('a name that points outside when it is judged and inside when it is connected to is sent nothing', async () => {
  const { port, hits } = await listening((response) => response.end())
  const look = outsideLookup(rebinding('93.184.216.34', '127.0.0.1'))
  const sent = await send({ url: `http://rebind.example:${port}/`, headers: {}, body: '{}' }, look)
  expect(sent).toMatchObject({
    ...{ status: undefined, detail: 'rebind.example is not on the public internet' },
  })
  expect(hits).toEqual([])
})

const both: Resolve = (_hostname, _options, done) =>
  done(null, [
    { address: '93.184.216.34', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ])

test('a name with one address outside and one inside is sent nothing', async () => {
  const message = { url: 'http://both.example/', headers: {}, body: '{}' }
  const { detail } = await send(message, outsideLookup(both))
  expect(detail).toBe('both.example is not on the public internet')
})

test('a redirect is a failure, and nobody goes where it leads', async () => {
  const inside = await listening((response) => response.end())
  const location = `http://127.0.0.1:${inside.port}/inside`
  const outside = await listening((response) => response.writeHead(307, { location }).end())
  const url = `http://127.0.0.1:${outside.port}/hook`
  const sent = await send({ url, headers: {}, body: '{}' }, undefined)
  expect(sent).toMatchObject({ status: 307, detail: 'it answered 307' })
  expect([outside.hits, inside.hits]).toEqual([['/hook'], []])
})
