/** Writes of approvals: what waits in the place of what was asked for, who decides it, and what is carried out then. */
import { type ApprovalRecord, DECIDE, encodeControl } from '@tallystick/access'
import type {
  ApprovalParams,
  Approve,
  CreateApprovalPolicy,
  PolicyParams,
} from '@tallystick/contract'
import { parseRequestId } from '@tallystick/contract'
import { type Command, MalformedCommand, Operation, requestKey } from '@tallystick/engine'
import { packBatch, packedCommands } from '@tallystick/ledger'
import { hash } from 'node:crypto'

import { forbidden } from '../access/door.ts'
import type { NeededApproval } from '../access/needed-approval.ts'
import { notFound, Refused } from '../http/refused.ts'
import { decisionAnswer, policyAnswer } from '../render/approval-answer.ts'
import { awaitedCommands } from '../render/approval-text.ts'
import { changeAnswer } from '../render/access-answer.ts'
import { readBody, type SavedBody } from '../saved-body.ts'
import { idOf, planOf } from './access.ts'
import { amountOf } from './fields.ts'
import type { Asking, Plan, Planning, WriteOperation } from './plan.ts'

const NS_PER_MS = 1_000_000n
const NS_PER_SECOND = 1_000_000_000n
const EXPIRES_SECONDS = 259_200

/** The plan of a request that waits: one command that holds those of the plan. @throws Refused when it cannot hold them */
export function waiting(
  plan: Plan,
  asking: Asking,
  { needed, operation }: { readonly needed: NeededApproval; readonly operation: number },
): Plan {
  const { action, addresses, seconds } = needed
  const approval = idOf('appr', asking)
  const packed = packedCommands(plan.commands)
  const digest = hash('sha256', Buffer.from(packed.commands, 'base64'), 'hex')
  const expiresAt = BigInt(asking.nowMs) * NS_PER_MS + BigInt(seconds) * NS_PER_SECOND
  const statement = encodeControl({
    ...{ control: 'request_approval', approval, request: asking.requestId(), by: asking.owner },
    ...{ action, operation, addresses, digest, ...packed, expires_at: String(expiresAt) },
  })
  try {
    return {
      ...plan,
      commands: packable([{ operation: Operation.control, flags: 0, statement }]),
      ...{ body: { ...plan.body, approval }, touches: [] },
      approval: { kind: 'waits', commands: plan.commands },
    }
  } catch (error) {
    if (!(error instanceof MalformedCommand)) throw error
    const detail = 'A second person has to approve this, and it is more than an approval holds.'
    throw new Refused({ code: 'needs_approval', detail }, {})
  }
}

function packable(commands: readonly Command[]): readonly Command[] {
  packBatch(commands)
  return commands
}

export const approveApproval: WriteOperation = {
  plan: (planning, asking, { params, body }) => {
    const { owner } = asking
    const { approvals } = planning.access
    if (planning.access.principal(owner)?.kind !== 'person') {
      throw forbidden('Only a person can approve: no program, and not the root key.')
    }
    const approval = approvals.find((params as ApprovalParams).id)
    if (approval === undefined || !decides(planning, owner, approval)) {
      return notFound('approval', 'id')
    }
    if (approval.by === owner) throw forbidden('Another person than whoever asked has to approve.')
    const commands = awaitedCommands(approval)
    const statement = encodeControl({
      ...{ control: 'approve', approval: approval.approval, request: asking.requestId() },
      ...{ by: owner, digest: (body as Approve).digest },
    })
    return {
      commands: [{ operation: Operation.control, flags: 0, statement }, ...commands],
      ...{ body: carriedBody(planning, approval), touches: touchesOf(commands), keys: [] },
      approval: { kind: 'carried_out', by: approval.by, commands },
    }
  },
  render: decisionAnswer,
}

/** What was kept with the request that waited, one event further on: the decision comes first. */
function carriedBody(
  { reader }: Planning,
  { request, approval: decides }: ApprovalRecord,
): SavedBody {
  const bytes = parseRequestId(request)
  const saved = bytes === undefined ? undefined : reader.request(requestKey(bytes))
  if (saved === undefined) return { decides }
  const { approval: _, transaction, opened = 0, ...rest } = readBody(saved.envelope.body)
  return {
    ...{ ...rest, decides, opened: opened + 1 },
    ...(transaction === undefined
      ? {}
      : { transaction: { ...transaction, at: transaction.at + 1 } }),
  }
}

/** Accounts that it opens or whose settings it changes. */
function touchesOf(commands: readonly Command[]): bigint[] {
  return commands.flatMap((command) =>
    command.operation === Operation.createAccount || command.operation === Operation.changeLimit
      ? [command.id]
      : [],
  )
}

export const refuseApproval: WriteOperation = {
  plan: (planning, asking, { params }) => {
    const { owner } = asking
    const approval = planning.access.approvals.find((params as ApprovalParams).id)
    if (approval === undefined) return notFound('approval', 'id')
    const isOwn = approval.by === owner
    if (!isOwn && !decides(planning, owner, approval)) return notFound('approval', 'id')
    if (!isOwn && planning.access.principal(owner)?.kind !== 'person') {
      throw forbidden('Only a person can refuse what another asks for.')
    }
    const statement = encodeControl({
      ...{ control: 'refuse_approval', approval: approval.approval },
      ...{ request: asking.requestId(), by: owner },
    })
    return {
      commands: [{ operation: Operation.control, flags: 0, statement }],
      ...{ body: { decides: approval.approval }, touches: [], keys: [] },
      approval: { kind: 'refused' },
    }
  },
  render: decisionAnswer,
}

function decides({ access }: Planning, name: string, { addresses }: ApprovalRecord): boolean {
  const rights = access.rightsOf(name)
  return addresses.every((address) =>
    address === '*' ? rights.hasEverywhere(DECIDE) : rights.hasAt(DECIDE, address),
  )
}

export const createApprovalPolicy: WriteOperation = {
  plan: ({ assets }, _asking, { body }) => {
    const asked = body as CreateApprovalPolicy
    const { policy, action, asset, above = '0', addresses = ['*'] } = asked
    return planOf({
      ...{ control: 'create_policy', policy, action },
      asset: asset === undefined ? null : assets.number(asset, 'asset'),
      above: String(amountOf(above, 'above', 'allowed')),
      ...{ addresses, seconds: asked.expires_seconds ?? EXPIRES_SECONDS },
    })
  },
  render: policyAnswer,
}

export const removeApprovalPolicy: WriteOperation = {
  plan: (_planning, _asking, { params }) =>
    planOf({ control: 'remove_policy', policy: (params as PolicyParams).policy }),
  render: changeAnswer,
}
