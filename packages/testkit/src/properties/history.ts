/**
 * The auditor's memory: everything that was asked and decided, and what the books must therefore show. It
 * follows decisions only; whether a decision was right is for the suites and the model to say.
 */
import { type CreateTransfer, Operation, TransferFlags } from '@tallystick/ledger'
import type { AccountView, Balances, Batch, Decision, StateMachine } from '@tallystick/scenario'

export interface Played {
  readonly batch: Batch
  readonly decisions: readonly Decision[]
}

interface FollowedHold {
  readonly debit: bigint
  readonly credit: bigint
  remaining: bigint
}

interface Mutable {
  debitsPending: bigint
  debitsPosted: bigint
  creditsPending: bigint
  creditsPosted: bigint
}

/** What the machine showed before the latest batch. */
interface Before {
  readonly accounts: ReadonlyMap<bigint, AccountView>
  readonly content: Uint8Array
  readonly state: Uint8Array
}

export class History {
  readonly played: Played[] = []
  readonly balances = new Map<bigint, Mutable>()
  readonly holds = new Map<bigint, FollowedHold>()
  /** What each created transfer moved, and what of it was reversed. */
  readonly moved = new Map<bigint, bigint>()
  readonly reversed = new Map<bigint, bigint>()
  /** Sequences of the entries that each account must have. */
  readonly entries = new Map<bigint, bigint[]>()
  before: Before

  constructor(machine: StateMachine) {
    this.before = lookAt(machine)
  }

  /** To be called with each batch after it was applied, and before `invariants`. */
  record(batch: Batch, decisions: readonly Decision[]): void {
    this.played.push({ batch, decisions })
    if (batch.dryRun === true) return
    const releases = decisions.length - batch.commands.length
    for (const decision of decisions.slice(0, releases)) this.#release(decision)
    for (const [index, command] of batch.commands.entries()) {
      const decision = decisions[releases + index]
      if (decision?.status !== 0 || command.operation !== Operation.createTransfer) continue
      this.#follow(command, decision)
    }
  }

  /** What follows is compared with the machine as it is now. */
  remember(machine: StateMachine): void {
    this.before = lookAt(machine)
  }

  #release({ id, sequence }: Decision): void {
    const hold = this.holds.get(id)
    if (hold === undefined) throw new Error(`a release of ${id}, which is not a hold`)
    this.#move(hold, sequence, { pending: -hold.remaining, posted: 0n })
    hold.remaining = 0n
  }

  #follow(transfer: CreateTransfer, { id, amount, sequence }: Decision): void {
    const { debitAccountId: debit, creditAccountId: credit, flags, pendingId } = transfer
    this.moved.set(id, amount)
    if ((flags & TransferFlags.pending) !== 0) {
      this.holds.set(id, { debit, credit, remaining: amount })
      this.#move({ debit, credit }, sequence, { pending: amount, posted: 0n })
      return
    }
    const settles = TransferFlags.postPendingTransfer | TransferFlags.voidPendingTransfer
    if ((flags & settles) !== 0) {
      this.#settle(transfer, { amount, sequence })
      return
    }
    if ((flags & TransferFlags.reversal) !== 0) {
      this.reversed.set(pendingId, (this.reversed.get(pendingId) ?? 0n) + amount)
    }
    this.#move({ debit, credit }, sequence, { pending: 0n, posted: amount })
  }

  #settle(
    { pendingId, flags }: CreateTransfer,
    { amount, sequence }: { amount: bigint; sequence: bigint },
  ): void {
    const hold = this.holds.get(pendingId)
    if (hold === undefined) throw new Error(`${pendingId} was settled, but it is not a hold`)
    const released = (flags & TransferFlags.partial) === 0 ? hold.remaining : amount
    const posted = (flags & TransferFlags.postPendingTransfer) === 0 ? 0n : amount
    hold.remaining -= released
    this.#move(hold, sequence, { pending: -released, posted })
  }

  #move(
    { debit, credit }: { debit: bigint; credit: bigint },
    sequence: bigint,
    { pending, posted }: { pending: bigint; posted: bigint },
  ): void {
    const debited = this.#balancesOf(debit)
    debited.debitsPending += pending
    debited.debitsPosted += posted
    const credited = this.#balancesOf(credit)
    credited.creditsPending += pending
    credited.creditsPosted += posted
    for (const id of [debit, credit]) {
      const sequences = this.entries.get(id)
      if (sequences === undefined) this.entries.set(id, [sequence])
      else sequences.push(sequence)
    }
  }

  #balancesOf(id: bigint): Mutable {
    const known = this.balances.get(id)
    if (known !== undefined) return known
    const fresh = { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }
    this.balances.set(id, fresh)
    return fresh
  }
}

export function lookAt(machine: StateMachine): Before {
  return {
    accounts: new Map(viewsOf(machine).map((view) => [view.id, view])),
    content: machine.contentBytes(),
    state: machine.stateBytes(),
  }
}

export const viewsOf = (machine: StateMachine): AccountView[] =>
  machine.accountIds().flatMap((id) => machine.account(id) ?? [])

export const fourOf = (balances: Balances): Balances => ({
  debitsPending: balances.debitsPending,
  debitsPosted: balances.debitsPosted,
  creditsPending: balances.creditsPending,
  creditsPosted: balances.creditsPosted,
})
