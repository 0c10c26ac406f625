/** One call: the request, its tries under one deadline and one idempotency key, and what came back. */
import {
  AwaitingApproval,
  DeadlineExceeded,
  NoAnswer,
  problemError,
  type ProblemFacts,
  TallystickError,
} from './errors.ts'
import type { ReadOptions, Settings, WriteOptions } from './options.ts'
import { isRetryable, retryAfterMs, sleep, TIMER_MS_MAX, waitMs } from './retry.ts'
import { uuidv7 } from './uuid.ts'
import { LogWatch } from './watch/log-watch.ts'
import { fromWire, queryText, toWire } from './wire.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** From `/v1` on, encoded, without a query. */
  readonly path: string
  readonly query?: object
  /** JSON in the names of programs, or bytes as they are. */
  readonly body?: object
  /** Default: JSON. */
  readonly mediaType?: string
  /** Of a stream of events: where to go on. */
  readonly lastEventId?: string | undefined
  readonly options: ReadOptions & WriteOptions
}

export class Transport {
  readonly settings: Settings
  readonly watch: LogWatch
  /** Opaque: what this client's newest write was answered with. */
  lastSequence: string | undefined

  constructor(settings: Settings) {
    this.settings = settings
    this.watch = new LogWatch(settings)
  }

  /** JSON body in the names of programs. @throws ProblemError, NoAnswer, the signal's reason */
  async json<Body>(call: Call): Promise<Body> {
    const text = await this.text(call, 'application/json')
    try {
      return fromWire(JSON.parse(text)) as Body
    } catch (cause) {
      throw new TallystickError('the answer is not JSON: is this the server?', { cause })
    }
  }

  async text(call: Call, accept: string): Promise<string> {
    return new TextDecoder().decode(await this.bytes(call, accept))
  }

  async bytes(call: Call, accept: string): Promise<Uint8Array> {
    const { timeoutMs = this.settings.timeoutMs, signal } = call.options
    const isAsked = call.method === 'GET' || call.method === 'DELETE'
    const key = isAsked ? undefined : (call.options.idempotencyKey ?? uuidv7())
    const request = this.#request(call, accept, key)
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), Math.min(timeoutMs, TIMER_MS_MAX))
    const whole =
      signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, signal])
    try {
      return await this.#tries(request, call, whole)
    } catch (error) {
      // The caller's own abort comes back as the caller gave it.
      if (signal?.aborted === true) throw signal.reason
      if (!deadline.signal.aborted) throw error
      const message = `no answer within ${timeoutMs} ms`
      throw error instanceof DeadlineExceeded ? error : new DeadlineExceeded(message, key, error)
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * One try of a read whose answer does not end: its body, as long as the signal lets it.
   * @throws ProblemError, NoAnswer, the signal's reason
   */
  async stream(
    call: Call,
    accept: string,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const request = this.#request(call, accept, undefined)
    const slow = new AbortController()
    const timer = setTimeout(() => slow.abort(), this.settings.tryTimeoutMs)
    try {
      const whole = AbortSignal.any([signal, slow.signal])
      const response = await this.settings.fetch(request.url, { ...request.init, signal: whole })
      if (response.status < 400 && response.body !== null) return response.body
      const bytes = new Uint8Array(await response.arrayBuffer())
      throw problemError(factsOf(response, bytes))
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (error instanceof TallystickError) throw error
      throw new NoAnswer(`no answer from ${this.settings.url}`, undefined, error)
    } finally {
      clearTimeout(timer)
    }
  }

  async #tries(request: Prepared, call: Call, whole: AbortSignal): Promise<Uint8Array> {
    const { retries = this.settings.retries, tryTimeoutMs = this.settings.tryTimeoutMs } =
      call.options
    for (let tries = 1; ; tries++) {
      const outcome = await this.#try(request, call, whole, tryTimeoutMs)
      if (outcome.answered !== undefined) return outcome.answered
      if (tries > retries || !outcome.mayRetry) throw outcome.error
      await sleep(waitMs(tries, outcome.retryAfterMs, Math.random()), whole)
    }
  }

  async #try(
    request: Prepared,
    call: Call,
    whole: AbortSignal,
    tryTimeoutMs: number,
  ): Promise<Outcome> {
    const signal = AbortSignal.any([whole, AbortSignal.timeout(tryTimeoutMs)])
    try {
      const response = await this.settings.fetch(request.url, { ...request.init, signal })
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (response.status < 400) {
        if (call.method !== 'GET') this.#remember(response)
        this.watch.answered()
        const awaited = response.status === 202 ? awaitedOf(bytes) : undefined
        return awaited === undefined ? { answered: bytes } : { error: awaited, mayRetry: false }
      }
      const facts = factsOf(response, bytes)
      const mayRetry = isRetryable(response.status)
      return { error: problemError(facts), mayRetry, retryAfterMs: facts.retryAfterMs }
    } catch (error) {
      if (whole.aborted) throw error
      const message = `no answer from ${this.settings.url}`
      return { error: new NoAnswer(message, request.key, error), mayRetry: true }
    }
  }

  #remember(response: Response): void {
    this.lastSequence = response.headers.get('ledger-sequence') ?? this.lastSequence
  }

  #request(call: Call, accept: string, key: string | undefined): Prepared {
    const { settings } = this
    const query = { ...call.query, ...(call.options.dryRun === true ? { dryRun: true } : {}) }
    const headers: Record<string, string> = { accept: `${accept}, application/problem+json` }
    if (settings.key !== undefined) headers['authorization'] = `Bearer ${settings.key}`
    const initiator = call.options.initiator ?? settings.initiator
    if (initiator !== undefined) headers['tally-initiator'] = initiator
    if (key !== undefined) headers['idempotency-key'] = key
    if (call.lastEventId !== undefined) headers['last-event-id'] = call.lastEventId
    if (call.options.priority !== undefined) headers['priority'] = `u=${call.options.priority}`
    const own = settings.readYourWrites ? this.lastSequence : undefined
    const minSequence = call.options.minSequence ?? own
    if (call.method === 'GET' && minSequence !== undefined) {
      headers['ledger-min-sequence'] = minSequence
    }
    const init: RequestInit = { method: call.method, headers }
    if (call.body !== undefined) {
      headers['content-type'] = call.mediaType ?? 'application/json'
      init.body = bodyOf(call.body)
    }
    return { url: `${settings.url}${call.path}${queryText(query)}`, init, key }
  }
}

interface Prepared {
  readonly url: string
  readonly init: RequestInit
  readonly key: string | undefined
}

type Outcome =
  | { readonly answered: Uint8Array }
  | {
      readonly answered?: undefined
      readonly error: Error
      readonly mayRetry: boolean
      readonly retryAfterMs?: number | undefined
    }

function bodyOf(body: object): BodyInit {
  return body instanceof Uint8Array
    ? (body as Uint8Array<ArrayBuffer>)
    : JSON.stringify(toWire(body))
}

/** From a problem; or, when something between us and the server answered, from its status alone. */
function factsOf(response: Response, bytes: Uint8Array): ProblemFacts {
  const problem = problemOf(response, bytes)
  const text = (name: string): string | undefined => {
    const value = problem[name]
    return typeof value === 'string' ? value : undefined
  }
  const amount = (name: string): bigint | undefined => {
    const value = text(name)
    return value !== undefined && /^-?\d{1,39}$/.test(value) ? BigInt(value) : undefined
  }
  return {
    status: response.status,
    code: text('code') ?? `http_${response.status}`,
    title: text('title') ?? response.statusText,
    detail: text('detail') ?? `the server answered ${response.status}`,
    param: text('param'),
    requestId: text('request_id'),
    account: text('account'),
    needed: amount('needed'),
    available: amount('available'),
    limit: amount('limit'),
    ceiling: text('ceiling'),
    resetsAt: text('resets_at'),
    retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
  }
}

/** What waits for a second person, if that is what a 202 says. */
function awaitedOf(bytes: Uint8Array): AwaitingApproval | undefined {
  const receipt = JSON.parse(new TextDecoder().decode(bytes)) as {
    readonly id: string
    readonly status: string
    readonly approval?: { readonly id: string; readonly expires_at: string }
    readonly secret?: string
  }
  if (receipt.status !== 'awaiting_approval' || receipt.approval === undefined) return undefined
  const { id, expires_at: expiresAt } = receipt.approval
  const { secret } = receipt
  return new AwaitingApproval({ approval: id, requestId: receipt.id, expiresAt, secret })
}

function problemOf(response: Response, bytes: Uint8Array): Record<string, unknown> {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true)
    return {}
  try {
    const problem: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof problem === 'object' && problem !== null ? { ...problem } : {}
  } catch {
    return {}
  }
}
