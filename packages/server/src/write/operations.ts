/** Every operation that writes, by its name in the contract. */
import { OPERATION_IDS, type OperationId, ROUTES } from '@tallystick/contract'

import type { Render } from '../render/answer.ts'
import { awaitedAnswer } from '../render/approval-answer.ts'
import {
  bindIdentity,
  createGrant,
  createKey,
  createPrincipal,
  disablePrincipal,
  enablePrincipal,
  limitCalls,
  putRole,
  removeRole,
  revokeGrant,
  revokeKey,
  rotateKey,
} from './access.ts'
import {
  changeAccount,
  closeAccount,
  closeBooks,
  createAccount,
  registerAsset,
  reopenAccount,
} from './accounts.ts'
import {
  approveApproval,
  createApprovalPolicy,
  refuseApproval,
  removeApprovalPolicy,
} from './approvals.ts'
import { createBatch } from './batch.ts'
import { createCeiling, revokeCeiling } from './ceilings.ts'
import { captureHold, createHold, voidHold } from './holds.ts'
import type { WriteOperation } from './plan.ts'
import { putRule, removeRule } from './rules.ts'
import { createTransaction, reverseTransaction } from './transactions.ts'
import { createTransfer, decrement, increment, reverseTransfer } from './transfers.ts'

export const OPERATIONS: Partial<Record<OperationId, WriteOperation>> = {
  registerAsset,
  createAccount,
  changeAccount,
  closeAccount,
  reopenAccount,
  increment,
  decrement,
  createTransfer,
  reverseTransfer,
  createTransaction,
  reverseTransaction,
  createHold,
  captureHold,
  voidHold,
  createBatch,
  closeBooks,
  createPrincipal,
  disablePrincipal,
  enablePrincipal,
  limitCalls,
  createKey,
  rotateKey,
  revokeKey,
  putRole,
  removeRole,
  bindIdentity,
  createGrant,
  revokeGrant,
  putRule,
  removeRule,
  createCeiling,
  revokeCeiling,
  createApprovalPolicy,
  removeApprovalPolicy,
  approveApproval,
  refuseApproval,
}

const RENDERS: ReadonlyMap<number, Render> = new Map(
  OPERATION_IDS.flatMap((id) => {
    const render = OPERATIONS[id]?.render
    if (render === undefined) return []
    const orAwaited: Render = (book, facts, saved) =>
      awaitedAnswer(book, facts, saved) ?? render(book, facts, saved)
    return [[ROUTES[id].number, orAwaited] as const]
  }),
)

/** What makes the answers of an operation, by its number in the book; undefined: nothing here does. */
export function renderOf(operation: number): Render | undefined {
  return RENDERS.get(operation)
}
