/**
 * Follows every account's chain and every hold through the book, without the ledger's code: numbers and links without a gap, and
 * balances that follow from the ones before and from what the event moved.
 */
import { Operation, type RecordCursor, type Side, TransferFlags } from '@tallystick/ledger'

import type { Problems } from './report.ts'

/** The newest link of a chain. */
interface Link {
  number: bigint
  sequence: number
  debitsPending: bigint
  debitsPosted: bigint
  creditsPending: bigint
  creditsPosted: bigint
}

interface Change {
  readonly pending: bigint
  readonly posted: bigint
}

export class Chains {
  readonly #problems: Problems
  /** By slot. */
  readonly links: (Link | undefined)[] = []
  /** Open holds: sequence → what remains. */
  readonly holds = new Map<number, bigint>()
  #sequence = 0
  #timestamp = 0n

  constructor(problems: Problems) {
    this.#problems = problems
  }

  event(record: RecordCursor): void {
    const { sequence, timestamp } = record
    if (sequence !== this.#sequence + 1) {
      this.#problems.add('link', sequence, `the event before it is ${this.#sequence}`)
    }
    if (timestamp <= this.#timestamp) this.#problems.add('link', sequence, 'time stands still')
    this.#sequence = sequence
    this.#timestamp = timestamp
    if (!record.moved) return
    const change = this.#change(record)
    this.#follow(record, 'debit', change)
    this.#follow(record, 'credit', change)
  }

  /** What the event does to the pending and posted totals of its side. */
  #change(record: RecordCursor): Change {
    const { flags, sequence, amount } = record
    const posts = (flags & TransferFlags.postPendingTransfer) !== 0
    const voids = (flags & TransferFlags.voidPendingTransfer) !== 0
    const isRelease = record.kind === Operation.releaseHold
    if (!isRelease && (flags & TransferFlags.pending) !== 0) {
      this.holds.set(sequence, amount)
      return { pending: amount, posted: 0n }
    }
    if (!isRelease && !posts && !voids) return { pending: 0n, posted: amount }
    const held = this.holds.get(record.pendingSequence)
    if (held === undefined) {
      this.#problems.add('holds', sequence, `${record.pendingSequence} is no open hold`)
      return { pending: 0n, posted: 0n }
    }
    const remaining = record.remainingAfter
    if (remaining > 0n) this.holds.set(record.pendingSequence, remaining)
    else this.holds.delete(record.pendingSequence)
    const takes = posts && !isRelease ? amount : 0n
    if (takes > held - remaining)
      this.#problems.add('holds', sequence, 'it takes more than was held')
    return { pending: remaining - held, posted: takes }
  }

  #follow(record: RecordCursor, which: 'debit' | 'credit', { pending, posted }: Change): void {
    const side = record.side(which)
    const link = this.#link(side.slot)
    this.#checkLink(record.sequence, side, link)
    if (which === 'debit') {
      link.debitsPending += pending
      link.debitsPosted += posted
    } else {
      link.creditsPending += pending
      link.creditsPosted += posted
    }
    const agrees =
      side.debitsPending === link.debitsPending &&
      side.debitsPosted === link.debitsPosted &&
      side.creditsPending === link.creditsPending &&
      side.creditsPosted === link.creditsPosted
    if (!agrees) this.#problems.add('balance', record.sequence, `of its ${which} account`)
    Object.assign(link, side, { sequence: record.sequence })
  }

  #checkLink(sequence: number, side: Side, link: Link): void {
    if (side.number !== link.number + 1n) {
      this.#problems.add('link', sequence, `entry ${side.number} follows entry ${link.number}`)
    }
    if (side.previous !== link.sequence) {
      const text = `its previous entry is ${link.sequence}, not ${side.previous}`
      this.#problems.add('link', sequence, text)
    }
  }

  #link(slot: number): Link {
    const known = this.links[slot]
    if (known !== undefined) return known
    const fresh: Link = {
      ...{ number: 0n, sequence: 0, debitsPending: 0n, debitsPosted: 0n },
      ...{ creditsPending: 0n, creditsPosted: 0n },
    }
    this.links[slot] = fresh
    return fresh
  }
}
