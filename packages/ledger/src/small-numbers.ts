/**
 * The fast way through limits and overflow: all numbers below 2^62 and nothing above the accounts. Three such numbers added
 * stay within 64 bits, so nothing overflows and limits are plain comparisons. Almost every transfer is so; what is not,
 * or might be refused, is decided in `allowance.ts`, exactly.
 */
import { type Accounts, NO_PARENT, Row32, Row64 } from './accounts.ts'
import { AccountFlags } from './flags.ts'
import { type Move, R } from './move.ts'

/** Index in a row, in units of 8 bytes, of what a side's limit compares. */
interface LimitedSide {
  readonly pending: number
  readonly posted: number
  readonly opposite: number
}
const DEBIT: LimitedSide = {
  pending: Row64.debitsPending,
  posted: Row64.debitsPosted,
  opposite: Row64.creditsPosted,
}
const CREDIT: LimitedSide = {
  pending: Row64.creditsPending,
  posted: Row64.creditsPosted,
  opposite: Row64.debitsPosted,
}

/** Whether no limit and no overflow refuses the move. false: perhaps one does. */
export function isSurelyAllowed(accounts: Accounts, move: Move): boolean {
  if (!isSmall(accounts, move)) return false
  const { debitSlot, creditSlot } = move
  const debitLimit = AccountFlags.debitsMustNotExceedCredits
  const creditLimit = AccountFlags.creditsMustNotExceedDebits
  if ((accounts.flags(debitSlot) & debitLimit) !== 0) {
    if (!hasRoom(accounts, move, debitSlot, debitLimit)) return false
  }
  if ((accounts.flags(creditSlot) & creditLimit) === 0) return true
  return hasRoom(accounts, move, creditSlot, creditLimit)
}

/** By halves of 32 bits: shifting a bigint is a call into the runtime. */
function isSmall(accounts: Accounts, move: Move): boolean {
  const { debitSlot, creditSlot, words } = move
  const amount = R.amount * 2
  const upper = (words[amount + 2] as number) | (words[amount + 3] as number)
  if ((words[amount + 1] as number) >>> 30 !== 0 || upper !== 0) return false
  if (move.timeout !== 0 && (words[R.timestamp * 2 + 1] as number) >>> 30 !== 0) return false
  const debit = accounts.row32(debitSlot)
  const d = accounts.base32(debitSlot)
  const credit = accounts.row32(creditSlot)
  const c = accounts.base32(creditSlot)
  if (debit[d + Row32.parent] !== NO_PARENT || credit[c + Row32.parent] !== NO_PARENT) return false
  if (debit[d + Row32.subtree] !== 0 || credit[c + Row32.subtree] !== 0) return false
  return rowIsSmall(debit, d) && rowIsSmall(credit, c)
}

/** Four balances and the limit, each below 2^62: their upper limbs are zero, and the top two bits of the lower. */
function rowIsSmall(row: Uint32Array, base: number): boolean {
  let tops = 0
  let uppers = 0
  const first = base + Row64.debitsPending * 2
  for (let at = first; at < first + 20; at += 4) {
    tops |= row[at + 1] as number
    uppers |= (row[at + 2] as number) | (row[at + 3] as number)
  }
  return uppers === 0 && tops >>> 30 === 0
}

/** Whether the limit that the flag stands for leaves room for the amount, all numbers being small; 0 always has room. */
export function hasRoom(accounts: Accounts, move: Move, slot: number, flag: number): boolean {
  const side = flag === AccountFlags.debitsMustNotExceedCredits ? DEBIT : CREDIT
  const row = accounts.row64(slot)
  const base = accounts.base64(slot)
  const amount = move.r[R.amount] as bigint
  const pending = row[base + side.pending] as bigint
  const posted = row[base + side.posted] as bigint
  const opposite = row[base + side.opposite] as bigint
  const limit = row[base + Row64.limit] as bigint
  const used = BigInt.asUintN(64, BigInt.asUintN(64, pending + posted) + amount)
  return used <= BigInt.asUintN(64, opposite + limit) || amount === 0n
}
