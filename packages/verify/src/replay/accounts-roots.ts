/** Roots of the tree over all accounts (decision 0014), made again from replayed accounts and held against what the log states. */
import { type AccountsStatement, encodeAccountLeaf } from '../account-tree.ts'
import { equalBytes } from '../bytes.ts'
import { GrowingTree, leafHash } from '../merkle.ts'
import { sha256 } from '../sha256.ts'
import type { AccountTable } from './account-table.ts'

const TEXT = new TextEncoder()
const SALT_TAG = TEXT.encode('TLS2')
const EVENT_SALT_TAG = TEXT.encode('TLS1')
const STATE_TAG = TEXT.encode('TLM1')
const SALT_BYTES = 16
/** Leaves between two moments at which others may run: some 30 ms of work. */
const TURN_LEAVES = 8_192

export class AccountsRoots {
  readonly #accounts: AccountTable
  /** Slots in order of id. */
  #order = new Uint32Array(0)
  /** By the event after which accounts were so. */
  readonly #made = new Map<bigint, AccountsStatement>()

  constructor(accounts: AccountTable) {
    this.#accounts = accounts
  }

  /** Of the accounts as they are now, after event `through`. @param frameSalt of the frame that holds it. */
  async make(through: bigint, frameSalt: Uint8Array): Promise<void> {
    this.#sort()
    const tree = new GrowingTree()
    for (const [index, slot] of this.#order.entries()) {
      tree.push(leafHash(this.#leaf(slot, frameSalt)))
      if (index % TURN_LEAVES === TURN_LEAVES - 1) await turn()
    }
    this.#made.set(through, { through, accounts: BigInt(this.#order.length), root: tree.root() })
  }

  /** @returns what was made of that moment; undefined: nothing was. */
  at(through: bigint): AccountsStatement | undefined {
    return this.#made.get(through)
  }

  #leaf(slot: number, frameSalt: Uint8Array): Uint8Array {
    const row = this.#accounts.row(slot)
    const salt = sha256(SALT_TAG, frameSalt, row.subarray(0, 16)).subarray(0, SALT_BYTES)
    const [asset, count, newest] = [
      row.subarray(112, 116),
      row.subarray(96, 104),
      row.subarray(104, 112),
    ]
    const state = sha256(STATE_TAG, asset, count, salt, newest, row.subarray(16, 80))
    return encodeAccountLeaf(this.#accounts.id(slot), state)
  }

  /** Accounts that were opened since the last time find their places among the others. */
  #sort(): void {
    const accounts = this.#accounts
    const known = this.#order
    const compare = (a: number, b: number): number => accounts.compareIds(a, b)
    const fresh = Uint32Array.from(
      { length: accounts.count - known.length },
      (_, at) => known.length + at,
    )
    fresh.sort(compare)
    const order = new Uint32Array(accounts.count)
    for (let [at, old, young] = [0, 0, 0]; at < order.length; at++) {
      const takesOld =
        young === fresh.length ||
        (old < known.length && compare(known[old] as number, fresh[young] as number) < 0)
      order[at] = (takesOld ? known[old++] : fresh[young++]) as number
    }
    this.#order = order
  }
}

export function isSameStatement(a: AccountsStatement, b: AccountsStatement): boolean {
  return a.through === b.through && a.accounts === b.accounts && equalBytes(a.root, b.root)
}

/** Whether that frame gives that salt to the event's debit side, or to its content (decision 0013). */
export function isSaltOfFrame(frameSalt: Uint8Array, sequence: bigint, salt: Uint8Array): boolean {
  const place = new Uint8Array(12)
  new DataView(place.buffer).setBigUint64(0, sequence, true)
  const made = sha256(EVENT_SALT_TAG, frameSalt, place).subarray(0, SALT_BYTES)
  return frameSalt.length === 32 && equalBytes(made, salt)
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve))
}
