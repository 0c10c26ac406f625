/** What a made-up history has asked for so far: where wishes find ids that mean something. */
import { type CreateTransfer, Operation, TransferFlags, U128_MAX } from '@tallystick/ledger'
import { idOfLabel } from '@tallystick/scenario'
import type { AccountView, Decision, StateMachine } from '@tallystick/scenario'

export class Issued {
  readonly machine: StateMachine
  readonly scale: bigint
  readonly names = new Map<bigint, string>()
  readonly accounts: bigint[] = []
  readonly transfers: CreateTransfer[] = []
  readonly #created = new Set<bigint>()
  /** Where the transfers of this batch begin: nobody knows yet what becomes of them. */
  #batchStart = 0

  constructor(machine: StateMachine, scaleBits: number) {
    this.machine = machine
    this.scale = 1n << BigInt(scaleBits)
  }

  beginBatch(): void {
    this.#batchStart = this.transfers.length
  }

  endBatch(decisions: readonly Decision[]): void {
    for (const { operation, status, id } of decisions) {
      if (operation === Operation.createTransfer && status === 0) this.#created.add(id)
    }
  }

  newAccount(): bigint {
    const id = this.#newId('a', this.accounts.length)
    this.accounts.push(id)
    return id
  }

  newTransfer(): bigint {
    return this.#newId('t', this.transfers.length)
  }

  /** Mostly spread over all bits; some differ in one of their four words alone. */
  #newId(letter: string, index: number): bigint {
    if (index % 5 === 4) return BigInt(index + 1) << BigInt(32 * ((index / 5) & 3))
    const label = `${letter}${index + 1}`
    const id = idOfLabel(label)
    this.names.set(id, label)
    return id
  }

  /** Nearly always one that was asked for; every third time the first, which pays and takes without limit. */
  account(number: number): bigint {
    if (number >= 98) return [U128_MAX, 999n][number - 98] ?? 0n
    if (number === 97) return 0n
    return (
      (number % 3 === 1 ? this.accounts[0] : this.accounts[number % this.accounts.length]) ?? 0n
    )
  }

  /** Nearly always one of the same asset, so that something can be moved between the two. */
  partner(id: bigint, number: number): bigint {
    const chosen = this.account(number)
    const asset = this.machine.account(id)?.asset
    const fits = (other: bigint): boolean =>
      other !== id && this.machine.account(other)?.asset === asset
    if (number >= 95 || fits(chosen)) return chosen
    const among = this.accounts.filter(fits)
    return among[number % Math.max(1, among.length)] ?? chosen
  }

  view(number: number): AccountView | undefined {
    return this.machine.account(this.account(number))
  }

  /** Nearly always a hold, and often a recent one. */
  hold(number: number): CreateTransfer | undefined {
    return this.#recent(number, (transfer) => has(transfer, TransferFlags.pending))
  }

  /** Nearly always something that can be reversed. */
  moved(number: number): CreateTransfer | undefined {
    const still = TransferFlags.pending | TransferFlags.voidPendingTransfer | TransferFlags.reversal
    return this.#recent(number, (transfer) => !has(transfer, still))
  }

  /** Created or refused. */
  any(number: number): CreateTransfer | undefined {
    return this.#latest(number, this.transfers.slice(-100))
  }

  /** Of the latest hundred, those that were created; those of this batch may be. */
  #recent(number: number, fits: (transfer: CreateTransfer) => boolean): CreateTransfer | undefined {
    if (number >= 97) return this.any(number)
    const from = Math.max(0, this.transfers.length - 100)
    const among = this.transfers
      .slice(from)
      .filter(
        (transfer, index) =>
          fits(transfer) && (from + index >= this.#batchStart || this.#created.has(transfer.id)),
      )
    return this.#latest(number, among)
  }

  #latest(number: number, among: readonly CreateTransfer[]): CreateTransfer | undefined {
    const back = number % 3 === 0 ? number : number % 4
    return among[among.length - 1 - (back % Math.max(1, among.length))]
  }
}

const has = ({ flags }: CreateTransfer, flag: number): boolean => (flags & flag) !== 0
