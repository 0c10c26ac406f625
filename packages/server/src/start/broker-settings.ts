/** Settings of the broker that is told of events, as text and as values. */
import { parseEventId } from '@tallystick/contract'

import { type BrokerSource } from '../brokers/brokers.ts'
import { RabbitMq, type RabbitQueue } from '../brokers/rabbitmq/rabbitmq.ts'
import { EventFilter } from '../events/event-filter.ts'
import { Refused } from '../http/refused.ts'
import { StartRefused } from './setting.ts'
import type { Settings } from './settings.ts'

export const QUEUE_TYPES = ['quorum', 'classic'] as const
export type QueueType = (typeof QUEUE_TYPES)[number]

/** Bytes of a name or key in AMQP. */
const SHORT_TEXT_MAX = 255

/** The text is not shown again: it may have a password. */
export const parseAmqpUrl = (text: string, name: string): string => {
  const protocol = URL.canParse(text) ? new URL(text).protocol : ''
  if (protocol === 'amqp:' || protocol === 'amqps:') return text
  throw new StartRefused(
    `${name} is not the URL of a RabbitMQ: use one like amqp://user:password@host/vhost.`,
  )
}

export const parseAmqpName = (text: string, name: string): string => {
  const isTaken = text.trim() !== '' && Buffer.byteLength(text) <= SHORT_TEXT_MAX
  if (isTaken && !text.startsWith('amq.')) return text
  throw new StartRefused(
    `${name} is ${JSON.stringify(text)}: use a name of up to ${SHORT_TEXT_MAX} bytes that does not begin with amq.`,
  )
}

/** `NAME=PATTERN`, several with commas between them. */
export const parseAmqpQueues = (text: string, name: string): RabbitQueue[] => {
  const patterns = new Map<string, string[]>()
  for (const pair of text.split(',')) {
    const [, queue = '', pattern = ''] = /^([^=]+)=(.+)$/.exec(pair.trim()) ?? []
    if (queue === '' || Buffer.byteLength(pattern) > SHORT_TEXT_MAX) {
      throw new StartRefused(
        `${name} is ${JSON.stringify(text)}: use NAME=PATTERN, like shop=transfer.#, with commas between several.`,
      )
    }
    patterns.set(parseAmqpName(queue, name), [...(patterns.get(queue) ?? []), pattern])
  }
  return [...patterns].map(([queue, bound]) => ({ name: queue, patterns: bound }))
}

export const parseEventTypes = (text: string, name: string): string => {
  try {
    void new EventFilter({ type: text })
    return text
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new StartRefused(`${name} is ${JSON.stringify(text)}: ${error.message}`, { cause: error })
  }
}

/** Sequence of an event; 0: before the first one. */
export const parsePlace = (text: string, name: string): number => {
  const sequence = text === '0' ? 0 : parseEventId(text)?.sequence
  if (sequence !== undefined) return sequence
  throw new StartRefused(
    `${name} is ${JSON.stringify(text)}: use the id of an event, like 0-3, or 0.`,
  )
}

export function brokersOf(settings: Settings): BrokerSource[] {
  const { amqpUrl: url, amqpExchange: exchange, amqpQueues: queues } = settings
  if (url === undefined) return []
  const broker = new RabbitMq({ url, exchange, queues, queueType: settings.amqpQueueType })
  const { amqpTypes: types, amqpPrefix: prefix, amqpAfter: after } = settings
  return [{ broker, types, prefix, after }]
}
