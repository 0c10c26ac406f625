/** Cursors of lists: where the page before ended and what the list was asked for, signed, so that nobody makes his own. */
import { createHmac, timingSafeEqual } from 'node:crypto'

import { canonicalJson } from '@tallystick/contract'

import { Refused } from './refused.ts'

const MAC_BYTES = 16

export interface Place<Filters> {
  readonly filters: Filters
  readonly after: string | number
}

export class Cursors {
  readonly #secret: Buffer

  constructor(secret: Buffer) {
    this.#secret = createHmac('sha256', secret).update('cursor').digest()
  }

  /** @param list operation and, where there is one, the account: a cursor belongs to one list. */
  write<Filters>(list: string, place: Place<Filters>): string {
    const body = Buffer.from(JSON.stringify([place.after, place.filters])).toString('base64url')
    return `${body}.${this.#mac(list, body).toString('base64url')}`
  }

  /** @param asked filters of this request: they may be left out, not changed. @throws Refused `invalid_cursor` */
  read<Filters extends object>(list: string, cursor: string, asked: Filters): Place<Filters> {
    const [body = '', mac = '', more] = cursor.split('.')
    const given = Buffer.from(mac, 'base64url')
    const isOurs =
      more === undefined &&
      given.length === MAC_BYTES &&
      timingSafeEqual(given, this.#mac(list, body))
    if (!isOurs) throw invalid('It was not made by this ledger for this list.')
    const [after, filters] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
      string | number,
      Filters,
    ]
    for (const [name, value] of Object.entries(asked)) {
      if (value === undefined) continue
      const kept: unknown = Reflect.get(filters, name)
      if (canonicalJson(kept) !== canonicalJson(value)) {
        throw invalid(`It carries another ${name} than this request: leave that out.`)
      }
    }
    return { filters, after }
  }

  /** Whether it was made for that list. */
  isOf(list: string, cursor: string): boolean {
    const [body = '', mac = ''] = cursor.split('.')
    const given = Buffer.from(mac, 'base64url')
    return given.length === MAC_BYTES && timingSafeEqual(given, this.#mac(list, body))
  }

  #mac(list: string, body: string): Buffer {
    const whole = createHmac('sha256', this.#secret).update(`${list}\n${body}`).digest()
    return whole.subarray(0, MAC_BYTES)
  }
}

function invalid(detail: string): Refused {
  return new Refused({ code: 'invalid_cursor', param: 'cursor', detail })
}
