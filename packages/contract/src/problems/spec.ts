/** What is said of a problem code, whoever runs into it. */

export type ProblemStatus =
  | 400
  | 401
  | 403
  | 404
  | 405
  | 409
  | 412
  | 413
  | 415
  | 422
  | 429
  | 500
  | 503

export interface ProblemSpec {
  readonly status: ProblemStatus
  /** Short, the same for all occurrences. */
  readonly title: string
  /** What it means, as a sentence or two. */
  readonly about: string
  /** What to do next. */
  readonly next: string
}

export function spec(
  status: ProblemStatus,
  title: string,
  about: string,
  next: string,
): ProblemSpec {
  return { status, title, about, next }
}
