/** A command in the words of programs as one of a packed batch. */
import {
  ALL_ONES,
  canonicalJson,
  PackedAccountFlags,
  type PackedAccount,
  PackedOperation,
  type PackedTransfer,
  PackedTransferFlags as Flags,
  parseId,
  parseTime,
} from '@tallystick/contract'
import { accountId } from './account-id.ts'
import { TallystickError } from './errors.ts'
import type { CreateAccount } from './shapes/account.ts'
import type { PackableCommand } from './shapes/batch.ts'
import type { Metadata, Moment } from './shapes/values.ts'
import { uuidv7 } from './uuid.ts'

type AssetNumbers = ReadonlyMap<string, number>

/** @throws TallystickError when a field cannot be packed, like an asset that is not registered. */
export function packCommand(
  command: PackableCommand,
  assets: AssetNumbers,
): PackedTransfer | PackedAccount {
  return command.operation === 'create_account'
    ? packAccount(command, assets)
    : packTransfer(command, assets)
}

type Movement = Exclude<PackableCommand, { readonly operation: 'create_account' }>

function packTransfer(command: Movement, assets: AssetNumbers): PackedTransfer {
  return {
    operation: PackedOperation.createTransfer,
    id: idOf(command.id ?? uuidv7()),
    metadata: bytesOf(command.metadata),
    effectiveAt: nanosecondsOf(command.effectiveAt),
    ...partsOf(command, assets),
  }
}

type Parts = Omit<PackedTransfer, 'operation' | 'id' | 'metadata' | 'effectiveAt'>

/** Captures and voids leave out what they inherit from their hold. */
const INHERITED = { debitAccountId: 0n, creditAccountId: 0n, asset: 0, code: 0, timeout: 0 }

function partsOf(command: Movement, assets: AssetNumbers): Parts {
  const linked = command.linked === true ? Flags.linked : 0
  switch (command.operation) {
    case 'capture_hold': {
      const partial = command.final === false ? Flags.partial : 0
      const flags = Flags.postPendingTransfer | partial | linked
      return {
        ...INHERITED,
        amount: command.amount ?? ALL_ONES,
        pendingId: idOf(command.hold),
        flags,
      }
    }
    case 'void_hold': {
      const flags = Flags.voidPendingTransfer | linked
      return { ...INHERITED, amount: 0n, pendingId: idOf(command.hold), flags }
    }
    default:
      return movementParts(command, assets)
  }
}

type NewMovement = Extract<Movement, { readonly debitAccount: string }>

function movementParts(command: NewMovement, assets: AssetNumbers): Parts {
  const hold = command.operation === 'create_hold' ? command : undefined
  return {
    debitAccountId: accountId(whole(command.debitAccount, command.asset)),
    creditAccountId: accountId(whole(command.creditAccount, command.asset)),
    amount: command.amount,
    pendingId: 0n,
    timeout: hold?.timeoutSeconds ?? 0,
    asset: assetNumber(command.asset, assets),
    code: command.code ?? 1,
    flags:
      (command.linked === true ? Flags.linked : 0) |
      (command.mode === 'up_to' ? Flags.balancingDebit : 0) |
      (hold === undefined ? 0 : Flags.pending) |
      (hold?.closeDebitAccount === true ? Flags.closingDebit : 0) |
      (hold?.closeCreditAccount === true ? Flags.closingCredit : 0),
  }
}

function packAccount(account: CreateAccount, assets: AssetNumbers): PackedAccount {
  const flags = account.flags ?? []
  const { parent = null, subtreeLimit = null } = account
  return {
    operation: PackedOperation.createAccount,
    id: accountId(account.address),
    address: account.address,
    parent: parent === null ? 0n : accountId(parent),
    limit: account.limit ?? 0n,
    subtreeLimit: subtreeLimit ?? ALL_ONES,
    asset: assetNumber(account.asset, assets),
    code: account.code ?? 1,
    flags:
      (flags.includes('debits_must_not_exceed_credits')
        ? PackedAccountFlags.debitsMustNotExceedCredits
        : 0) |
      (flags.includes('credits_must_not_exceed_debits')
        ? PackedAccountFlags.creditsMustNotExceedDebits
        : 0) |
      (account.closed === true ? PackedAccountFlags.closed : 0),
    metadata: bytesOf(account.metadata),
  }
}

/** `world` is short for `world:EUR-2`. */
function whole(address: string, asset: string): string {
  return address === 'world' ? `world:${asset.replace('/', '-')}` : address
}

function assetNumber(asset: string, assets: AssetNumbers): number {
  const number = assets.get(asset)
  if (number === undefined) throw new TallystickError(`there is no asset ${asset}`)
  return number
}

function idOf(text: string): bigint {
  const id = parseId(text)
  if (id === undefined) throw new TallystickError(`${text} is not an id`)
  return id
}

const encoder = new TextEncoder()

function bytesOf(metadata: Metadata | undefined): Uint8Array {
  return metadata === undefined ? new Uint8Array(0) : encoder.encode(canonicalJson(metadata))
}

function nanosecondsOf(moment: Moment | undefined): bigint {
  if (moment === undefined) return 0n
  const text = typeof moment === 'string' ? moment : moment.toISOString()
  const ns = parseTime(text)
  if (ns === undefined) throw new TallystickError(`${text} is not a time`)
  return ns
}
