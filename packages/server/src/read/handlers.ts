/** Handlers of the operations that read. */
import type { OperationId } from '@tallystick/contract'

import { assertPath } from '../access/reach.ts'
import type { Exchange } from '../http/exchange.ts'
import { type Handler, paramsOf, queryOf } from '../write/handler.ts'
import { listAudit } from './audit.ts'
import { getApproval, listApprovalPolicies, listApprovals } from './approvals.ts'
import {
  listCeilings,
  listGrants,
  listIdentities,
  listKeys,
  listPrincipals,
  listRoles,
  whoami,
} from './access.ts'
import { getAccount, listAccounts } from './accounts.ts'
import { listAssets } from './assets.ts'
import { getBalance, listTotals } from './balances.ts'
import { listEntries } from './entries.ts'
import {
  findHolds,
  findTransactions,
  findTransfers,
  getHold,
  getTransaction,
  getTransfer,
  listTransferEvents,
} from './money.ts'
import { reportHandler } from './reports.ts'
import { answerRead, type Question, type Read } from './reading.ts'
import { getRequest, listRequests } from './requests.ts'
import { getRule, listFirings, listRules, listRuleVersions } from './rules.ts'
import { answerStatement } from './statement.ts'
import { answeredByFilter, queryHandler } from './queries.ts'
import { checkReadModels, getReadModels, rebuildReadModels } from './read-models.ts'
import { eraseSubject } from '../write/subjects.ts'

const READS: Partial<Record<OperationId, Read>> = {
  getAccount,
  listAccounts,
  listAssets,
  getBalance,
  listTotals,
  listEntries,
  getTransfer,
  findTransfers,
  getHold,
  findHolds,
  getTransaction,
  findTransactions,
  getRequest,
  listRequests,
  listTransferEvents,
  listPrincipals,
  listKeys,
  listRoles,
  listGrants,
  listIdentities,
  listAudit,
  listCeilings,
  listApprovalPolicies,
  listApprovals,
  getApproval,
  whoami,
  getRule,
  listRules,
  listRuleVersions,
  listFirings,
}

/** All entries are asked by filter alone. */
const never: Read = () => {
  throw new Error('the ledger itself has no list of all entries')
}

/** @throws Refused */
function questionOf(exchange: Exchange): Question {
  const params = paramsOf(exchange)
  assertPath(exchange, params)
  return { params, query: queryOf(exchange) }
}

export function readHandler(id: OperationId): Handler | undefined {
  if (id === 'getStatement') {
    return (exchange) => {
      answerStatement(exchange, questionOf(exchange)).catch((error: unknown) =>
        exchange.fail(error),
      )
    }
  }
  if (id === 'eraseSubject') return eraseSubject
  if (id === 'getReadModels') return getReadModels
  if (id === 'rebuildReadModels') return rebuildReadModels
  if (id === 'checkReadModels') return checkReadModels
  const ask = queryHandler(id) ?? reportHandler(id, questionOf)
  if (ask !== undefined) return ask
  const read = READS[id] ?? (id === 'listAllEntries' ? never : undefined)
  if (read === undefined) return undefined
  return (exchange) => {
    const question = questionOf(exchange)
    if (!answeredByFilter(exchange, question.query)) answerRead(exchange, read, question)
  }
}
