/** Makes the tree over all accounts again for each statement of the book, and compares (docs/decisions/0014-accounts-roots.md). */
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
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  constructor(problems: Problems) {
    this.#problems = problems
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
  }

  /** The ledger is as it was after the body. */
  after(body: BookBody, ledger: Ledger): void {
    const stated = this.#stated.get(body.lastSequence)
    if (stated === undefined) return
    this.#stated.delete(body.lastSequence)
    const from = body.start + BodyField.salt
    const salt = body.memory.u8.slice(from, from + SALT_BYTES)
    const cut = ledger.beginCut()
    try {
      const { ids, hashes } = leavesOf(rowsOfCut(cut), salt)
      const tree = new TiledTree(() => {})
      tree.append(hashes)
      const again = { accounts: ids.length / 16, root: Buffer.from(tree.root()) }
      for (const root of stated) this.#compare(root, again)
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

  #find(body: BookBody): void {
    const { u8 } = body.memory
    for (let index = 0; index < body.count; index++) {
      if (u8[body.recordAt(index)] !== Operation.attest) continue
      const root = statedRoot(body.point(index, this.#cursor))
      if (root === undefined) continue
      this.#stated.set(root.through, [...(this.#stated.get(root.through) ?? []), root])
    }
  }
}
