/** The HTTP application: every route of the contract with its handler, admission, and the end of all errors. */
import {
  BODY_BYTES_MAX,
  MediaType,
  type Method,
  OPERATION_IDS,
  type OperationId,
  type Route,
  ROUTES,
} from '@tallystick/contract'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'

import type { Caller } from './access/caller.ts'
import { assertScope } from './access/door.ts'
import { EVENTS } from './events/handlers.ts'
import { clientErrorHandler } from './http/client-error.ts'
import { Exchange } from './http/exchange.ts'
import { hasOneHost } from './http/hosts.ts'
import { readBody } from './http/read-body.ts'
import { Refused } from './http/refused.ts'
import { answerStray } from './http/stray.ts'
import {
  BODY_BYTES_IN_FLIGHT_MAX,
  HEADER_BYTES_MAX,
  HEADERS_MS_MAX,
  CONNECTIONS_CHECK_MS,
  KEEP_ALIVE_MS_MAX,
  PATH_PARAMETER_BYTES_MAX,
  REQUEST_MS_MAX,
  SMALL_BODY_BYTES_KEPT,
  SOCKET_IDLE_MS_MAX,
} from './limits.ts'
import { operationsHandlers } from './operations.ts'
import { readHandler } from './read/handlers.ts'
import { RULES } from './rules/handlers.ts'
import type { Service } from './service.ts'
import { TRUST } from './trust/handlers.ts'
import { WEBHOOKS } from './webhooks/handlers.ts'
import { type Handler, writeHandler } from './write/handler.ts'
import { OPERATIONS } from './write/operations.ts'
import { Writer } from './write/writer.ts'

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange | undefined
  }
}

/** `all`: every route. `public`: without those of the second listener. `admin`: those alone. */
export type AppPart = 'all' | 'public' | 'admin'

const ADMIN: readonly OperationId[] = ['getMetrics']
const ALSO_ADMIN: readonly OperationId[] = ['getMetrics', 'getHealth', 'getReadiness']

export function buildApp(service: Service, part: AppPart, connectionsMax: number): FastifyInstance {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS_MAX,
    connectionTimeout: SOCKET_IDLE_MS_MAX,
    clientErrorHandler: clientErrorHandler(service),
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_MS_MAX,
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
      // Not kept: the address is read once per write, and closed sockets have none.
      noDelay: true,
    },
    routerOptions: {
      maxParamLength: PATH_PARAMETER_BYTES_MAX,
      // The query is read from the URL by whoever wants it, where a name given twice can be told.
      querystringParser: () => ({}),
      onBadUrl: (_path, request, response) =>
        answerStray(service, request, response, 'bad_request'),
    },
    frameworkErrors: (_error, request, reply) => {
      reply.hijack()
      answerStray(service, request.raw, reply.raw, 'bad_request')
    },
  })
  app.server.maxConnections = connectionsMax
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.decorateRequest('exchange', undefined)
  app.setErrorHandler((error, request, reply) => failed(service, error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    reply.hijack()
    if (hasOneHost(service, request.raw, reply.raw)) {
      answerStray(service, request.raw, reply.raw, 'not_found')
    }
  })
  addRoutes(app, service, part)
  return app
}

function addRoutes(app: FastifyInstance, service: Service, part: AppPart): void {
  const writer = new Writer(service)
  const operations = operationsHandlers(service)
  for (const id of OPERATION_IDS) {
    if (part === 'admin' && !ALSO_ADMIN.includes(id)) continue
    if (part === 'public' && ADMIN.includes(id)) continue
    const operation = OPERATIONS[id]
    const handler =
      operation === undefined
        ? (operations[id] ??
          TRUST[id] ??
          EVENTS[id] ??
          WEBHOOKS[id] ??
          RULES[id] ??
          readHandler(id))
        : writeHandler(writer, id, operation)
    if (handler === undefined) throw new Error(`operation ${id} has no handler`)
    addRoute(app, service, id, handler)
    // Problems name the page of errors, which is a part of the one page.
    if (id === 'getDocs') addRoute(app, service, id, handler, '/docs/errors')
  }
}

// oxlint-disable-next-line max-params -- the path is given for one route alone
function addRoute(
  app: FastifyInstance,
  service: Service,
  id: OperationId,
  handler: Handler,
  path: string = ROUTES[id].path,
): void {
  const route: Route = ROUTES[id]
  app.route({
    method: route.method satisfies Method,
    url: path.replaceAll(/\{(\w+)\}/g, ':$1').replace(/\{\+\w+\}/, '*'),
    bodyLimit: Math.max(1, route.bodyBytesMax),
    onRequest: (request, reply, done) => {
      if (!hasOneHost(service, request.raw, reply.raw)) {
        reply.hijack()
        return
      }
      const exchange = new Exchange(service, { request, reply }, { id, route })
      whenKnown(exchange, () => {
        if (!isLetIn(exchange)) return
        // The rest of the framework's way would find nothing to do: no validation, no hooks, no serialiser.
        if (route.method === 'GET') return run(handler, exchange)
        const length = knownLength(exchange)
        if (length < 0) {
          request.exchange = exchange
          return done()
        }
        readBody(exchange, length, (body) => {
          request.body = body
          run(handler, exchange)
        })
      })
    },
    handler: ({ exchange }) => {
      if (exchange !== undefined) run(handler, exchange)
    },
  })
}

/** Nearly always at once: only a token that nobody has verified yet is waited for. */
function whenKnown(exchange: Exchange, then: () => void): void {
  const { service, route } = exchange
  try {
    const waiting = service.door.wait(exchange.knock, route)
    if (waiting === undefined) return then()
    void goOnAfter(waiting, exchange, then)
  } catch (error) {
    exchange.fail(error)
  }
}

async function goOnAfter(
  waiting: Promise<void>,
  exchange: Exchange,
  then: () => void,
): Promise<void> {
  try {
    await waiting
    if (!exchange.request.raw.socket.destroyed) then()
  } catch (error) {
    exchange.fail(error)
  }
}

function isLetIn(exchange: Exchange): boolean {
  const { service, route } = exchange
  try {
    exchange.principal = service.door.enter(exchange.knock, route)
    if (exchange.principal !== undefined) exchange.principal = letIn(exchange, exchange.principal)
    admit(exchange)
    return true
  } catch (error) {
    turnAway(exchange, error)
    return false
  }
}

/** The caller with the rights that count for this request. @throws Refused 400, 403, 429 */
function letIn(exchange: Exchange, source: Caller): Caller {
  const { service, route } = exchange
  exchange.rateFields = service.callRates.admit(source)
  const caller = service.door.represent(source, exchange.header('tally-initiator'))
  assertScope(caller, route)
  return caller
}

/** A key that is none is answered by and by; whoever sent none at all has guessed nothing. */
function turnAway(exchange: Exchange, error: unknown): void {
  const isGuess = error instanceof Refused && error.facts.code === 'unauthenticated'
  if (!isGuess || exchange.header('authorization') === undefined) return exchange.fail(error)
  exchange.service.wrongKeys.turnAway(error, exchange.from, (refusal) => exchange.fail(refusal))
}

function run(handler: Handler, exchange: Exchange): void {
  try {
    handler(exchange)
  } catch (error) {
    exchange.fail(error)
  }
}

/** Bytes of a body of a plain media type whose length stands before it; -1: the framework reads it. */
function knownLength(exchange: Exchange): number {
  const type = exchange.header('content-type')
  if (type !== MediaType.json && type !== MediaType.batch) return -1
  const length = exchange.header('content-length')
  return length === undefined ? -1 : Number(length)
}

/** Holds the memory of bodies to its limit before a body is read. @throws Refused */
function admit(exchange: Exchange): void {
  const { service, route } = exchange
  if (service.draining && route.scope !== null) {
    throw new Refused({ code: 'unavailable', detail: 'The server is stopping.' })
  }
  if (route.method === 'GET') return
  // What asks by POST only reads.
  if (service.trust?.isBehind === true && (route.writes || route.method === 'DELETE'))
    throw behindSigned()
  const { metrics } = service
  const declared = Number(exchange.header('content-length') ?? route.bodyBytesMax)
  if (declared > route.bodyBytesMax) {
    throw new Refused({
      ...{ code: 'body_too_large', param: 'body', limit: String(route.bodyBytesMax) },
      detail: `The body has ${declared} bytes; ${route.bodyBytesMax} is the most.`,
    })
  }
  const kept = declared > BODY_BYTES_MAX ? SMALL_BODY_BYTES_KEPT : 0
  if (metrics.bodyBytesInFlight + declared > BODY_BYTES_IN_FLIGHT_MAX - kept) {
    throw new Refused({ code: 'overloaded', detail: 'Too many bytes are on their way already.' })
  }
  exchange.bodyBytes = declared
  metrics.bodyBytesInFlight += declared
}

/** Until a person has looked: the right data is put back, or a fork is said to be one. */
function behindSigned(): Refused {
  const detail =
    'More events were signed than this book has: its end was lost. Reads go on; nothing is written.'
  return new Refused({ code: 'behind_signed', detail })
}

function failed(
  service: Service,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { exchange } = request
  if (exchange !== undefined) return exchange.fail(error)
  reply.hijack()
  answerStray(service, request.raw, reply.raw, 'bad_request')
}
