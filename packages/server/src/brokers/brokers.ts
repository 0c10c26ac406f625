/** All brokers that a server tells of its events: opened with it, at work until it stops. */
import type { TallyLedger } from '@tallystick/engine'

import { EventFilter } from '../events/event-filter.ts'
import type { EventFeed } from '../events/event-feed.ts'
import type { Log } from '../start/log.ts'
import type { Broker } from './broker.ts'
import { BrokerPlaces } from './broker-places.ts'
import { BrokerPublisher } from './broker-publisher.ts'

/** One broker, and what it is told. */
export interface BrokerSource {
  readonly broker: Broker
  /** As in the query of the stream; default: all but what was refused. */
  readonly types?: string | undefined
  readonly prefix?: string | undefined
  /** Sequence of the last event that it is not told, when nothing is known of it. Default: with what comes from now on. */
  readonly after?: number | undefined
}

export interface BrokersOptions {
  readonly sources: readonly BrokerSource[]
  /** Data directory; undefined: in memory. */
  readonly data: string | undefined
  readonly ledger: TallyLedger
  readonly feed: EventFeed
  readonly log: Log
}

export class Brokers {
  readonly #options: BrokersOptions
  #places: BrokerPlaces | undefined
  publishers: readonly BrokerPublisher[] = []

  constructor(options: BrokersOptions) {
    this.#options = options
  }

  start(): void {
    const { sources, data, ledger, feed, log } = this.#options
    if (sources.length === 0) return
    const places = new BrokerPlaces(data)
    this.#places = places
    this.publishers = sources.map(({ broker, types, prefix, after }) => {
      const parts = {
        ...{ feed, places, filter: new EventFilter({ type: types, prefix }) },
        durable: () => ledger.durableSequence,
        onNote: (level: 'info' | 'warn', note: string): void => log[level](note),
      }
      return new BrokerPublisher(broker, parts, after ?? ledger.durableSequence)
    })
  }

  /** What is confirmed within a moment need not be told again. */
  async close(): Promise<void> {
    await Promise.all(this.publishers.map((publisher) => publisher.close()))
    this.#places?.close()
  }
}
