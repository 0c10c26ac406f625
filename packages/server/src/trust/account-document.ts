/**
 * The parts of the document of an account proof (docs/decisions/0014-accounts-roots.md). Every proof is verified before it is given out:
 * what lies on disk may be damaged.
 */
import {
  type EntryView,
  type LedgerReader,
  type ProofLog,
  SoundAccounts,
  type SoundTree,
} from '@tallystick/engine'
import type { TreeHead } from '@tallystick/proof'
import { leafHash } from '@tallystick/verify'

import { soundOnly } from './not-ready.ts'
import type { KeptStatement } from './statements.ts'
import type { PublicCheckpoint, TrustOptions } from './trust-log.ts'

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

  /** @throws AccountTreeDamaged when something does not lead to what was stated; Refused */
  root({ root, tree }: KeptStatement, account: bigint): ShownRoot {
    const { leaf, content, metadata } = this.#proofs.event(root.sequence)
    if (metadata === undefined) throw new Error(`event ${root.sequence} states nothing`)
    const statement = {
      ...this.#inLog(root.sequence, leaf),
      content: toBase64(content),
      statement: toBase64(metadata),
    }
    const accounts = new SoundAccounts({ proofs: this.#proofs, reader: this.#reader, root, tree })
    const place = accounts.place(account)
    if (!place.isThere) {
      const absent = [place.index - 1, place.index]
        .filter((index) => index >= 0 && index < root.accounts)
        .map((index) => this.#neighbour(accounts, index))
      return { json: { ...statement, absent }, state: undefined }
    }
    const { bytes, leaf: accountLeaf, ...state } = accounts.state(account)
    const { index, proof } = this.#inAccounts(accounts, place.index, accountLeaf)
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

  #inAccounts(accounts: SoundAccounts, at: number, leaf: Uint8Array): Place {
    return this.#placed(BigInt(at), accounts.inclusion(at, leaf))
  }

  #neighbour(accounts: SoundAccounts, index: number): object {
    const { leaf } = accounts.state(accounts.idAt(index))
    return { ...this.#inAccounts(accounts, index, leaf), leaf: toBase64(leaf) }
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

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
