/** One try to deliver: a POST to an address that was judged, without redirects, with an end. */
import { type ClientRequest, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'

import { WEBHOOK_ANSWER_BYTES_MAX, WEBHOOK_TRY_MS_MAX } from '../limits.ts'
import { checkOutside } from './outside-address.ts'
import { retryAfterMs } from './retry-after.ts'

export interface Sent {
  /** HTTP status; undefined: there was no answer. */
  readonly status: number | undefined
  /** Why it counts as failed, for people; '' when it did not. */
  readonly detail: string
  /** As the receiver asked. */
  readonly retryAfterMs: number | undefined
}

export interface Message {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Never throws. @param look judges what it finds; undefined: addresses of private networks are allowed. */
export async function send(message: Message, look: LookupFunction | undefined): Promise<Sent> {
  try {
    const url = new URL(message.url)
    // An address in the URL is not looked up by the connection.
    if (look !== undefined) await checkOutside(url, look)
    return await post(url, message, look)
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}

const failed = (detail: string): Sent => ({ status: undefined, detail, retryAfterMs: undefined })

function post(
  url: URL,
  { headers, body }: Message,
  look: LookupFunction | undefined,
): Promise<Sent> {
  const { promise, resolve } = Promise.withResolvers<Sent>()
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  const sending = request(url, {
    method: 'POST',
    agent: false,
    ...(look === undefined ? {} : { lookup: look }),
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  })
  const timer = setTimeout(() => {
    sending.destroy(new Error(`no answer within ${WEBHOOK_TRY_MS_MAX} ms`))
  }, WEBHOOK_TRY_MS_MAX)
  sending.on('error', (error) => resolve(failed(error.message)))
  sending.on('close', () => {
    clearTimeout(timer)
    resolve(failed('the connection was closed'))
  })
  sending.on('response', (response) => {
    const { statusCode: status = 0 } = response
    const isDone = status >= 200 && status < 300
    const detail = isDone ? '' : `it answered ${status}`
    const asked = retryAfterMs(response.headers['retry-after'], Date.now())
    resolve({ status, detail, retryAfterMs: asked })
    readLittle(response, sending)
  })
  sending.end(body)
  return promise
}

/** What it says is of no interest, and endless if it wants to be. */
function readLittle(
  response: { on(event: 'data', then: (chunk: Buffer) => void): unknown },
  sending: ClientRequest,
): void {
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > WEBHOOK_ANSWER_BYTES_MAX) sending.destroy()
  })
}
