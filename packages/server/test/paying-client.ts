/** Somebody who pays and remembers what was acknowledged, for the rehearsals of runbooks. */
import { expect } from 'vitest'

import type { OperatorMachine } from './operator-machine.ts'

export interface Acknowledged {
  readonly id: string
  readonly idempotencyKey: string
  /** The answer, as it came. */
  readonly text: string
  readonly personal: object | undefined
  /** ms since 1970. */
  readonly at: number
}

export interface Reply {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

export class PayingClient {
  readonly acknowledged: Acknowledged[] = []
  readonly #machine: OperatorMachine
  #count = 0

  constructor(machine: OperatorMachine) {
    this.#machine = machine
  }

  async ask(path: string, body?: object, key?: string): Promise<Reply> {
    const headers = {
      authorization: `Bearer ${this.#machine.key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    }
    const rest = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const response = await fetch(`${this.#machine.url}${path}`, { headers, ...rest })
    return { status: response.status, text: await response.text(), headers: response.headers }
  }

  async open(): Promise<void> {
    for (const address of ['bank:cash', 'users:1']) {
      expectCreated(await this.ask('/v1/accounts', { address, asset: 'EUR/2', code: 1 }))
    }
  }

  /** @param metadata makes it as large as a test wants it. @param personal data, with its subject. */
  async pay(metadata: object = {}, personal?: object): Promise<Reply> {
    const idempotencyKey = `payment-${this.#count++}`
    const reply = await this.#send(idempotencyKey, metadata, personal)
    const { status, text } = reply
    if (status !== 201) return reply
    const id = String((JSON.parse(text) as { id: unknown }).id)
    this.acknowledged.push({ id, idempotencyKey, text, personal, at: Date.now() })
    return reply
  }

  /** Until so many are a second old. */
  async payUntilOld(count: number): Promise<void> {
    while (this.acknowledged.filter(isOld).length < count) {
      expectCreated(await this.pay())
    }
  }

  /** Each that was acknowledged before a moment is there: asked again, it is its first answer. */
  async holdToAnswers(before = Number.POSITIVE_INFINITY): Promise<number> {
    const known = this.acknowledged.filter(({ at }) => at < before)
    for (const { idempotencyKey, text, personal } of known) {
      const again = await this.#send(idempotencyKey, {}, personal)
      expectReplayed(again, text)
    }
    return known.length
  }

  #send(idempotencyKey: string, metadata: object, personal?: object): Promise<Reply> {
    const payment = {
      ...{ debit_account: 'bank:cash', credit_account: 'users:1' },
      ...{ amount: '100', asset: 'EUR/2', code: 1, metadata },
      ...(personal === undefined ? {} : { private: personal }),
    }
    return this.ask('/v1/transfers', payment, idempotencyKey)
  }
}

const isOld = ({ at }: Acknowledged): boolean => at < Date.now() - 1_000

function expectCreated({ status, text }: Reply): void {
  expect([status, text]).toEqual([201, text])
}

function expectReplayed({ text, headers }: Reply, first: string): void {
  expect([text, headers.get('idempotent-replayed')]).toEqual([first, 'true'])
}
