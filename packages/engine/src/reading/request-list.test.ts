import { MemoryDisk } from '@tallystick/journal'
import { Memory, Operation, RecordCursor } from '@tallystick/ledger'
import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { ask, request, SECOND, TestClock, transfer } from '../../test/fixtures.ts'
import { fillLedger } from '../../test/fill-ledger.ts'
import { openLedger, requestKey, type RequestsFilter, type TallyLedger } from '../index.ts'
import { REQUESTS_LOOKED_AT_MAX } from '../limits.ts'

const SOURCES = ['10.0.0.1', '10.0.0.2', '::1']
const NOBODY = 999n

/** What a reader of the whole journal would note down of a request. */
interface Noted {
  readonly first: number
  readonly last: number
  readonly timestamp: bigint
  readonly source: string
  readonly principal: string
  readonly keyId: string
  readonly accounts: ReadonlySet<bigint>
  readonly transfers: ReadonlySet<bigint>
}

const cursor = new RecordCursor(Memory.allocate(8))

/** What an event opened, changed, debited or credited. */
function accountsOf({ reader }: TallyLedger, record: RecordCursor): readonly bigint[] {
  const { kind, status, id } = record
  if (status !== 0 || kind === Operation.registerAsset) return []
  if (kind !== Operation.createTransfer) return id === 0n ? [] : [id]
  return [record.debitSlot, record.creditSlot].map(
    (slot) => reader.accountBySlot(slot)?.id ?? NOBODY,
  )
}

function naiveScan(ledger: TallyLedger): Noted[] {
  const { reader } = ledger
  const notes: Noted[] = []
  const named = new Set<bigint>()
  for (let sequence = 1; sequence <= ledger.lastSequence;) {
    const saved = reader.requestOf(sequence)
    if (saved === undefined) {
      sequence++
      continue
    }
    const accounts = new Set<bigint>()
    const transfers = new Set<bigint>()
    for (let index = 0; index < saved.count; index++) {
      const record = saved.record(index, cursor)
      const { kind, id } = record
      const isTransfer = kind === Operation.createTransfer
      if (isTransfer && !named.has(id) && reader.transfer(id)?.sequence === record.sequence) {
        transfers.add(id)
        named.add(id)
      }
      for (const account of accountsOf(ledger, record)) accounts.add(account)
    }
    notes.push({
      ...{ first: saved.firstSequence, last: saved.lastSequence, accounts, transfers },
      ...{ timestamp: saved.firstTimestamp, source: saved.envelope.source },
      ...{ principal: saved.envelope.principal, keyId: saved.envelope.keyId },
    })
    sequence = saved.lastSequence + 1
  }
  return notes.reverse()
}

function fits(noted: Noted, filter: RequestsFilter): boolean {
  const { account, transfer: id, source, principal, keyId, from, to } = filter
  if (account !== undefined && !noted.accounts.has(account)) return false
  if (id !== undefined && !noted.transfers.has(id)) return false
  if (source !== undefined && noted.source !== source) return false
  if (principal !== undefined && noted.principal !== principal) return false
  if (keyId !== undefined && noted.keyId !== keyId) return false
  if (from !== undefined && noted.timestamp < from) return false
  return to === undefined || noted.timestamp < to
}

/** All pages of a list, and that no page passes its limit. */
function listed(ledger: TallyLedger, filter: RequestsFilter): number[] {
  const found: number[] = []
  let after: number | undefined
  do {
    const page = ledger.reader.requests({ ...filter, ...(after === undefined ? {} : { after }) })
    expect(page.requests.length).toBeLessThanOrEqual(filter.limit)
    found.push(...page.requests.map(({ firstSequence }) => firstSequence))
    after = page.next
  } while (after !== undefined)
  return found
}

function filters(prng: Prng, ledger: TallyLedger, notes: readonly Noted[]): RequestsFilter {
  const some = prng.pick(notes)
  const time = (): bigint => prng.pick(notes).timestamp + BigInt(prng.below(5) - 2)
  const transfers = [...some.transfers, NOBODY]
  const accounts = [...some.accounts, 5n, NOBODY]
  return {
    ...(prng.once(2) ? { account: prng.pick(accounts) } : {}),
    ...(prng.once(3) ? { transfer: prng.pick(transfers) } : {}),
    ...(prng.once(2) ? { source: prng.pick([...SOURCES, 'nowhere']) } : {}),
    ...(prng.once(4) ? { principal: prng.pick(['ada', 'acme', 'nobody']) } : {}),
    ...(prng.once(4) ? { keyId: `key-${prng.below(4)}` } : {}),
    ...(prng.once(3) ? { from: prng.once(9) ? 0n : time() } : {}),
    ...(prng.once(3) ? { to: prng.once(9) ? ledger.lastTimestamp : time() } : {}),
    limit: prng.pick([1, 2, 7, 100]),
  }
}

const seeds = [11, 12, 13, 14, 15, 16]
test.each(seeds)(
  'every filter and combination finds what a scan of the journal finds (seed %i)',
  async (seed) => {
    const prng = new Prng(seed)
    const clock = new TestClock(1_000_000n * SECOND)
    const disk = new MemoryDisk()
    const open = (): Promise<TallyLedger> => openLedger({ directory: '/data', disk, clock })
    let ledger = await open()
    for (const life of ['from memory', 'from the journal', 'from both']) {
      if (life !== 'from the journal') await fillLedger(ledger, { prng, clock, sources: SOURCES })
      else {
        await ledger.close()
        ledger = await open()
      }
      const notes = naiveScan(ledger)
      for (let round = 0; round < 150; round++) {
        const filter = filters(prng, ledger, notes)
        const expected = notes.filter((noted) => fits(noted, filter)).map(({ first }) => first)
        expect({ life, filter, found: listed(ledger, filter) }).toEqual({
          ...{ life, filter, found: expected },
        })
      }
    }
    await ledger.close()
  },
)

test('every event leads to the request that its own frame names', async () => {
  const prng = new Prng(21)
  const clock = new TestClock(1_000_000n * SECOND)
  const disk = new MemoryDisk()
  const ledger = await openLedger({ directory: '/data', disk, clock })
  await fillLedger(ledger, { prng, clock, sources: SOURCES })
  await ledger.close()
  const again = await openLedger({ directory: '/data', disk, clock })
  for (let sequence = 1; sequence <= again.lastSequence; sequence++) {
    const saved = again.reader.requestOf(sequence)
    const origin = again.reader.originOf(sequence)
    expect(origin?.requestId).toEqual(saved?.envelope.requestId)
    expect(origin?.source).toEqual(saved?.envelope.source)
    expect(origin?.firstSequence).toEqual(saved?.firstSequence)
  }
  expect(again.reader.originOf(again.lastSequence + 1)).toBeUndefined()
  await again.close()
})

test('who asked for an event is known before the event is durable', async () => {
  const ledger = await openLedger({ memory: true })
  await ledger.createAccounts([1n, 2n].map((id) => ({ id, asset: 978, code: 1 })))
  const requestId = new Uint8Array(16).fill(7)
  const asked = ledger.createTransfers([transfer(10n, 5n)], { requestId, source: 'here' })
  while (ledger.lastSequence < 3) await new Promise((resolve) => void setImmediate(resolve))
  expect(ledger.reader.originOf(3)?.requestId).toEqual(requestId)
  expect(ledger.reader.requests({ source: 'here', limit: 5 }).requests).toHaveLength(1)
  await asked
  await ledger.close()
})

test('a refused transfer leads to the request whose refusal used its id up', async () => {
  const ledger = await openLedger({ memory: true })
  const flags = 1 << 1
  await ledger.createAccounts([
    { id: 1n, asset: 978, code: 1, flags },
    { id: 2n, asset: 978, code: 1 },
  ])
  await ledger.createTransfers([transfer(10n, 5n)], { source: 'first' })
  await ledger.createTransfers([transfer(10n, 5n)], { source: 'second' })
  expect(ledger.reader.transfer(10n)).toBeUndefined()
  const { requests } = ledger.reader.requests({ transfer: 10n, limit: 5 })
  expect(requests.map(({ source }) => source)).toEqual(['first'])
  await ledger.close()
})

test('a source that is rare is looked for a stretch at a time, and each page says how far it came', async () => {
  const ledger = await openLedger({ memory: true })
  await ledger.createAccounts([{ id: 1n, asset: 978, code: 1 }], { source: 'rare' })
  const many = Array.from({ length: REQUESTS_LOOKED_AT_MAX + 500 }, (_, index) =>
    ledger.createAccounts([{ id: BigInt(index + 2), asset: 978, code: 1 }], { source: 'often' }),
  )
  await Promise.all(many)
  const first = ledger.reader.requests({ source: 'rare', limit: 5 })
  expect(first.requests).toEqual([])
  expect(first.next).toBeGreaterThan(1)
  expect(listed(ledger, { source: 'rare', limit: 5 })).toEqual([1])
  await ledger.close()
})

test('a request is found by its id when its look-up key is saved with it', async () => {
  const ledger = await openLedger({ memory: true })
  const requestId = new Uint8Array(16).fill(9)
  const key = requestKey(requestId)
  const asked = request(
    [{ operation: Operation.registerAsset, asset: 2_000, flags: 0, name: 'PTS/0' }],
    { requestId, keys: [key] },
  )
  await ask(ledger, asked, ({ count }) => count)
  expect(ledger.reader.request(key)?.envelope.requestId).toEqual(requestId)
  await ledger.close()
})
