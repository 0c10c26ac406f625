/** Names for the numbers of the book, as a dump has them: kinds, statuses, flags. */
import {
  AccountFlags,
  AccountStatus,
  AssetStatus,
  AttestStatus,
  BooksStatus,
  ClosureStatus,
  ControlStatus,
  RuleStatus,
  LimitStatus,
  MetadataStatus,
  Operation,
  TransferFlags,
  TransferStatus,
} from '@tallystick/ledger'

import { Malformed } from '../fields.ts'

type Numbers = Readonly<Record<string, number>>

const KINDS = {
  transfer: Operation.createTransfer,
  release: Operation.releaseHold,
  account: Operation.createAccount,
  limit: Operation.changeLimit,
  metadata: Operation.changeMetadata,
  close: Operation.closeAccount,
  reopen: Operation.reopenAccount,
  asset: Operation.registerAsset,
  books: Operation.closeBooks,
  statement: Operation.attest,
  control: Operation.control,
  rule: Operation.rule,
} as const satisfies Record<string, Operation>

export type Kind = keyof typeof KINDS

const STATUSES: Readonly<Record<Kind, Numbers>> = {
  transfer: TransferStatus,
  // It cannot be refused.
  release: { created: 0 },
  account: AccountStatus,
  limit: LimitStatus,
  metadata: MetadataStatus,
  close: ClosureStatus,
  reopen: ClosureStatus,
  asset: AssetStatus,
  books: BooksStatus,
  statement: AttestStatus,
  control: ControlStatus,
  rule: RuleStatus,
}

const KIND_NAMES = namesOf(KINDS)

const STATUS_NAMES = new Map(
  Object.entries(STATUSES).map(([kind, numbers]) => [kind, namesOf(numbers)]),
)

function namesOf(numbers: Numbers): ReadonlyMap<number, string> {
  return new Map(Object.entries(numbers).map(([name, number]) => [number, snakeCase(name)]))
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

export function kindName(number: number): Kind {
  const name = KIND_NAMES.get(number)
  if (name === undefined) throw new Malformed(`kind ${number} has no name`)
  return name as Kind
}

export function isKind(name: string): name is Kind {
  return Object.hasOwn(KINDS, name)
}

export function statusName(kind: Kind, number: number): string {
  const name = STATUS_NAMES.get(kind)?.get(number)
  if (name === undefined) throw new Malformed(`status ${number} of ${kind} has no name`)
  return name
}

const FLAG_BITS = 16

const flagNames = (kind: Kind): ReadonlyMap<number, string> =>
  kind === 'transfer' || kind === 'release' ? TRANSFER_FLAGS : ACCOUNT_FLAGS

const TRANSFER_FLAGS = namesOf(TransferFlags)
const ACCOUNT_FLAGS = namesOf(AccountFlags)

/** Names of the bits that are set; a bit without a name, which a refused command may have, is `bit_12`. */
export function flagsText(kind: Kind, flags: number): string[] {
  const names: string[] = []
  for (let bit = 0; bit < FLAG_BITS; bit++) {
    if ((flags & (1 << bit)) !== 0) names.push(flagNames(kind).get(1 << bit) ?? `bit_${bit}`)
  }
  return names
}

export function flagsOf(kind: Kind, names: readonly string[]): number {
  let flags = 0
  for (const name of names) flags |= flagOf(kind, name)
  return flags
}

function flagOf(kind: Kind, wanted: string): number {
  for (let bit = 0; bit < FLAG_BITS; bit++) {
    const name = flagNames(kind).get(1 << bit) ?? `bit_${bit}`
    if (name === wanted) return 1 << bit
  }
  throw new Malformed(`${wanted} is no flag of ${kind}`)
}
