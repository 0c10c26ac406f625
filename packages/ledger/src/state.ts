/** Everything that the log decides: accounts, holds, subtree totals, ids, assets, closed books, clock and digest. */
import { Accounts } from './accounts.ts'
import { Books } from './books.ts'
import { Holds } from './holds.ts'
import { Ids } from './ids.ts'
import type { OldIds } from './ports.ts'
import { Subtrees } from './subtrees.ts'
import { Undo } from './undo.ts'

export class State {
  readonly accounts: Accounts
  readonly holds = new Holds()
  readonly subtrees = new Subtrees()
  readonly ids: Ids
  readonly books = new Books()
  /** Registered assets: number → name, as `PTS/0`. */
  readonly assetNames = new Map<number, string>()
  readonly assetNumbers = new Map<string, number>()
  readonly undo: Undo
  /** The newest decided event; 0 = none yet. */
  lastSequence = 0
  /** Transfers created so far: holds, posts, voids and reversals are transfers too; releases and refusals are not. */
  transferCount = 0
  /** Its timestamp, ns. */
  lastTimestamp = 0n
  /** The running digest's two lanes (docs/decisions/0001, State bytes). */
  readonly digest = Uint32Array.of(0x7a11, 0x571c)

  constructor(options: { seed: number; oldIds: OldIds; idBase?: number }) {
    this.accounts = new Accounts(options.seed)
    this.ids = new Ids(options.seed, options.oldIds, options.idBase ?? 0)
    this.undo = new Undo(this)
  }

  fold(word: number): void {
    const { digest } = this
    const a = (digest[0] as number) ^ word
    digest[0] = Math.imul((a << 13) | (a >>> 19), 0x9e3779b1)
    const b = digest[1] as number
    digest[1] = Math.imul((((b << 7) | (b >>> 25)) + word) | 0, 0x85ebca77)
  }
}
