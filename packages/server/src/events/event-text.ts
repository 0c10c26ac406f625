/** Events as JSON: a function of the book alone, so that the same fact is told in the same bytes whenever. */
import { formatId, formatRequestId } from '@tallystick/contract'
import { AccountFlags, NO_SUBTREE_LIMIT, TransferFlags } from '@tallystick/engine'
import {
  AccountField,
  BooksField,
  LIMIT_GIVEN,
  LimitField,
  Operation,
  type RecordCursor,
  RefusedField,
  SUBTREE_LIMIT_GIVEN,
} from '@tallystick/ledger'

import type { Book } from '../render/book.ts'
import { statedFact } from '../facts/fact-statement.ts'
import { limitFactsText } from '../render/limit-facts.ts'
import { operationName, statusName } from '../render/statuses.ts'
import { firedText } from '../render/rule-text.ts'
import { idText, metadataText, timeText } from '../render/text.ts'
import type { BookEvent } from './book-event.ts'
import { firingOf } from './fired-record.ts'

const NS_PER_SECOND = 1_000_000_000n

export function eventText(event: BookEvent): string {
  const { id, source, type, sequence, record } = event
  return `{"specversion":"1.0","id":"${id}","source":"${source}","type":"${type}","subject":${JSON.stringify(subjectOf(event))},"time":${timeText(record.timestamp)},"datacontenttype":"application/json","sequence":"${sequence}","data":{${dataText(event)}}}`
}

function subjectOf(event: BookEvent): string {
  const { type, record, accounts, assetText } = event
  if (type.startsWith('hold.') && type !== 'hold.created') return formatId(record.pendingId)
  if (record.kind === Operation.createTransfer) return formatId(record.id)
  if (record.kind === Operation.attest) return type.split('.')[0] ?? ''
  return accounts[0] ?? assetText
}

function dataText(event: BookEvent): string {
  switch (event.type) {
    case 'account.opened':
      return openedText(event)
    case 'account.limits_changed':
      return `${accountText(event)}${limitsText(event.record)}${originText(event)}`
    case 'account.metadata_changed':
      return `${accountText(event)},${writtenText(event)}${originText(event)}`
    case 'account.closed':
    case 'account.reopened':
      return `${accountText(event)}${originText(event)}`
    case 'transfer.posted':
      return movedText(event)
    case 'transfer.reversed':
      return `${movedText(event)},"reverses_id":${idText(event.record.pendingId)},"reversed":"${event.record.capturedAfter}"`
    case 'hold.created':
      return `${movedText(event)}${newHoldText(event)}`
    case 'hold.captured':
    case 'hold.voided':
    case 'hold.expired':
      return `${movedText(event)}${ofHoldText(event.record)}`
    case 'asset.registered':
      return `"asset":"${event.assetText}"${originText(event)}`
    case 'books.closed':
      return `${booksText(event)}${originText(event)}`
    case 'rule.fired':
      return `${firedText(firingOf(event.record))}${originText(event)}`
    case 'command.refused':
      return `${refusedText(event)}${originText(event)}`
    case 'read_models.differed':
    case 'read_models.agreed':
      return `${statedFact(event.record)?.fields ?? ''}${originText(event)}`
  }
}

function originText({ request, reference }: BookEvent): string {
  const id = request === undefined ? 'null' : `"${formatRequestId(request.requestId)}"`
  const named = reference === undefined ? '' : `,"reference":${JSON.stringify(reference)}`
  return `,"request_id":${id}${named}`
}

function writtenText({ book, record }: BookEvent): string {
  return book.privacy.withheldFields(metadataText(record.metadata))
}

function accountText({ accounts, record, assetText }: BookEvent): string {
  return `"account":"${accounts[0] ?? ''}","account_id":${idText(record.id)},"asset":"${assetText}"`
}

function openedText(event: BookEvent): string {
  const { book, record } = event
  const parent = record.u128(AccountField.parent)
  const parentText = parent === 0n ? 'null' : `"${book.accounts.addressOf(parent)}"`
  return `${accountText(event)},"code":${record.code},"flags":[${flagTexts(record.flags).join(',')}],"parent":${parentText},"limit":"${record.u128(AccountField.limit)}","subtree_limit":${limitOrNull(record.u128(AccountField.subtreeLimit))},${writtenText(event)}${originText(event)}`
}

function flagTexts(flags: number): string[] {
  const names: string[] = []
  if ((flags & AccountFlags.debitsMustNotExceedCredits) !== 0) {
    names.push('"debits_must_not_exceed_credits"')
  }
  if ((flags & AccountFlags.creditsMustNotExceedDebits) !== 0) {
    names.push('"credits_must_not_exceed_debits"')
  }
  return names
}

function limitsText(record: RecordCursor): string {
  let text = ''
  if ((record.form & LIMIT_GIVEN) !== 0) {
    text += `,"limit":"${record.u128(LimitField.limit)}","limit_before":"${record.u128(LimitField.limitBefore)}"`
  }
  if ((record.form & SUBTREE_LIMIT_GIVEN) !== 0) {
    text += `,"subtree_limit":${limitOrNull(record.u128(LimitField.subtreeLimit))},"subtree_limit_before":${limitOrNull(record.u128(LimitField.subtreeLimitBefore))}`
  }
  return text
}

function limitOrNull(limit: bigint): string {
  return limit === NO_SUBTREE_LIMIT ? 'null' : `"${limit}"`
}

function movedText(event: BookEvent): string {
  const { record, book } = event
  const [debit = '', credit = ''] = event.accounts
  return `"transfer_id":${idText(record.id)},"debit":${sideText(record, 'debit', debit)},"credit":${sideText(record, 'credit', credit)},"amount":"${record.amount}","asset":"${book.assets.text(record.asset)}","code":${record.code},"effective_at":${timeText(record.effectiveAt)},${writtenText(event)}${originText(event)}`
}

function sideText(record: RecordCursor, which: 'debit' | 'credit', address: string): string {
  const side = record.side(which)
  const { number, debitsPending, debitsPosted, creditsPending, creditsPosted } = side
  return `{"account":"${address}","number":"${number}","balances":{"debits_pending":"${debitsPending}","debits_posted":"${debitsPosted}","credits_pending":"${creditsPending}","credits_posted":"${creditsPosted}","balance":"${creditsPosted - debitsPosted}"}}`
}

function newHoldText({ record, accounts }: BookEvent): string {
  const { timeout, flags, timestamp } = record
  const expiresAt = timeout === 0 ? 'null' : timeText(timestamp + BigInt(timeout) * NS_PER_SECOND)
  const closes = [TransferFlags.closingDebit, TransferFlags.closingCredit].flatMap((bit, index) =>
    (flags & bit) === 0 ? [] : [`"${accounts[index] ?? ''}"`],
  )
  return `,"expires_at":${expiresAt},"closes":[${closes.join(',')}]`
}

function ofHoldText(record: RecordCursor): string {
  return `,"hold_id":${idText(record.pendingId)},"captured":"${record.capturedAfter}","remaining":"${record.remainingAfter}"`
}

function booksText({ record, accounts, book }: BookEvent): string {
  const account = accounts[0] === undefined ? 'null' : `"${accounts[0]}"`
  const isOfAsset = accounts[0] === undefined && record.asset !== 0
  const asset = isOfAsset ? `"${book.assets.text(record.asset)}"` : 'null'
  return `"asset":${asset},"account":${account},"closed_until":${timeOrNull(record.u64(BooksField.until))},"closed_until_before":${timeOrNull(record.u64(BooksField.before))}`
}

function timeOrNull(ns: bigint): string {
  return ns === 0n ? 'null' : timeText(ns)
}

function refusedText({ record, accounts, book }: BookEvent): string {
  const { kind, status, id } = record
  const head = `"operation":"${operationName(kind)}","status":"${statusName(kind, status)}","id":${id === 0n || kind === Operation.registerAsset ? 'null' : idText(id)}`
  if (kind !== Operation.createTransfer) {
    return accounts[0] === undefined ? head : `${head},"account":"${accounts[0]}"`
  }
  const asked = `${head}${askedText(book, record)},"amount":"${record.amount}"`
  return asked + limitFactsText(book, record)
}

function askedText({ accounts }: Book, record: RecordCursor): string {
  const named = (name: string, id: bigint): string =>
    id === 0n ? '' : `,"${name}":"${accounts.addressOf(id)}"`
  return (
    named('debit_account', record.u128(RefusedField.debitAccountId)) +
    named('credit_account', record.u128(RefusedField.creditAccountId))
  )
}
