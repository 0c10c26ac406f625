/** Replays what changes accounts without moving money: their opening, limits, closing. */
import type { OtherContent, OtherFields } from '../content.ts'
import { formatId } from '../ids.ts'
import { EventKind } from '../leaf.ts'
import { grouped } from '../report.ts'
import { AccountFlag } from './account-table.ts'
import type { Finding } from './findings.ts'
import type { LedgerState } from './ledger-state.ts'
import type { ReplayEvent } from './opened-event.ts'
import { NO_LIMIT } from './subtrees.ts'

const LIMIT_GIVEN = 1
const SUBTREE_LIMIT_GIVEN = 2
/** What an account keeps of the flags that it was asked with. */
const LASTING =
  AccountFlag.debitsMustNotExceedCredits |
  AccountFlag.creditsMustNotExceedDebits |
  AccountFlag.closed

type Opened = Extract<OtherFields, { of: 'account' }>
type Limited = Extract<OtherFields, { of: 'limit' }>

/** An event that was done. */
export function replayAccountEvent(state: LedgerState, { leaf, content }: ReplayEvent): void {
  if (content.sort !== 'other') return
  const fail = (finding: Finding, sentence: string): void =>
    state.findings.event(finding, leaf.sequence, sentence)
  const { fields } = content
  if (fields.of === 'account') return openAccount(state, content, { fields, fail })
  if (fields.of !== 'limit' && fields.of !== 'closure') return
  const slot = state.accounts.find(content.account)
  if (slot === undefined) {
    fail('decisions', `it changes account ${formatId(content.account)}, which was never opened`)
  } else if (fields.of === 'limit') changeLimit(state, slot, { fields, fail })
  else state.accounts.set(slot, AccountFlag.closed, leaf.kind === EventKind.close)
}

interface Doing<Fields> {
  readonly fields: Fields
  readonly fail: (finding: Finding, sentence: string) => void
}

function openAccount(
  { accounts, subtrees }: LedgerState,
  content: OtherContent,
  { fields, fail }: Doing<Opened>,
): void {
  const { id, asset, flags } = content
  const parent = fields.parent === 0n ? undefined : accounts.find(fields.parent)
  if (content.account !== id) fail('decisions', 'it opens an account under the id of another')
  if (fields.parent !== 0n && parent === undefined) {
    fail('decisions', `its parent ${formatId(fields.parent)} was never opened`)
  } else if (parent !== undefined && accounts.asset(parent) !== asset) {
    fail('decisions', `it is of asset ${asset}, its parent of asset ${accounts.asset(parent)}`)
  }
  const slot = accounts.add({ id, asset, flags: flags & LASTING, limit: fields.limit, parent })
  if (slot === undefined) {
    fail('ids', `it opens account ${formatId(id)}, which there is already`)
    return
  }
  if (parent !== undefined) subtrees.ensure(parent)
  if (fields.subtreeLimit !== NO_LIMIT) subtrees.ensure(slot).limit = fields.subtreeLimit
}

function changeLimit(
  { accounts, subtrees }: LedgerState,
  slot: number,
  { fields, fail }: Doing<Limited>,
): void {
  const { form, limit, limitBefore, subtreeLimit, subtreeLimitBefore } = fields
  const known = accounts.limit(slot)
  const subtreeKnown = subtrees.of(slot)?.limit ?? NO_LIMIT
  if (limitBefore !== known || subtreeLimitBefore !== subtreeKnown) {
    const [says, is] =
      limitBefore === known ? [subtreeLimitBefore, subtreeKnown] : [limitBefore, known]
    fail('limits', `it changes a limit of ${grouped(says)}, but it was ${grouped(is)}`)
  }
  if ((form & LIMIT_GIVEN) !== 0) accounts.setLimit(slot, limit)
  const changesSubtree = (form & SUBTREE_LIMIT_GIVEN) !== 0 && subtreeLimit !== subtreeLimitBefore
  if (changesSubtree) subtrees.ensure(slot).limit = subtreeLimit
}
