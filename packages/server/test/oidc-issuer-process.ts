/**
 * An OIDC issuer for tests: a process of its own with real HTTP and real keys. It makes tokens as it is told, good and bad ones, and can be slow, huge, or
 * name other keys. Says its URL on its first line.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose'

interface Pair {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

interface Asked {
  readonly claims: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  /** Index from the newest key on; `foreign`: one that nobody publishes; `hmac`: the public key as a shared secret; `none`: unsigned. */
  readonly sign?: number | 'foreign' | 'hmac' | 'none'
}

const pairs: Pair[] = []
let mode = 'good'
let fetches = 0

async function newPair(alg = 'ES256'): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid: `key-${pairs.length + 1}`, alg, privateKey, publicKey }
}

async function published(): Promise<JWK[]> {
  const keys = pairs.map(async ({ kid, alg, publicKey }) => ({
    ...(await exportJWK(publicKey)),
    ...{ kid, alg, use: 'sig' },
  }))
  return Promise.all(keys)
}

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

async function tokenOf({ claims, header = {}, sign = 0 }: Asked): Promise<string> {
  const pair = sign === 'foreign' ? await newPair() : pairs.at(-1 - Number(sign) || -1)
  if (pair === undefined) throw new Error('there is no such key')
  const whole = { alg: pair.alg, kid: pair.kid, ...header }
  if (sign === 'none') return `${base64({ ...whole, alg: 'none' })}.${base64(claims)}.`
  if (sign === 'hmac') {
    const secret = new TextEncoder().encode(await exportSPKI(pair.publicKey))
    return new SignJWT({ ...claims }).setProtectedHeader({ ...whole, alg: 'HS256' }).sign(secret)
  }
  // Else the library does not make what it would not take.
  const options = { crit: { x: true } }
  return new SignJWT({ ...claims }).setProtectedHeader(whole).sign(pair.privateKey, options)
}

async function bodyOf<Body>(request: IncomingMessage): Promise<Body> {
  const text = Buffer.concat(await request.toArray()).toString()
  return (text === '' ? {} : JSON.parse(text)) as Body
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  const json = (value: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  switch (request.url) {
    case '/.well-known/openid-configuration':
      fetches++
      if (mode === 'down') return void response.writeHead(503).end()
      if (mode === 'silent') return
      if (mode === 'redirect') {
        return void response.writeHead(302, { location: `${issuer}/moved` }).end()
      }
      if (mode === 'huge') return void response.end(`{"issuer":"${'x'.repeat(5_000_000)}"}`)
      return json({
        issuer: mode === 'liar' ? 'https://id.example' : issuer,
        jwks_uri: mode === 'inward' ? 'https://10.0.0.1/keys' : `${issuer}/keys`,
      })
    case '/moved':
      return json({ issuer, jwks_uri: `${issuer}/keys` })
    case '/keys':
      return json({ keys: await published() })
    case '/token':
      return json({ token: await tokenOf(await bodyOf<Asked>(request)) })
    case '/rotate':
      pairs.push(await newPair((await bodyOf<{ alg?: string }>(request)).alg))
      return json({})
    case '/withdraw':
      pairs.shift()
      return json({})
    case '/mode':
      mode = (await bodyOf<{ mode: string }>(request)).mode
      return json({})
    default:
      return json({ fetches })
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
})
pairs.push(await newPair())
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`http://127.0.0.1:${port}\n`)
})
