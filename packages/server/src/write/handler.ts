/** Handlers of the operations that write. */
import {
  BATCH_COMMANDS_MAX,
  type BatchQuery,
  bodyRefusal,
  MalformedBatch,
  MediaType,
  packBatchAnswer,
  parseParams,
  parseQuery,
  type OperationId,
} from '@tallystick/contract'
import { formatRequestId } from '@tallystick/contract'
import type { Outcome } from '@tallystick/engine'
import { MalformedCommand } from '@tallystick/ledger'

import { assertPath } from '../access/reach.ts'
import { bodyForm, bytesOf, jsonBody, ndjsonLines } from '../http/body.ts'
import type { Exchange } from '../http/exchange.ts'
import { letGo } from '../http/read-body.ts'
import { Refused } from '../http/refused.ts'
import { packedDigest } from './digest.ts'
import { readPackedBatch } from './packed-batch.ts'
import type { WriteOperation } from './plan.ts'
import { type Manner, mannerOf, type Writer } from './writer.ts'

export type Handler = (exchange: Exchange) => void

export function writeHandler(writer: Writer, id: OperationId, operation: WriteOperation): Handler {
  if (id === 'createBatch') return batchHandler(writer, operation)
  return (exchange) => {
    const manner = mannerOf(exchange, writeQueryOf(exchange))
    const params = paramsOf(exchange)
    assertPath(exchange, params)
    const form = bodyForm(exchange)
    if (id === 'createTransfer' && form === 'json' && writer.writeAlone(exchange, manner)) return
    const body = jsonBody(exchange, id, form)
    writer.write(exchange, operation, { params, body }, manner)
  }
}

interface WriteQuery {
  readonly dry_run?: boolean
}

const NO_QUERY: WriteQuery = {}

/** Most writes have no query, and none of its parameters has to be given. @throws Refused */
function writeQueryOf(exchange: Exchange): WriteQuery & BatchQuery {
  return exchange.request.url.includes('?') ? (queryOf(exchange) as WriteQuery) : NO_QUERY
}

/** What the query asks, as the contract's schema lets it through. @throws Refused */
export function queryOf(exchange: Exchange): unknown {
  const parsed = parseQuery(exchange.id, exchange.queryPairs)
  if (parsed.refusal !== undefined) throw new Refused(parsed.refusal)
  return parsed.value
}

/** @throws Refused */
export function paramsOf(exchange: Exchange): unknown {
  if (exchange.route.params === undefined) return undefined
  const parsed = parseParams(exchange.id, namedParams(exchange))
  if (parsed.refusal !== undefined) throw new Refused(parsed.refusal)
  return parsed.value
}

/** The one parameter that may have slashes, which the router calls `*`, by its name. */
function namedParams({ request, route }: Exchange): Record<string, string> {
  const params = request.params as Record<string, string>
  const name = /\{\+(\w+)\}$/.exec(route.path)?.[1]
  return name === undefined ? params : { [name]: params['*'] ?? '' }
}

function batchHandler(writer: Writer, operation: WriteOperation): Handler {
  return (exchange) => {
    const query = writeQueryOf(exchange)
    const manner = mannerOf(exchange, query)
    const form = bodyForm(exchange)
    if (form === 'batch') return writePacked(writer, exchange, manner, query)
    // Plain transfers may have ids, which only the general form tells apart.
    const rights = exchange.principal?.rights
    const mayNameIds = rights === undefined || rights.has('ids:raw')
    if (form === 'json' && query.atomic !== true && mayNameIds) {
      const bytes = bytesOf(exchange.request.body)
      const batch = writer.plainBatches.read(bytes)
      if (batch !== undefined) {
        writer.writePlain(exchange, manner, batch, query.balances ?? true)
        return letGo(bytes)
      }
    }
    const body =
      form === 'ndjson'
        ? ndjsonBody(exchange, query)
        : (jsonBody(exchange, 'createBatch', form) as { atomic?: boolean })
    const isAtomic = query.atomic ?? body.atomic ?? false
    if (body.atomic !== undefined && isAtomic !== body.atomic) {
      const detail = 'atomic is given twice, and not the same.'
      throw new Refused({ code: 'invalid_parameter', param: 'atomic', detail })
    }
    const asked = { ...body, atomic: isAtomic, balances: query.balances ?? true }
    const inForm = { ...manner, asLines: form === 'ndjson' }
    writer.write(exchange, operation, { params: undefined, body: asked }, inForm)
  }
}

function ndjsonBody(exchange: Exchange, { atomic = false }: BatchQuery): { atomic: boolean } {
  const commands = ndjsonLines(bytesOf(exchange.request.body), BATCH_COMMANDS_MAX)
  const body = { atomic, commands }
  const refusal = bodyRefusal('createBatch', body)
  if (refusal !== undefined) throw new Refused(refusal)
  return body
}

function writePacked(writer: Writer, exchange: Exchange, manner: Manner, query: BatchQuery): void {
  const bytes = bytesOf(exchange.request.body)
  const digest = exchange.pooled?.digest ?? packedDigest().update(bytes).digest()
  const batch = packedOf(bytes, query.atomic)
  const request = writer.requestOf(exchange, manner, { digest, batch: batch.batch })
  writer.submitPacked(exchange, request, batch, (outcome) => {
    answerPacked(writer, exchange, outcome, manner)
  })
}

function packedOf(bytes: Buffer, atomic: boolean | undefined): ReturnType<typeof readPackedBatch> {
  try {
    return readPackedBatch(bytes, atomic)
  } catch (error) {
    if (error instanceof MalformedBatch || error instanceof MalformedCommand) {
      throw new Refused({ code: 'malformed_batch', param: 'body', detail: error.message })
    }
    throw error
  }
}

function answerPacked(
  writer: Writer,
  exchange: Exchange,
  outcome: Outcome,
  { respondAsync }: Manner,
): void {
  if (respondAsync && !outcome.dryRun) {
    const requestId = outcome.replayed
      ? formatRequestId(outcome.saved.requestId)
      : exchange.requestIdText
    return writer.receipt(exchange, outcome, requestId)
  }
  const statuses = new Uint8Array(outcome.count)
  for (let index = 0; index < outcome.count; index++) statuses[index] = outcome.status(index)
  const { firstSequence, firstTimestamp, replayed, dryRun } = outcome
  const first = dryRun ? firstSequence - 1 : firstSequence
  const body = packBatchAnswer({
    ...{ statuses, firstTimestamp, replayed, dryRun, firstSequence: BigInt(first) },
  })
  exchange.answer(200, body, { 'content-type': MediaType.batch, ...writer.headersOf(outcome) })
}
