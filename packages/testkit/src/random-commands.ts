/** Seeded commands of every kind, close enough together to meet: few ids, few accounts, small amounts, short timeouts. */
import { encodeControl } from '@tallystick/access'
import { encodeRuleCommand } from '@tallystick/rules'
import {
  AccountFlags,
  type Command,
  type CreateTransfer,
  NO_SUBTREE_LIMIT,
  Operation,
  TransferFlags,
} from '@tallystick/ledger'
import type { Prng } from './prng.ts'

const ACCOUNTS = 12
const NO_METADATA = new Uint8Array(0)

const SHAPES: readonly number[] = [
  0,
  0,
  0,
  TransferFlags.pending,
  TransferFlags.pending,
  TransferFlags.postPendingTransfer,
  TransferFlags.postPendingTransfer | TransferFlags.partial,
  TransferFlags.voidPendingTransfer,
  TransferFlags.balancingDebit,
  TransferFlags.balancingCredit,
  TransferFlags.reversal,
  TransferFlags.pending | TransferFlags.closingDebit,
]

export class RandomCommands {
  readonly #prng: Prng
  #transfers = 0

  constructor(prng: Prng) {
    this.#prng = prng
  }

  batch(now: bigint): Command[] {
    const count = 1 + this.#prng.below(this.#prng.once(10) ? 200 : 8)
    return Array.from({ length: count }, () => this.#command(now))
  }

  #command(now: bigint): Command {
    const kind = this.#prng.below(20)
    if (kind < 15) return this.#transfer(now)
    if (kind < 18) return this.#account()
    const base = { id: this.#account().id, flags: this.#linked() }
    switch (this.#prng.below(9)) {
      case 0:
        return { operation: Operation.closeAccount, ...base }
      case 1:
        return { operation: Operation.reopenAccount, ...base }
      case 2:
        return { operation: Operation.changeMetadata, ...base, metadata: this.#metadata() }
      case 3:
        return { operation: Operation.registerAsset, asset: 2_000, flags: 0, name: 'PTS/0' }
      case 4:
        return { operation: Operation.closeBooks, ...base, asset: 1, until: now - 5_000_000_000n }
      case 6:
        return { operation: Operation.control, flags: base.flags, statement: this.#control() }
      case 7:
        return { operation: Operation.rule, flags: base.flags, statement: this.#rule() }
      case 5:
        return { operation: Operation.attest, flags: base.flags, statement: this.#metadata() }
      default: {
        const limit = BigInt(this.#prng.below(500))
        return { operation: Operation.changeLimit, ...base, limit, subtreeLimit: undefined }
      }
    }
  }

  /** Somebody new, or somebody who is there. */
  #control(): Uint8Array {
    const principal = `somebody-${this.#prng.below(20)}`
    const isNew = this.#prng.below(2) === 0
    return encodeControl(
      isNew
        ? { control: 'create_principal', principal, kind: 'service' }
        : { control: 'disable_principal', principal },
    )
  }

  /** A rule that is there, is not, or was changed meanwhile; and what one of them did. */
  #rule(): Uint8Array {
    const rule = `rule-${this.#prng.below(5)}`
    const version = 1 + this.#prng.below(3)
    switch (this.#prng.below(4)) {
      case 0:
        return encodeRuleCommand({ rules: 'remove', rule })
      case 1:
        return encodeRuleCommand({
          ...{ rules: 'fire', firing: 'ab'.repeat(16), rule, version, kind: 'hold_deadline' },
          ...{ sequence: 1 + this.#prng.below(500), ordinal: this.#prng.below(3), time: '1' },
          ...{ account: 'users:1:wallet', counterparty: null, value: '1', bound: '2' },
          ...{ hold: 1, freeze: null, suppressed: 0 },
        })
      default: {
        const when = { kind: 'hold_deadline', before_seconds: version } as const
        const form = { description: '', enabled: true, addresses: ['*'], asset: null, when }
        const action = 'event' as const
        const owner = 'ada'
        return encodeRuleCommand({ rules: 'put', rule, version, owner, form: { ...form, action } })
      }
    }
  }

  #account(): Extract<Command, { operation: typeof Operation.createAccount }> {
    const n = 1 + this.#prng.below(ACCOUNTS)
    const flags = [
      0,
      0,
      AccountFlags.debitsMustNotExceedCredits,
      AccountFlags.creditsMustNotExceedDebits,
    ]
    return {
      operation: Operation.createAccount,
      id: BigInt(n),
      address: n % 3 === 0 ? '' : `users:${n}:wallet`,
      ...{ asset: n % 4 === 0 ? 2 : 1, code: 1, flags: (flags[n % 4] ?? 0) | this.#linked() },
      parent: n > 4 ? BigInt(n - 4) : 0n,
      ...{ limit: 300n, subtreeLimit: n % 5 === 2 ? 900n : NO_SUBTREE_LIMIT },
      metadata: this.#metadata(),
    }
  }

  #transfer(now: bigint): CreateTransfer {
    const flags = this.#prng.pick(SHAPES)
    const isNew = !this.#prng.once(6)
    if (isNew) this.#transfers++
    const refers =
      (flags &
        (TransferFlags.postPendingTransfer |
          TransferFlags.voidPendingTransfer |
          TransferFlags.reversal)) !==
      0
    const inherits = refers && (flags & TransferFlags.reversal) === 0 && this.#prng.once(2)
    return {
      operation: Operation.createTransfer,
      id: 1_000n + BigInt(isNew ? this.#transfers : 1 + this.#prng.below(this.#transfers + 1)),
      debitAccountId: inherits ? 0n : BigInt(this.#prng.below(ACCOUNTS + 1)),
      creditAccountId: inherits ? 0n : BigInt(1 + this.#prng.below(ACCOUNTS)),
      amount: this.#amount(),
      pendingId: refers ? 1_000n + BigInt(this.#recent()) : 0n,
      timeout: flags === TransferFlags.pending ? this.#prng.below(4) : 0,
      ...{ asset: inherits ? 0 : 1, code: inherits ? 0 : 1 + this.#prng.below(2) },
      flags: flags | this.#linked(),
      effectiveAt: this.#prng.once(5) ? now - BigInt(this.#prng.below(20)) * 1_000_000_000n : 0n,
      metadata: this.#metadata(),
    }
  }

  #recent(): number {
    return 1 + Math.max(0, this.#transfers - this.#prng.below(40))
  }

  #amount(): bigint {
    if (this.#prng.once(40)) return (1n << 128n) - 1n
    if (this.#prng.once(30)) return 1n << 70n
    return BigInt(this.#prng.below(200))
  }

  #linked(): number {
    return this.#prng.once(9) ? AccountFlags.linked : 0
  }

  #metadata(): Uint8Array {
    if (!this.#prng.once(6)) return NO_METADATA
    return new Uint8Array(this.#prng.below(40)).fill(this.#prng.below(256))
  }
}
