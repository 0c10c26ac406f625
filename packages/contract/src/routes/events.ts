/** The stream of events. */
import { EventsHeaders, EventsQuery } from '../events.ts'
import { MediaType } from '../media-types.ts'
import { read } from './define.ts'

export const eventRoutes = {
  streamEvents: read({
    number: 130,
    method: 'GET',
    path: '/v1/events',
    resource: 'events',
    summary: 'Follow events',
    description:
      'What the ledger decides, once it is durable, as server-sent events (`text/event-stream`): CloudEvents 1.0 in the order of the ledger, from any position on. `id` of each is its place; an `id` without data says how far the stream has come when nothing in between fits the filter. A key whose right is limited to addresses hears of those, without the balances of others. A receiver that is slow gets the same, later, and delays nobody.',
    example: { path: '/events?after=0-3&type=transfer.*,hold.*&prefix=users' },
    headers: EventsHeaders,
    scope: 'events:read',
    reach: 'prefix',
    lane: 'interactive',
    query: EventsQuery,
    answers: {
      200: { description: 'Events, without an end.', content: { [MediaType.events]: undefined } },
    },
  }),
} as const
