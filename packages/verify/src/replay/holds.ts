/** Holds as they are opened, taken from and released. */
import type { MovedContent } from '../content.ts'
import type { EntryKind } from '../entry-chain.ts'
import { formatId } from '../ids.ts'
import { grouped } from '../report.ts'
import { formatTime } from '../time-text.ts'
import { AccountFlag } from './account-table.ts'
import type { LedgerState, OpenHold } from './ledger-state.ts'

const CLOSING_DEBIT = 1 << 6
const CLOSING_CREDIT = 1 << 7
const PARTIAL = 1 << 8
const NS_PER_SECOND = 1_000_000_000n

/** What a move does to each of its two sides. */
export interface Change {
  readonly pending: bigint
  readonly posted: bigint
}

export interface HoldMove {
  readonly kind: EntryKind
  readonly content: MovedContent
  readonly sequence: bigint
  /** ns since 1970, of the event. */
  readonly timestamp: bigint
  /** Slots. */
  readonly debit: number
  readonly credit: number
  readonly amount: bigint
  readonly fail: (sentence: string) => void
}

export function openHold(state: LedgerState, move: HoldMove): Change {
  const { content, sequence, timestamp, debit, credit, amount } = move
  const { flags, timeout = 0 } = content
  const deadline = timeout === 0 ? 0n : timestamp + BigInt(timeout) * NS_PER_SECOND
  const hold = { sequence, debit, credit, flags, deadline, captured: 0n, remaining: amount }
  state.holds.set(content.id, hold)
  setClosed(state, hold, true)
  return { pending: amount, posted: 0n }
}

/** A capture, void or release. @returns undefined: what it does cannot be said, since it names no open hold. */
export function takeFromHold(state: LedgerState, move: HoldMove): Change | undefined {
  const { kind, content, amount, fail } = move
  const named = content.pending
  if (named === undefined) {
    fail(`it is a ${kind} that names no hold`)
    return undefined
  }
  const hold = state.holds.get(named.id)
  if (hold === undefined) {
    fail(`it is a ${kind} of hold ${formatId(named.id)}, which is not open`)
    return undefined
  }
  checkHold(hold, move)
  const isCapture = kind === 'capture'
  const keepsRest = isCapture && (content.flags & PARTIAL) !== 0
  const taken = keepsRest ? amount : hold.remaining
  const captured = hold.captured + (isCapture ? amount : 0n)
  const remaining = hold.remaining - taken
  if (named.captured !== captured || named.remaining !== remaining) {
    fail(
      `it says that of hold ${formatId(named.id)} ${grouped(named.captured)} are captured and ${grouped(named.remaining)} still held, but ${grouped(captured)} are and ${grouped(remaining)}`,
    )
  }
  if (remaining > 0n) state.holds.set(named.id, { ...hold, captured, remaining })
  else {
    state.holds.delete(named.id)
    setClosed(state, hold, false)
  }
  return { pending: -taken, posted: isCapture ? amount : 0n }
}

function checkHold(hold: OpenHold, move: HoldMove): void {
  const { kind, content, timestamp, amount, fail } = move
  if (content.pending?.sequence !== hold.sequence) {
    fail(
      `its hold is event ${grouped(hold.sequence)}, not ${grouped(content.pending?.sequence ?? 0n)}`,
    )
  }
  if (hold.debit !== move.debit || hold.credit !== move.credit) {
    fail('its accounts are not those of its hold')
  }
  const fits = kind === 'capture' ? amount <= hold.remaining : amount === hold.remaining
  if (!fits) {
    fail(`it is a ${kind} of ${grouped(amount)}, but the hold has ${grouped(hold.remaining)} left`)
  }
  const isDue = hold.deadline !== 0n && timestamp >= hold.deadline
  if ((kind === 'release') === isDue) return
  const deadline = hold.deadline === 0n ? 'has no deadline' : `ends ${formatTime(hold.deadline)}`
  fail(`it is a ${kind} of ${formatTime(timestamp)}, but the hold ${deadline}`)
}

/** A closing hold closes its account for as long as it is open. */
function setClosed({ accounts }: LedgerState, hold: OpenHold, isClosed: boolean): void {
  if ((hold.flags & CLOSING_DEBIT) !== 0) accounts.set(hold.debit, AccountFlag.closed, isClosed)
  if ((hold.flags & CLOSING_CREDIT) !== 0) accounts.set(hold.credit, AccountFlag.closed, isClosed)
}
