export * from './access.ts'
export * from './audit.ts'
export * from './approvals.ts'
export * from './ceilings.ts'
export * from './accounts.ts'
export * from './assets.ts'
export * from './balances.ts'
export * from './batches.ts'
export { type BatchAnswer, packBatchAnswer, unpackBatchAnswer } from './binary-answer.ts'
export {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  COMMAND_BYTES,
  MalformedBatch,
  packBatch,
  readBatchHeader,
  unpackBatch,
} from './binary.ts'
export * from './account-proof.ts'
export * from './books.ts'
export { curlExample } from './curl.ts'
export * from './entries.ts'
export * from './events.ts'
export { ANSWER_EXAMPLES, PROBLEM_EXAMPLE } from './examples.ts'
export * from './headers.ts'
export * from './holds.ts'
export { accountIdInput, formatId, formatRequestId, parseId, parseRequestId } from './ids.ts'
export * from './limits.ts'
export * from './log.ts'
export { MediaType } from './media-types.ts'
export { canonicalJson, metadataRefusal, privateRefusal, utf8Length } from './metadata.ts'
export { openapiDocument, type OpenapiOptions } from './openapi.ts'
export * from './operations.ts'
export * from './packed-command.ts'
export {
  bodyRefusal,
  commandRefusal,
  headersRefusal,
  type Parsed,
  parseBody,
  parseParams,
  parseQuery,
} from './parse.ts'
export {
  isLedgerProblem,
  isProblemCode,
  Problem,
  type ProblemCode,
  type ProblemFacts,
  problemOf,
  PROBLEMS,
  problemType,
} from './problems.ts'
export type { ProblemSpec, ProblemStatus } from './problems/spec.ts'
export type { Refusal } from './refusal.ts'
export * from './queries.ts'
export * from './read-models.ts'
export * from './reports.ts'
export * from './requests.ts'
export * from './rules.ts'
export { problemStatuses } from './route.ts'
export type { Answer, Method, Reach, Resource, Route, RouteExample, RouteLane } from './route.ts'
export {
  type AnswerBody,
  type Body,
  OPERATION_IDS,
  type OperationId,
  operationOfNumber,
  type Params,
  type Query,
  ROUTES,
  type Routes,
} from './routes.ts'
export * from './scalars.ts'
export { type Scope, SCOPES } from './scopes.ts'
export { GOOD_STATUSES, type GoodStatus, isGood, type Status, STATUSES } from './statuses.ts'
export { formatTime, parseTime, TIME_MAX_NS } from './time.ts'
export * from './subjects.ts'
export * from './transactions.ts'
export * from './transfers.ts'
export * from './webhooks.ts'
