/**
 * Whether a policy has a second person approve what a batch asks for. Looked at where the rights are: when it is asked, and again right before it is
 * decided if policies have changed. The root key is no exception.
 */
import { type ApprovalAction, decodeControl, type PolicyRecord } from '@tallystick/access'
import { type LedgerReader, Operation, type PackedBatch } from '@tallystick/engine'
import {
  AccountFlags,
  type Command,
  COMMAND_SIZE,
  CommandField,
  TransferFlags,
  unpackCommand,
} from '@tallystick/ledger'

import type { AccessReader } from '@tallystick/access'

export interface NeededApproval {
  readonly action: ApprovalAction
  /** Where whoever decides needs the right to. */
  readonly addresses: readonly string[]
  /** How long it may be waited for. */
  readonly seconds: number
}

interface Places {
  readonly access: AccessReader
  readonly reader: LedgerReader
}

/** What a command does that a policy may be about. */
interface Act {
  readonly action: ApprovalAction
  /** Of accounts that it concerns; those of which nothing is known are ''. */
  readonly addresses: readonly string[]
  /** Of a reversal. */
  readonly asset?: number
  readonly amount?: bigint
}

/** More places than a command in the log can name: then it has to be everywhere. */
const ADDRESSES_MAX = 16

export function neededApproval(
  places: Places,
  batch: PackedBatch,
  by: string,
): NeededApproval | undefined {
  const { approvals } = places.access
  if (!approvals.hasPolicies) return undefined
  let needed: NeededApproval | undefined
  for (let index = 0; index < batch.count; index++) {
    const act = actOf(places, batch, index, by)
    if (act === undefined) continue
    const policies = approvals.policiesOf(act.action).filter((policy) => isAbout(policy, act))
    const removesOne = act.action === 'rights' && act.addresses.length === 0
    if (policies.length === 0 && !removesOne) continue
    const ways = policies.length === 0 ? [...approvals.policies] : policies
    const seconds = Math.min(...ways.map((policy) => policy.seconds))
    const where = act.action === 'rights' ? ['*'] : act.addresses.map((each) => each || '*')
    needed = joined(needed, { action: act.action, addresses: where, seconds })
  }
  return needed
}

function joined(known: NeededApproval | undefined, more: NeededApproval): NeededApproval {
  if (known === undefined) return more
  const addresses = [...new Set([...known.addresses, ...more.addresses])]
  return {
    action: known.action,
    addresses: addresses.length > ADDRESSES_MAX ? ['*'] : addresses,
    seconds: Math.min(known.seconds, more.seconds),
  }
}

function isAbout({ addresses, asset, above }: PolicyRecord, act: Act): boolean {
  if (act.action === 'rights') return true
  if (asset !== undefined && act.asset !== undefined && asset !== act.asset) return false
  if (act.amount !== undefined && act.amount <= above) return false
  return act.addresses.some((address) => address === '' || isCovered(addresses, address))
}

function isCovered(patterns: readonly string[], address: string): boolean {
  return patterns.some((pattern) => {
    if (pattern === '*' || pattern === address) return true
    if (!pattern.endsWith(':*')) return false
    const prefix = pattern.slice(0, -2)
    return address === prefix || address.startsWith(`${prefix}:`)
  })
}

// oxlint-disable-next-line max-params -- one command of a batch, and who asks
function actOf(places: Places, batch: PackedBatch, index: number, by: string): Act | undefined {
  const { u8, u16 } = batch.memory
  const at = index * COMMAND_SIZE
  // Nearly all that comes: a look at its flags is enough.
  if (u8[at + CommandField.operation] === Operation.createTransfer) {
    const flags = u16[(at + CommandField.flags) >>> 1] ?? 0
    if ((flags & TransferFlags.reversal) === 0) return undefined
  }
  return actOfCommand(places, unpackCommand(batch, index), by)
}

function actOfCommand({ reader, access }: Places, command: Command, by: string): Act | undefined {
  switch (command.operation) {
    case Operation.createTransfer: {
      const { amount, asset, debitAccountId, creditAccountId, pendingId } = command
      // A large one in small parts is a large one.
      const before = reader.transfer(pendingId)?.reversed ?? 0n
      const addresses = [debitAccountId, creditAccountId].map((id) => addressOf(reader, id))
      return { action: 'reversals', addresses, asset, amount: before + amount }
    }
    case Operation.createAccount: {
      const { address, flags, limit } = command
      const isWorld = address === 'world' || address.startsWith('world:')
      const isSafe = (flags & AccountFlags.debitsMustNotExceedCredits) !== 0 && limit === 0n
      return isWorld || isSafe ? undefined : { action: 'limits', addresses: [address] }
    }
    case Operation.changeLimit:
      return { action: 'limits', addresses: [addressOf(reader, command.id)] }
    case Operation.control:
      return actOfControl(access, command.statement, by)
    default:
      return undefined
  }
}

function addressOf(reader: LedgerReader, id: bigint): string {
  return reader.account(id)?.address ?? ''
}

const RIGHTS: Act = { action: 'rights', addresses: ['*'] }
/** Under any policy: else whoever is bound by one would remove it. */
const REMOVES_POLICY: Act = { action: 'rights', addresses: [] }

/** What gives rights, or takes away what bounds them. What takes rights away never waits. */
function actOfControl(access: AccessReader, statement: Uint8Array, by: string): Act | undefined {
  const command = decodeControl(statement)
  switch (command?.control) {
    case 'create_grant':
    case 'put_role':
    case 'enable_principal':
    case 'revoke_ceiling':
      return RIGHTS
    case 'create_key':
      return command.principal === by ? undefined : RIGHTS
    case 'bind_identity': {
      const { principal } = command
      return principal === null || principal === by ? undefined : RIGHTS
    }
    case 'rotate_key':
      return access.key(command.replaces)?.principal === by ? undefined : RIGHTS
    case 'remove_policy':
      return REMOVES_POLICY
    default:
      return undefined
  }
}
