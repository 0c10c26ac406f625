/** Reads of approvals and policies. */
import { approvalStatus, type ApprovalRecord, DECIDE } from '@tallystick/access'
import type { ApprovalParams, ApprovalPoliciesQuery, ApprovalsQuery } from '@tallystick/contract'

import type { Exchange } from '../http/exchange.ts'
import { notFound } from '../http/refused.ts'
import { approvalText, policyText } from '../render/approval-text.ts'
import { paged } from './access.ts'
import type { Read } from './reading.ts'

const NS_PER_MS = 1_000_000n

export const listApprovalPolicies: Read = (service, _exchange, { query }) =>
  paged(
    service,
    { list: 'approval_policies', query: query as ApprovalPoliciesQuery },
    {
      rows: () => service.ledger.access.approvals.policies,
      placeOf: ({ policy }) => policy,
      text: (policy) => policyText(service.book, policy),
    },
  )

export const listApprovals: Read = (service, exchange, { query }) => {
  const now = nowOf(exchange)
  return paged(
    service,
    { list: 'approvals', query: query as ApprovalsQuery },
    {
      rows: (filters) => {
        const { status, requested_by: by } = filters as Omit<ApprovalsQuery, 'limit' | 'cursor'>
        return service.ledger.access.approvals.all.filter(
          (approval) =>
            (status === undefined || approvalStatus(approval, now) === status) &&
            (by === undefined || approval.by === by) &&
            seesApproval(exchange, approval),
        )
      },
      placeOf: ({ approval }) => approval,
      text: (approval) => approvalText(service.book, approval, now),
    },
  )
}

export const getApproval: Read = (service, exchange, { params }) => {
  const approval = service.ledger.access.approvals.find((params as ApprovalParams).id)
  if (approval === undefined || !seesApproval(exchange, approval)) {
    return notFound('approval', 'id')
  }
  return approvalText(service.book, approval, nowOf(exchange))
}

/** Whoever asked, and whoever has one of the rights to all that it reaches. */
function seesApproval({ principal }: Exchange, { by, addresses }: ApprovalRecord): boolean {
  const rights = principal?.rights
  if (rights === undefined || by === principal?.name) return true
  return ([DECIDE, 'approvals:read'] as const).some((scope) =>
    addresses.every((address) =>
      address === '*' ? rights.hasEverywhere(scope) : rights.hasAt(scope, address),
    ),
  )
}

function nowOf({ nowMs }: Exchange): bigint {
  return BigInt(nowMs) * NS_PER_MS
}
