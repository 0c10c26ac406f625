/** What is given out of a tree over all accounts: nothing that does not lead to the root that was stated. A tree that does not hold, which is a disk's doing, is let go of. */
import {
  accountLeaf,
  accountSalt,
  accountState,
  inclusionProof,
  type TreeHead,
} from '@tallystick/proof'
import { leafHash, verifyInclusion } from '@tallystick/verify'

import type { LedgerReader } from '../reader.ts'
import type { AccountTree } from './account-trees.ts'
import type { AccountsRoot } from './accounts-root.ts'
import type { ProofLog } from './proof-log.ts'

/** The tree is let go of: another root is to be taken, or a new one stated. */
export class AccountTreeDamaged extends Error {
  override readonly name = 'AccountTreeDamaged'
}

/** Where an account stands, or would stand: behind it are those with larger ids. */
export interface AccountPlace {
  readonly index: number
  readonly isThere: boolean
}

/** The state of an account as a tree has it. */
export interface StateInTree {
  readonly entryCount: number
  /** Sequence of the newest entry; 0: none. */
  readonly newest: number
  /** What the account's leaf commits to. */
  readonly bytes: Uint8Array
  readonly leaf: Uint8Array
}

export interface SoundAccountsParts {
  readonly proofs: ProofLog
  readonly reader: LedgerReader
  readonly root: AccountsRoot
  /** Of that root; whoever opened it closes it. */
  readonly tree: AccountTree
}

const ID_BYTES = 16

export class SoundAccounts {
  readonly #parts: SoundAccountsParts
  readonly #head: TreeHead
  /** Of the frame that holds the event after which accounts are shown. */
  readonly #salt: Uint8Array

  /** @throws EngineError `corrupt` */
  constructor(parts: SoundAccountsParts) {
    this.#parts = parts
    const { accounts, root, through } = parts.root
    this.#head = { size: BigInt(accounts), root }
    this.#salt = parts.proofs.frameSalt(through)
  }

  /** As the tree's list of ids says; whether that is true shows by the proofs of what stands there. @throws AccountTreeDamaged */
  place(account: bigint): AccountPlace {
    const { tree } = this.#parts
    return this.#held('ids of accounts cannot be read', () => {
      const index = tree.search(account)
      return { index, isThere: index < tree.accounts && tree.idAt(index) === account }
    })
  }

  /** @throws AccountTreeDamaged */
  idAt(index: number): bigint {
    return this.#held('ids of accounts cannot be read', () => this.#parts.tree.idAt(index))
  }

  /** Of that leaf at that place. @throws AccountTreeDamaged */
  inclusion(index: number, leaf: Uint8Array): Uint8Array[] {
    return this.#held(`no proof of account ${index} leads to the root that was stated`, () => {
      const claim = { index: BigInt(index), ...this.#head, leaf: leafHash(leaf) }
      const proof = inclusionProof(this.#parts.tree.tile, claim.index, claim.size)
      return verifyInclusion({ ...claim, proof }) ? proof : undefined
    })
  }

  /** As the book has it. @throws AccountTreeDamaged when the tree has an account that there was not; EngineError */
  state(account: bigint): StateInTree {
    const { reader, root } = this.#parts
    const known = reader.account(account)
    const past = known && reader.balanceAfter(known.slot, root.through)
    if (known === undefined || past === undefined) {
      throw this.#damaged(`it has account ${account}, which was not open then`)
    }
    const { entryCount, newestSequence: newest, balances } = past
    const { debitsPending, debitsPosted, creditsPending, creditsPosted } = balances
    const id = idBytes(account)
    const bytes = accountState(accountSalt(this.#salt, id), {
      ...{ asset: known.asset, entryCount: BigInt(entryCount), newest: BigInt(newest) },
      balances: [debitsPending, debitsPosted, creditsPending, creditsPosted],
    })
    return { entryCount, newest, bytes, leaf: accountLeaf(id, bytes) }
  }

  #damaged(why: string, cause?: unknown): AccountTreeDamaged {
    const { proofs, root } = this.#parts
    proofs.dropAccountTree(root, why)
    const { through } = root
    const sentence = `The tree over all accounts after event ${through} is damaged, and let go of: ${why}.`
    return new AccountTreeDamaged(sentence, { cause })
  }

  #held<Shown>(why: string, show: () => Shown | undefined): Shown {
    let cause: unknown
    try {
      const shown = show()
      if (shown !== undefined) return shown
    } catch (error) {
      cause = error
    }
    throw this.#damaged(why, cause)
  }
}

function idBytes(id: bigint): Uint8Array {
  const bytes = Buffer.alloc(ID_BYTES)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, id), 0)
  bytes.writeBigUInt64LE(id >> 64n, 8)
  return bytes
}
