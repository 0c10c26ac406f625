/** The answers to commands about accounts. */
import { AccountFlags } from '@tallystick/engine'
import {
  AccountField,
  AccountStatus,
  LimitField,
  Memory,
  Operation,
  RecordCursor,
} from '@tallystick/ledger'

import { limitedSide } from '../known-accounts.ts'
import type { SavedAccount } from '../saved-body.ts'
import { accountText, openedBy, subtreeLimitText } from './account.ts'
import type { Answer, Render } from './answer.ts'
import type { Book, Facts } from './book.ts'
import { refusalFacts, refusedEvent, TRANSFER_FIELDS } from './refusal.ts'
import { metadataText } from './text.ts'

const cursor = new RecordCursor(Memory.allocate(8))
const NOTHING = { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }

export const newAccountAnswer: Render = (book, facts, { requestId, body }) => {
  const record = facts.record(0, cursor)
  if (record.status === AccountStatus.exists && body.after !== undefined) {
    return changed(book, record.id, record.timestamp, { after: body.after, facts, status: 200 })
  }
  if (record.status !== 0 && record.status !== AccountStatus.exists) {
    return { problem: refusalFacts(book, facts, 0, { fields: TRANSFER_FIELDS, body }) }
  }
  const { id, flags, asset, code, timestamp, address } = record
  const parent = record.u128(AccountField.parent)
  const limit = record.u128(AccountField.limit)
  const text = accountText(
    book,
    {
      ...{ id, flags, asset, code, address, balances: NOTHING, entries: 0, createdAt: timestamp },
      parent: parent === 0n ? null : book.accounts.addressOf(parent),
      limit: `${limit}`,
      subtreeLimit: subtreeLimitText(record.u128(AccountField.subtreeLimit)),
      closed: (flags & AccountFlags.closed) !== 0,
      available: limitedSide(flags) === undefined ? undefined : limit,
      metadata: metadataText(record.metadata),
      requestId,
    },
    facts.dryRun,
  )
  return { status: 201, text, location: facts.dryRun ? undefined : `/v1/accounts/${address}` }
}

/** Of changes, closings and reopenings. */
export const changedAccountAnswer: Render = (book, facts, { body }) => {
  const refused = refusedEvent(facts)
  if (refused >= 0 || body.after === undefined) {
    const fields = { ...TRANSFER_FIELDS, name: 'address' }
    return { problem: refusalFacts(book, facts, Math.max(refused, 0), { fields, body }) }
  }
  const { id, timestamp } = facts.record(facts.count - 1, cursor)
  return changed(book, id, timestamp, { after: body.after, facts, status: 200 })
}

/** The account as the write left it: settings as kept with the request, balances from its history. */
function changed(
  book: Book,
  id: bigint,
  timestamp: bigint,
  { after, facts, status }: { after: SavedAccount; facts: Facts; status: 200 | 201 },
): Answer {
  const view = book.reader.account(id)
  const past = book.reader.balanceAt(id, timestamp)
  if (view === undefined || past === undefined) throw new Error('the account of a command is gone')
  const limit = limitIn(facts) ?? past.limit ?? view.limit
  const { balances } = past
  const text = accountText(
    book,
    {
      ...view,
      parent: view.parent === 0n ? null : book.accounts.addressOf(view.parent),
      limit: `${limit}`,
      subtreeLimit: after.subtree_limit,
      closed: after.closed,
      balances,
      available: available(view.flags, limit, balances),
      entries: past.entryCount,
      metadata: after.metadata,
      createdAt: view.timestamp,
      requestId: openedBy(book, view),
    },
    facts.dryRun,
  )
  return { status, text, location: `/v1/accounts/${view.address}` }
}

/** Limit that a change of limit among the events set. */
function limitIn(facts: Facts): bigint | undefined {
  for (let index = 0; index < facts.count; index++) {
    const record = facts.record(index, cursor)
    if (record.kind === Operation.changeLimit) return record.u128(LimitField.limit)
  }
  return undefined
}

function available(flags: number, limit: bigint, balances: typeof NOTHING): bigint | undefined {
  const side = limitedSide(flags)
  if (side === undefined) return undefined
  const { debitsPending, debitsPosted, creditsPending, creditsPosted } = balances
  const rest =
    side === 'debits'
      ? creditsPosted + limit - debitsPending - debitsPosted
      : debitsPosted + limit - creditsPending - creditsPosted
  return rest > 0n ? rest : 0n
}
