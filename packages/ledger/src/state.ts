/** Everything that the log decides: accounts, holds, subtree totals, ids, assets, closed books, clock and digest. */
import { AccessState } from '@tallystick/access'
import { RulesState } from '@tallystick/rules'

import { Accounts } from './accounts.ts'
import { Books } from './books.ts'
import { Charges } from './charges.ts'
import { Holds } from './holds.ts'
import { Ids } from './ids.ts'
import type { OldIds } from './ports.ts'
import { RecordField } from './record.ts'
import { Subtrees } from './subtrees.ts'
import { Undo } from './undo.ts'

export class State {
  readonly accounts: Accounts
  readonly holds = new Holds()
  readonly subtrees = new Subtrees()
  readonly ids: Ids
  readonly books = new Books()
  /** Who may do what. */
  readonly access = new AccessState()
  /** What watches the stream. */
  readonly rules = new RulesState()
  /** Registered assets: number → name, as `PTS/0`. */
  readonly assetNames = new Map<number, string>()
  readonly assetNumbers = new Map<string, number>()
  readonly undo: Undo
  /** What ceilings say of the request that is decided. */
  readonly charges: Charges
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
    this.charges = new Charges(this)
  }

  /** Folds a word into the digest. */
  fold(word: number): void {
    const { digest } = this
    digest[0] = foldA(digest[0] as number, word)
    digest[1] = foldB(digest[1] as number, word)
  }

  /** Folds an event in, whose record begins at u32 index `at`: its id, kind, status and sequence. */
  foldEvent(u32: Uint32Array, at: number, sequence: number): void {
    const { digest } = this
    let a = digest[0] as number
    let b = digest[1] as number
    for (let word = at + ID; word < at + ID + 4; word++) {
      a = foldA(a, u32[word] as number)
      b = foldB(b, u32[word] as number)
    }
    const kindAndStatus = (u32[at] as number) & 0xffff
    a = foldA(foldA(a, kindAndStatus), sequence >>> 0)
    b = foldB(foldB(b, kindAndStatus), sequence >>> 0)
    digest[0] = a
    digest[1] = b
  }
}

const ID = RecordField.id / 4

function foldA(lane: number, word: number): number {
  const mixed = lane ^ word
  return Math.imul((mixed << 13) | (mixed >>> 19), 0x9e3779b1)
}

function foldB(lane: number, word: number): number {
  return Math.imul((((lane << 7) | (lane >>> 25)) + word) | 0, 0x85ebca77)
}
