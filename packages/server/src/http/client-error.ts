/** What is not HTTP, too large, or too slow: answered on the bare socket, which is then closed. */
import type { Socket } from 'node:net'

import { formatRequestId, MediaType } from '@tallystick/contract'

import type { Service } from '../service.ts'
import { newRequestId } from './ids.ts'
import { problemAnswer } from './problem-answer.ts'

export function clientErrorHandler(service: Service) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    service.metrics.strays++
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy()
      return
    }
    const detail = detailOf(error.code)
    const requestId = formatRequestId(newRequestId(Date.now()))
    const { publicUrl } = service
    const { text } = problemAnswer({ code: 'bad_request', detail }, { requestId, publicUrl })
    const head = [
      'HTTP/1.1 400 Bad Request',
      `Content-Type: ${MediaType.problem}`,
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
    socket.destroySoon()
  }
}

function detailOf(code: string | undefined): string {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'The request did not come in time.'
  if (code === 'HPE_HEADER_OVERFLOW') return 'The headers are too large.'
  return 'This is not well-formed HTTP.'
}
