/** One decided event of a request as JSON text. */
import { decodeControl } from '@tallystick/access'
import { NO_SUBTREE_LIMIT } from '@tallystick/engine'
import {
  AccountField,
  BooksField,
  LIMIT_GIVEN,
  LimitField,
  NO_SLOT,
  Operation,
  type RecordCursor,
  RefusedField,
  SUBTREE_LIMIT_GIVEN,
} from '@tallystick/ledger'
import { parseAsset } from '@tallystick/money'
import { decodeRuleCommand } from '@tallystick/rules'

import { balancesAfterText } from './balances-after.ts'
import type { Book } from './book.ts'
import { limitFactsText } from './limit-facts.ts'
import { operationName, statusName } from './statuses.ts'
import { idText, metadataText, timeText } from './text.ts'
import { kindOf } from './transfer.ts'

export function recordText(book: Book, record: RecordCursor): string {
  const { kind, status, id } = record
  const hasId = kind !== Operation.registerAsset && id !== 0n
  const head = `{"object":"record","sequence":"${record.sequence}","timestamp":${timeText(record.timestamp)},"operation":"${operationName(kind)}","status":"${statusName(kind, status)}","id":${hasId ? idText(id) : 'null'}`
  return `${head}${factsText(book, record)}}`
}

function factsText(book: Book, record: RecordCursor): string {
  switch (record.kind) {
    case Operation.createTransfer:
    case Operation.releaseHold:
      return record.moved ? movedText(book, record) : refusedText(book, record)
    case Operation.createAccount:
      return openingText(book, record)
    case Operation.changeLimit:
      return accountText(book, record) + limitText(record)
    case Operation.registerAsset:
      return assetText(record)
    case Operation.closeBooks:
      return booksText(book, record)
    case Operation.attest:
      return ''
    case Operation.control:
      return `,"control":${controlText(record)}`
    case Operation.rule:
      return `,"rule":${ruleText(record)}`
    default:
      return accountText(book, record) + ownMetadataText(book, record)
  }
}

/** ASCII JSON in its one form, or nothing that can be shown. */
function controlText(record: RecordCursor): string {
  return decodeControl(record.metadata) === undefined
    ? '{}'
    : Buffer.from(record.metadata).toString('latin1')
}

function ruleText(record: RecordCursor): string {
  return decodeRuleCommand(record.metadata) === undefined
    ? '{}'
    : Buffer.from(record.metadata).toString('latin1')
}

function movedText(book: Book, record: RecordCursor): string {
  const { accounts, assets } = book
  const debit = accounts.bySlot(record.debitSlot)
  const credit = accounts.bySlot(record.creditSlot)
  if (debit === undefined || credit === undefined) throw new Error('a record names no account')
  const { pendingId, flags, code } = record
  const kind = record.kind === Operation.releaseHold ? 'expired' : kindOf(flags)
  const of = pendingId === 0n ? 'null' : idText(pendingId)
  const what = `"amount":"${record.amount}","asset":"${assets.text(record.asset)}","code":${code},"kind":"${kind}","pending_id":${of}`
  return `,"debit_account":"${debit.address}","credit_account":"${credit.address}",${what}${ownMetadataText(book, record)},"balances":${balancesAfterText(book, record, debit, credit)}`
}

function refusedText(book: Book, record: RecordCursor): string {
  const { accounts } = book
  const debit = accounts.addressOf(record.u128(RefusedField.debitAccountId))
  const credit = accounts.addressOf(record.u128(RefusedField.creditAccountId))
  const asked = `,"debit_account":"${debit}","credit_account":"${credit}","amount":"${record.amount}"${ownMetadataText(book, record)}`
  return asked + limitFactsText(book, record)
}

function openingText(book: Book, record: RecordCursor): string {
  const { address, asset, code } = record
  const name = address === '' ? '' : `,"account":"${address}"`
  const what = `,"asset":"${book.assets.text(asset)}"`
  const limits = `,"limit":"${record.u128(AccountField.limit)}","subtree_limit":${limitOrNull(record.u128(AccountField.subtreeLimit))}`
  return `${name}${what}${code === 0 ? '' : `,"code":${code}`}${limits}${ownMetadataText(book, record)}`
}

function accountText({ accounts }: Book, record: RecordCursor): string {
  if (record.slot === NO_SLOT) return ''
  const address = accounts.bySlot(record.slot)?.address
  return address === undefined ? '' : `,"account":"${address}"`
}

function limitText(record: RecordCursor): string {
  let text = ''
  if ((record.form & LIMIT_GIVEN) !== 0) {
    const [limit, before] = [record.u128(LimitField.limit), record.u128(LimitField.limitBefore)]
    text += `,"limit":"${limit}","limit_before":"${before}"`
  }
  if ((record.form & SUBTREE_LIMIT_GIVEN) !== 0) {
    const limit = limitOrNull(record.u128(LimitField.subtreeLimit))
    const before = limitOrNull(record.u128(LimitField.subtreeLimitBefore))
    text += `,"subtree_limit":${limit},"subtree_limit_before":${before}`
  }
  return text
}

function limitOrNull(limit: bigint): string {
  return limit === NO_SUBTREE_LIMIT ? 'null' : `"${limit}"`
}

/** The name that was asked for; what is no name at all is left out. */
function assetText(record: RecordCursor): string {
  const name = Buffer.from(record.metadata).toString('utf8')
  return parseAsset(name) === undefined ? '' : `,"asset":"${name}"`
}

function booksText(book: Book, record: RecordCursor): string {
  const whose = record.slot === NO_SLOT ? assetOfBooks(book, record) : accountText(book, record)
  const [until, before] = [record.u64(BooksField.until), record.u64(BooksField.before)]
  return `${whose},"closed_until":${timeOrNull(until)},"closed_until_before":${timeOrNull(before)}`
}

function assetOfBooks({ assets }: Book, { id, asset }: RecordCursor): string {
  return id === 0n && asset !== 0 ? `,"asset":"${assets.text(asset)}"` : ''
}

function timeOrNull(ns: bigint): string {
  return ns === 0n ? 'null' : timeText(ns)
}

function ownMetadataText({ privacy }: Book, { metadata }: RecordCursor): string {
  return metadata.length === 0 ? '' : `,${privacy.fields(metadataText(metadata))}`
}
