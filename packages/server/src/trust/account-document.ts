/**
 * The parts of the document of an account proof (docs/decisions/0014-accounts-roots.md). Every proof is verified before it is given out:
 * what lies on disk may be damaged.
 */
import type { AccountTree, EntryView, LedgerReader, ProofLog, SoundTree } from '@tallystick/engine'
import {
  accountLeaf,
  accountSalt,
  accountState,
  inclusionProof,
  type TreeHead,
} from '@tallystick/proof'
import { leafHash, verifyInclusion } from '@tallystick/verify'

import { soundOnly } from './not-ready.ts'
import type { KeptStatement } from './statements.ts'
import type { PublicCheckpoint, TrustOptions } from './trust-log.ts'

const ID_BYTES = 16

/** The state of an account as a tree has it. */
export interface ShownState {
  readonly entryCount: number
  /** Sequence of the newest entry; 0: none. */
  readonly newest: number
}

/** A part of the document, and what the account was. */
export interface ShownRoot {
  readonly json: object
  /** undefined: there was no such account. */
  readonly state: ShownState | undefined
}

export class AccountDocument {
  readonly #proofs: ProofLog
  readonly #sound: SoundTree
  readonly #reader: LedgerReader
  readonly #log: TreeHead
  /** Places in `hashes`, by their base64. */
  readonly #places = new Map<string, number>()

  constructor(
    { proofs, sound }: TrustOptions,
    reader: LedgerReader,
    { size, root }: PublicCheckpoint,
  ) {
    this.#proofs = proofs
    this.#sound = sound
    this.#reader = reader
    this.#log = { size: BigInt(size), root }
  }

  /** Every hash that a part names, in the order of their places, base64. */
  get hashes(): readonly string[] {
    return [...this.#places.keys()]
  }

  /** @throws Error when something does not lead to what was signed or stated */
  root({ root, tree }: KeptStatement, account: bigint): ShownRoot {
    const { leaf, content, metadata } = this.#proofs.event(root.sequence)
    if (metadata === undefined) throw new Error(`event ${root.sequence} states nothing`)
    const statement = {
      ...this.#inLog(root.sequence, leaf),
      content: toBase64(content),
      statement: toBase64(metadata),
    }
    const place = tree.search(account)
    const accounts: AccountsAt = {
      ...{ tree, stated: { size: BigInt(root.accounts), root: root.root } },
      ...{ through: root.through, salt: this.#proofs.frameSalt(root.through) },
    }
    if (place === tree.accounts || tree.idAt(place) !== account) {
      const absent = [place - 1, place]
        .filter((index) => index >= 0 && index < tree.accounts)
        .map((index) => this.#neighbour(accounts, index))
      return { json: { ...statement, absent }, state: undefined }
    }
    const { bytes, ...state } = this.#stateOf(account, accounts)
    const { index, proof } = this.#inAccounts(accounts, place, accountLeaf(idBytes(account), bytes))
    return { json: { ...statement, account: { index, proof, state: toBase64(bytes) } }, state }
  }

  /** Leaf of an event, and where it stands. */
  event(sequence: number): object {
    return this.#inLog(sequence, this.#proofs.event(sequence).leaf)
  }

  entry({ sequence, direction, counterpartyAddress }: EntryView): object {
    const parts = this.#proofs.event(sequence)
    const own = parts[direction]
    const other = direction === 'debit' ? parts.credit : parts.debit
    if (own === undefined || other === undefined) {
      throw new Error(`event ${sequence} has no two sides`)
    }
    const named = counterpartyAddress === '' ? {} : { address: counterpartyAddress }
    return {
      ...this.#inLog(sequence, parts.leaf),
      side: direction,
      preimage: toBase64(own),
      content: toBase64(parts.content),
      ...(parts.metadata === undefined ? {} : { metadata: toBase64(parts.metadata) }),
      other: { preimage: toBase64(other), ...named },
    }
  }

  #inLog(sequence: number, leaf: Uint8Array): object {
    const index = BigInt(sequence) - 1n
    const hash = leafHash(leaf)
    const proof = soundOnly(() => this.#sound.inclusion(index, hash, this.#log))
    return { leaf: toBase64(leaf), ...this.#placed(index, proof) }
  }

  #inAccounts({ tree, stated }: AccountsAt, at: number, leaf: Uint8Array): Place {
    const index = BigInt(at)
    const proof = inclusionProof(tree.tile, index, stated.size)
    if (verifyInclusion({ index, ...stated, leaf: leafHash(leaf), proof })) {
      return this.#placed(index, proof)
    }
    throw new Error(`the proof of account ${at} does not lead to the root that was stated`)
  }

  #neighbour(accounts: AccountsAt, index: number): object {
    const id = accounts.tree.idAt(index)
    const leaf = accountLeaf(idBytes(id), this.#stateOf(id, accounts).bytes)
    return { ...this.#inAccounts(accounts, index, leaf), leaf: toBase64(leaf) }
  }

  #stateOf(id: bigint, { through, salt }: AccountsAt): ShownState & { bytes: Uint8Array } {
    const account = this.#reader.account(id)
    const past = account && this.#reader.balanceAfter(account.slot, through)
    if (account === undefined || past === undefined) {
      throw new Error(`the account ${id} of a tree was not open after event ${through}`)
    }
    const { entryCount, newestSequence: newest, balances } = past
    const { debitsPending, debitsPosted, creditsPending, creditsPosted } = balances
    const bytes = accountState(accountSalt(salt, idBytes(id)), {
      ...{ asset: account.asset, entryCount: BigInt(entryCount), newest: BigInt(newest) },
      balances: [debitsPending, debitsPosted, creditsPending, creditsPosted],
    })
    return { entryCount, newest, bytes }
  }

  #placed(index: bigint, proof: readonly Uint8Array[]): Place {
    return { index: String(index), proof: proof.map((hash) => this.#placeOf(hash)) }
  }

  #placeOf(hash: Uint8Array): number {
    const text = toBase64(hash)
    const known = this.#places.get(text)
    if (known !== undefined) return known
    this.#places.set(text, this.#places.size)
    return this.#places.size - 1
  }
}

interface Place {
  readonly index: string
  readonly proof: readonly number[]
}

/** All accounts after one event. */
interface AccountsAt {
  readonly tree: AccountTree
  readonly stated: TreeHead
  readonly through: number
  /** Of the frame that holds `through`. */
  readonly salt: Uint8Array
}

function idBytes(id: bigint): Uint8Array {
  const bytes = Buffer.alloc(ID_BYTES)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, id), 0)
  bytes.writeBigUInt64LE(id >> 64n, 8)
  return bytes
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
