import { describe, expect, test } from 'vitest'

import { ORIGIN, type TestLog, TestSigner } from '../log.fixture.ts'
import { trustPolicy } from '../policy.ts'
import { tilePath } from '../tiles.ts'
import { SignatureType } from '../verifier-key.ts'
import { type LogReport, verifyLog } from '../verify-log.ts'
import { Flag, type OpenedTestEvent, renumbered, shownLog, TestBook } from './test-book.fixture.ts'

const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
const policy = trustPolicy({ keys: [signer.vkey] })

/** As somebody with the log's key signed it. */
const audit = (log: TestLog): Promise<LogReport> =>
  verifyLog({ source: log.source, checkpoint: log.note([signer]) }, policy)

const wrong = ({ checks }: LogReport): string[] =>
  checks.filter(({ holds }) => !holds).map(({ name, sentence }) => `${name}: ${sentence}`)

const NO_OVERDRAFT = 2

/** Two accounts and a shop; the wallet has 1,000 and pays. Events 1 to 3 open, 4 pays in. */
function book(): TestBook {
  const made = new TestBook()
  made.open('bank')
  made.open('wallet', { flags: NO_OVERDRAFT, limit: 50n })
  made.open('shop')
  made.pay('bank', 'wallet', 1_000n)
  return made
}

/** An ordinary history of 12 events: payments, a hold that is captured in part and voided, a refusal, two statements. */
function history(): TestBook {
  const made = book()
  made.pay('wallet', 'shop', 100n)
  const hold = made.pay('wallet', 'shop', 300n, { flags: Flag.hold })
  made.state()
  made.pay('wallet', 'shop', 120n, {
    ...{ flags: Flag.capture | Flag.partial, pending: [hold, 6n, 120n, 180n] },
  })
  made.pay('wallet', 'shop', 180n, { flags: Flag.void, pending: [hold, 6n, 120n, 0n] })
  made.refuse('wallet', 'shop', { needed: 5_000n, available: 830n })
  made.pay('bank', 'shop', 7n)
  made.state()
  return made
}

const eventsOf = (made: TestBook): OpenedTestEvent[] => [...made.events]

test('a history is replayed to its balances', async () => {
  const report = await audit(shownLog(history().events))
  expect(wrong(report)).toEqual([])
  expect(report.replayed).toEqual({
    ...{ events: 12n, accounts: 3, openHolds: 0, statements: 2 },
    assets: [
      {
        ...{ asset: 978, accounts: 3, debitsPending: 0n, creditsPending: 0n },
        ...{ debitsPosted: 1_227n, creditsPosted: 1_227n },
      },
    ],
  })
  expect(report.unchecked.join(' ')).not.toContain('no openings')
})

test('a history of many bundles, and one of a few events only', async () => {
  const made = book()
  for (let n = 0; n < 700; n++) made.pay('bank', 'shop', 1n)
  made.state()
  expect(wrong(await audit(shownLog(made.events)))).toEqual([])
  const short = new TestBook()
  short.open('bank')
  expect(wrong(await audit(shownLog(short.events)))).toEqual([])
})

describe('who has the files and not the key', () => {
  test('an amount that was changed in an opening is named', async () => {
    const log = shownLog(history().events)
    const path = tilePath({ level: 'openings', index: 0n, width: 12 })
    const bytes = log.files.get(path)?.slice() ?? new Uint8Array(0)
    const hundred = bytes.findIndex((byte, at) => byte === 100 && bytes[at - 4] === 0xd2)
    bytes[hundred] = 101
    log.files.set(path, bytes)
    expect(wrong(await audit(log))).toEqual([
      'openings: Event 5: amount, account or balances were changed: the debit side is not the one that the leaf commits to.',
    ])
  })

  test('openings that are missing or cut off end the replay there', async () => {
    const made = book()
    for (let n = 0; n < 300; n++) made.pay('bank', 'shop', 1n)
    const log = shownLog(made.events)
    const path = tilePath({ level: 'openings', index: 1n, width: 48 })
    const whole = log.files.get(path) ?? new Uint8Array(0)
    log.files.set(path, whole.subarray(0, 100))
    expect(wrong(await audit(log))).toEqual([
      'replay: tile/openings/001.p/48 ends in the middle of opening 1: the replay ends before event 257.',
    ])
    log.files.delete(path)
    expect(wrong(await audit(log))).toEqual([
      'replay: tile/openings/001.p/48 is missing: the replay ends before event 257.',
    ])
  })

  test('a leaf that was changed ends the replay, and a tree that does not lead to the root is named', async () => {
    const log = shownLog(history().events)
    const path = tilePath({ level: 'entries', index: 0n, width: 12 })
    const bytes = log.files.get(path)?.slice() ?? new Uint8Array(0)
    bytes[2] = 0
    log.files.set(path, bytes)
    const said = wrong(await audit(log))
    expect(said).toContain('replay: The leaf of event 1 cannot be read: the replay ends before it.')
    expect(said.some((line) => line.startsWith('root: '))).toBe(true)
  })
})

interface Plant {
  readonly what: string
  readonly plant: () => readonly OpenedTestEvent[]
  readonly told: readonly RegExp[]
}

const withoutSalt = (event: OpenedTestEvent): OpenedTestEvent => {
  const { frameSalt, ...rest } = event
  return frameSalt === undefined ? event : rest
}

const after = (made: TestBook, use: (made: TestBook) => void): OpenedTestEvent[] => {
  use(made)
  return made.events
}

/** By somebody who has the key: leaves, tiles and checkpoint fit to what is shown. */
const PLANTS: readonly Plant[] = [
  {
    what: 'an event dropped, the rest as it was',
    plant: () => eventsOf(history()).toSpliced(4, 1),
    told: [/^entries: Entry 5 .*: the leaf says that it is event 6/],
  },
  {
    what: 'an event dropped, the rest renumbered',
    plant: () => renumbered(eventsOf(history()).toSpliced(4, 1)),
    told: [
      /^links: Event 5: it is entry 3 of the debit account .*, but 2 comes next/,
      /^balances: Event 5: the debit account .* has debits posted 100 after it; from 0 and a hold of 300 follow 0/,
    ],
  },
  {
    what: 'two events swapped',
    plant: () => {
      const [a, b, c, d, e, f, ...rest] = eventsOf(history())
      return renumbered([a, b, c, d, f, e, ...rest].filter((event) => event !== undefined))
    },
    told: [/^links: Event 5: it is entry 3 .*, but 2 comes next/],
  },
  {
    what: 'an event twice, the rest renumbered',
    plant: () => {
      const events = eventsOf(history())
      return renumbered(events.toSpliced(5, 0, ...events.slice(4, 5)))
    },
    told: [
      /^links: Event 6: it is entry 2 of the debit account .*, but 3 comes next/,
      /^ids: Event 6: its id .* is that of event 5/,
    ],
  },
  {
    what: 'a transfer decided twice with one id',
    plant: () =>
      after(book(), (made) => {
        made.pay('wallet', 'shop', 10n, { id: 5n })
        made.pay('wallet', 'shop', 10n, { id: 5n })
      }),
    told: [/^ids: Event 6: its id .* is that of event 5/],
  },
  {
    what: 'a balance off by one',
    plant: () =>
      after(book(), (made) => {
        made.pay('wallet', 'shop', 10n, { lie: { creditsPosted: 1n } })
        made.pay('wallet', 'shop', 10n)
      }),
    told: [
      /^balances: Event 5: the credit account .* has credits posted 11 after it; from 0 and a transfer of 10 follow 10/,
      /^trial_balance: The trial balance of asset 978 is not zero: 1,020 are debited and 1,021 credited \(posted\), which differ by 1/,
    ],
  },
  {
    what: 'money out of nothing, signed again',
    plant: () =>
      after(history(), (made) => made.pay('bank', 'shop', 1n, { lie: { creditsPosted: 999n } })),
    told: [/^balances: Event 13/, /^trial_balance: .* differ by 999/],
  },
  {
    what: 'a wrong link to the entry before',
    plant: () =>
      after(book(), (made) => made.pay('wallet', 'shop', 10n, { lie: { previous: 2n } })),
    told: [
      /^links: Event 5: it names event 2 as the entry before of the credit account .*, but it has none/,
    ],
  },
  {
    what: 'a forged root over all accounts',
    plant: () => after(history(), (made) => made.state(new Uint8Array(32).fill(7))),
    told: [
      /^accounts_roots: Event 13: it states the root over 3 accounts after event 12, but the 3 accounts that were replayed come to another one/,
    ],
  },
  {
    what: 'a root whose salt is not shown',
    plant: () => eventsOf(history()).map(withoutSalt),
    told: [/^accounts_roots: Event 7: .* no salt/, /^accounts_roots: Event 12: .* no salt/],
  },
  {
    what: 'a root with the salt of another frame',
    plant: () =>
      eventsOf(history()).map((event) => ({
        ...event,
        ...(event.frameSalt && { frameSalt: new Uint8Array(32).fill(8) }),
      })),
    told: [
      /^accounts_roots: Event 6: the salt of its frame was changed/,
      /^accounts_roots: Event 7: .* no salt/,
      /^accounts_roots: Event 11/,
      /^accounts_roots: Event 12/,
    ],
  },
  {
    what: 'an account beyond its limit',
    plant: () => after(book(), (made) => made.pay('wallet', 'shop', 1_051n)),
    told: [/^limits: Event 5: account .* had room for 1,050, and 1,051 were debited/],
  },
  {
    what: 'more captured than was held',
    plant: () =>
      after(book(), (made) => {
        const hold = made.pay('wallet', 'shop', 30n, { flags: Flag.hold })
        made.pay('wallet', 'shop', 40n, {
          ...{ flags: Flag.capture, pending: [hold, 5n, 40n, 0n], taken: 30n },
        })
      }),
    told: [/^holds: Event 6: it is a capture of 40, but the hold has 30 left/],
  },
  {
    what: 'a hold that is voided twice',
    plant: () =>
      after(book(), (made) => {
        const hold = made.pay('wallet', 'shop', 30n, { flags: Flag.hold })
        made.pay('wallet', 'shop', 30n, { flags: Flag.void, pending: [hold, 5n, 0n, 0n] })
        made.pay('wallet', 'shop', 0n, { flags: Flag.void, pending: [hold, 5n, 0n, 0n] })
      }),
    told: [/^holds: Event 7: it is a void of hold .*, which is not open/],
  },
  {
    what: 'a hold released before its deadline',
    plant: () =>
      after(book(), (made) => {
        const hold = made.pay('wallet', 'shop', 30n, { flags: Flag.hold, timeout: 60 })
        made.pay('wallet', 'shop', 30n, {
          ...{ id: hold, flags: Flag.hold, isRelease: true, pending: [hold, 5n, 0n, 0n] },
        })
      }),
    told: [/^holds: Event 6: it is a release of .*, but the hold ends 2026/],
  },
  {
    what: 'more reversed than was moved',
    plant: () =>
      after(book(), (made) => {
        const paid = made.pay('wallet', 'shop', 30n)
        made.pay('shop', 'wallet', 31n, { flags: Flag.reversal, pending: [paid, 5n, 31n, 0n] })
      }),
    told: [/^decisions: Event 6: 31 of transfer .*, event 5 are reversed with it, which moved 30/],
  },
  {
    what: 'a reversal of what is of others',
    plant: () =>
      after(book(), (made) => {
        const paid = made.pay('wallet', 'shop', 30n)
        made.pay('bank', 'wallet', 30n, { flags: Flag.reversal, pending: [paid, 5n, 30n, 0n] })
      }),
    told: [/^decisions: Event 6: it reverses transfer .*, which is of other accounts/],
  },
  {
    what: 'a payment to a closed account, and one to an account that there is not',
    plant: () =>
      after(book(), (made) => {
        made.close('shop')
        made.pay('wallet', 'shop', 1n)
        made.pay('wallet', 'nobody', 1n)
      }),
    told: [
      /^decisions: Event 6: it is a transfer, but account .* is closed/,
      /^decisions: Event 7: the credit account .* was never opened/,
    ],
  },
  {
    what: 'an account opened twice',
    plant: () => after(book(), (made) => made.open('shop')),
    told: [/^ids: Event 5: it opens account .*, which there is already/],
  },
  {
    what: 'a refusal that had no reason',
    plant: () =>
      after(book(), (made) => made.refuse('wallet', 'shop', { needed: 5n, available: 1_050n })),
    told: [/^decisions: Event 5: a limit refused 5, although 1,050 were available/],
  },
]

test.each(PLANTS)('$what: is named although it is signed', async ({ plant, told }) => {
  const said = wrong(await audit(shownLog(plant())))
  for (const pattern of told) expect(said).toContainEqual(expect.stringMatching(pattern))
  expect(said.length).toBeGreaterThanOrEqual(told.length)
})
