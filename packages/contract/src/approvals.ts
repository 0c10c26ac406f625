/** What waits for a second person: policies say which actions do, an approval is one that does. */
import { type Static, Type } from 'typebox'
import { AddressPattern, PrincipalName } from './access.ts'
import { Amount, AssetText, Cursor, DryRun, PageLimit, RequestId, Time } from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'

export const ApprovalId = Type.String({
  title: 'ApprovalId',
  description: 'Names an approval.',
  pattern: '^appr_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  examples: ['appr_01KAHWAZ9EFH0SP3HZD99DG704'],
})

export const PolicyName = Type.String({
  title: 'PolicyName',
  description: 'Names a policy.',
  pattern: '^[a-z0-9][a-z0-9._@-]{0,63}$',
  examples: ['limits-by-two'],
})

export const ApprovalAction = Type.Enum(['limits', 'reversals', 'rights'], {
  title: 'ApprovalAction',
  description:
    '`limits`: changes of limits, and accounts opened without the safe shape. `reversals`: reversals of more than `above`. `rights`: whatever gives rights: grants, roles, keys of others, enabling, lifting ceilings.',
})

const Digest = Type.String({
  description: 'SHA-256 of the commands that wait, hex.',
  pattern: '^[0-9a-f]{64}$',
  examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
})
const Addresses = Type.Array(AddressPattern, { minItems: 1, maxItems: 16, uniqueItems: true })
const Seconds = Type.Integer({
  description: 'How long an approval may be waited for.',
  minimum: 60,
  maximum: 2_592_000,
  default: 259_200,
})

const policy = {
  policy: PolicyName,
  action: ApprovalAction,
}

export const ApprovalPolicy = strict(
  {
    object: Type.Literal('approval_policy'),
    ...policy,
    asset: nullable(AssetText, { description: 'Of reversals; null: any.' }),
    above: noted(Amount, { description: 'Of reversals: what is more than this, minor units.' }),
    addresses: Addresses,
    expires_seconds: Seconds,
    created_at: Time,
    dry_run: Type.Optional(DryRun),
  },
  { title: 'ApprovalPolicy' },
)
export type ApprovalPolicy = Static<typeof ApprovalPolicy>

export const CreateApprovalPolicy = strict(
  {
    ...policy,
    asset: Type.Optional(noted(AssetText, { description: 'Of reversals; default: any.' })),
    above: Type.Optional(
      noted(Amount, { description: 'Of reversals: only what is more than this; default: all.' }),
    ),
    addresses: Type.Optional(
      noted(Addresses, { description: 'Of accounts; default: all. Rights have none.' }),
    ),
    expires_seconds: Type.Optional(Seconds),
  },
  { title: 'CreateApprovalPolicy' },
)
export type CreateApprovalPolicy = Static<typeof CreateApprovalPolicy>

const ApprovalStatus = Type.Enum(['awaiting_approval', 'approved', 'refused', 'expired'], {
  title: 'ApprovalStatus',
  description: '`refused` also when whoever asked took it back.',
})

export const Approval = strict(
  {
    object: Type.Literal('approval'),
    id: ApprovalId,
    status: ApprovalStatus,
    action: ApprovalAction,
    operation: Type.String({
      description: 'What was asked for, by its `operationId`.',
      examples: ['changeAccount'],
    }),
    requested_by: Type.String({ description: 'Who asked; somebody else decides.' }),
    addresses: noted(Addresses, { description: 'Where whoever decides needs the right to.' }),
    digest: Digest,
    commands: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
      description: 'What will be done, command by command; empty once it is decided.',
    }),
    request: noted(RequestId, { description: 'The request that waits.' }),
    requested_at: Time,
    expires_at: Time,
    decided_by: nullable(Type.String()),
    decided_at: nullable(Time),
    decided_request: nullable(RequestId, {
      description: 'The request that decided it: its records are what it came to.',
    }),
    results: Type.Optional(
      Type.Array(Type.String({ examples: ['changed'] }), {
        description: 'In the answer that approves: what each command came to.',
      }),
    ),
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Approval' },
)
export type Approval = Static<typeof Approval>

export const Approve = strict(
  {
    digest: noted(Digest, {
      description: 'As the approval shows it: what is approved is what was looked at.',
    }),
  },
  { title: 'Approve' },
)
export type Approve = Static<typeof Approve>

export const ApprovalParams = strict({ id: ApprovalId })
export type ApprovalParams = Static<typeof ApprovalParams>
export const PolicyParams = strict({ policy: PolicyName })
export type PolicyParams = Static<typeof PolicyParams>

const paging = { limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) }
export const ApprovalsQuery = strict({
  status: Type.Optional(ApprovalStatus),
  requested_by: Type.Optional(PrincipalName),
  ...paging,
})
export type ApprovalsQuery = Static<typeof ApprovalsQuery>
export const ApprovalPoliciesQuery = strict(paging)
export type ApprovalPoliciesQuery = Static<typeof ApprovalPoliciesQuery>
export const ApprovalList = page(Approval, 'ApprovalList')
export const ApprovalPolicyList = page(ApprovalPolicy, 'ApprovalPolicyList')
