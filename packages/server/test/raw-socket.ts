/** Bytes on a bare socket: what no client library would send. */
import { connect, type Socket } from 'node:net'

import { onTestFinished } from 'vitest'

import { ROOT_KEY } from './harness.ts'

/** A transfer's headers without its length and without their end. */
export const HEAD = `POST /v1/transfers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ROOT_KEY}\r\nContent-Type: application/json\r\n`

export function open(url: string, allowHalfOpen = false): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen })
  onTestFinished(() => void socket.destroy())
  return socket
}

/** All that comes until the other side closes. */
export function heard(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

/** Sends bytes as they are, and listens until the connection is closed. */
export function raw(url: string, bytes: string): Promise<string> {
  const socket = open(url)
  socket.write(bytes)
  return heard(socket)
}
