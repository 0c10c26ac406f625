export {
  type AnyCode,
  AwaitingApproval,
  Conflict,
  DeadlineExceeded,
  ExceedsCeiling,
  ExceedsCredits,
  ExceedsDebits,
  ExceedsSubtreeLimit,
  ExistsDifferently,
  Forbidden,
  IdempotencyKeyReused,
  LimitExceeded,
  MalformedRequest,
  NoAnswer,
  NotFound,
  ProblemError,
  type ProblemFacts,
  RateLimited,
  Refused,
  TallystickError,
  Unauthenticated,
  Unavailable,
} from './errors.ts'
export { List, type Page } from './list.ts'
export type { CallOptions, ReadOptions, TallystickOptions, WriteOptions } from './options.ts'
export type { ProblemCode } from './problem-code.ts'
export type {
  Approvals,
  Audit,
  ApprovalPolicies,
  Ceilings,
  Grants,
  Identities,
  Keys,
  Principals,
  Roles,
} from './resources/access.ts'
export type { Log } from './resources/log.ts'
export type { Accounts } from './resources/accounts.ts'
export type {
  Assets,
  BalanceTotals,
  ClosedBooks,
  Requests,
  Subjects,
} from './resources/administration.ts'
export type { Batches, BatchOptions } from './resources/batches.ts'
export type { EventQuery, Events } from './resources/events.ts'
export type { Rules } from './resources/rules.ts'
export type { Webhooks } from './resources/webhooks.ts'
export type { Holds, Transactions, Transfers } from './resources/movements.ts'
export type * from './shapes/access.ts'
export type * from './shapes/account.ts'
export type * from './shapes/administration.ts'
export type * from './shapes/batch.ts'
export type * from './shapes/event.ts'
export type * from './shapes/log.ts'
export type * from './shapes/movement.ts'
export type * from './shapes/query.ts'
export type * from './shapes/report.ts'
export type * from './shapes/values.ts'
export type * from './shapes/rule.ts'
export type * from './shapes/webhook.ts'
export { Tallystick } from './tallystick.ts'
export { uuidv7 } from './uuid.ts'
export type { Watched, WatchOptions } from './watch/log-watch.ts'
export type { LogAlarm, SeenLog } from './watch/seen-log.ts'
export { fileStore, memoryStore, type SeenStore, stateDirectory } from './watch/seen-store.ts'
