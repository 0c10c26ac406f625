/** A request with two Host headers is for one host to us and for another to somebody in between (RFC 9112, section 3.2): it is refused. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

import type { Service } from '../service.ts'
import { answerStray } from './stray.ts'

/** Connections that are closed once such a request is answered: what was sent behind it is not read. */
const closing = new WeakSet<Socket>()

/** False: it is refused, or came behind one that was, and nothing more is to be done about it. */
export function hasOneHost(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { rawHeaders, socket } = request
  if (closing.has(socket)) return false
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  if (hosts <= 1) return true
  closing.add(socket)
  response.setHeader('connection', 'close')
  answerStray(service, request, response, 'two_hosts')
  return false
}
