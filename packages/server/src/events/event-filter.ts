/** Which events somebody wants. */
import { EVENT_FILTER_MAX, EVENT_TYPES, type EventType, QUIET_TYPES } from '@tallystick/contract'

import { refuse } from '../http/refused.ts'
import type { BookEvent } from './book-event.ts'

/** As asked for, in words. */
export interface EventWish {
  /** Types with commas between them; `hold.*`, `*`. */
  readonly type?: string | undefined
  /** Addresses with commas between them. */
  readonly account?: string | undefined
  readonly prefix?: string | undefined
  readonly asset?: string | undefined
  readonly reference?: string | undefined
}

export class EventFilter {
  /** Exactly these accounts; undefined: whichever. */
  readonly accounts: ReadonlySet<string> | undefined
  readonly #types: ReadonlySet<EventType>
  readonly #prefix: string
  readonly #asset: string | undefined
  readonly #reference: string | undefined

  /** @throws Refused for a type that there is not, and for a name that stands for several accounts. */
  constructor(wish: EventWish) {
    this.#types = typesOf(wish.type)
    this.accounts = wish.account === undefined ? undefined : accountsOf(wish.account)
    this.#prefix = wish.prefix?.replace(/:$/, '') ?? ''
    this.#asset = wish.asset
    this.#reference = wish.reference
  }

  wants(event: BookEvent): boolean {
    if (!this.#types.has(event.type)) return false
    if (this.accounts !== undefined && !event.accounts.some((each) => this.accounts?.has(each))) {
      return false
    }
    if (this.#prefix !== '' && !event.accounts.some((each) => isUnder(each, this.#prefix))) {
      return false
    }
    if (this.#asset !== undefined && event.assetText !== this.#asset) return false
    return this.#reference === undefined || event.reference === this.#reference
  }
}

/** Whole leading segments. */
function isUnder(address: string, prefix: string): boolean {
  return (
    address.startsWith(prefix) &&
    (address.length === prefix.length || address[prefix.length] === ':')
  )
}

function typesOf(text: string | undefined): ReadonlySet<EventType> {
  if (text === undefined) return new Set(EVENT_TYPES.filter((type) => !QUIET_TYPES.includes(type)))
  return new Set(listOf(text, 'type').flatMap(typesLike))
}

function typesLike(pattern: string): readonly EventType[] {
  const types = pattern.endsWith('*')
    ? EVENT_TYPES.filter((type) => type.startsWith(pattern.slice(0, -1)))
    : EVENT_TYPES.filter((type) => type === pattern)
  if (types.length > 0) return types
  return refuse('invalid_parameter', 'type', `No type of event is called ${pattern}.`)
}

function accountsOf(text: string): ReadonlySet<string> {
  const addresses = listOf(text, 'account')
  if (!addresses.includes('world')) return new Set(addresses)
  const detail = 'There is one world account per asset: name it, like world:EUR-2.'
  return refuse('invalid_parameter', 'account', detail)
}

function listOf(text: string, param: string): string[] {
  const list = text.split(',').filter((each) => each !== '')
  if (list.length > 0 && list.length <= EVENT_FILTER_MAX) return list
  return refuse('invalid_parameter', param, `Give 1 to ${EVENT_FILTER_MAX}, not ${list.length}.`)
}
