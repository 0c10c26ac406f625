/** Every problem by its code, and the body that carries one (RFC 9457). */
import { type Static, Type } from 'typebox'
import { refusedByCeiling } from './ceilings.ts'
import { EDGE_PROBLEMS } from './problems/edge.ts'
import { LEDGER_PROBLEMS } from './problems/ledger.ts'
import type { ProblemSpec } from './problems/spec.ts'
import { Address, Amount, RequestId } from './scalars.ts'
import { noted, strict } from './schema.ts'

export const PROBLEMS = { ...EDGE_PROBLEMS, ...LEDGER_PROBLEMS } as const satisfies Record<
  string,
  ProblemSpec
>
export type ProblemCode = keyof typeof PROBLEMS

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text)
}

/** Problems that the ledger decides and remembers, as against those of the edge. */
export function isLedgerProblem(code: ProblemCode): code is keyof typeof LEDGER_PROBLEMS {
  return Object.hasOwn(LEDGER_PROBLEMS, code)
}

export const Problem = strict(
  {
    type: Type.String({
      description: 'Where the code is explained.',
      examples: ['/docs/errors#exceeds_credits'],
    }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened this time, for people.' }),
    instance: Type.Optional(Type.String({ description: 'Path of the request.' })),
    code: Type.String({
      description: 'Stable: what programs go by.',
      examples: ['exceeds_credits'],
    }),
    param: Type.Optional(
      Type.String({
        description: 'Which field, parameter or header it is about.',
        examples: ['postings[0].amount'],
      }),
    ),
    request_id: RequestId,
    account: Type.Optional(noted(Address, { description: 'Whose limit refused.' })),
    needed: Type.Optional(noted(Amount, { description: 'What was asked for, minor units.' })),
    available: Type.Optional(noted(Amount, { description: 'What could have been taken.' })),
    limit: Type.Optional(
      noted(Amount, { description: 'The limit that refused: an account’s, or a named maximum.' }),
    ),
    ...refusedByCeiling,
  },
  { title: 'Problem' },
)
export type Problem = Static<typeof Problem>

/** Where a code is explained. @param base of the server as clients see it, without a slash at the end. */
export function problemType(code: ProblemCode, base = ''): string {
  return `${base}/docs/errors#${code}`
}

export interface ProblemFacts {
  readonly code: ProblemCode
  readonly detail: string
  readonly param?: string | undefined
  readonly instance?: string | undefined
  readonly account?: string | undefined
  /** Amounts as text. */
  readonly needed?: string | undefined
  readonly available?: string | undefined
  readonly limit?: string | undefined
  readonly ceiling?: string | undefined
  /** RFC 3339 */
  readonly resetsAt?: string | undefined
}

/** The body, its fields in the order of the documents; what is undefined is left out. */
export function problemOf(facts: ProblemFacts, requestId: string, base = ''): Problem {
  const { code, param, detail, instance, account, needed, available, limit } = facts
  const { ceiling, resetsAt } = facts
  const { status, title } = PROBLEMS[code]
  return {
    type: problemType(code, base),
    title,
    status,
    code,
    ...(param === undefined ? {} : { param }),
    detail,
    ...(instance === undefined ? {} : { instance }),
    ...(account === undefined ? {} : { account }),
    ...(needed === undefined ? {} : { needed }),
    ...(available === undefined ? {} : { available }),
    ...(limit === undefined ? {} : { limit }),
    ...(ceiling === undefined ? {} : { ceiling }),
    ...(resetsAt === undefined ? {} : { resets_at: resetsAt }),
    request_id: requestId,
  }
}
