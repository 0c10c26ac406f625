/**
 * What the publisher asks of a broker, whichever it is. A session is one connection: it ends with the first thing that goes wrong, and the
 * publisher begins another one behind what it knows to have arrived.
 */

export interface BrokerMessage {
  /** Of the event: the same for every time that it is told. */
  readonly id: string
  readonly type: string
  /** ns since 1970. */
  readonly time: bigint
  /** Addresses of its accounts; of a transfer the debit account first. */
  readonly accounts: readonly string[]
  /** A CloudEvent, JSON. */
  readonly text: string
}

export interface BrokerSession {
  /**
   * Gives messages in their order, behind all that was given before. Several calls may be under way.
   * @returns once the broker has all of them for good. @throws when that is not known
   */
  send(messages: readonly BrokerMessage[]): Promise<void>
  /** @returns once it is sure that what arrived had somewhere to go. @throws when it may have been lost there */
  settle(): Promise<void>
  close(): Promise<void>
}

export interface Broker {
  /** In figures and messages, and with `place` the name under which its place is kept. */
  readonly kind: string
  readonly place: string
  /** Connects, and declares what has to be there. @param onLost called at most once. @throws when it cannot */
  connect(onLost: (error: Error) => void): Promise<BrokerSession>
}
