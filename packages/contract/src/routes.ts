/** The table of all routes, by `operationId`: the one place that server, documents and client read. */
import type { Static, TSchema } from 'typebox'
import type { Route } from './route.ts'
import { accessRoutes } from './routes/access.ts'
import { accountRoutes } from './routes/accounts.ts'
import { administrationRoutes } from './routes/administration.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { assetRoutes } from './routes/assets.ts'
import { auditRoutes } from './routes/audit.ts'
import { balanceRoutes } from './routes/balances.ts'
import { batchRoutes } from './routes/batches.ts'
import { ceilingRoutes } from './routes/ceilings.ts'
import { eventRoutes } from './routes/events.ts'
import { holdRoutes } from './routes/holds.ts'
import { logRoutes } from './routes/log.ts'
import { queryRoutes } from './routes/queries.ts'
import { reportRoutes } from './routes/reports.ts'
import { readModelRoutes } from './routes/read-models.ts'
import { ruleRoutes } from './routes/rules.ts'
import { transactionRoutes } from './routes/transactions.ts'
import { transferRoutes } from './routes/transfers.ts'
import { webhookRoutes } from './routes/webhooks.ts'

export const ROUTES = {
  ...accountRoutes,
  ...transferRoutes,
  ...transactionRoutes,
  ...holdRoutes,
  ...batchRoutes,
  ...balanceRoutes,
  ...assetRoutes,
  ...logRoutes,
  ...eventRoutes,
  ...webhookRoutes,
  ...administrationRoutes,
  ...accessRoutes,
  ...auditRoutes,
  ...ceilingRoutes,
  ...approvalRoutes,
  ...readModelRoutes,
  ...queryRoutes,
  ...reportRoutes,
  ...ruleRoutes,
} as const satisfies Record<string, Route>

export type Routes = typeof ROUTES
export type OperationId = keyof Routes

export const OPERATION_IDS: readonly OperationId[] = Object.keys(ROUTES) as OperationId[]

/** By the number in saved requests; undefined: a number of another version. */
export function operationOfNumber(number: number): OperationId | undefined {
  return OPERATION_IDS.find((id) => ROUTES[id].number === number)
}

type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : undefined
type Part<Id extends OperationId, Name extends string> = Name extends keyof Routes[Id]
  ? StaticOf<Routes[Id][Name]>
  : undefined

/** What the parts of a request are after they were parsed. */
export type Params<Id extends OperationId> = Part<Id, 'params'>
export type Query<Id extends OperationId> = Part<Id, 'query'>
export type Body<Id extends OperationId> = Part<Id, 'body'>
/** JSON body of the good answer with that status. */
export type AnswerBody<
  Id extends OperationId,
  Status extends keyof Routes[Id]['answers'],
> = Routes[Id]['answers'][Status] extends { content: { 'application/json': infer Schema } }
  ? StaticOf<Schema>
  : undefined
