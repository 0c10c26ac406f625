/** Accounts as JSON text: as they are now, and as a write left them. */
import { formatId, formatRequestId } from '@tallystick/contract'
import { AccountFlags, type AccountView, NO_SUBTREE_LIMIT } from '@tallystick/engine'

import type { Book } from './book.ts'
import { balancesText, idText, metadataText, timeText } from './text.ts'
import type { FourBalances } from './text.ts'

/** What the text of an account is made of. */
export interface AccountParts {
  readonly id: bigint
  readonly address: string
  readonly asset: number
  readonly code: number
  readonly flags: number
  /** Address. */
  readonly parent: string | null
  readonly limit: string
  readonly subtreeLimit: string | null
  readonly closed: boolean
  readonly balances: FourBalances
  readonly available: bigint | undefined
  readonly entries: bigint | number
  /** JSON. */
  readonly metadata: string
  readonly createdAt: bigint
  /** Of the request that opened it, as text. */
  readonly requestId: string
}

function flagsText(flags: number): string {
  const names: string[] = []
  if ((flags & AccountFlags.debitsMustNotExceedCredits) !== 0) {
    names.push('"debits_must_not_exceed_credits"')
  }
  if ((flags & AccountFlags.creditsMustNotExceedDebits) !== 0) {
    names.push('"credits_must_not_exceed_debits"')
  }
  return `[${names.join(',')}]`
}

export function accountText(book: Book, parts: AccountParts, dryRun = false): string {
  const { address, parent, subtreeLimit, available } = parts
  const name = address === '' ? formatId(parts.id) : address
  const balances = balancesText(parts.balances, available === undefined ? 'null' : `"${available}"`)
  const tail = dryRun ? ',"dry_run":true}' : '}'
  return `{"object":"account","address":"${name}","id":${idText(parts.id)},"asset":"${book.assets.text(parts.asset)}","code":${parts.code},"flags":${flagsText(parts.flags)},"parent":${quoted(parent)},"limit":"${parts.limit}","subtree_limit":${quoted(subtreeLimit)},"closed":${parts.closed},"balances":${balances},"entries":"${parts.entries}",${book.privacy.fields(parts.metadata)},"created_at":${timeText(parts.createdAt)},"request_id":"${parts.requestId}"${tail}`
}

function quoted(text: string | null): string {
  return text === null ? 'null' : `"${text}"`
}

export function subtreeLimitText(limit: bigint): string | null {
  return limit === NO_SUBTREE_LIMIT ? null : `${limit}`
}

/** As it is now. */
export function accountViewText(book: Book, view: AccountView): string {
  return accountText(book, {
    ...view,
    parent: view.parent === 0n ? null : book.accounts.addressOf(view.parent),
    limit: `${view.limit}`,
    subtreeLimit: subtreeLimitText(view.subtreeLimit),
    closed: (view.flags & AccountFlags.closed) !== 0,
    balances: view,
    entries: view.entryCount,
    metadata: metadataText(view.metadata),
    createdAt: view.timestamp,
    requestId: openedBy(book, view),
  })
}

/** Id of the request that opened an account. */
export function openedBy(book: Book, { sequence }: AccountView): string {
  const head = book.reader.originOf(sequence)
  if (head === undefined) throw new Error(`nobody asked for event ${sequence}, an opening`)
  return formatRequestId(head.requestId)
}
