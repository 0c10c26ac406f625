/** Tokens of a real issuer, a process of its own: who they are, and everything that can be wrong with them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../src/index.ts'
import { callerOf, PAYMENT, ROOT_KEY, testServer, type TestServer } from './harness.ts'
import { grantee } from './keys.ts'

const AUDIENCE = 'tallystick'
const SUBJECT = 'f1f6ba2c-86c9-4ba3-a3c8-0c4a2a9f6e5d'
const HOUR = 3_600

interface Told {
  readonly token?: string
  readonly fetches?: number
}

type Ask = (path: string, body?: object) => Promise<Told>

interface Issuer {
  readonly url: string
  readonly ask: Ask
  /** A token with good claims, but for what is given. */
  token(claims?: object, more?: object): Promise<string>
  kill(): Promise<void>
}

/** Killed at the test's end. */
async function startIssuer(): Promise<Issuer> {
  const issuer = await issuerOfItsOwn()
  onTestFinished(() => issuer.kill())
  return issuer
}

async function issuerOfItsOwn(): Promise<Issuer> {
  const file = fileURLToPath(new URL('./oidc-issuer-process.ts', import.meta.url))
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
  const ask: Ask = async (path, body) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    return (await fetch(url + path, init)).json() as Promise<Told>
  }
  const token = async (claims: object = {}, more: object = {}): Promise<string> => {
    const now = Math.floor(Date.now() / 1_000)
    const good = { iss: url, sub: SUBJECT, aud: AUDIENCE, iat: now, exp: now + HOUR }
    return (await ask('/token', { claims: { ...good, ...claims }, ...more })).token ?? ''
  }
  return { url, ask, token, kill }
}

/** A server that knows the issuer, with its subject bound to a cashier. */
async function bound() {
  const issuer = await startIssuer()
  const server = await testServer(optionsOf(issuer))
  return bind(issuer, server)
}

const optionsOf = ({ url }: Issuer) => ({
  oidcIssuers: [{ issuer: url, audience: AUDIENCE }],
  ...{ rootKey: ROOT_KEY, wrongKeysPerMinute: 0, auditEveryMs: 50 },
})

async function bind(issuer: Issuer, server: Pick<TestServer, 'url' | 'call'>) {
  const ada = await grantee(server, 'ada', { role: 'viewer', addresses: ['*'] })
  const identity = { issuer: issuer.url, subject: SUBJECT, principal: 'ada' }
  expect((await server.call('POST', '/v1/identities', identity)).status).toBe(200)
  const who = async (token: string) => {
    const { status, json } = await callerOf(server.url, token)('GET', '/v1/whoami')
    return status === 200 ? (json.principal as string) : status
  }
  return { issuer, server, identity, who, ada }
}

test('a good token is its principal’s, with what that may do, and requests say which identity it was', async () => {
  const { issuer, server, who } = await bound()
  const token = await issuer.token()
  expect(await who(token)).toBe('ada')
  const call = callerOf(server.url, token)
  expect((await call('POST', '/v1/transfers', PAYMENT)).status).toBe(403)
  await server.call('POST', '/v1/grants', {
    ...{ principal: 'ada', role: 'operator', addresses: ['*'] },
  })
  const account = { address: 'a:b', asset: 'EUR/2', flags: ['debits_must_not_exceed_credits'] }
  const opened = await call('POST', '/v1/accounts', account)
  expect(opened.status).toBe(201)
  const { json } = await server.call('GET', '/v1/requests?account=a:b')
  const { json: identities } = await server.call('GET', '/v1/identities')
  expect(json.data[0]).toMatchObject({ principal: 'ada', key_id: identities.data[0].id })
  expect(identities.data[0].id).toMatch(/^oidc_[0-9A-Z]{26}$/)
})

test('tokens with several audiences and of other good algorithms are taken', async () => {
  const { issuer, who } = await bound()
  expect(await who(await issuer.token({ aud: ['other', AUDIENCE] }))).toBe('ada')
  for (const alg of ['RS256', 'PS256', 'EdDSA']) {
    const fresh = await bound()
    await fresh.issuer.ask('/rotate', { alg })
    expect(await fresh.who(await fresh.issuer.token())).toBe('ada')
  }
})

const now = Math.floor(Date.now() / 1_000)

let shared: Awaited<ReturnType<typeof bind>>
let end: () => Promise<unknown>

beforeAll(async () => {
  const issuer = await issuerOfItsOwn()
  const server = await startServer(optionsOf(issuer))
  end = () => Promise.all([server.close(), issuer.kill()])
  shared = await bind(issuer, { url: server.url, call: callerOf(server.url) })
})

afterAll(() => end())

test.each<[string, object, object]>([
  ['for another audience', { aud: 'other' }, {}],
  ['for nobody in particular', { aud: undefined }, {}],
  ['of another issuer', { iss: 'https://id.example' }, {}],
  ['of an issuer that is nearly this one', { iss: 'http://127.0.0.1:1' }, {}],
  ['that expired', { exp: now - 120 }, {}],
  ['that never expires', { exp: undefined }, {}],
  ['that expires in words', { exp: 'never' }, {}],
  ['that is not valid yet', { nbf: now + HOUR }, {}],
  ['of nobody', { sub: undefined }, {}],
  ['of an empty subject', { sub: '' }, {}],
  ['of a number', { sub: 17 }, {}],
  ['of another subject', { sub: 'somebody-else' }, {}],
  ['of a subject with a look-alike', { sub: `${SUBJECT}\u200b` }, {}],
  ['that nobody signed', {}, { sign: 'none' }],
  ['signed with the public key as a secret', {}, { sign: 'hmac' }],
  ['signed with a key of somebody else', {}, { sign: 'foreign', header: { kid: 'key-1' } }],
  ['with a key that is not known', {}, { sign: 'foreign', header: { kid: 'key-99' } }],
  ['that brings its own key', {}, { sign: 'foreign', header: { jku: 'http://127.0.0.1:1/keys' } }],
  ['with a part that must be understood', {}, { header: { crit: ['x'], x: 1 } }],
])('a token %s is 401', async (_what, claims, more) => {
  const { issuer, who } = shared
  expect(await who(await issuer.token(claims, more))).toBe(401)
  // The good one still is.
  expect(await who(await issuer.token())).toBe('ada')
})

test('a token that was changed, cut, or sent as something else is 401, in the one body of all wrong keys', async () => {
  const { issuer, server } = await bound()
  const token = await issuer.token()
  const [head = '', claims = '', signature = ''] = token.split('.')
  const admin = Buffer.from(claims, 'base64url').toString().replace(SUBJECT, 'admin')
  const wrong = [
    `${head}.${Buffer.from(admin).toString('base64url')}.${signature}`,
    `${head}.${claims}.`,
    `${head}.${claims}`,
    `${head}.${claims}.${signature.slice(0, -4)}AAAA`,
    `${head}..${signature}`,
    `.${claims}.${signature}`,
    `${token}.${signature}`,
    `${token},${token}`,
    'a.b.c',
  ]
  const bodies = await Promise.all(
    wrong.map(async (each) => {
      const { status, json } = await callerOf(server.url, each)('GET', '/v1/whoami')
      return { status, ...json, request_id: '' }
    }),
  )
  const { status, json } = await callerOf(server.url, 'tk_live_wrong')('GET', '/v1/whoami')
  for (const body of bodies) expect(body).toEqual({ status, ...json, request_id: '' })
})

test('a subject that is bound to nobody, whose principal is stopped, or that is unbound is refused at once', async () => {
  const { issuer, server, identity, who } = await bound()
  const token = await issuer.token()
  expect(await who(token)).toBe('ada')
  await server.call('POST', '/v1/principals/ada/disable')
  expect(await who(token)).toBe(401)
  await server.call('POST', '/v1/principals/ada/enable')
  expect(await who(token)).toBe('ada')
  await server.call('POST', '/v1/identities', { ...identity, principal: null })
  expect(await who(token)).toBe(401)
  const unknown = await server.call('POST', '/v1/identities', { ...identity, principal: 'nobody' })
  expect([unknown.status, unknown.json.code]).toEqual([422, 'principal_not_found'])
})

test('keys that are known ask nobody, and unknown ones do not ask again and again', async () => {
  const { issuer, who } = await bound()
  expect(await who(await issuer.token())).toBe('ada')
  const { fetches } = await issuer.ask('/stats')
  for (let n = 0; n < 20; n++) expect(await who(await issuer.token({ jti: String(n) }))).toBe('ada')
  const many = Array.from({ length: 20 }, (_, n) =>
    issuer.token({ jti: `x${n}` }, { sign: 'foreign', header: { kid: `no-${n}` } }),
  )
  for (const wrong of await Promise.all(many)) expect(await who(wrong)).toBe(401)
  expect((await issuer.ask('/stats')).fetches).toBe(fetches)
})

test.each(['down', 'redirect', 'huge', 'liar', 'inward'])(
  'an issuer that is %s lets nobody in, is asked less and less often, and other keys go on',
  async (mode) => {
    const { issuer, who, ada } = await bound()
    await issuer.ask('/mode', { mode })
    for (let n = 0; n < 10; n++) expect(await who(await issuer.token({ jti: String(n) }))).toBe(401)
    expect((await issuer.ask('/stats')).fetches).toBeLessThanOrEqual(3)
    expect((await ada.call('GET', '/v1/whoami')).status).toBe(200)
    await issuer.ask('/mode', { mode: 'good' })
    await expect
      .poll(async () => who(await issuer.token()), { timeout: 15_000, interval: 200 })
      .toBe('ada')
  },
)

test('with the issuer gone its known keys go on, and a restart without it lets in keys alone', async () => {
  const { issuer, server, who, ada } = await bound()
  expect(await who(await issuer.token())).toBe('ada')
  const later = await issuer.token({ jti: 'later' })
  await issuer.kill()
  expect(await who(later)).toBe('ada')
  const other = await testServer({ oidcIssuers: [{ issuer: issuer.url, audience: AUDIENCE }] })
  expect((await callerOf(other.url, later)('GET', '/v1/whoami')).status).toBe(401)
  expect((await ada.call('GET', '/v1/whoami')).status).toBe(200)
  expect((await server.call('GET', '/v1/whoami')).json.principal).toBe('root')
})

test('without configured issuers no token is looked at', async () => {
  const issuer = await startIssuer()
  const server = await testServer()
  const { status } = await callerOf(server.url, await issuer.token())('GET', '/v1/whoami')
  expect(status).toBe(401)
  expect((await issuer.ask('/stats')).fetches).toBe(0)
})
