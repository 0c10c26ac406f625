/** Approvals and policies as JSON text. */
import {
  type ApprovalRecord,
  approvalStatus,
  decodeControl,
  type PolicyRecord,
} from '@tallystick/access'
import { operationOfNumber } from '@tallystick/contract'
import {
  type Command,
  COMMAND_SIZE,
  Memory,
  NO_SUBTREE_LIMIT,
  Operation,
  unpackCommand,
} from '@tallystick/ledger'

import type { Book } from './book.ts'
import { operationName } from './statuses.ts'
import { idText, timeText } from './text.ts'
import { kindOf } from './transfer.ts'

/** The commands that wait, as they will be decided. */
export function awaitedCommands({
  commands,
  count,
}: Pick<ApprovalRecord, 'commands' | 'count'>): Command[] {
  if (commands === '') return []
  const bytes = Buffer.from(commands, 'base64')
  const memory = Memory.allocate(bytes.length)
  memory.u8.set(bytes)
  const dataOffset = count * COMMAND_SIZE
  const batch = { memory, count, dataOffset, dataLength: bytes.length - dataOffset }
  return Array.from({ length: count }, (_, index) => unpackCommand(batch, index))
}

export function policyText({ assets }: Book, policy: PolicyRecord): string {
  const { action, asset, above, addresses, seconds, createdAt } = policy
  const assetText = asset === undefined ? 'null' : `"${assets.text(asset)}"`
  return `{"object":"approval_policy","policy":"${policy.policy}","action":"${action}","asset":${assetText},"above":"${above}","addresses":${JSON.stringify(addresses)},"expires_seconds":${seconds},"created_at":${timeText(createdAt)}}`
}

/** @param now ns, to tell whether it has expired */
export function approvalText(book: Book, approval: ApprovalRecord, now: bigint): string {
  const { action, operation, by, addresses, digest, request, decision } = approval
  const asked = operationOfNumber(operation) ?? 'library'
  const commands = awaitedCommands(approval).map((command) => commandText(book, command))
  const decided =
    decision === undefined
      ? '"decided_by":null,"decided_at":null,"decided_request":null'
      : `"decided_by":"${decision.by}","decided_at":${timeText(decision.at)},"decided_request":"${decision.request}"`
  return `{"object":"approval","id":"${approval.approval}","status":"${approvalStatus(approval, now)}","action":"${action}","operation":"${asked}","requested_by":"${by}","addresses":${JSON.stringify(addresses)},"digest":"${digest}","commands":[${commands.join(',')}],"request":"${request}","requested_at":${timeText(approval.askedAt)},"expires_at":${timeText(approval.expiresAt)},${decided}}`
}

function commandText({ accounts, assets }: Book, command: Command): string {
  const operation = operationName(command.operation)
  const shown = (facts: object): string => JSON.stringify({ operation, ...facts })
  switch (command.operation) {
    case Operation.createTransfer: {
      const { debitAccountId, creditAccountId, amount, asset, flags, pendingId } = command
      return shown({
        kind: kindOf(flags),
        debit_account: accounts.addressOf(debitAccountId),
        credit_account: accounts.addressOf(creditAccountId),
        ...{ amount: `${amount}`, asset: assets.text(asset) },
        ...(pendingId === 0n ? {} : { of: JSON.parse(idText(pendingId)) as string }),
      })
    }
    case Operation.createAccount: {
      const { address, asset, code, flags, limit } = command
      const what = { account: address, asset: assets.text(asset), code, flags }
      return shown({ ...what, limit: `${limit}` })
    }
    case Operation.changeLimit: {
      const { id, limit, subtreeLimit } = command
      return shown({
        account: accounts.addressOf(id),
        ...(limit === undefined ? {} : { limit: `${limit}` }),
        ...(subtreeLimit === undefined ? {} : { subtree_limit: limitOrNull(subtreeLimit) }),
      })
    }
    case Operation.control:
      return shown({ control: decodeControl(command.statement) ?? null })
    default:
      return shown('id' in command ? { account: accounts.addressOf(command.id) } : {})
  }
}

function limitOrNull(limit: bigint): string | null {
  return limit === NO_SUBTREE_LIMIT ? null : `${limit}`
}
