/**
 * Makes the proof log from the book, wherever it runs: reads what is durable, hashes events into leaves and leaves into the tree, keeps
 * it all in files. It can be killed at any moment, and its files thrown away.
 */
import { type Disk, diskErrorCode, JournalFollower } from '@tallystick/journal'
import { Memory, Operation, RecordCursor } from '@tallystick/ledger'
import {
  HASH_SIZE,
  LeafMaker,
  rootFromTiles,
  TILE_WIDTH,
  TiledTree,
  type TileSource,
} from '@tallystick/proof'

import type { BookBody } from '../book-body.ts'
import { FrameMemory } from '../frame-memory.ts'
import { SnapshotReader } from '../snapshots/snapshot-reader.ts'
import { AccountIds } from './account-ids.ts'
import { leavesOf, rowsOfSnapshot } from './account-rows.ts'
import { AccountTrees } from './account-trees.ts'
import { type AccountsRoot, type AccountsState, encodeRoots, statedRoot } from './accounts-root.ts'
import { ACCOUNT_TREES_BYTES_MAX } from './limits.ts'
import { ProofFiles, type ProofHead } from './proof-files.ts'
import type { TreeOrder } from './proving.ts'

export interface ProofMakerOptions {
  readonly disk: Disk
  /** Of the proofs. */
  readonly directory: string
  /** Of the journal's segments. */
  readonly bookDirectory: string
  readonly journalId: Uint8Array
  /** For an operator. */
  readonly onNote: (note: string) => void
}

export class ProofMaker {
  readonly #files: ProofFiles
  readonly #accounts: AccountIds
  readonly #leaves: LeafMaker
  readonly #tree: TiledTree
  readonly #follower: JournalFollower
  readonly #frames = new FrameMemory()
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  #head: ProofHead
  readonly #options: ProofMakerOptions
  /** Statements about all accounts that are not in their file yet. */
  #roots: AccountsRoot[] = []
  /** Accounts that are in the file. */
  #accountsKept: number

  private constructor(options: ProofMakerOptions, files: ProofFiles, found: Found) {
    const { head, accounts } = found
    this.#options = options
    this.#files = files
    this.#accounts = new AccountIds(accounts)
    this.#accountsKept = this.#accounts.count
    this.#leaves = new LeafMaker(this.#accounts.copy)
    this.#tree = TiledTree.resume(BigInt(head.size), tilesOf(files), ({ level, index, hashes }) =>
      files.writeHashes(level, Number(index) * TILE_WIDTH, hashes),
    )
    this.#head = head
    const { disk, bookDirectory, journalId } = options
    this.#follower = new JournalFollower({
      ...{ disk, directory: bookDirectory, journalId, after: head.size },
    })
  }

  /** Goes on where the files end; where they do not hold, begins anew. @param fault what is known to be wrong with them */
  static open(options: ProofMakerOptions, fault?: string): ProofMaker {
    const files = new ProofFiles({ ...options, mode: 'create' })
    const found = fault ?? whatHolds(files)
    if (typeof found !== 'string') return new ProofMaker(options, files, found)
    if (found !== '') options.onNote(`the proof log is made again from the book: ${found}`)
    files.clear()
    return new ProofMaker(options, files, { head: EMPTY_HEAD, accounts: new Uint8Array(0) })
  }

  /** Events in the tree. */
  get size(): number {
    return Number(this.#tree.size)
  }

  /** What was published last. */
  get head(): ProofHead {
    return this.#head
  }

  /**
   * Hashes events up to the frame that holds `through`, which must be durable, but not many more than `events` of them.
   * @throws JournalCorrupt, JournalRefused and what the disk throws; after that it is of no use any more.
   */
  follow(through: number, events: number): void {
    if (this.size >= through) return
    const enough = this.size + events
    for (const frame of this.#follower.frames(through)) {
      this.#add(this.#frames.body(frame))
      if (this.size >= enough) return
    }
  }

  /** Syncs everything: from now on it can be shown. */
  publish(): ProofHead {
    for (const { level, index, hashes } of this.#tree.edge()) {
      this.#files.writeHashes(level, Number(index) * TILE_WIDTH, hashes)
    }
    this.#files.writeAccounts(this.#accountsKept, this.#accounts.bytesFrom(this.#accountsKept))
    this.#accountsKept = this.#accounts.count
    const roots = this.#head.roots + this.#roots.length
    this.#files.writeRoots(this.#head.roots, encodeRoots(this.#roots.splice(0)))
    const root = this.#tree.root()
    this.#head = { size: this.size, accounts: this.#accountsKept, root, roots }
    this.#files.publish(this.#head)
    return this.#head
  }

  /**
   * Makes the tree over all accounts from a snapshot and keeps it: about a second for a million accounts, and 110 bytes for each.
   * @returns undefined when the snapshot is gone. @throws SnapshotBroken and what the disk throws; the proof log is none the worse for it.
   */
  makeTree({ snapshot: path, salt }: TreeOrder): AccountsState | undefined {
    const { disk, journalId } = this.#options
    const snapshot = openSnapshot(disk, path)
    if (snapshot === undefined) return undefined
    try {
      const { header } = snapshot
      if (Buffer.compare(header.journalId, journalId) !== 0) throw new Error('of another journal')
      const leaves = leavesOf(rowsOfSnapshot(snapshot), salt)
      const trees = new AccountTrees(this.#options)
      return trees.keep(header.sequence, leaves, ACCOUNT_TREES_BYTES_MAX)
    } finally {
      snapshot.close()
    }
  }

  close(): void {
    this.#follower.close()
    this.#files.close()
  }

  #add(body: BookBody): void {
    // The first frame after a start may be in the tree in part.
    const known = this.size + 1 - body.firstSequence
    this.#learn(body, known)
    this.#tree.append(this.#leaves.leafHashes(body).subarray(known * HASH_SIZE))
  }

  /** @param known events of the body that are in the tree already. */
  #learn(body: BookBody, known: number): void {
    const { u8 } = body.memory
    for (let index = 0; index < body.count; index++) {
      const at = body.recordAt(index)
      const kind = u8[at]
      if (u8[at + 1] !== 0) continue
      if (kind === Operation.createAccount) this.#accounts.add(body.point(index, this.#cursor))
      if (kind !== Operation.attest || index < known) continue
      const root = statedRoot(body.point(index, this.#cursor))
      if (root !== undefined) this.#roots.push(root)
    }
  }
}

function openSnapshot(disk: Disk, path: string): SnapshotReader | undefined {
  try {
    return new SnapshotReader(disk, path)
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

interface Found {
  readonly head: ProofHead
  readonly accounts: Uint8Array
}

/** Of no events. */
export const EMPTY_HEAD: ProofHead = {
  size: 0,
  accounts: 0,
  roots: 0,
  root: rootFromTiles(() => new Uint8Array(0), 0n),
}

/** Tiles in files, for `TiledTree` and proofs. What is not there is an empty tile, which is then found to be too short. */
export function tilesOf(files: ProofFiles): TileSource {
  return (level, index, width) => files.readTile(level, Number(index), width) ?? new Uint8Array(0)
}

/** The files as far as their head says, or why they cannot be gone on with; '' when there is nothing yet. */
function whatHolds(files: ProofFiles): Found | string {
  const head = files.readHead()
  if (head === undefined) return files.isEmpty ? '' : 'its head is missing or of another journal'
  const accounts = files.readAccounts(head.accounts)
  if (accounts === undefined) return 'ids of accounts are missing or damaged'
  if (!files.holdsRoots(head.roots)) return 'statements are missing or damaged'
  try {
    const root = rootFromTiles(tilesOf(files), BigInt(head.size))
    if (Buffer.compare(root, head.root) === 0) return { head, accounts }
    return 'its hashes do not give the root that was published'
  } catch (error) {
    return String(error)
  }
}
