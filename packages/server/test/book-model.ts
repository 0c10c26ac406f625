/**
 * The slow model, fed from a server's book: every frame is read from the directory, what was asked is taken out of its records, and the
 * model decides it again. The server may run meanwhile, or lie there dead.
 */
import { deepStrictEqual } from 'node:assert/strict'
import { join } from 'node:path'

import { openJournal, RealDisk } from '@tallystick/journal'
import {
  AccountField,
  BodyField,
  BooksField,
  type Command,
  LimitField,
  Memory,
  MovedForm,
  Operation,
  readU64,
  RecordCursor,
  RefusedField,
} from '@tallystick/ledger'
import { type Decision, History, invariants, ModelLedger } from '@tallystick/testkit'

/** A change of limit says with these bits what it changes. */
const LIMIT_GIVEN = 1
const SUBTREE_LIMIT_GIVEN = 2

export class BookModel {
  readonly model = new ModelLedger()
  readonly #directory: string
  readonly #history = new History(this.model)
  /** By sequence − 1. */
  readonly decisions: Decision[] = []
  readonly #accounts: bigint[] = []

  /** @param data what the server has as `--data`. */
  constructor(data: string) {
    this.#directory = join(data, 'book')
  }

  get lastSequence(): number {
    return this.decisions.length
  }

  /** Reads what the book has gained, decides it again, and holds the model to every invariant. */
  async follow(): Promise<void> {
    const journal = openJournal({ disk: new RealDisk(), directory: this.#directory })
    try {
      const { reader } = journal
      if (reader.lastSequence <= this.lastSequence) return
      for (const { body, count, firstSequence } of reader.frames(this.lastSequence + 1)) {
        const memory = Memory.allocate(body.length)
        memory.u8.set(body)
        // Refusals are held to the state just before them.
        if (firstSequence + count > reader.lastSequence) this.#history.remember(this.model)
        this.#frame(memory, count, firstSequence)
      }
    } finally {
      await journal.close()
    }
    invariants(this.model, this.#history)
  }

  #frame(memory: Memory, count: number, firstSequence: number): void {
    const proposed = readU64(memory, BodyField.timestamp)
    const commands: Command[] = []
    const recorded: object[] = []
    const offsets = memory.u32[BodyField.offsetsOffset >>> 2] ?? 0
    const record = new RecordCursor(memory)
    for (let index = 0; index < count; index++) {
      const offset = memory.u32[(offsets + index * 4) >>> 2] ?? 0
      record.at(memory, offset, firstSequence + index, proposed + BigInt(index))
      if (record.kind === Operation.createAccount && record.status === 0) {
        this.#accounts[record.slot] = record.id
      }
      if (record.kind !== Operation.releaseHold) commands.push(this.#asked(record))
      recorded.push(decided(record))
    }
    const batch = { commands, proposed }
    const decisions = this.model.apply(batch)
    deepStrictEqual(decisions.map(withoutReason), recorded, 'the model decides otherwise')
    this.#history.record(batch, decisions)
    this.decisions.push(...decisions)
  }

  /** The command that a record answers. What it left out and the hold gave is left out again. */
  #asked(record: RecordCursor): Command {
    const { id, flags, asset } = record
    const metadata = record.metadata.slice()
    switch (record.kind) {
      case Operation.createTransfer:
        return {
          ...{ operation: Operation.createTransfer, id, flags, ...this.#parties(record) },
          ...{ pendingId: record.pendingId, timeout: record.timeout },
          effectiveAt: record.effectiveAsked,
          metadata: has(record, MovedForm.inheritedMetadata) ? new Uint8Array(0) : metadata,
        }
      case Operation.createAccount:
        return {
          ...{ operation: Operation.createAccount, id, flags, asset, code: record.code, metadata },
          ...{ address: record.address, parent: record.u128(AccountField.parent) },
          limit: record.u128(AccountField.limit),
          subtreeLimit: record.u128(AccountField.subtreeLimit),
        }
      case Operation.changeLimit: {
        const given = (bit: number, field: number): bigint | undefined =>
          (record.form & bit) === 0 ? undefined : record.u128(field)
        const limit = given(LIMIT_GIVEN, LimitField.limit)
        const subtreeLimit = given(SUBTREE_LIMIT_GIVEN, LimitField.subtreeLimit)
        return { operation: Operation.changeLimit, id, flags, limit, subtreeLimit }
      }
      case Operation.changeMetadata:
        return { operation: Operation.changeMetadata, id, flags, metadata }
      case Operation.closeAccount:
        return { operation: Operation.closeAccount, id, flags }
      case Operation.reopenAccount:
        return { operation: Operation.reopenAccount, id, flags }
      case Operation.registerAsset:
        return {
          ...{ operation: Operation.registerAsset, asset, flags },
          name: Buffer.from(metadata).toString('latin1'),
        }
      case Operation.closeBooks:
        return {
          ...{ operation: Operation.closeBooks, id, asset, flags },
          until: record.u64(BooksField.until),
        }
      case Operation.attest:
        return { operation: Operation.attest, flags, statement: metadata }
      case Operation.control:
        return { operation: Operation.control, flags, statement: metadata }
      case Operation.rule:
        return { operation: Operation.rule, flags, statement: metadata }
      default:
        throw new Error(`record ${record.sequence} is of no kind that is asked for`)
    }
  }

  #parties(record: RecordCursor) {
    if (!record.moved) {
      return {
        debitAccountId: record.u128(RefusedField.debitAccountId),
        creditAccountId: record.u128(RefusedField.creditAccountId),
        ...{ amount: record.amount, asset: record.asset, code: record.code },
      }
    }
    const account = (bit: number, slot: number): bigint =>
      has(record, bit) ? 0n : (this.#accounts[slot] ?? 0n)
    return {
      debitAccountId: account(MovedForm.inheritedDebit, record.debitSlot),
      creditAccountId: account(MovedForm.inheritedCredit, record.creditSlot),
      amount: record.requested,
      asset: has(record, MovedForm.inheritedAsset) ? 0 : record.asset,
      code: has(record, MovedForm.inheritedCode) ? 0 : record.code,
    }
  }
}

function has(record: RecordCursor, bit: number): boolean {
  return record.moved && (record.form & bit) !== 0
}

function withoutReason({ operation, status, sequence, timestamp, id, amount }: Decision): object {
  return { operation, status, sequence, timestamp, id, amount }
}

/** What the record says was decided, in the model's words. */
function decided(record: RecordCursor): object {
  return {
    operation: record.kind,
    status: record.status,
    sequence: BigInt(record.sequence),
    timestamp: record.timestamp,
    id: record.id,
    amount: record.moved ? record.amount : 0n,
  }
}
