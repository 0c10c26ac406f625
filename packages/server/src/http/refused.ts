/** A request that the edge refuses: thrown by whoever finds out, made a problem in `problem-answer.ts`. */
import type { ProblemFacts, Refusal } from '@tallystick/contract'

export class Refused extends Error {
  override readonly name = 'Refused'
  readonly facts: ProblemFacts
  readonly headers: Readonly<Record<string, string>>
  /** It is not there for who asks, whether it is there or not. The answer does not say so; the audit does. */
  isByRight = false
  /** Whose key it was that is none any more; likewise. */
  tried: { readonly principal: string; readonly keyId: string } | undefined

  constructor(facts: ProblemFacts, headers: Readonly<Record<string, string>> = {}) {
    super(facts.detail)
    this.facts = facts
    this.headers = headers
  }
}

/** Throws when there is a refusal. */
export function allow(refusal: Refusal | undefined): void {
  if (refusal !== undefined) throw new Refused(refusal)
}

export function refuse(
  code: ProblemFacts['code'],
  param: string | undefined,
  detail: string,
): never {
  throw new Refused({ code, param, detail })
}

export function notFound(what: string, param: string): never {
  throw new Refused({ code: 'not_found', param, detail: `There is no ${what} of that name here.` })
}

/** The same answer, for what the caller may not see. */
export function unseen(what: string, param: string): never {
  try {
    return notFound(what, param)
  } catch (error) {
    if (error instanceof Refused) error.isByRight = true
    throw error
  }
}

/** What is refused inside names its fields as if it were alone; seen from outside they lie at a place. */
export function within<Result>(list: string, index: number, inside: () => Result): Result {
  try {
    return inside()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { facts, headers } = error
    throw new Refused({ ...facts, param: `${list}[${index}].${facts.param ?? ''}` }, headers)
  }
}
