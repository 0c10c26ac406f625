/** What can go wrong, as classes: one per way to act on it. All of them are `TallystickError`s with a `code`. */
import type { ProblemCode } from './problem-code.ts'

export class TallystickError extends Error {
  override readonly name: string = 'TallystickError'
}

/** Known codes complete in editors; others come from newer servers. */
export type AnyCode = ProblemCode | (string & {})

/** What the server says (RFC 9457). Amounts are minor units. */
export interface ProblemFacts {
  readonly status: number
  readonly code: AnyCode
  readonly title: string
  readonly detail: string
  /** Field, parameter or header that it is about, in the names of the wire. */
  readonly param: string | undefined
  readonly requestId: string | undefined
  readonly account: string | undefined
  readonly needed: bigint | undefined
  readonly available: bigint | undefined
  readonly limit: bigint | undefined
  /** Which ceiling refused. */
  readonly ceiling: string | undefined
  /** When it is whole again. */
  readonly resetsAt: string | undefined
  readonly retryAfterMs: number | undefined
}

/** The server answered with a problem. */
export class ProblemError extends TallystickError implements ProblemFacts {
  override readonly name: string = 'ProblemError'
  readonly status: number
  readonly code: AnyCode
  readonly title: string
  readonly detail: string
  readonly param: string | undefined
  readonly requestId: string | undefined
  readonly account: string | undefined
  readonly needed: bigint | undefined
  readonly available: bigint | undefined
  readonly limit: bigint | undefined
  readonly ceiling: string | undefined
  readonly resetsAt: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(facts: ProblemFacts) {
    super(`${facts.code}: ${facts.detail}`)
    this.status = facts.status
    this.code = facts.code
    this.title = facts.title
    this.detail = facts.detail
    this.param = facts.param
    this.requestId = facts.requestId
    this.account = facts.account
    this.needed = facts.needed
    this.available = facts.available
    this.limit = facts.limit
    this.ceiling = facts.ceiling
    this.resetsAt = facts.resetsAt
    this.retryAfterMs = facts.retryAfterMs
  }
}

/** 400, 405, 413, 415: mend the program. Nothing was done. */
export class MalformedRequest extends ProblemError {
  override readonly name = 'MalformedRequest'
}

/** 401: there is no valid key. */
export class Unauthenticated extends ProblemError {
  override readonly name = 'Unauthenticated'
}

/** 403: the key has no right to do this. */
export class Forbidden extends ProblemError {
  override readonly name = 'Forbidden'
}

/** 404: there is no such thing, or not for this key. */
export class NotFound extends ProblemError {
  override readonly name = 'NotFound'
}

/** 409 and 412: it contradicts what is there, like a hold that was captured already. */
export class Conflict extends ProblemError {
  override readonly name: string = 'Conflict'
}

/** 409 `exists_with_different_…`: the id or reference was used before for something else. */
export class ExistsDifferently extends Conflict {
  override readonly name = 'ExistsDifferently'
}

/** 422: refused by a rule. Nothing moved, and the same request will get the same answer. */
export class Refused extends ProblemError {
  override readonly name: string = 'Refused'
}

/** 422: the key or reference was used before with another request. */
export class IdempotencyKeyReused extends Refused {
  override readonly name = 'IdempotencyKeyReused'
}

/** A limit refused: `account`, `needed`, `available` and `limit` say whose and by how much. */
export class LimitExceeded extends Refused {
  override readonly name: string = 'LimitExceeded'
}

/** The account would go below what its flag and limit allow. */
export class ExceedsCredits extends LimitExceeded {
  override readonly name = 'ExceedsCredits'
}

/** The account would receive more than its flag and limit allow. */
export class ExceedsDebits extends LimitExceeded {
  override readonly name = 'ExceedsDebits'
}

/** The limit of an ancestor's subtree would be passed. */
export class ExceedsSubtreeLimit extends LimitExceeded {
  override readonly name = 'ExceedsSubtreeLimit'
}

/** Whoever asks may not move that much: `ceiling`, `needed`, `available` and `resetsAt` say why and until when. */
export class ExceedsCeiling extends LimitExceeded {
  override readonly name = 'ExceedsCeiling'
}

/** 429: too fast, and still so after the retries. */
export class RateLimited extends ProblemError {
  override readonly name = 'RateLimited'
}

/** 5xx: not now, and still so after the retries. With the same key the request happens once or not at all. */
export class Unavailable extends ProblemError {
  override readonly name = 'Unavailable'
}

/** What was asked for is in the log, and waits: a policy has a second person approve it. Nothing was done yet. */
export class AwaitingApproval extends TallystickError {
  override readonly name = 'AwaitingApproval'
  readonly code = 'awaiting_approval'
  /** Id of the approval. */
  readonly approval: string
  /** Id of the request that waits. */
  readonly requestId: string
  readonly expiresAt: string
  /** Of a key that waits, in the first answer alone. */
  readonly secret: string | undefined

  constructor(facts: {
    approval: string
    requestId: string
    expiresAt: string
    secret: string | undefined
  }) {
    super(`a second person has to approve this: ${facts.approval}, until ${facts.expiresAt}`)
    this.approval = facts.approval
    this.requestId = facts.requestId
    this.expiresAt = facts.expiresAt
    this.secret = facts.secret
  }
}

/** No answer came. Whether a write happened is not known: ask again with the same `idempotencyKey`. */
export class NoAnswer extends TallystickError {
  override readonly name: string = 'NoAnswer'
  readonly code: 'no_answer' | 'deadline_exceeded' = 'no_answer'
  /** Of a write. */
  readonly idempotencyKey: string | undefined

  constructor(message: string, idempotencyKey: string | undefined, cause: unknown) {
    super(message, { cause })
    this.idempotencyKey = idempotencyKey
  }
}

/** No answer came in time. */
export class DeadlineExceeded extends NoAnswer {
  override readonly name = 'DeadlineExceeded'
  override readonly code = 'deadline_exceeded'
}

/** The class for a problem: by its code where there is one, else by its status. */
export function problemError(facts: ProblemFacts): ProblemError {
  switch (facts.code) {
    case 'exceeds_credits':
      return new ExceedsCredits(facts)
    case 'exceeds_debits':
      return new ExceedsDebits(facts)
    case 'exceeds_subtree_limit':
      return new ExceedsSubtreeLimit(facts)
    case 'exceeds_ceiling':
      return new ExceedsCeiling(facts)
    case 'idempotency_key_reused':
      return new IdempotencyKeyReused(facts)
    default:
      return facts.code.startsWith('exists_with_different_')
        ? new ExistsDifferently(facts)
        : errorByStatus(facts)
  }
}

function errorByStatus(facts: ProblemFacts): ProblemError {
  const { status } = facts
  if (status >= 500) return new Unavailable(facts)
  if (status === 401) return new Unauthenticated(facts)
  if (status === 403) return new Forbidden(facts)
  if (status === 404) return new NotFound(facts)
  if (status === 409 || status === 412) return new Conflict(facts)
  if (status === 422) return new Refused(facts)
  if (status === 429) return new RateLimited(facts)
  return status >= 400 ? new MalformedRequest(facts) : new ProblemError(facts)
}
