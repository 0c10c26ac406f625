/**
 * Makes the tree over all accounts again for the statements of the book, and compares (docs/decisions/0014-accounts-roots.md). Each leaf has a salt of its statement's
 * own, so nothing of one tree serves the next: a book of many days and accounts would take hours. Beyond a limit the newest is made again and others by lot, so that who
 * states what is false cannot know that it will not be looked at; what a statement says of how many accounts there were is always held to the ledger.
 */
import { randomBytes } from 'node:crypto'

import { JournalCorrupt, JournalRefused, type JournalReader } from '@tallystick/journal'
import {
  BodyField,
  type Ledger,
  Memory,
  Operation,
  RecordCursor,
  SALT_BYTES,
} from '@tallystick/ledger'
import { TiledTree } from '@tallystick/proof'

import type { BookBody } from '../book-body.ts'
import { FrameMemory } from '../frame-memory.ts'
import { leavesOf, rowsOfCut } from '../proofs/account-rows.ts'
import { type AccountsRoot, statedRoot } from '../proofs/accounts-root.ts'
import type { Problems } from './report.ts'

/** Events between two moments at which others may run. */
const YIELD_EVERY = 65_536

export class RootsCheck {
  readonly #problems: Problems
  /** Statements by the event that they speak of: a statement comes later than that. */
  readonly #stated = new Map<number, AccountsRoot[]>()
  /** Of those whose tree is made again: the events that they speak of. */
  readonly #chosen = new Set<number>()
  readonly #leavesMax: number
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  /** Accounts that the book has opened, as far as it was read for statements. */
  #opened = 0
  readonly #costs = new Map<number, number>()
  #found = 0
  #madeAgain = 0

  constructor(problems: Problems, leavesMax: number) {
    this.#problems = problems
    this.#leavesMax = leavesMax
  }

  get counts(): { found: number; madeAgain: number } {
    return { found: this.#found, madeAgain: this.#madeAgain }
  }

  /** Reads the book once for what is stated in it: before it is decided again. */
  async find(reader: JournalReader): Promise<void> {
    if (reader.lastSequence < reader.firstSequence) return
    const frames = new FrameMemory()
    let events = 0
    try {
      for (const frame of reader.frames()) {
        if (frame.count > 0) this.#find(frames.body(frame))
        events += frame.count
        if (events < YIELD_EVERY) continue
        events = 0
        await new Promise((resolve) => void setImmediate(resolve))
      }
    } catch (error) {
      // The reading that decides again comes to the same place, and tells.
      if (!(error instanceof JournalCorrupt || error instanceof JournalRefused)) throw error
    }
    this.#choose()
  }

  /** The newest, and of the others as many as there is room for, by lot. */
  #choose(): void {
    const newestFirst = [...this.#costs].reverse()
    const order = [...newestFirst.slice(0, 1), ...shuffled(newestFirst.slice(1))]
    let left = this.#leavesMax
    for (const [through, accounts] of order) {
      if (accounts > left && this.#chosen.size > 0) continue
      this.#chosen.add(through)
      left -= accounts
    }
  }

  /** The ledger is as it was after the body. */
  after(body: BookBody, ledger: Ledger): void {
    const stated = this.#stated.get(body.lastSequence)
    if (stated === undefined) return
    this.#stated.delete(body.lastSequence)
    if (!this.#chosen.has(body.lastSequence)) {
      for (const root of stated) this.#compareCount(root, ledger.read.accountCount)
      return
    }
    const from = body.start + BodyField.salt
    const salt = body.memory.u8.slice(from, from + SALT_BYTES)
    const cut = ledger.beginCut()
    try {
      const { ids, hashes } = leavesOf(rowsOfCut(cut), salt)
      const tree = new TiledTree(() => {})
      tree.append(hashes)
      const again = { accounts: ids.length / 16, root: Buffer.from(tree.root()) }
      for (const root of stated) this.#compare(root, again)
      this.#madeAgain += stated.length
    } finally {
      cut.end()
    }
  }

  /** Everything was decided again: what is left speaks of no state that there was. */
  finish(): void {
    for (const { sequence, through } of [...this.#stated.values()].flat()) {
      const text = `it states accounts after event ${through}, which is not the last of a group before it`
      this.#problems.add('accounts_root', sequence, text)
    }
  }

  #compare(stated: AccountsRoot, again: { accounts: number; root: Buffer }): void {
    const { sequence, through, accounts, root } = stated
    const isLater = through < sequence
    if (isLater && accounts === again.accounts && again.root.equals(root)) return
    const text = `it states ${accounts} accounts with root ${Buffer.from(root).toString('hex')} after event ${through}; there were ${again.accounts} with root ${again.root.toString('hex')}`
    this.#problems.add('accounts_root', sequence, text)
  }

  #compareCount({ sequence, through, accounts }: AccountsRoot, found: number): void {
    if (through < sequence && accounts === found) return
    const text = `it states ${accounts} accounts after event ${through}; there were ${found}`
    this.#problems.add('accounts_root', sequence, text)
  }

  #find(body: BookBody): void {
    const { u8 } = body.memory
    for (let index = 0; index < body.count; index++) {
      const kind = u8[body.recordAt(index)]
      if (kind === Operation.createAccount) this.#opened++
      if (kind !== Operation.attest) continue
      const root = statedRoot(body.point(index, this.#cursor))
      if (root === undefined) continue
      this.#stated.set(root.through, [...(this.#stated.get(root.through) ?? []), root])
      // No more accounts than were asked for so far; what it states itself is not believed.
      this.#costs.set(root.through, this.#opened)
      this.#found++
    }
  }
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const order = items.map((item) => ({ item, lot: randomBytes(6).readUIntBE(0, 6) }))
  return order.sort((a, b) => a.lot - b.lot).map(({ item }) => item)
}
