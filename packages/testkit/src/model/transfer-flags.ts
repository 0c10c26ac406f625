/** What a transfer's flags make of it. */
import { TransferFlags as Flag } from '@tallystick/ledger'

interface Flagged {
  readonly flags: number
}

const any = (flags: number) => (transfer: Flagged) => (transfer.flags & flags) !== 0

export const isPending = any(Flag.pending)
export const isPost = any(Flag.postPendingTransfer)
export const isVoid = any(Flag.voidPendingTransfer)
export const isPartial = any(Flag.partial)
export const isReversal = any(Flag.reversal)
export const isBalancing = any(Flag.balancingDebit | Flag.balancingCredit)
export const isBalancingDebit = any(Flag.balancingDebit)
export const isBalancingCredit = any(Flag.balancingCredit)
export const isClosing = any(Flag.closingDebit | Flag.closingCredit)
export const isClosingDebit = any(Flag.closingDebit)
export const isClosingCredit = any(Flag.closingCredit)

/** Posts and voids may leave fields zero: they take them from their hold. */
export const settlesHold = (transfer: Flagged): boolean => isPost(transfer) || isVoid(transfer)

export function excludeEachOther(transfer: Flagged): boolean {
  const odd = isBalancing(transfer) || isClosing(transfer) || isPending(transfer)
  if (isPost(transfer) && isVoid(transfer)) return true
  if (settlesHold(transfer) && (odd || isReversal(transfer))) return true
  if (isPartial(transfer) && !isPost(transfer)) return true
  if (isReversal(transfer) && odd) return true
  return false
}
