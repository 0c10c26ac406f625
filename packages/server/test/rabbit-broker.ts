/** A real RabbitMQ for tests, which can be killed, stopped for a while and started again with what it had; and who reads its queues. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { type Channel, type ChannelModel, connect, type ConsumeMessage } from 'amqplib'
import type { LedgerEvent } from '@tallystick/contract'
import { onTestFinished } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../../scripts/services/rabbitmq.ts', import.meta.url))
const RETRY_MS = 100

interface Line {
  readonly url?: string
  readonly pid?: number
  readonly port?: number
  readonly missing?: string
}

export class RabbitBroker {
  readonly #directory = mkdtempSync(join(tmpdir(), 'tally-rabbitmq-'))
  #child: ChildProcess | undefined
  #line: Line = {}

  /** Why there is none on this machine; undefined: there is. */
  get missing(): string | undefined {
    return this.#line.missing
  }

  get url(): string {
    return this.#line.url ?? ''
  }

  /** Over the same directory and port as before. */
  async start(): Promise<void> {
    const again = this.#line.port === undefined ? [] : [String(this.#line.port)]
    const child = spawn(process.execPath, [SCRIPT, this.#directory, ...again], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#child = child
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    this.#line = JSON.parse(line) as Line
  }

  async kill(): Promise<void> {
    const ended = once(this.#child as ChildProcess, 'close')
    this.signal('SIGKILL')
    await ended
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    process.kill(this.#line.pid ?? 0, signal)
  }

  async stop(): Promise<void> {
    if (this.#line.missing === undefined) await this.kill()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

export interface Heard {
  readonly event: LedgerEvent
  readonly message: ConsumeMessage
}

/** Reads one queue for as long as the test lasts, and begins again whenever the connection or the queue is gone. */
export class QueueReader {
  readonly heard: Heard[] = []
  /** Times that `consume` was told that the queue is gone. */
  gone = 0
  readonly #url: string
  readonly #queue: string
  #model: ChannelModel | undefined
  #isOver = false

  constructor({ url }: RabbitBroker, queue: string) {
    this.#url = url
    this.#queue = queue
    onTestFinished(() => this.close())
    void this.#read()
  }

  /** The same event may come again; each counts once, in the order of the first. */
  get events(): LedgerEvent[] {
    return [...new Map(this.heard.map(({ event }) => [event.id, event])).values()]
  }

  async close(): Promise<void> {
    this.#isOver = true
    await this.#model?.close().catch(() => undefined)
  }

  async #read(): Promise<void> {
    while (!this.#isOver) {
      await this.#readOnce().catch(() => undefined)
      await sleep(RETRY_MS)
    }
  }

  async #readOnce(): Promise<void> {
    const model = await connect(this.#url)
    this.#model = model
    model.on('error', () => {})
    const channel = await model.createChannel()
    const { promise: over, resolve } = Promise.withResolvers<void>()
    channel.on('error', () => {}).on('close', () => resolve())
    await channel.consume(this.#queue, (message) => {
      if (message === null) {
        this.gone++
        return resolve()
      }
      this.#hear(channel, message)
    })
    await over
    await model.close()
  }

  #hear(channel: Channel, message: ConsumeMessage): void {
    this.heard.push({ message, event: JSON.parse(message.content.toString()) as LedgerEvent })
    channel.ack(message)
  }
}
