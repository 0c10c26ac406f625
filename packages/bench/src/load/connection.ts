/**
 * One connection with at most one request in flight. While the answer is awaited the next request is made, so that making it
 * takes nothing from the server's time but the CPU.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

import { assert } from '@tallystick/money'

import { type Answer, AnswerReader } from './answer-reader.ts'
import type { RequestMaker } from './maker.ts'

/** Of a wrong answer, what is shown. */
const SHOWN_BYTES = 600

export interface ConnectionEvents {
  /** A good answer. @returns whether to send the next request. */
  readonly onAnswer: (answer: Answer, sentAt: number) => boolean
  readonly onFailed: (error: Error) => void
}

export class Connection {
  readonly #socket: Socket
  readonly #maker: RequestMaker
  readonly #events: ConnectionEvents
  readonly #reader = new AnswerReader()
  #prepared: Uint8Array | undefined
  #sentAt = 0
  #isAwaiting = false

  private constructor(socket: Socket, maker: RequestMaker, events: ConnectionEvents) {
    this.#socket = socket
    this.#maker = maker
    this.#events = events
    socket.on('data', (chunk: Buffer) => this.#hear(chunk))
    socket.on('error', (error) => events.onFailed(error))
    socket.on('close', () => {
      if (this.#isAwaiting)
        events.onFailed(new Error('the connection was closed before the answer'))
    })
  }

  static async open(
    port: number,
    maker: RequestMaker,
    events: ConnectionEvents,
  ): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new Connection(socket, maker, events)
  }

  /** Makes the first request, so that `send` sends at once. */
  prepare(): void {
    this.#prepared ??= this.#maker.make()
  }

  send(): void {
    assert(!this.#isAwaiting, 'one request in flight')
    const request = this.#prepared ?? this.#maker.make()
    this.#prepared = undefined
    this.#isAwaiting = true
    this.#sentAt = performance.now()
    this.#socket.write(request, () => this.prepare())
  }

  close(): void {
    this.#socket.destroy()
  }

  #hear(chunk: Buffer): void {
    try {
      const answer = this.#reader.push(chunk)
      if (answer === undefined) return
      const fault = this.#maker.fault(answer)
      if (fault !== undefined) {
        const shown = answer.body.toString('latin1', 0, SHOWN_BYTES)
        throw new Error(`not the answer that was expected: ${fault}\n${shown}`)
      }
      this.#isAwaiting = false
      if (this.#events.onAnswer(answer, this.#sentAt)) this.send()
    } catch (error) {
      this.#isAwaiting = false
      this.#events.onFailed(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
