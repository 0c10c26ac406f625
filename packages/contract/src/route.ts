/** What a route is: everything that server, documents and client need to know of one operation. */
import type { Type } from 'typebox'
import type { AnswerHeader } from './headers.ts'
import type { Scope } from './scopes.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** `interactive` goes first; `bulk` is cut into slices and keeps at least a tenth. `Priority` overrules it. */
export type RouteLane = 'interactive' | 'bulk'

/**
 * What a right has to reach. `everywhere`: every address there is. `rows`: the answer has only what is reached. `address`: that of the path. `prefix`: all below the one that the query names. `found`: what
 * is found decides. `commands`: what each command of the request touches. `anywhere`: it is enough to have it.
 */
export type Reach = 'anywhere' | 'everywhere' | 'address' | 'prefix' | 'rows' | 'found' | 'commands'

export type Resource =
  | 'access'
  | 'accounts'
  | 'assets'
  | 'balances'
  | 'batches'
  | 'books'
  | 'entries'
  | 'events'
  | 'holds'
  | 'log'
  | 'operations'
  | 'read_models'
  | 'reports'
  | 'requests'
  | 'rules'
  | 'subjects'
  | 'transactions'
  | 'transfers'
  | 'webhooks'

export interface Answer {
  readonly description: string
  /** By media type; without schema the body is text or bytes. Empty: no body. */
  readonly content: Readonly<Record<string, Type.TSchema | undefined>>
  readonly headers?: readonly AnswerHeader[]
}

export interface RouteExample {
  /** What follows `/v1`, with its query. */
  readonly path: string
  readonly body?: unknown
  readonly answer?: unknown
}

export interface Route {
  readonly method: Method
  /** With `{name}` for parameters, `{+name}` at the end for one that may have slashes (RFC 6570). */
  readonly path: string
  /** u16 in the journal's saved requests: never changed, never given twice. */
  readonly number: number
  readonly resource: Resource
  readonly summary: string
  readonly description: string
  readonly example?: RouteExample
  /** Whether it appends to the log: idempotency, priority, dry run and receipts apply. */
  readonly writes: boolean
  /** null: no key is needed. Several: one of them at least, and what is asked for decides which. */
  readonly scope: Scope | readonly Scope[] | null
  readonly reach: Reach
  readonly lane: RouteLane
  readonly params?: Type.TObject
  readonly query?: Type.TObject
  readonly headers?: Type.TObject
  /** JSON body. */
  readonly body?: Type.TSchema
  /** Whether the body may be left out. */
  readonly bodyOptional?: true
  /** Further media types of the body, with a description each. */
  readonly bodyOtherwise?: Readonly<Record<string, string>>
  /** Bytes of the longest body; above it 413. */
  readonly bodyBytesMax: number
  /** Good answers by status. */
  readonly answers: Readonly<Record<number, Answer>>
  /** Statuses with which it answers problems, without those that its headers bring along: `problemStatuses` has all. */
  readonly problems: readonly number[]
}

/** All statuses with which a route answers problems, in order. */
export function problemStatuses({ problems, headers, scope }: Route): readonly number[] {
  const isHeldToSequence = Object.hasOwn(headers?.properties ?? {}, 'ledger-min-sequence')
  const ofSequence = isHeldToSequence ? [412] : []
  // Whoever needs a key can have a wrong one, act for the wrong one, and ask too often.
  const ofCaller = scope === null ? [] : [400, 401, 403, 429]
  const all = new Set([...problems, ...ofSequence, ...ofCaller])
  return [...all].sort((one, other) => one - other)
}
