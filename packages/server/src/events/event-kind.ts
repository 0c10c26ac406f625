/** Which type of event a record is. */
import type { EventType } from '@tallystick/contract'
import { TransferFlags } from '@tallystick/engine'
import { Operation, type RecordCursor } from '@tallystick/ledger'

import { decodeRuleCommand } from '@tallystick/rules'

import { statedFact } from '../facts/fact-statement.ts'
import { statusName } from '../render/statuses.ts'

const TYPES: Readonly<Record<number, EventType>> = {
  [Operation.createAccount]: 'account.opened',
  [Operation.changeLimit]: 'account.limits_changed',
  [Operation.changeMetadata]: 'account.metadata_changed',
  [Operation.closeAccount]: 'account.closed',
  [Operation.reopenAccount]: 'account.reopened',
  [Operation.registerAsset]: 'asset.registered',
  [Operation.closeBooks]: 'books.closed',
}

/** undefined: nobody is told of it, as of a repetition or of a statement about the log itself. */
export function typeOf(record: RecordCursor): EventType | undefined {
  const { kind, status } = record
  if (kind === Operation.releaseHold) return 'hold.expired'
  if (kind === Operation.rule) return status === 0 ? typeOfRule(record) : undefined
  if (kind === Operation.attest) return statedFact(record)?.type
  if (kind !== Operation.createTransfer && TYPES[kind] === undefined) return undefined
  if (status !== 0) {
    return statusName(kind, status) === 'exists' ? undefined : 'command.refused'
  }
  return TYPES[kind] ?? typeOfMoved(record.flags)
}

/** Changes of rules are told to nobody, as changes of rights are not. */
function typeOfRule(record: RecordCursor): EventType | undefined {
  return decodeRuleCommand(record.metadata)?.rules === 'fire' ? 'rule.fired' : undefined
}

function typeOfMoved(flags: number): EventType {
  if ((flags & TransferFlags.pending) !== 0) return 'hold.created'
  if ((flags & TransferFlags.postPendingTransfer) !== 0) return 'hold.captured'
  if ((flags & TransferFlags.voidPendingTransfer) !== 0) return 'hold.voided'
  return (flags & TransferFlags.reversal) !== 0 ? 'transfer.reversed' : 'transfer.posted'
}
