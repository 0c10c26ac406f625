/** `GET /v1/events`. */
import {
  type EventsQuery,
  headersRefusal,
  type OperationId,
  parseEventId,
} from '@tallystick/contract'

import { assertHears } from '../access/reach.ts'
import type { Exchange } from '../http/exchange.ts'
import { allow, Refused, refuse } from '../http/refused.ts'
import type { Service } from '../service.ts'
import { type Handler, queryOf } from '../write/handler.ts'
import { SHARD } from './book-event.ts'
import { EventFilter } from './event-filter.ts'
import { EventListener } from './event-listener.ts'

export const EVENTS: Partial<Record<OperationId, Handler>> = {
  streamEvents: (exchange) => {
    const { service } = exchange
    allow(headersRefusal('streamEvents', exchange.request.headers))
    const query = queryOf(exchange) as EventsQuery
    const filter = new EventFilter(query)
    assertHears(exchange, { accounts: [...(filter.accounts ?? [])], prefix: query.prefix })
    const after = placeAsked(exchange, query)
    if (service.events.isFull) {
      throw new Refused({ code: 'overloaded', detail: 'Too many listen to events already.' })
    }
    service.events.add(new EventListener(exchange, service.events, { filter, after }))
  },
}

/** Sequence of the last event that the listener knows. @throws Refused */
function placeAsked(exchange: Exchange, { after }: EventsQuery): number {
  const { service } = exchange
  const header = exchange.header('last-event-id')
  if (header !== undefined) return placeOf(service, header, 'last-event-id')
  if (after === undefined) return service.ledger.durableSequence
  return after === '0' ? 0 : placeOf(service, after, 'after')
}

/** @throws Refused for a place that this ledger has not reached: another ledger's, or one whose end was lost. */
function placeOf({ ledger }: Service, id: string, param: string): number {
  const place = parseEventId(id)
  if (place?.shard === SHARD && place.sequence <= ledger.durableSequence) return place.sequence
  const detail = `This ledger has no event ${id}: its newest one is ${SHARD}-${ledger.durableSequence}.`
  return refuse(param === 'after' ? 'invalid_parameter' : 'invalid_header', param, detail)
}
