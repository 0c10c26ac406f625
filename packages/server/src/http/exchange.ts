/** One request and its answer, between network and handlers. */
import { REFUSALS } from '@tallystick/access'
import {
  formatRequestId,
  MediaType,
  type OperationId,
  type ProblemFacts,
  type Route,
} from '@tallystick/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { errorFields } from '../start/log.ts'
import { UNREAD_BYTES_MAX, UNREAD_MS_MAX } from '../limits.ts'
import type { Caller } from '../access/caller.ts'
import { claimedInitiator, type Knock } from '../access/door.ts'
import { redacted, redacts } from '../access/redact.ts'
import type { Service } from '../service.ts'
import { newRequestId } from './ids.ts'
import { factsOfError, isAlarming, problemAnswer } from './problem-answer.ts'
import { Refused } from './refused.ts'

export class Exchange {
  readonly service: Service
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly id: OperationId
  readonly route: Route
  readonly nowMs = Date.now()
  /** Undefined on routes that need no key. */
  principal: Caller | undefined
  /** How much is left of a rate of its own. */
  rateFields: Readonly<Record<string, string>> | undefined
  /** Path and body of a write that was planned from them. */
  asked: { readonly params: unknown; readonly body: unknown } | undefined
  /** Bytes of the body that count as in flight. */
  bodyBytes = 0
  /** The body's memory, when it is the pool's, and the digest that was made on the way. */
  pooled: { readonly memory: Buffer; readonly digest: Uint8Array } | undefined
  readonly #started = performance.now()
  #from: string | undefined
  #requestId: Uint8Array | undefined
  #requestIdText: string | undefined
  #answered = false

  constructor(
    service: Service,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    { id, route }: { id: OperationId; route: Route },
  ) {
    this.service = service
    this.request = request
    this.reply = reply
    this.id = id
    this.route = route
  }

  /** Made when it is asked for: most reads never show it. */
  get requestId(): Uint8Array {
    this.#requestId ??= newRequestId(this.nowMs)
    return this.#requestId
  }

  get requestIdText(): string {
    this.#requestIdText ??= formatRequestId(this.requestId)
    return this.#requestIdText
  }

  get path(): string {
    const { url } = this.request
    const end = url.indexOf('?')
    return end < 0 ? url : url.slice(0, end)
  }

  /** What the door asks of whoever comes. */
  get knock(): Knock {
    const { authorization } = this.request.headers
    return { authorization, from: this.from, nowMs: Date.now() }
  }

  /** The client's address, through the proxies that are trusted; '' when the connection has none any more. Looked at once, while there is one. */
  get from(): string {
    this.#from ??= this.service.clients.addressOf(this.request.raw)
    return this.#from
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return typeof value === 'string' ? value : undefined
  }

  /** Names and values of the query; empty without one. */
  get queryPairs(): Iterable<readonly [string, string]> {
    const { url } = this.request
    const at = url.indexOf('?')
    return at < 0 ? NO_PAIRS : new URLSearchParams(url.slice(at + 1))
  }

  answerJson(status: number, text: string, headers = NO_HEADERS): void {
    this.answer(status, text, headers === NO_HEADERS ? JSON_TYPE : { ...JSON_TYPE, ...headers })
  }

  /** Sends the whole of an answer. */
  answer(
    status: number,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): void {
    if (this.#answered) return
    this.done(status)
    const shown = this.#shown(body, headers)
    const { raw } = this.reply
    this.reply.hijack()
    if (raw.destroyed) return
    const length = typeof shown === 'string' ? Buffer.byteLength(shown) : shown.length
    const fields = ['content-length', String(length), ...SAFE]
    for (const name in headers) fields.push(name, headers[name] ?? '')
    for (const name in this.rateFields) fields.push(name, this.rateFields[name] ?? '')
    if (this.service.draining) fields.push('connection', 'close')
    if (!this.request.raw.complete) this.#skipRest()
    raw.writeHead(status, fields)
    // What is ASCII needs no transcoding: a fifth of the time that a single transfer's answer takes.
    if (typeof shown === 'string' && length === shown.length) raw.end(shown, 'latin1')
    else raw.end(shown)
  }

  /** As much of an answer as the caller may see. */
  #shown(
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): string | Uint8Array {
    const rights = this.principal?.rights
    if (typeof body !== 'string' || !redacts(rights)) return body
    return redacted(body, headers['content-type'] ?? '', rights)
  }

  /** Of a body that nobody will read, little is skipped; for more the client has the time to see its answer, then it is cut off. */
  #skipRest(): void {
    const isEndless = this.header('transfer-encoding') !== undefined
    const length = Number(this.header('content-length') ?? 0)
    if (!isEndless && length <= UNREAD_BYTES_MAX) return
    const { raw } = this.request
    setTimeout(() => {
      if (!raw.complete) raw.socket.destroy()
    }, UNREAD_MS_MAX).unref()
  }

  /** Counts it; whoever streams an answer calls this by himself. */
  done(status: number): void {
    this.#answered = true
    const { metrics } = this.service
    metrics.observe(this.id, status, performance.now() - this.#started)
    metrics.bodyBytesInFlight -= this.bodyBytes
    this.bodyBytes = 0
  }

  /** The body is not read any more, by whomever: not before the engine is done with it. */
  endBody(): void {
    if (this.pooled !== undefined) this.service.bodies.give(this.pooled.memory)
    this.pooled = undefined
  }

  get isAnswered(): boolean {
    return this.#answered
  }

  problem(facts: ProblemFacts, headers: Readonly<Record<string, string>> = {}): void {
    this.problemOf(facts, this.requestIdText, headers)
  }

  /** @param requestId of the request that was refused first, when this one repeats it. */
  problemOf(
    facts: ProblemFacts,
    requestId: string,
    headers: Readonly<Record<string, string>>,
  ): void {
    const { publicUrl } = this.service
    const about = { requestId, instance: this.path, publicUrl }
    const problem = problemAnswer(facts, about, headers)
    this.answer(problem.status, problem.text, { ...PROBLEM_TYPE, ...problem.headers })
  }

  /** Whatever was thrown. */
  fail(error: unknown): void {
    const facts = factsOfError(error)
    if (isAlarming(facts)) {
      const about = { request: this.requestIdText, operation: this.id, from: this.from }
      this.service.log.error('a request failed', { ...about, ...errorFields(error) })
    }
    if (this.#answered) return
    this.#note(facts.code, error instanceof Refused ? error : undefined)
    this.problem(facts, error instanceof Refused ? error.headers : {})
  }

  /** Attempts that were turned away are events of the log, counted. */
  #note(code: ProblemFacts['code'], refused: Refused | undefined): void {
    const result = REFUSALS.find((each) => each === code)
    if (result === undefined || (result === 'not_found' && refused?.isByRight !== true)) return
    const { principal, service, nowMs } = this
    const attempt = {
      principal: principal?.name ?? refused?.tried?.principal ?? null,
      key: principal?.keyId ?? refused?.tried?.keyId ?? null,
      initiator: claimedInitiator(this.header('tally-initiator')),
      ...{ source: this.from, operation: this.id, result },
    }
    service.refusals.add(attempt, nowMs)
  }
}

const NO_HEADERS: Readonly<Record<string, string>> = {}
const NO_PAIRS: readonly (readonly [string, string])[] = []
const JSON_TYPE = { 'content-type': `${MediaType.json}; charset=utf-8` }
const PROBLEM_TYPE = { 'content-type': MediaType.problem }
/** Answers are data: nothing may run or frame them, nobody keeps them. */
const SAFE = ['cache-control', 'no-store', 'x-content-type-options', 'nosniff']
