/** Folds the book into an evaluator: what a record means for rules. Knows nothing of who reads the book, or of what becomes of a firing. */
import { formatId } from '@tallystick/contract'
import { type BookBody, NO_SUBTREE_LIMIT } from '@tallystick/engine'
import {
  AccountField,
  AccountFlags,
  LIMIT_GIVEN,
  LimitField,
  Memory,
  Operation,
  RecordCursor,
  SUBTREE_LIMIT_GIVEN,
  TransferFlags,
} from '@tallystick/ledger'
import { AssetRegistry } from '@tallystick/money'
import {
  decodeRuleCommand,
  Evaluator,
  type Firing,
  type Limiting,
  type Movement,
  type MovementKind,
  type RuleForm,
} from '@tallystick/rules'

import { SlotIndex } from './slot-index.ts'

const { pending, postPendingTransfer, voidPendingTransfer, reversal } = TransferFlags
const NS_PER_SECOND = 1_000_000_000n

/** A rule that is tried on the past, as if it had been put right before that moment; rules of the log are left out. */
export interface Trial {
  readonly rule: string
  readonly version: number
  readonly form: RuleForm
  /** ns */
  readonly from: bigint
  /** ns; what came later is left out. */
  readonly to: bigint
}

export class RuleStream {
  readonly evaluator: Evaluator
  readonly #trial: Trial | undefined
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  readonly #movement = new RecordMovement(this.#cursor)
  readonly #assets = new Map<number, string>()
  readonly #slots = new SlotIndex()
  #isTried = false
  /** What is to be tried is behind. */
  isOver = false

  constructor(onFiring: (firing: Firing) => void, trial?: Trial) {
    this.evaluator = new Evaluator(onFiring)
    this.#trial = trial
    for (const { number, code, scale } of AssetRegistry.iso.all()) {
      this.#assets.set(number, `${code}/${scale}`)
    }
  }

  /** The next body of the book. Events that it knows are passed over. */
  take(body: BookBody): void {
    const from = Math.max(0, this.evaluator.sequence + 1 - body.firstSequence)
    for (let index = from; index < body.count && !this.isOver; index++) {
      this.#event(body.point(index, this.#cursor))
    }
  }

  #event(record: RecordCursor): void {
    const { sequence, timestamp } = record
    const trial = this.#trial
    if (trial !== undefined && timestamp > trial.to) {
      this.isOver = true
      return
    }
    // Right before the first event that it watches, as if the event before had put it.
    if (trial !== undefined && sequence > 1 && timestamp >= trial.from) this.#try(trial)
    this.evaluator.event(sequence, timestamp)
    if (trial !== undefined && sequence === 1 && timestamp >= trial.from) this.#try(trial)
    if (record.moved) this.evaluator.moved(this.#movement)
    else if (record.status === 0) this.#changed(record)
  }

  #try({ rule, version, form }: Trial): void {
    if (this.#isTried) return
    this.#isTried = true
    const enabled = { ...form, enabled: true }
    this.evaluator.commanded({ rules: 'put', rule, version, owner: 'trial', form: enabled })
  }

  #changed(record: RecordCursor): void {
    switch (record.kind) {
      case Operation.createAccount:
        return this.#opened(record)
      case Operation.changeLimit: {
        const { slot, form } = record
        if ((form & LIMIT_GIVEN) !== 0) this.evaluator.limited(slot, record.u128(LimitField.limit))
        if ((form & SUBTREE_LIMIT_GIVEN) === 0) return
        const limit = subtreeLimitOf(record.u128(LimitField.subtreeLimit))
        return this.evaluator.subtreeLimited(slot, limit)
      }
      case Operation.registerAsset:
        this.#assets.set(record.asset, Buffer.from(record.metadata).toString('latin1'))
        return
      case Operation.rule: {
        const command = decodeRuleCommand(record.metadata)
        if (command !== undefined && this.#trial === undefined) this.evaluator.commanded(command)
        return
      }
      default:
    }
  }

  #opened(record: RecordCursor): void {
    const { slot, id, address, asset, flags } = record
    const parentId = record.u128(AccountField.parent)
    this.evaluator.opened({
      ...{ slot, address, id: formatId(id), asset: this.#assets.get(asset) ?? '' },
      limiting: limitingOf(flags),
      parent: parentId === 0n ? -1 : this.#slots.find(parentId),
      limit: record.u128(AccountField.limit),
      subtreeLimit: subtreeLimitOf(record.u128(AccountField.subtreeLimit)),
    })
    this.#slots.add(slot, id)
  }
}

/** The record under a cursor as a movement. */
class RecordMovement implements Movement {
  readonly #record: RecordCursor

  constructor(record: RecordCursor) {
    this.#record = record
  }

  get sequence(): number {
    return this.#record.sequence
  }
  get timestamp(): bigint {
    return this.#record.timestamp
  }
  get kind(): MovementKind {
    const { kind, flags } = this.#record
    if (kind === Operation.releaseHold) return 'expiry'
    if ((flags & pending) !== 0) return 'hold'
    if ((flags & postPendingTransfer) !== 0) return 'capture'
    if ((flags & voidPendingTransfer) !== 0) return 'void'
    return (flags & reversal) !== 0 ? 'reversal' : 'transfer'
  }
  get debitSlot(): number {
    return this.#record.debitSlot
  }
  get creditSlot(): number {
    return this.#record.creditSlot
  }
  get amount(): bigint {
    return this.#record.amount
  }
  get holdSequence(): number {
    return this.#record.pendingSequence
  }
  get remainingAfter(): bigint {
    return this.#record.remainingAfter
  }
  get deadline(): bigint {
    const { timeout, timestamp } = this.#record
    return timeout === 0 ? 0n : timestamp + BigInt(timeout) * NS_PER_SECOND
  }
}

function limitingOf(flags: number): Limiting {
  if ((flags & AccountFlags.debitsMustNotExceedCredits) !== 0) return 'debits'
  return (flags & AccountFlags.creditsMustNotExceedDebits) !== 0 ? 'credits' : 'none'
}

function subtreeLimitOf(limit: bigint): bigint | undefined {
  return limit === NO_SUBTREE_LIMIT ? undefined : limit
}
