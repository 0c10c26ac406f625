/** Rules about a transfer's command alone, whatever the state: flags, ids, what may be given with what. */
import { CommandField } from './batch.ts'
import { TransferFlags } from './flags.ts'
import type { Memory } from './memory.ts'
import { TransferStatus } from './status.ts'

export const POST_OR_VOID = TransferFlags.postPendingTransfer | TransferFlags.voidPendingTransfer
export const BALANCING = TransferFlags.balancingDebit | TransferFlags.balancingCredit
export const CLOSING = TransferFlags.closingDebit | TransferFlags.closingCredit

/** Rules about the command alone, in order of precedence. Not for posts and voids. */
export function checkShape(memory: Memory, at: number, flags: number): TransferStatus {
  const { u32 } = memory
  const debit = (at + CommandField.debitAccountId) >>> 2
  const credit = (at + CommandField.creditAccountId) >>> 2
  const pending = (at + CommandField.pendingId) >>> 2
  if (isZero(u32, debit)) return TransferStatus.debitAccountIdMustNotBeZero
  if (isMax(u32, debit)) return TransferStatus.debitAccountIdMustNotBeIntMax
  if (isZero(u32, credit)) return TransferStatus.creditAccountIdMustNotBeZero
  if (isMax(u32, credit)) return TransferStatus.creditAccountIdMustNotBeIntMax
  if (areSameIds(u32, debit, credit)) return TransferStatus.accountsMustBeDifferent
  if ((flags & TransferFlags.reversal) === 0) {
    if (!isZero(u32, pending)) return TransferStatus.pendingIdMustBeZero
  } else {
    if (isZero(u32, pending)) return TransferStatus.pendingIdMustNotBeZero
    if (isMax(u32, pending)) return TransferStatus.pendingIdMustNotBeIntMax
    if (areSameIds(u32, pending, at >>> 2)) return TransferStatus.pendingIdMustBeDifferent
  }
  if ((flags & TransferFlags.pending) === 0) {
    if (u32[(at + CommandField.timeout) >>> 2] !== 0) {
      return TransferStatus.timeoutReservedForPendingTransfer
    }
    if ((flags & CLOSING) !== 0) return TransferStatus.closingTransferMustBePending
  }
  if (u32[(at + CommandField.asset) >>> 2] === 0) return TransferStatus.assetMustNotBeZero
  if (memory.u16[(at + CommandField.code) >>> 1] === 0) return TransferStatus.codeMustNotBeZero
  return TransferStatus.created
}

/** Flags that cannot stand together (docs/decisions/0002, 7). */
export function areExclusive(flags: number): boolean {
  if ((flags & ~TransferFlags.linked) === 0) return false
  const postOrVoid = flags & POST_OR_VOID
  const isReversal = (flags & TransferFlags.reversal) !== 0
  const isPartial = (flags & TransferFlags.partial) !== 0
  const others = TransferFlags.pending | BALANCING | CLOSING
  if (postOrVoid === POST_OR_VOID) return true
  if (postOrVoid !== 0 && (isReversal || (flags & others) !== 0)) return true
  if (isPartial && (flags & TransferFlags.postPendingTransfer) === 0) return true
  return isReversal && (flags & others) !== 0
}

export function isZero(u32: Uint32Array, at: number): boolean {
  return (
    ((u32[at] as number) |
      (u32[at + 1] as number) |
      (u32[at + 2] as number) |
      (u32[at + 3] as number)) ===
    0
  )
}

export function isMax(u32: Uint32Array, at: number): boolean {
  return (
    ((u32[at] as number) &
      (u32[at + 1] as number) &
      (u32[at + 2] as number) &
      (u32[at + 3] as number)) ===
    -1
  )
}

export function areSameIds(u32: Uint32Array, a: number, b: number): boolean {
  return (
    u32[a] === u32[b] &&
    u32[a + 1] === u32[b + 1] &&
    u32[a + 2] === u32[b + 2] &&
    u32[a + 3] === u32[b + 3]
  )
}
