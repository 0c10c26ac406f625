/** Routes of approvals and their policies. What they change is a command in the log. */
import { AccessChange } from '../access.ts'
import { Nothing } from '../accounts.ts'
import {
  Approval,
  ApprovalList,
  ApprovalParams,
  ApprovalPoliciesQuery,
  ApprovalPolicy,
  ApprovalPolicyList,
  ApprovalsQuery,
  Approve,
  CreateApprovalPolicy,
  PolicyParams,
} from '../approvals.ts'
import { read, received, shows, write, wrote } from './define.ts'

const access = { resource: 'access', lane: 'interactive' } as const
const manage = { ...access, scope: 'keys:manage', reach: 'everywhere' } as const
const look = { ...access, scope: ['approvals:read', 'approvals:decide'] } as const
const bodyless = { body: Nothing, bodyOptional: true } as const
const APPROVAL = '/approvals/appr_01KAHWAZ9EFH0SP3HZD99DG704'

export const approvalRoutes = {
  createApprovalPolicy: write({
    ...manage,
    number: 193,
    method: 'POST',
    path: '/v1/approval-policies',
    summary: 'Have a second person approve',
    description:
      'Such actions are answered with 202 and wait from now on. Needs two persons with `approvals:decide` on all addresses. As long as there is a policy, removing one waits, too.',
    example: {
      path: '/approval-policies',
      body: { policy: 'limits-by-two', action: 'limits', addresses: ['partners:*'] },
    },
    body: CreateApprovalPolicy,
    answers: { 201: wrote(ApprovalPolicy, 'In force.'), 202: received },
  }),
  listApprovalPolicies: read({
    ...access,
    number: 194,
    method: 'GET',
    path: '/v1/approval-policies',
    summary: 'List policies',
    description: 'Which actions wait for a second person.',
    example: { path: '/approval-policies' },
    scope: 'keys:read',
    query: ApprovalPoliciesQuery,
    answers: { 200: shows(ApprovalPolicyList, 'Policies.') },
  }),
  removeApprovalPolicy: write({
    ...manage,
    number: 195,
    method: 'POST',
    path: '/v1/approval-policies/{policy}/remove',
    summary: 'Remove a policy',
    description: 'Waits for a second person itself.',
    example: { path: '/approval-policies/limits-by-two/remove' },
    params: PolicyParams,
    ...bodyless,
    answers: { 200: wrote(AccessChange, 'Removed.'), 202: received },
  }),
  listApprovals: read({
    ...look,
    number: 196,
    method: 'GET',
    path: '/v1/approvals',
    summary: 'List approvals',
    description:
      'What waits and what was decided, where the rights of the key reach; the oldest first.',
    example: { path: '/approvals?status=awaiting_approval' },
    reach: 'anywhere',
    query: ApprovalsQuery,
    answers: { 200: shows(ApprovalList, 'Approvals.') },
  }),
  getApproval: read({
    ...look,
    number: 197,
    method: 'GET',
    path: '/v1/approvals/{id}',
    summary: 'Show an approval',
    description: 'What was asked for, by whom, and what became of it.',
    example: { path: APPROVAL },
    reach: 'found',
    params: ApprovalParams,
    answers: { 200: shows(Approval, 'The approval.') },
    problems: [400, 401, 403, 404, 503],
  }),
  approveApproval: write({
    ...access,
    scope: 'approvals:decide',
    number: 198,
    method: 'POST',
    path: '/v1/approvals/{id}/approve',
    summary: 'Approve, and have it done',
    description:
      'Only another person than whoever asked may. What was asked for is done in the same moment, in the name of whoever asked, and once.',
    example: {
      path: `${APPROVAL}/approve`,
      body: { digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
    },
    params: ApprovalParams,
    body: Approve,
    answers: { 200: wrote(Approval, 'Approved; `results` says what it came to.'), 202: received },
    problems: [400, 401, 403, 404, 409, 413, 415, 422, 429, 503],
  }),
  refuseApproval: write({
    ...access,
    scope: [],
    reach: 'found',
    number: 199,
    method: 'POST',
    path: '/v1/approvals/{id}/refuse',
    summary: 'Refuse an approval, or take it back',
    description: 'Whoever may approve it, or asked for it. It is done with.',
    example: { path: `${APPROVAL}/refuse` },
    params: ApprovalParams,
    ...bodyless,
    answers: { 200: wrote(Approval, 'Refused.'), 202: received },
    problems: [400, 401, 403, 404, 409, 413, 415, 422, 429, 503],
  }),
} as const
