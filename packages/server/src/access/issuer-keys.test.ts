import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { type CryptoKey, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose'
import { expect, onTestFinished, test } from 'vitest'

import {
  ISSUER_KEYS_FRESH_MS,
  ISSUER_KEYS_KEPT_MS,
  ISSUER_KEYS_PAUSE_MS,
  ISSUER_RETRY_MS_MAX,
} from '../limits.ts'
import { IssuerKeys } from './issuer-keys.ts'

/** An issuer with real keys over real HTTP, and its keys as they are kept by a clock that the test moves. */
async function issuer() {
  const state = { now: 0, fetches: 0, isUp: true, troubles: 0 }
  const published: JWK[] = []
  const secret = new Map<string, CryptoKey>()
  const server = createServer((request, response) => {
    if (!state.isUp) return void response.writeHead(503).end()
    const isKeys = request.url === '/keys'
    if (isKeys) state.fetches++
    const about = { issuer: url, jwks_uri: `${url}/keys` }
    response.end(JSON.stringify(isKeys ? { keys: published } : about))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const keys = new IssuerKeys(
    url,
    () => state.troubles++,
    () => state.now,
  )
  return {
    state,
    publish: async (kid: string): Promise<void> => {
      const { publicKey, privateKey } = await generateKeyPair('ES256')
      secret.set(kid, privateKey)
      published.push({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' })
    },
    withdraw: (): void => void published.shift(),
    isTaken: async (kid: string): Promise<boolean> => {
      const token = new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid })
      const signed = await token.sign(
        secret.get(kid) ?? (await generateKeyPair('ES256')).privateKey,
      )
      return jwtVerify(signed, keys.find).then(
        () => true,
        () => false,
      )
    },
  }
}

test('a key that is new is fetched when a token names it, and then not again at once', async () => {
  const { state, publish, isTaken } = await issuer()
  await publish('one')
  expect(await isTaken('one')).toBe(true)
  await publish('two')
  expect([await isTaken('two'), state.fetches]).toEqual([false, 1])
  state.now += ISSUER_KEYS_PAUSE_MS
  expect([await isTaken('two'), state.fetches]).toEqual([true, 2])
  for (const each of ['three', 'four', 'five']) expect(await isTaken(each)).toBe(false)
  expect(state.fetches).toBe(2)
})

test('a key that is withdrawn is refused once the keys are fetched anew', async () => {
  const { state, publish, withdraw, isTaken } = await issuer()
  await publish('one')
  await publish('two')
  expect(await isTaken('one')).toBe(true)
  withdraw()
  state.now += ISSUER_KEYS_FRESH_MS + 1
  await expect
    .poll(async () => (await isTaken('two')) && !(await isTaken('one')), { timeout: 10_000 })
    .toBe(true)
})

test('the keys of an issuer that is away count for a while, and it is asked less and less often', async () => {
  const { state, publish, isTaken } = await issuer()
  await publish('one')
  expect(await isTaken('one')).toBe(true)
  state.isUp = false
  state.now += ISSUER_KEYS_FRESH_MS + 1
  expect(await isTaken('one')).toBe(true)
  await expect.poll(() => state.troubles, { timeout: 10_000 }).toBe(1)
  for (let ms = 0; ms < 10_000; ms += 100) {
    state.now += 100
    // One that is not known waits for each try.
    expect(await isTaken('other')).toBe(false)
  }
  // 1, 2 and 4 seconds later.
  expect(state.troubles).toBe(4)
  state.now = ISSUER_KEYS_KEPT_MS + 1
  expect(await isTaken('one')).toBe(false)
  state.isUp = true
  state.now += ISSUER_RETRY_MS_MAX
  expect(await isTaken('one')).toBe(true)
})
