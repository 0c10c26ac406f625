/** A hold that was just made becomes an open one: its row, its place among those that fall due, and the accounts that it closes. */
import { deadlineOf } from './allowance.ts'
import { TransferFlags } from './flags.ts'
import { Hold32, Hold64 } from './holds.ts'
import { type Move, R } from './move.ts'
import type { State } from './state.ts'
import { CLOSING } from './transfer-shape.ts'

/** The transfer that was made is an open hold. */
export function openHold(state: State, move: Move, sequence: number): void {
  const { accounts, holds, undo } = state
  const { r } = move
  const row = holds.take()
  const words = holds.row64(row)
  const base = holds.base64(row)
  const halves = holds.row32(row)
  const base32 = holds.base32(row)
  halves[base32 + Hold32.sequence] = sequence >>> 0
  halves[base32 + Hold32.sequence + 1] = Math.floor(sequence / 0x1_0000_0000)
  words[base + Hold64.deadline] =
    move.timeout === 0
      ? 0n
      : deadlineOf({ timestamp: r[R.timestamp] as bigint, timeout: move.timeout })
  words[base + Hold64.id] = r[R.id] as bigint
  words[base + Hold64.id + 1] = r[R.id + 1] as bigint
  for (const field of [Hold64.amount, Hold64.remaining]) {
    words[base + field] = r[R.amount] as bigint
    words[base + field + 1] = r[R.amount + 1] as bigint
  }
  words[base + Hold64.captured] = 0n
  words[base + Hold64.captured + 1] = 0n
  halves[base32 + Hold32.debitSlot] = move.debitSlot
  halves[base32 + Hold32.creditSlot] = move.creditSlot
  halves[base32 + Hold32.asset] = move.asset
  halves[base32 + Hold32.codeAndFlags] = (move.code | (move.flags << 16)) >>> 0
  halves[base32 + Hold32.timeout] = move.timeout
  holds.enter(row)
  if (undo.recording) undo.holdEntered(row)
  if ((move.flags & CLOSING) === 0) return
  if ((move.flags & TransferFlags.closingDebit) !== 0) accounts.closeByTransfer(move.debitSlot)
  if ((move.flags & TransferFlags.closingCredit) !== 0) accounts.closeByTransfer(move.creditSlot)
}
