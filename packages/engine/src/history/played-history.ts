/** Made-up histories for tests: wishes that a property can shrink, and the commands that they become. */
import {
  AccountFlags,
  type Command,
  type CreateTransfer,
  NO_SUBTREE_LIMIT,
  Operation,
  TransferFlags,
} from '@tallystick/ledger'

import { PlayedBook } from './played-book.ts'

/** Accounts of a played history: slots 0 … 3. */
export const SLOTS = [0, 1, 2, 3] as const

const FLAGS = [
  AccountFlags.none,
  AccountFlags.debitsMustNotExceedCredits,
  AccountFlags.creditsMustNotExceedDebits,
  AccountFlags.none,
]
const SECOND = 1_000_000_000n
const START = 1_000n

export interface Wish {
  readonly kind: 'transfer' | 'hold' | 'post' | 'partial' | 'void' | 'reverse' | 'limit' | 'wait'
  readonly debit: number
  /** Counted from the debit account on. */
  readonly credit: number
  readonly amount: bigint
  /** 0 = the ledger's time; else a value date around the times of the history. */
  readonly effective: number
  /** Which of the earlier transfers is meant. */
  readonly target: number
  readonly code: number
}

/** The book of a history. `times` are the clock's moments worth asking about. */
export function playHistory(all: readonly Wish[], entriesMax?: number): PlayedBook {
  const book = new PlayedBook(entriesMax)
  book.apply(SLOTS.map(opened), START)
  let now = START + 10n
  const created: CreateTransfer[] = []
  all.forEach((wish, index) => {
    now += wish.kind === 'wait' ? SECOND : wish.amount % 7n
    book.apply([...commandOf(wish, index, created)], now)
  })
  return book
}

function opened(slot: number): Command {
  return {
    operation: Operation.createAccount,
    ...{ id: BigInt(slot + 1), address: '', asset: 1, code: 1, parent: 0n },
    flags: FLAGS[slot] ?? 0,
    limit: 1n << 101n,
    subtreeLimit: NO_SUBTREE_LIMIT,
    metadata: new Uint8Array(),
  }
}

function* commandOf(wish: Wish, index: number, created: CreateTransfer[]): Generator<Command> {
  if (wish.kind === 'wait') return
  if (wish.kind === 'limit') {
    const id = BigInt(wish.debit + 1)
    const limit = wish.target % 3 === 0 ? undefined : wish.amount
    yield { operation: Operation.changeLimit, id, flags: 0, limit, subtreeLimit: undefined }
    return
  }
  const transfer = transferOf(wish, index, created)
  created.push(transfer)
  yield transfer
}

function transferOf(wish: Wish, index: number, created: readonly CreateTransfer[]): CreateTransfer {
  const { code, effective } = wish
  const wanted = wish.kind === 'reverse' ? TransferFlags.none : TransferFlags.pending
  const targets = created.filter(({ flags }) => flags === wanted)
  const target = targets.at(-1 - (wish.target % Math.max(1, targets.length)))
  // Mostly within what the target has.
  const part = target === undefined ? wish.amount : wish.amount % (target.amount + 2n)
  const base: CreateTransfer = {
    operation: Operation.createTransfer,
    id: BigInt(1_000 + index),
    debitAccountId: BigInt(wish.debit + 1),
    creditAccountId: BigInt(((wish.debit + wish.credit) % SLOTS.length) + 1),
    amount: wish.amount,
    ...{ pendingId: 0n, timeout: 0, asset: 1, code, flags: 0, metadata: new Uint8Array() },
    effectiveAt: effective === 0 ? 0n : START - 20n + BigInt(effective),
  }
  const pendingId = target?.id ?? 1n
  const inherited = { pendingId, debitAccountId: 0n, creditAccountId: 0n, asset: 0, code: 0 }
  switch (wish.kind) {
    case 'hold':
      return { ...base, flags: TransferFlags.pending, timeout: wish.target % 3 }
    case 'post':
      return { ...base, ...inherited, amount: part, flags: TransferFlags.postPendingTransfer }
    case 'partial':
      return {
        ...{ ...base, ...inherited, amount: part },
        flags: TransferFlags.postPendingTransfer | TransferFlags.partial,
      }
    case 'void':
      return { ...base, ...inherited, amount: 0n, flags: TransferFlags.voidPendingTransfer }
    case 'reverse':
      return {
        ...{ ...base, pendingId, amount: part, flags: TransferFlags.reversal },
        debitAccountId: target?.creditAccountId ?? 1n,
        creditAccountId: target?.debitAccountId ?? 2n,
      }
    default:
      return base
  }
}
