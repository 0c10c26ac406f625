/** An import into an empty ledger in memory: what a dry run shows. */
import { canonicalJson, formatId, parseId, parseTime, STATUSES } from '@tallystick/contract'
import {
  AccountFlags,
  accountIdOf,
  type Command,
  NO_SUBTREE_LIMIT,
  openLedger,
  Operation,
  type TallyLedger,
} from '@tallystick/engine'
import { assert, AssetRegistry } from '@tallystick/money'
import type { CreateAccount, CreateTransfer } from '@tallystick/sdk'
import type { Balance, BookingTarget, ImportCommand } from './booking-target.ts'

const PAGE_ROWS = 8_190
const NO_BYTES = new Uint8Array(0)
const encoder = new TextEncoder()

export class MemoryTarget implements BookingTarget {
  readonly #ledger: TallyLedger
  #assets = AssetRegistry.iso

  private constructor(ledger: TallyLedger) {
    this.#ledger = ledger
  }

  static async open(): Promise<MemoryTarget> {
    return new MemoryTarget(await openLedger({ memory: true }))
  }

  async send(commands: readonly ImportCommand[]): Promise<readonly string[]> {
    const results = await this.#ledger.applyCommands(
      commands.map((command) => this.#command(command)),
    )
    return results.map(({ status }, index) => {
      const operation = commands[index]?.operation ?? 'create_transfer'
      return STATUSES[operation][status] ?? `status_${status}`
    })
  }

  async *balances(address: string): AsyncIterable<Balance> {
    const account = accountIdOf(address)
    let after: number | undefined
    do {
      const filter = { account, limit: PAGE_ROWS, ...(after === undefined ? {} : { after }) }
      const { entries, next } = this.#ledger.reader.entries(filter)
      for (const { transferId, balance } of entries) {
        yield { transferId: formatId(transferId), balance }
      }
      after = next
    } while (after !== undefined)
  }

  close(): Promise<void> {
    return this.#ledger.close()
  }

  #command(command: ImportCommand): Command {
    return command.operation === 'create_account' ? this.#account(command) : this.#transfer(command)
  }

  #account(account: CreateAccount): Command {
    const { flags = [] } = account
    return {
      operation: Operation.createAccount,
      id: accountIdOf(account.address),
      address: account.address,
      asset: this.#asset(account.asset),
      code: account.code ?? 1,
      flags:
        (flags.includes('debits_must_not_exceed_credits')
          ? AccountFlags.debitsMustNotExceedCredits
          : 0) |
        (flags.includes('credits_must_not_exceed_debits')
          ? AccountFlags.creditsMustNotExceedDebits
          : 0),
      parent: 0n,
      limit: account.limit ?? 0n,
      subtreeLimit: NO_SUBTREE_LIMIT,
      metadata: NO_BYTES,
    }
  }

  #transfer(transfer: CreateTransfer): Command {
    const { effectiveAt, metadata } = transfer
    return {
      operation: Operation.createTransfer,
      id: parseId(transfer.id ?? '') ?? 0n,
      debitAccountId: accountIdOf(transfer.debitAccount),
      creditAccountId: accountIdOf(transfer.creditAccount),
      amount: transfer.amount,
      pendingId: 0n,
      timeout: 0,
      asset: this.#asset(transfer.asset),
      code: transfer.code ?? 1,
      flags: 0,
      effectiveAt: typeof effectiveAt === 'string' ? (parseTime(effectiveAt) ?? 0n) : 0n,
      metadata: metadata === undefined ? NO_BYTES : encoder.encode(canonicalJson(metadata)),
    }
  }

  /** Whatever the file names is an asset here: which ones are registered is the server's to know. */
  #asset(text: string): number {
    const known = this.#assets.byText(text) ?? this.#assets.propose(text)
    assert(known !== undefined, 'the mapper has read the asset')
    if (this.#assets.byText(text) === undefined) this.#assets = this.#assets.with(known)
    return known.number
  }
}
