/** Whose word on the client's address counts, from the socket to the saved request and to what a key may be used from. */
import { expect, test } from 'vitest'

import type { ServerOptions } from '../src/index.ts'
import { callerOf, testServer, WALLET } from './harness.ts'
import { grantee } from './keys.ts'

const CLIENT = '192.0.2.7'

/** The address that a write's saved request has. */
async function sourceOf(options: ServerOptions, headers: Record<string, string>): Promise<string> {
  const { call } = await testServer(options)
  const account = { address: WALLET, asset: 'EUR/2' }
  await call('POST', '/v1/accounts', account, headers)
  const { json } = await call('GET', '/v1/requests')
  return json.data[0].source
}

test('a header of nobody that is trusted is ignored, in whatever form it comes', async () => {
  const headers = {
    'x-forwarded-for': CLIENT,
    forwarded: `for=${CLIENT}`,
    'x-real-ip': CLIENT,
    'cf-connecting-ip': CLIENT,
  }
  expect(await sourceOf({}, headers)).toBe('127.0.0.1')
  expect(await sourceOf({ trustedProxies: ['10.0.0.0/8'] }, headers)).toBe('127.0.0.1')
})

test('what a trusted proxy adds at the end counts, and what a client wrote before it does not', async () => {
  const trustedProxies = ['127.0.0.1', '10.0.0.0/8']
  const forged = { 'x-forwarded-for': `10.66.66.66, 203.0.113.5, ${CLIENT}, 10.0.0.2` }
  expect(await sourceOf({ trustedProxies }, forged)).toBe(CLIENT)
  const both = { forwarded: 'for=203.0.113.5', 'x-forwarded-for': CLIENT }
  expect(await sourceOf({ trustedProxies }, both)).toBe(CLIENT)
  expect(await sourceOf({ trustedProxies, proxyHeader: 'forwarded' }, both)).toBe('203.0.113.5')
})

test('a key with ranges of addresses is held to the client’s address, not to what the client says it is', async () => {
  const server = await testServer({ trustedProxies: ['127.0.0.1'] })
  await grantee(server, 'acme', { role: 'viewer', addresses: ['*'] })
  const bound = { principal: 'acme', ip_ranges: ['192.0.2.0/24'] }
  const { json } = await server.call('POST', '/v1/keys', bound)
  const call = callerOf(server.url, json.secret)
  const status = async (chain: string) =>
    (await call('GET', '/v1/whoami', undefined, { 'x-forwarded-for': chain })).status
  expect(await status(CLIENT)).toBe(200)
  expect(await status(`203.0.113.5, ${CLIENT}`)).toBe(200)
  expect(await status(`${CLIENT}, 203.0.113.5`)).toBe(401)
  expect(await status(`${CLIENT}, unknown`)).toBe(401)
  expect((await call('GET', '/v1/whoami')).status).toBe(401)
})
