/** What was decided, as a dump has it. Only written: a load decides again, and compares. */
import { BooksField, LimitField, Operation, type RecordCursor } from '@tallystick/ledger'

import { idText, type Json } from './asked.ts'
import { flagsText } from './names.ts'

/** @param accountId of the account in a slot. */
export function decidedJson(record: RecordCursor, accountId: (slot: number) => bigint): Json {
  if (record.moved) return movedJson(record, accountId)
  const repeats = record.seen === 0 ? undefined : record.seen
  switch (record.kind) {
    case Operation.createTransfer:
      return { repeats, refused_by: refusalJson(record) }
    case Operation.createAccount:
      return { repeats }
    case Operation.changeLimit:
      return {
        limit: record.u128(LimitField.limit).toString(),
        subtree_limit: record.u128(LimitField.subtreeLimit).toString(),
        limit_before: record.u128(LimitField.limitBefore).toString(),
        subtree_limit_before: record.u128(LimitField.subtreeLimitBefore).toString(),
      }
    case Operation.closeBooks:
      return { until_before: record.u64(BooksField.before).toString() }
    default:
      return {}
  }
}

function movedJson(record: RecordCursor, accountId: (slot: number) => bigint): Json {
  const { asset, code, amount, pendingSequence, capturedAfter, remainingAfter } = record
  const isRelease = record.kind === Operation.releaseHold
  const flags = flagsText('release', record.flags)
  return {
    // Of a release nobody asked, so all that is known of it is here.
    ...(isRelease ? { id: idText(record.id), flags, effective_at: `${record.effectiveAt}` } : {}),
    ...{ asset, code, amount: `${amount}` },
    ...(pendingSequence === 0
      ? {}
      : {
          pending: {
            ...{ id: idText(record.pendingId), sequence: pendingSequence },
            ...{ captured: `${capturedAfter}`, remaining: `${remainingAfter}` },
          },
        }),
    debit: sideJson(record, 'debit', accountId),
    credit: sideJson(record, 'credit', accountId),
  }
}

function sideJson(
  record: RecordCursor,
  which: 'debit' | 'credit',
  accountId: (slot: number) => bigint,
): Json {
  const side = record.side(which)
  return {
    account: idText(accountId(side.slot)),
    ...{ entry: `${side.number}`, previous: side.previous, jump: side.jump },
    debits_pending: `${side.debitsPending}`,
    debits_posted: `${side.debitsPosted}`,
    credits_pending: `${side.creditsPending}`,
    credits_posted: `${side.creditsPosted}`,
    effective_newest: record.late(which) ? `${record.effectiveNewest(which)}` : undefined,
  }
}

function refusalJson(record: RecordCursor): Json | undefined {
  const { refusal } = record
  if (refusal === undefined) return undefined
  const { account, needed, available, limit } = refusal
  return {
    account: idText(account),
    ...{ needed: `${needed}`, available: `${available}`, limit: `${limit}` },
  }
}
