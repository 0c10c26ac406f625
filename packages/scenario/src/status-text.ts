/** Statuses in scenarios: the keys of the operation's table, in snake_case. */
import {
  AccountStatus,
  AssetStatus,
  AttestStatus,
  BooksStatus,
  ClosureStatus,
  ControlStatus,
  LimitStatus,
  MetadataStatus,
  Operation,
  RuleStatus,
  TransferStatus,
} from '@tallystick/ledger'

/** The status table of each operation. */
const STATUSES: Readonly<Record<Operation, Readonly<Record<string, number>>>> = {
  [Operation.createTransfer]: TransferStatus,
  [Operation.releaseHold]: { released: 0 },
  [Operation.createAccount]: AccountStatus,
  [Operation.changeLimit]: LimitStatus,
  [Operation.changeMetadata]: MetadataStatus,
  [Operation.closeAccount]: ClosureStatus,
  [Operation.reopenAccount]: ClosureStatus,
  [Operation.registerAsset]: AssetStatus,
  [Operation.closeBooks]: BooksStatus,
  [Operation.attest]: AttestStatus,
  [Operation.control]: ControlStatus,
  [Operation.rule]: RuleStatus,
}

export const snakeCase = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export function statusName(operation: Operation, status: number): string {
  const key = Object.entries(STATUSES[operation]).find(([, number]) => number === status)?.[0]
  return key === undefined ? `status ${status}` : snakeCase(key)
}

export const isStatusOf = (operation: Operation, name: string): boolean =>
  Object.keys(STATUSES[operation]).some((key) => snakeCase(key) === name)
