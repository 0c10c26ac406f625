/** Gets a small JSON document of an issuer: no redirects, an end in time and in bytes, and nothing inside the own network that the operator did not name. */
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

import { ISSUER_BYTES_MAX, ISSUER_MS_MAX } from '../limits.ts'
import { checkOutside, lookupOutside } from '../webhooks/outside-address.ts'

/** Where a document is, and whether that has to be on the public internet: checked again for the very address that is connected to. */
export interface Place {
  readonly url: URL
  readonly mustBeOutside: boolean
}

/** @throws Error for whatever is not a JSON object, with why */
export async function fetchDocument(place: Place): Promise<Readonly<Record<string, unknown>>> {
  const { url, mustBeOutside } = place
  // An address in the URL is not looked up by the connection.
  if (mustBeOutside) await checkOutside(url)
  const value: unknown = JSON.parse(await textOf(place))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw new Error(`${url.href} is no JSON object`)
}

async function textOf({ url, mustBeOutside }: Place): Promise<string> {
  const ask = url.protocol === 'https:' ? requestHttps : requestHttp
  const asking = ask(url, {
    ...{ agent: false, headers: { accept: 'application/json' } },
    ...(mustBeOutside ? { lookup: lookupOutside } : {}),
    signal: AbortSignal.timeout(ISSUER_MS_MAX),
  })
  try {
    return await answered(asking, url)
  } finally {
    asking.destroy()
  }
}

async function answered(asking: ClientRequest, url: URL): Promise<string> {
  asking.end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  // A redirect is an answer like any other that is not the document.
  if (response.statusCode !== 200) throw new Error(`${url.href} answered ${response.statusCode}`)
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > ISSUER_BYTES_MAX) {
      throw new Error(`${url.href} has more than ${ISSUER_BYTES_MAX} bytes`)
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** TLS, or this machine itself. */
export function isSafeUrl(url: URL): boolean {
  if (url.username !== '' || url.password !== '') return false
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)
}

/**
 * Where an issuer says that its keys are. On its own host it is trusted as the issuer is; anywhere else it has to be on the public internet, so that a
 * document cannot send this server around in its own network.
 * @throws Error
 */
export function keysPlace(issuer: URL, text: unknown): Place {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !isSafeUrl(url)) {
    throw new Error(`${issuer.href} names no jwks_uri that can be used`)
  }
  return { url, mustBeOutside: url.origin !== issuer.origin }
}
