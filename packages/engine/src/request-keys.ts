/** The look-up keys of saved requests: the newest in memory, older ones in sealed runs. */
import type { RequestIndex } from './decider.ts'
import type { GuardedIds } from './guarded-ids.ts'
import type { KeyTable } from './ids/key-table.ts'

export class RequestKeys implements RequestIndex {
  readonly table: KeyTable
  readonly #sealed: GuardedIds | undefined

  constructor(table: KeyTable, sealed: GuardedIds | undefined) {
    this.table = table
    this.#sealed = sealed
  }

  find(low: bigint, high: bigint): number {
    const sequence = this.table.find(low, high)
    if (sequence !== 0 || this.#sealed === undefined) return sequence
    return this.#sealed.key(low, high)
  }

  add(low: bigint, high: bigint, sequence: number): void {
    this.table.add(low, high, sequence)
  }
}
