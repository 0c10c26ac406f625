/** Why the ledger refused, as a problem: from the record and what was kept with it, the same now and in ten years. */
import { isProblemCode, type ProblemFacts, PROBLEMS } from '@tallystick/contract'
import { Memory, Operation, RecordCursor, RefusedField } from '@tallystick/ledger'

import type { SavedBody } from '../saved-body.ts'
import { type Book, type Facts, refusedAccount } from './book.ts'
import { ceilingFacts } from './limit-facts.ts'
import { operationName, statusName } from './statuses.ts'

/** What the fields of the request are called that a refusal can be about. */
export interface Fields {
  /** Before the name, like `postings[0].`. */
  readonly at: string
  readonly debit: string
  readonly credit: string
  /** The hold or transfer that it is about. */
  readonly subject: string
  readonly name: string
}

export const TRANSFER_FIELDS: Fields = {
  at: '',
  debit: 'debit_account',
  credit: 'credit_account',
  subject: 'id',
  name: 'id',
}

const LINKED_FAILED = 1
const cursor = new RecordCursor(Memory.allocate(8))

/** The event of a chain that refused by itself; -1: none did. */
export function refusedEvent(facts: Facts, from = 0, to = facts.count): number {
  let failed = -1
  for (let index = from; index < to; index++) {
    const status = facts.status(index)
    if (status === 0) continue
    if (status !== LINKED_FAILED) return index
    if (failed < 0) failed = index
  }
  return failed
}

/** @param body kept with the request. */
export function refusalFacts(
  book: Book,
  facts: Facts,
  index: number,
  { fields, body }: { fields: Fields; body: SavedBody },
): ProblemFacts {
  const record = facts.record(index, cursor)
  const code = statusName(record.kind, record.status)
  if (!isProblemCode(code)) throw new Error(`${code} is no problem`)
  const param = fields.at + paramOf(code, record.kind, fields)
  const { refusal } = record
  const own = ceilingFacts(book, record)
  if (refusal !== undefined && own !== undefined) {
    const { needed, available, limit } = refusal
    const { ceiling, resetsAt } = own
    const what = own.isCount ? 'transfers' : book.assets.text(record.asset)
    return {
      ...{ code, param, ceiling, resetsAt },
      detail: `The ceiling ${ceiling} leaves ${available} ${what}; ${needed} was asked for.`,
      ...{ needed: `${needed}`, available: `${available}`, limit: `${limit}` },
    }
  }
  if (refusal !== undefined) {
    const account = refusedAccount(book, facts, refusal.account)
    const { needed, available, limit } = refusal
    const whose =
      code === 'exceeds_subtree_limit' ? `The subtree of ${account.address}` : account.address
    const verb = code === 'exceeds_debits' ? 'may still receive' : 'has'
    const what = `${available} ${account.assetText}${verb === 'has' ? ' available' : ''}`
    return {
      ...{ code, param, account: account.address },
      detail: `${whose} ${verb} ${what}; ${needed} was asked for.`,
      needed: `${needed}`,
      available: `${available}`,
      limit: `${limit}`,
    }
  }
  return { code, param, detail: detailOf(book, code, record, body) }
}

function paramOf(code: string, kind: number, fields: Fields): string {
  if (kind !== Operation.createTransfer) return paramOfOthers(code, kind)
  if (code.startsWith('debit_account')) return fields.debit
  if (code.startsWith('credit_account')) return fields.credit
  if (/^(exceeds_|overflows_|pending_transfer_has_different_amount)/.test(code)) {
    return code === 'overflows_timeout' ? 'timeout_seconds' : 'amount'
  }
  if (code.startsWith('pending_transfer') || code.startsWith('reversed_')) return fields.subject
  if (code.startsWith('effective_at')) return 'effective_at'
  if (code.startsWith('exists') || code.startsWith('id_')) return fields.name
  if (code.startsWith('accounts_must_be')) return fields.credit
  return code.includes('asset') ? 'asset' : code.includes('code') ? 'code' : fields.name
}

function paramOfOthers(code: string, kind: number): string {
  if (kind === Operation.control) return paramOfControl(code)
  if (kind === Operation.rule) return 'id'
  if (code.startsWith('parent')) return 'parent'
  if (code.startsWith('subtree_limit')) return 'subtree_limit'
  if (code === 'flags_are_mutually_exclusive') return 'flags'
  if (kind === Operation.createAccount) return code.startsWith('code') ? 'code' : 'address'
  if (kind === Operation.registerAsset) return 'asset'
  return 'account'
}

function paramOfControl(code: string): string {
  const [, what] = /^(principal|key|role|grant|ceiling)_/.exec(code) ?? []
  return what === 'principal' || what === 'role' ? what : what === undefined ? 'body' : 'id'
}

function detailOf(book: Book, code: string, record: RecordCursor, body: SavedBody): string {
  const { about } = PROBLEMS[isProblemCode(code) ? code : 'internal_error']
  if (operationName(record.kind) !== 'create_transfer') {
    return code === 'account_not_found' && body.account !== undefined
      ? `There is no account ${body.account}.`
      : about
  }
  const side = code.startsWith('debit_account') ? 'debit_account' : 'credit_account'
  if (!code.startsWith(side)) return about
  const field =
    side === 'debit_account' ? RefusedField.debitAccountId : RefusedField.creditAccountId
  const address = body[side] ?? book.accounts.addressOf(record.u128(field))
  return code.endsWith('not_found') ? `There is no account ${address}.` : `${address}: ${about}`
}
