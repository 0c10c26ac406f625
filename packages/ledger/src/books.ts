/** Closed books: nothing may be dated at or before a moment, per asset or per account's subtree. */
import type { Accounts } from './accounts.ts'
import { NO_PARENT, Row32 } from './accounts.ts'

export class Books {
  /** Asset number → until, ns. */
  readonly assets = new Map<number, bigint>()
  /** Account slot → until, ns. */
  readonly subtrees = new Map<number, bigint>()

  /** Spares the check of every transfer while nothing is closed. A field: it is read for each of them. */
  empty = true

  untilOfAsset(asset: number): bigint {
    return this.assets.get(asset) ?? 0n
  }
  untilOfSubtree(slot: number): bigint {
    return this.subtrees.get(slot) ?? 0n
  }

  /** 0 opens them again. */
  set(scope: { asset: number } | { slot: number }, until: bigint): void {
    const map = 'asset' in scope ? this.assets : this.subtrees
    const key = 'asset' in scope ? scope.asset : scope.slot
    if (until === 0n) map.delete(key)
    else map.set(key, until)
    this.empty = this.assets.size === 0 && this.subtrees.size === 0
  }

  /** Whether the time is closed for an account: by its asset, by itself or by an ancestor. */
  closedAt(accounts: Accounts, slot: number, time: bigint): boolean {
    const asset = accounts.row32(slot)[accounts.base32(slot) + Row32.asset] ?? 0
    if (time <= this.untilOfAsset(asset)) return true
    if (this.subtrees.size === 0) return false
    for (let at = slot; at !== NO_PARENT; at = accounts.parent(at)) {
      if (time <= this.untilOfSubtree(at)) return true
    }
    return false
  }
}
