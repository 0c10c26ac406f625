/** Why the edge refuses a request: what becomes a problem with the request's id. */
import type { ProblemCode } from './problems.ts'

export interface Refusal {
  readonly code: ProblemCode
  /** Field, parameter or header, like `postings[0].amount`. */
  readonly param: string
  readonly detail: string
}
