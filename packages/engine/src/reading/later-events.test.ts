import { MemoryDisk } from '@tallystick/journal'
import { Memory, Operation, RecordCursor, TransferFlags } from '@tallystick/ledger'
import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { fillLedger } from '../../test/fill-ledger.ts'
import { SECOND, TestClock } from '../../test/fixtures.ts'
import { openLedger, type TallyLedger } from '../index.ts'

const cursor = new RecordCursor(Memory.allocate(8))

/** Sequences of all events that name a transfer, newest first, and the transfers, by a reading of the whole journal. */
function naiveScan({ reader, lastSequence }: TallyLedger) {
  const later = new Map<bigint, number[]>()
  const transfers: bigint[] = []
  for (let sequence = 1; sequence <= lastSequence; sequence++) {
    const { moved, kind, id, pendingId } = reader.record(sequence, cursor)
    if (!moved) continue
    if (kind === Operation.createTransfer) transfers.push(id)
    const of = kind === Operation.releaseHold ? id : pendingId
    if (of !== 0n) later.set(of, [sequence, ...(later.get(of) ?? [])])
  }
  return { transfers, later }
}

function listed({ reader }: TallyLedger, id: bigint, limit: number): number[] {
  const found: number[] = []
  let after: number | undefined
  do {
    const page = reader.laterEvents(id, { limit, ...(after === undefined ? {} : { after }) })
    found.push(...(page?.events ?? []).map(({ sequence }) => sequence))
    after = page?.next
  } while (after !== undefined)
  return found
}

test.each([31, 32, 33])(
  'what became of every transfer is what a scan of the journal finds (seed %i)',
  async (seed) => {
    const prng = new Prng(seed)
    const clock = new TestClock(1_000_000n * SECOND)
    const disk = new MemoryDisk()
    const open = (): Promise<TallyLedger> => openLedger({ directory: '/data', disk, clock })
    let ledger = await open()
    await fillLedger(ledger, { prng, clock, sources: [''] })
    await ledger.close()
    ledger = await open()
    await fillLedger(ledger, { prng, clock, sources: [''] })
    const { transfers, later } = naiveScan(ledger)
    expect(later.size).toBeGreaterThan(0)
    for (const id of transfers) {
      const found = listed(ledger, id, prng.pick([1, 2, 50]))
      expect([id, found]).toEqual([id, later.get(id) ?? []])
    }
    await ledger.close()
  },
)

test('each event says how much was taken so far and what is left', async () => {
  const ledger = await openLedger({ memory: true })
  await ledger.createAccounts([1n, 2n].map((id) => ({ id, asset: 978, code: 1 })))
  const both = { debitAccountId: 1n, creditAccountId: 2n, asset: 978, code: 1 }
  const { pending, postPendingTransfer, partial, voidPendingTransfer } = TransferFlags
  await ledger.createTransfers([
    { id: 10n, amount: 100n, flags: pending, ...both },
    { id: 11n, amount: 30n, pendingId: 10n, flags: postPendingTransfer | partial },
    { id: 12n, pendingId: 10n, flags: voidPendingTransfer },
  ])
  const { events = [] } = ledger.reader.laterEvents(10n, { limit: 9 }) ?? {}
  expect(
    events.map(({ id, amount, captured, remaining }) => [id, amount, captured, remaining]),
  ).toEqual([
    [12n, 70n, 30n, 0n],
    [11n, 30n, 30n, 70n],
  ])
  expect(ledger.reader.laterEvents(99n, { limit: 9 })).toBeUndefined()
  await ledger.close()
})
