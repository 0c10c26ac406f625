/**
 * RabbitMQ by AMQP 0-9-1: a durable topic exchange and the queues that the settings name, one channel with confirms, so that messages arrive
 * in the order in which they are given.
 */
import {
  type ChannelModel,
  type ConfirmChannel,
  connect,
  type Message,
  type Options,
} from 'amqplib'

import { BROKER_CONNECT_MS_MAX, BROKER_HEARTBEAT_SECONDS } from '../../limits.ts'
import type { Broker, BrokerMessage, BrokerSession } from '../broker.ts'
import { isMatch, routingKeys } from './routing-key.ts'

/** A queue that the server declares, and what it is bound to. */
export interface RabbitQueue {
  readonly name: string
  readonly patterns: readonly string[]
}

export interface RabbitOptions {
  /** `amqp://` or `amqps://`. */
  readonly url: string
  readonly exchange: string
  readonly queues: readonly RabbitQueue[]
  readonly queueType: 'quorum' | 'classic'
}

const NS_PER_SECOND = 1_000_000_000n
const CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8'

export class RabbitMq implements Broker {
  readonly kind = 'rabbitmq'
  readonly place: string
  readonly #options: RabbitOptions

  constructor(options: RabbitOptions) {
    this.#options = options
    this.place = `rabbitmq ${options.exchange}`
  }

  async connect(onLost: (error: Error) => void): Promise<BrokerSession> {
    const model = await connect(withHeartbeat(this.#options.url), {
      ...{ noDelay: true, timeout: BROKER_CONNECT_MS_MAX },
      clientProperties: { connection_name: 'tallystick' },
    })
    // Without a listener an error of the socket would be one of the process.
    model.on('error', () => {})
    try {
      await declare(model, this.#options)
      const channel = await model.createConfirmChannel()
      return new RabbitSession({ model, channel, options: this.#options, onLost })
    } catch (error) {
      model.close().catch(() => undefined)
      throw error
    }
  }
}

/** A broker that hangs is known to be away after two of them. */
function withHeartbeat(text: string): string {
  const url = new URL(text)
  if (!url.searchParams.has('heartbeat')) {
    url.searchParams.set('heartbeat', String(BROKER_HEARTBEAT_SECONDS))
  }
  return url.href
}

async function declare(model: ChannelModel, options: RabbitOptions): Promise<void> {
  const { exchange, queues, queueType } = options
  const channel = await model.createChannel()
  channel.on('error', () => {})
  await channel.assertExchange(exchange, 'topic', { durable: true })
  for (const { name, patterns } of queues) {
    await channel.assertQueue(name, {
      durable: true,
      arguments: { 'x-queue-type': queueType },
    })
    for (const pattern of patterns) await channel.bindQueue(name, exchange, pattern)
  }
  await channel.close()
}

interface SessionParts {
  readonly model: ChannelModel
  readonly channel: ConfirmChannel
  readonly options: RabbitOptions
  readonly onLost: (error: Error) => void
}

class RabbitSession implements BrokerSession {
  readonly #parts: SessionParts
  #isOver = false

  constructor(parts: SessionParts) {
    this.#parts = parts
    const { model, channel } = parts
    model.on('close', (error?: Error) =>
      this.#lose(error ?? new Error('the connection was closed')),
    )
    channel.on('error', (error) => this.#lose(error))
    channel.on('close', () => this.#lose(new Error('the channel was closed')))
    channel.on('return', (message) => this.#returned(message))
  }

  send(messages: readonly BrokerMessage[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let open = messages.length
    const confirmed = (error: unknown): void => {
      if (error !== null && error !== undefined) reject(asError(error))
      else if (--open === 0) resolve()
    }
    try {
      for (const message of messages) this.#publish(message, confirmed)
    } catch (error) {
      reject(asError(error))
    }
    return promise
  }

  #publish(message: BrokerMessage, confirmed: (error: unknown) => void): void {
    const { channel, options } = this.#parts
    const { id, type, time, accounts, text } = message
    const [key = type, ...further] = routingKeys(type, accounts)
    const properties: Options.Publish = {
      ...{ messageId: id, type, appId: 'tallystick', contentType: CONTENT_TYPE, persistent: true },
      timestamp: Number(time / NS_PER_SECOND),
      mandatory: options.queues.length > 0,
      ...(further.length === 0 ? {} : { CC: [...further] }),
    }
    channel.publish(options.exchange, key, Buffer.from(text), properties, confirmed)
  }

  /** It fitted no queue. When it ought to have, a queue is gone: a new session declares it and tells this again. */
  #returned({ fields, properties }: Message): void {
    const keys = [
      fields.routingKey,
      ...((properties.headers?.['CC'] as string[] | undefined) ?? []),
    ]
    const patterns = this.#parts.options.queues.flatMap((queue) => queue.patterns)
    if (!patterns.some((pattern) => keys.some((key) => isMatch(pattern, key)))) return
    this.#lose(new Error(`no queue took ${fields.routingKey}`))
  }

  /** Looks for the declared queues on a channel of its own, since one that is missing ends the channel. */
  async settle(): Promise<void> {
    const { model, options } = this.#parts
    if (options.queues.length === 0) return
    const channel = await model.createChannel()
    channel.on('error', () => {})
    for (const { name } of options.queues) await channel.checkQueue(name)
    await channel.close()
  }

  async close(): Promise<void> {
    this.#isOver = true
    await this.#parts.model.close()
  }

  #lose(error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#parts.onLost(error)
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
