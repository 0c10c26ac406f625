/** Single reads of the server, one after the other over one connection, each timed. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

import { type Answer, AnswerReader } from '../load/answer-reader.ts'
import type { ServerProcess } from '../processes/server-process.ts'

export interface Asked {
  readonly body: string
  /** From the request to the last byte of the answer. */
  readonly ms: number
}

export class Asker {
  readonly #socket: Socket
  readonly #head: string
  readonly #reader = new AnswerReader()
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined

  private constructor(socket: Socket, server: ServerProcess) {
    this.#socket = socket
    this.#head = `host: 127.0.0.1:${server.port}\r\nauthorization: Bearer ${server.rootKey}\r\n\r\n`
    socket.on('data', (chunk: Buffer) => this.#hear(chunk))
    socket.on('error', (error) => this.#waiting?.reject(error))
    socket.on('close', () => this.#waiting?.reject(new Error('closed before the answer')))
  }

  static async open(server: ServerProcess): Promise<Asker> {
    const socket = connect({ port: server.port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new Asker(socket, server)
  }

  /** @throws when the answer is not 200. */
  async get(path: string): Promise<Asked> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#waiting = { resolve, reject }
    const begun = performance.now()
    this.#socket.write(`GET ${path} HTTP/1.1\r\n${this.#head}`)
    const { status, body } = await promise
    const ms = performance.now() - begun
    if (status !== 200) throw new Error(`${path} answered ${status}: ${body.toString()}`)
    return { body: body.toString(), ms }
  }

  close(): void {
    this.#waiting = undefined
    this.#socket.destroy()
  }

  #hear(chunk: Buffer): void {
    const answer = this.#reader.push(chunk)
    if (answer !== undefined) this.#waiting?.resolve(answer)
  }
}
