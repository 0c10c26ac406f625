/**
 * The proof log as a server works with it: a Merkle tree over decided events (docs/decisions/0013-the-proof-log.md) that follows the book and
 * may lag behind it. It signs nothing: that is the server's.
 */
import { BodyField, SALT_BYTES } from '@tallystick/ledger'
import {
  type CopyAccountId,
  type OpenedLeaf,
  openLeaf,
  openLeaves,
  type TileSource,
} from '@tallystick/proof'

import type { Book } from '../book.ts'
import { RequestFinder } from '../frame-requests.ts'
import { type AccountTree, AccountTrees, type AccountTreesOptions } from './account-trees.ts'
import type { AccountsState } from './accounts-root.ts'
import { bodyAlone, headOf } from './body-alone.ts'
import { REMAKE_MS } from './limits.ts'
import type { ProofFiles, ProofHead } from './proof-files.ts'
import { tilesOf } from './proof-maker.ts'
import type { Proving } from './proving.ts'
import { RootList } from './root-list.ts'

export type { ProofHead } from './proof-files.ts'

export interface ProofLog {
  /** Of the book, 32 hexadecimal digits. */
  readonly journalId: string
  /** The tree as it is on disk. It only grows, until it is made again. */
  readonly head: ProofHead
  /** Why it has stopped for good, until the next start; the ledger goes on. */
  readonly failure: string | undefined
  /** Told of every new head. @returns how to hear no more. */
  onHead(listener: (head: ProofHead) => void): () => void
  /** Statements about all accounts (docs/decisions/0014) in the tree, in order of sequence. */
  readonly roots: Pick<RootList, 'length' | 'at' | 'search' | typeof Symbol.iterator>
  /** The tree over all accounts of a statement, to be closed; undefined: it is not kept any more. */
  accountTree(root: AccountsState): AccountTree | undefined
  /** That tree does not hold: it is kept no longer. @param why for the operator */
  dropAccountTree(root: AccountsState, why: string): void
  /** Salt of the frame that holds an event, 32 bytes. @throws EngineError `corrupt` */
  frameSalt(sequence: number): Uint8Array
  /** Somebody waits for a proof of this event: it is hashed and shown at once. */
  want(sequence: number): void
  /**
   * The roots of the trees of `sizes` durable events, ascending, 32 bytes each: hashed from the book, whatever the files of the tree say, apart from the
   * caller's thread. Some 0.5 M events a second. Rejects with what reading the book throws.
   */
  bookRoots(sizes: readonly number[]): Promise<Uint8Array[]>
  /** The files do not say what the book says: they are made again, from the first event on, but not twice within minutes. @param why for the operator */
  remake(why: string): void
  /** The first `width` hashes of a tile, 32 bytes each; fewer when the tree is smaller. For the functions of `@tallystick/proof`. */
  readonly tile: TileSource
  /** The leaf of a durable event, and what it commits to, byte for byte. @throws EngineError `corrupt` */
  event(sequence: number): OpenedLeaf
  /** The same of the `count` events from `first` on, which is quicker than one by one. @throws EngineError `corrupt` */
  events(first: number, count: number): OpenedLeaf[]
}

export class FollowingProofLog implements ProofLog {
  failure: string | undefined
  readonly journalId: string
  readonly tile: TileSource
  readonly bookRoots: ProofLog['bookRoots']
  readonly #book: Book
  readonly #accounts: CopyAccountId
  readonly #requests: RequestFinder
  readonly #listeners = new Set<(head: ProofHead) => void>()
  readonly #trees: AccountTrees
  readonly #roots: RootList
  readonly #onNote: (note: string) => void
  #head: ProofHead
  #proving: Proving | undefined
  #remadeAt = Number.NEGATIVE_INFINITY

  constructor(parts: {
    journalId: string
    book: Book
    accounts: CopyAccountId
    files: ProofFiles
    trees: AccountTreesOptions
    head: ProofHead
    bookRoots: ProofLog['bookRoots']
    onNote: (note: string) => void
  }) {
    this.journalId = parts.journalId
    this.#book = parts.book
    this.#accounts = parts.accounts
    this.#requests = new RequestFinder(parts.book)
    this.tile = tilesOf(parts.files)
    this.#trees = new AccountTrees(parts.trees)
    this.#head = parts.head
    this.bookRoots = parts.bookRoots
    this.#onNote = parts.onNote
    this.#roots = new RootList((from, to) => parts.files.readRoots(from, to))
  }

  get head(): ProofHead {
    return this.#head
  }

  get roots(): RootList {
    this.#roots.grow(this.#head.roots)
    return this.#roots
  }

  accountTree(root: AccountsState): AccountTree | undefined {
    return this.#trees.open(root)
  }

  dropAccountTree(root: AccountsState, why: string): void {
    this.#trees.drop(root)
    const { through } = root
    this.#onNote(`the tree over all accounts after event ${through} is let go of: ${why}`)
  }

  frameSalt(sequence: number): Uint8Array {
    return headOf(this.#book, sequence).slice(BodyField.salt, BodyField.salt + SALT_BYTES)
  }

  /** From now on that one is asked to hurry. */
  start(proving: Proving): void {
    this.#proving = proving
  }

  onHead(listener: (head: ProofHead) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  want(sequence: number): void {
    if (sequence > this.#head.size) this.#proving?.want(sequence)
  }

  remake(why: string): void {
    // Where it does not help, a disk that never keeps what is written, it is not done without end.
    if (performance.now() < this.#remadeAt + REMAKE_MS) return
    this.#remadeAt = performance.now()
    this.#proving?.remake(why)
  }

  event(sequence: number): OpenedLeaf {
    return openLeaf(bodyAlone(this.#book, this.#requests, sequence), 0, this.#accounts)
  }

  events(first: number, count: number): OpenedLeaf[] {
    const leaves: OpenedLeaf[] = []
    while (leaves.length < count) {
      const body = this.#book.frameOf(first + leaves.length)
      const from = first + leaves.length - body.firstSequence
      const here = Math.min(count - leaves.length, body.count - from)
      leaves.push(...openLeaves(body, { first: from, count: here }, this.#accounts))
    }
    return leaves
  }

  grew(head: ProofHead): void {
    // Made again: what was read of it is not believed.
    if (head.size < this.#head.size) this.#roots.clear()
    this.#head = head
    for (const listener of this.#listeners) listener(head)
  }
}
