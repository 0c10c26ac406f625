/** A request that is decided in parts: what is refused between two of them, and what would go wrong. */
import { MemoryBook } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import {
  type Command,
  Ledger,
  Memory,
  NO_SUBTREE_LIMIT,
  Operation,
  packBatch,
  type RecordCursor,
  writeU128,
} from './index.ts'

const NO_BYTES = new Uint8Array(0)
const NO_OLD_IDS = { empty: true, largest: -1, transfer: () => 0, touch: () => 0 }

const openAccount = (id: bigint): Command => ({
  ...{ operation: Operation.createAccount, id, address: '', asset: 978, code: 1, flags: 0 },
  ...{ parent: 0n, limit: 0n, subtreeLimit: NO_SUBTREE_LIMIT, metadata: NO_BYTES },
})

const transfer = (id: bigint): Command => ({
  ...{ operation: Operation.createTransfer, id, debitAccountId: 1n, creditAccountId: 2n },
  ...{ amount: 5n, pendingId: 0n, timeout: 0, asset: 978, code: 1, flags: 0, effectiveAt: 0n },
  metadata: NO_BYTES,
})

const transfers = (first: bigint, count: number): Command[] =>
  Array.from({ length: count }, (_, n) => transfer(first + BigInt(n)))

/** A ledger whose open group is empty, and whose book has the accounts and the transfers 10 to 19 of the group before. */
function ledgerWithBook() {
  const book = new MemoryBook()
  const ledger = new Ledger({ recall: book, oldIds: NO_OLD_IDS })
  const open = (proposed: bigint) => {
    const memory = Memory.allocate(65_536)
    return ledger.open({ memory, start: 0, offsets: new Uint32Array(256), proposed })
  }
  const group = open(1_000n)
  const batch = packBatch([openAccount(1n), openAccount(2n), ...transfers(10n, 10)])
  ledger.resolve(batch)
  ledger.apply(batch)
  ledger.seal()
  for (let index = 0; index < group.count; index++) {
    const timestamp = group.firstTimestamp + BigInt(index)
    book.add({ memory: group.memory, offset: group.recordAt(index), timestamp })
  }
  open(2_000n)
  return { book, ledger, open }
}

test('whatever else would change the ledger fails until the last part', () => {
  const { ledger, open } = ledgerWithBook()
  const other = packBatch(transfers(500n, 2))
  ledger.begin(packBatch(transfers(100n, 10)))
  const refused = [
    () => ledger.resolve(other),
    () => ledger.begin(other),
    () => ledger.apply(other),
    () => ledger.apply(other, { dryRun: true }),
    () => ledger.seal(),
    () => void open(3_000n),
    () => void ledger.beginCut(),
    () => void ledger.rotateIds(),
  ]
  const allRefused = (): void => {
    for (const change of refused) expect(change).toThrow(/at a time|between/)
  }
  allRefused()
  expect(ledger.resolveNext(6)).toBe(false)
  allRefused()
  expect(ledger.resolveNext(6)).toBe(true)
  expect(ledger.applyNext(3)).toBe(false)
  allRefused()
  expect(ledger.lastSequence).toBe(15)
  expect(ledger.applyNext(100)).toBe(true)
  ledger.seal()
  expect(ledger.lastSequence).toBe(22)
})

test('a request that is given up before its first part is applied leaves the ledger to the next', () => {
  const { ledger } = ledgerWithBook()
  ledger.begin(packBatch(transfers(100n, 10)))
  ledger.resolveNext(4)
  ledger.giveUp()
  const other = packBatch(transfers(100n, 2))
  ledger.resolve(other)
  expect(ledger.apply(other)).toEqual({ first: 0, count: 2 })
  expect(ledger.lastSequence).toBe(14)
})

test('a reading between two parts needs nothing of what the request has loaded; forgetting that is found out', () => {
  const { book, ledger } = ledgerWithBook()
  const id = Memory.allocate(16)
  const read = (sequence: number, cursor: RecordCursor): void => void book.point(sequence, cursor)
  ledger.begin(packBatch(transfers(10n, 10)))
  ledger.resolveNext(10)
  for (let asked = 10n; asked < 20n; asked++) {
    writeU128(id, 0, asked)
    expect(ledger.findTransfer(id, 0, read)).toBe(Number(asked) - 7)
    if (asked < 15n) ledger.applyNext(1)
  }
  // Planted: a reader that lets go what it did not load.
  book.forget()
  expect(() => ledger.applyNext(5)).toThrow('was not loaded')
})
