/** Names of the ledger's status numbers, by the kind of their record. */
import { STATUSES } from '@tallystick/contract'
import { Operation } from '@tallystick/ledger'

type Name = keyof typeof STATUSES | 'release_hold'

const NAMES: Readonly<Record<number, Name>> = {
  [Operation.createTransfer]: 'create_transfer',
  [Operation.releaseHold]: 'release_hold',
  [Operation.createAccount]: 'create_account',
  [Operation.changeLimit]: 'change_limit',
  [Operation.changeMetadata]: 'change_metadata',
  [Operation.closeAccount]: 'close_account',
  [Operation.reopenAccount]: 'reopen_account',
  [Operation.registerAsset]: 'register_asset',
  [Operation.closeBooks]: 'close_books',
  [Operation.attest]: 'attest',
  [Operation.control]: 'control',
  [Operation.rule]: 'rule',
}

export function operationName(kind: number): Name {
  return NAMES[kind] ?? 'create_transfer'
}

/** Like `exceeds_credits`; of a release always `created`. */
export function statusName(kind: number, status: number): string {
  const name = operationName(kind)
  return name === 'release_hold' ? 'created' : (STATUSES[name][status] ?? `status_${status}`)
}
