/**
 * What an open chain or a dry run has changed, in order, so that it can be taken back whole. Rows are kept as they
 * were before each change; what was added is taken out again, newest first.
 */
import { type Accounts, DEEP_ROW_BYTES, ROW_BYTES, Row32 } from './accounts.ts'
import { HOLD_BYTES, type Holds } from './holds.ts'
import type { Ids } from './ids.ts'
import type { Memory } from './memory.ts'
import { SUBTREE_BYTES, type Subtrees } from './subtrees.ts'

type Step =
  | {
      readonly kind: 'account'
      readonly slot: number
      readonly image: Uint32Array
      readonly deep: Uint32Array | undefined
    }
  | { readonly kind: 'account-added' }
  | { readonly kind: 'arena'; readonly units: number }
  | { readonly kind: 'subtree'; readonly row: number; readonly image: BigUint64Array }
  | { readonly kind: 'subtree-added' }
  | { readonly kind: 'hold'; readonly row: number; readonly image: BigUint64Array }
  | { readonly kind: 'hold-entered'; readonly row: number }
  | { readonly kind: 'hold-left'; readonly image: BigUint64Array }
  | {
      readonly kind: 'id'
      readonly memory: Memory
      readonly offset: number
      readonly sequence: number
      readonly burnt: boolean
    }
  | { readonly kind: 'touch'; readonly sequence: number; readonly before: number }
  | { readonly kind: 'call'; readonly back: () => void }

export class Undo {
  readonly #accounts: Accounts
  readonly #holds: Holds
  readonly #subtrees: Subtrees
  readonly #ids: Ids
  #steps: Step[] = []
  /** Whether changes are kept: inside a chain or a dry run. */
  recording = false
  inChain = false

  constructor(parts: { accounts: Accounts; holds: Holds; subtrees: Subtrees; ids: Ids }) {
    this.#accounts = parts.accounts
    this.#holds = parts.holds
    this.#subtrees = parts.subtrees
    this.#ids = parts.ids
  }

  /** How far the log has come: `rollback` goes back to it. */
  get mark(): number {
    return this.#steps.length
  }

  account(slot: number): void {
    const base = this.#accounts.base32(slot)
    const row = this.#accounts.row32(slot)
    const deepRow = row[base + Row32.deep] as number
    const deep = deepRow === 0 ? undefined : this.#deep(deepRow - 1).slice()
    this.#steps.push({ kind: 'account', slot, image: row.slice(base, base + ROW_BYTES / 4), deep })
  }

  accountAdded(): void {
    this.#steps.push({ kind: 'account-added' })
  }

  arena(): void {
    this.#steps.push({ kind: 'arena', units: this.#accounts.arena.units })
  }

  subtree(row: number): void {
    const base = this.#subtrees.base64(row)
    const image = this.#subtrees.row64(row).slice(base, base + SUBTREE_BYTES / 8)
    this.#steps.push({ kind: 'subtree', row, image })
  }

  subtreeAdded(): void {
    this.#steps.push({ kind: 'subtree-added' })
  }

  hold(row: number): void {
    this.#steps.push({ kind: 'hold', row, image: this.#holdImage(row) })
  }

  holdEntered(row: number): void {
    this.#steps.push({ kind: 'hold-entered', row })
  }

  /** Before the row leaves and is given back. */
  holdLeft(row: number): void {
    this.#steps.push({ kind: 'hold-left', image: this.#holdImage(row) })
  }

  #holdImage(row: number): BigUint64Array {
    const base = this.#holds.base64(row)
    return this.#holds.row64(row).slice(base, base + HOLD_BYTES / 8)
  }

  id(memory: Memory, offset: number, sequence: number, burnt: boolean): void {
    this.#steps.push({ kind: 'id', memory, offset, sequence, burnt })
  }

  touch(sequence: number): void {
    this.#steps.push({ kind: 'touch', sequence, before: this.#ids.newestTouch(sequence) })
  }

  /** For the rare ones: assets, books. */
  call(back: () => void): void {
    this.#steps.push({ kind: 'call', back })
  }

  /** What was done behind the mark stays: rows that readers were kept from are shown again. */
  commit(mark: number): void {
    for (let i = mark; i < this.#steps.length; i++) {
      const step = this.#steps[i] as Step
      if (step.kind === 'account') this.#show(step.slot)
    }
    this.#steps.length = mark
  }

  /** What was done behind the mark is taken back. */
  rollback(mark: number): void {
    for (let i = this.#steps.length - 1; i >= mark; i--) this.#takeBack(this.#steps[i] as Step)
    this.#steps.length = mark
  }

  #takeBack(step: Step): void {
    switch (step.kind) {
      case 'account':
        return this.#restoreAccount(step.slot, step.image, step.deep)
      case 'account-added':
        return this.#accounts.removeNewest()
      case 'arena':
        return this.#accounts.arena.truncate(step.units)
      case 'subtree':
        this.#subtrees.rows.touch(step.row)
        return this.#subtrees.row64(step.row).set(step.image, this.#subtrees.base64(step.row))
      case 'subtree-added':
        return this.#subtrees.removeNewest()
      case 'hold':
        this.#holds.rows.touch(step.row)
        return this.#holds.row64(step.row).set(step.image, this.#holds.base64(step.row))
      case 'hold-entered':
        this.#holds.leave(step.row)
        return this.#holds.give(step.row)
      case 'hold-left':
        return this.#reopenHold(step.image)
      case 'id':
        return this.#ids.remove(step.memory, step.offset, step.sequence, step.burnt)
      case 'touch':
        return this.#ids.touch(step.sequence, step.before)
      case 'call':
        return step.back()
    }
  }

  #restoreAccount(slot: number, image: Uint32Array, deep: Uint32Array | undefined): void {
    const row = this.#accounts.row32(slot)
    const base = this.#accounts.base32(slot)
    const version = row[base + Row32.version] as number
    row.set(image, base)
    row[base + Row32.version] = version
    if (deep !== undefined) this.#deep((image[Row32.deep] as number) - 1).set(deep)
    this.#show(slot)
  }

  /** An even version tells readers of other threads that the row is whole. */
  #show(slot: number): void {
    const row = this.#accounts.row32(slot)
    const at = this.#accounts.base32(slot) + Row32.version
    if (((row[at] as number) & 1) === 1) row[at] = (row[at] as number) + 1
  }

  /** The row that was given back last is free still: steps are taken back newest first. */
  #reopenHold(image: BigUint64Array): void {
    const row = this.#holds.take()
    this.#holds.row64(row).set(image, this.#holds.base64(row))
    this.#holds.enter(row)
  }

  #deep(index: number): Uint32Array {
    const { deep } = this.#accounts
    const at = (index & deep.rowMask) * (DEEP_ROW_BYTES / 4)
    return (deep.u32[index >>> deep.chunkShift] as Uint32Array).subarray(
      at,
      at + DEEP_ROW_BYTES / 4,
    )
  }
}
