/** What was asked, as a dump has it: the fields of a command that are not zero or empty. Both ways. */
import { type Command, NO_SUBTREE_LIMIT, Operation } from '@tallystick/ledger'

import { type Fields, Malformed } from '../fields.ts'
import { flagsOf, flagsText, type Kind, kindName } from './names.ts'

/** A JSON value whose undefined fields are left out. */
export type Json = Readonly<Record<string, unknown>>

/** 32 hex digits. */
export function idText(id: bigint): string {
  return id.toString(16).padStart(32, '0')
}

const some = (value: bigint): string | undefined => (value === 0n ? undefined : `${value}`)
const someId = (id: bigint): string | undefined => (id === 0n ? undefined : idText(id))
const someNumber = (value: number): number | undefined => (value === 0 ? undefined : value)
const someText = (text: string): string | undefined => (text === '' ? undefined : text)

/** Text as itself, other bytes as base64 under the name with `_base64`. */
export function bytesJson(name: string, bytes: Uint8Array): Json {
  if (bytes.length === 0) return {}
  const text = Buffer.from(bytes).toString('utf8')
  if (Buffer.from(text).equals(bytes)) return { [name]: text }
  return { [`${name}_base64`]: Buffer.from(bytes).toString('base64') }
}

export function bytesOf(fields: Fields, name: string): Uint8Array {
  const encoded = fields.any(`${name}_base64`)
  if (encoded === undefined) return Buffer.from(fields.textOr(name, ''))
  return Buffer.from(fields.text(`${name}_base64`), 'base64')
}

export function askedJson(command: Command): Json {
  const kind = kindName(command.operation)
  const flags = flagsText(kind, command.flags)
  return { ...commandJson(command), flags: flags.length === 0 ? undefined : flags }
}

function commandJson(command: Command): Json {
  switch (command.operation) {
    case Operation.createTransfer:
      return {
        id: idText(command.id),
        debit_account: someId(command.debitAccountId),
        credit_account: someId(command.creditAccountId),
        amount: some(command.amount),
        pending_id: someId(command.pendingId),
        timeout_seconds: someNumber(command.timeout),
        ...{ asset: someNumber(command.asset), code: someNumber(command.code) },
        effective_at: some(command.effectiveAt),
        ...bytesJson('metadata', command.metadata),
      }
    case Operation.createAccount: {
      const { subtreeLimit } = command
      return {
        ...{ id: idText(command.id), address: someText(command.address) },
        ...{ asset: someNumber(command.asset), code: someNumber(command.code) },
        ...{ parent: someId(command.parent), limit: some(command.limit) },
        subtree_limit: subtreeLimit === NO_SUBTREE_LIMIT ? undefined : `${subtreeLimit}`,
        ...bytesJson('metadata', command.metadata),
      }
    }
    case Operation.changeLimit:
      return {
        id: idText(command.id),
        ...{ limit: command.limit?.toString(), subtree_limit: command.subtreeLimit?.toString() },
      }
    case Operation.changeMetadata:
      return { id: idText(command.id), ...bytesJson('metadata', command.metadata) }
    case Operation.closeAccount:
    case Operation.reopenAccount:
      return { id: idText(command.id) }
    case Operation.registerAsset:
      return { asset: someNumber(command.asset), name: someText(command.name) }
    case Operation.closeBooks:
      return {
        id: idText(command.id),
        asset: someNumber(command.asset),
        until: some(command.until),
      }
    case Operation.attest:
    case Operation.control:
    case Operation.rule:
      return bytesJson('statement', command.statement)
  }
}

/** @throws Malformed. */
export function commandOf(kind: Kind, fields: Fields): Command {
  const flags = flagsOf(kind, fields.texts('flags'))
  const id = (name = 'id'): bigint => fields.idOr(name, 0n)
  const amount = (name: string): bigint => fields.integerOr(name, 0n)
  const number = (name: string): number => fields.countOr(name, 0)
  switch (kind) {
    case 'transfer':
      return {
        ...{ operation: Operation.createTransfer, id: id(), flags, code: number('code') },
        ...{ debitAccountId: id('debit_account'), creditAccountId: id('credit_account') },
        ...{ amount: amount('amount'), pendingId: id('pending_id') },
        ...{ timeout: number('timeout_seconds'), asset: number('asset') },
        ...{ effectiveAt: amount('effective_at'), metadata: bytesOf(fields, 'metadata') },
      }
    case 'account':
      return {
        ...{ operation: Operation.createAccount, id: id(), flags, code: number('code') },
        ...{ address: fields.textOr('address', ''), asset: number('asset'), parent: id('parent') },
        ...{ limit: amount('limit') },
        subtreeLimit: fields.integerOr('subtree_limit', NO_SUBTREE_LIMIT),
        metadata: bytesOf(fields, 'metadata'),
      }
    case 'limit':
      return {
        ...{ operation: Operation.changeLimit, id: id(), flags },
        limit: fields.optionalInteger('limit'),
        subtreeLimit: fields.optionalInteger('subtree_limit'),
      }
    case 'metadata': {
      const metadata = bytesOf(fields, 'metadata')
      return { operation: Operation.changeMetadata, id: id(), flags, metadata }
    }
    case 'close':
      return { operation: Operation.closeAccount, id: id(), flags }
    case 'reopen':
      return { operation: Operation.reopenAccount, id: id(), flags }
    case 'asset': {
      const name = fields.textOr('name', '')
      return { operation: Operation.registerAsset, asset: number('asset'), flags, name }
    }
    case 'books':
      return {
        ...{ operation: Operation.closeBooks, id: id(), asset: number('asset'), flags },
        until: amount('until'),
      }
    case 'statement':
      return { operation: Operation.attest, flags, statement: bytesOf(fields, 'statement') }
    case 'control':
      return { operation: Operation.control, flags, statement: bytesOf(fields, 'statement') }
    case 'rule':
      return { operation: Operation.rule, flags, statement: bytesOf(fields, 'statement') }
    case 'release':
      throw new Malformed('nobody asks for a release')
  }
}
