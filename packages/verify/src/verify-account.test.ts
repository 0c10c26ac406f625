import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import {
  type Document,
  documentOf,
  type Json,
  TestBook,
  TestMonth,
} from './account-proof.fixture.ts'
import { fromBase64, toBase64 } from './bytes.ts'
import { START } from './event.fixture.ts'
import { ORIGIN, TestSigner } from './log.fixture.ts'
import { trustPolicy } from './policy.ts'
import { SignatureType } from './verifier-key.ts'
import { type AccountReport, verifyAccountProof } from './verify-account.ts'

const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
const witnesses = ['w1.example', 'w2.example'].map(
  (name) => new TestSigner(name, SignatureType.cosignature),
)
const signers = [signer, ...witnesses]
const policy = trustPolicy({ keys: [signer.vkey], witnesses: witnesses.map(({ vkey }) => vkey) })
const month = new TestMonth()
const good = month.document(signers)

const verify = (document: Json): Promise<AccountReport> =>
  verifyAccountProof(JSON.stringify(document), policy)
const failures = ({ checks }: AccountReport): string[] =>
  checks.filter(({ holds }) => !holds).map(({ name, sentence }) => `${name}: ${sentence}`)
const places = ({ checks }: AccountReport): (number | undefined)[] => [
  ...new Set(checks.filter(({ holds }) => !holds).map(({ entry }) => entry)),
]
const copy = (): Document => structuredClone(good)
/** The JSON that stands at a path. */
const part = (document: Json, path: readonly (string | number)[]): Json =>
  path.reduce<Json>((json, name) => (json as { [name: string | number]: Json })[name]!, document)

test('a month of a wallet is proved: who signed, both roots, every entry, and that none is missing', async () => {
  const report = await verify(good)
  expect(failures(report)).toEqual([])
  expect(report.proved).toBe(true)
  expect(report.checks.map(({ name }) => name)).toEqual([
    ...['format', 'checkpoint', 'opening', 'closing', 'asset'],
    ...['inclusion', 'links', 'balances', 'complete', 'period'],
  ])
  expect(report.said).toMatchObject({ log: ORIGIN, account: month.wallet, isAssetProved: true })
  expect(report.said?.entries).toHaveLength(11)
  expect(report.said?.closing?.state).toMatchObject({
    ...{ count: 13n, debitsPending: 0n, debitsPosted: 146_394n, creditsPosted: 464_845n },
  })
})

test('without an older root the list begins with the first entry', async () => {
  const { opening: _, from: __, ...asked } = month
  const book = documentOf(asked.book, { account: month.wallet, signers, closing: month.closing })
  const report = await verify(book)
  expect(failures(report)).toEqual([])
  expect(report.said?.entries).toHaveLength(13)
  expect(report.said?.opening).toBeNull()
})

test('what a reader may not see is left out, and all else is proved', async () => {
  const report = await verify(month.document(signers, { isClosed: true }))
  expect(failures(report)).toEqual([])
  expect(report.said?.entries[0]?.content).toBeUndefined()
})

test.each(['users:nobody', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])(
  'that there is no account %s is proved',
  async (account) => {
    const report = await verify(month.document(signers, { account }))
    expect(failures(report)).toEqual([])
    expect(report.said?.entries).toEqual([])
  },
)

test('an account that was opened after the opening root', async () => {
  const book = new TestBook()
  const opening = book.state()
  book.open('a', 'b')
  book.move({ debit: 'a', credit: 'b', amount: 1n << 70n })
  const closing = book.state()
  const from = START + 86_400_000_000_000n
  const report = await verify(documentOf(book, { account: 'b', signers, opening, closing, from }))
  expect(failures(report)).toEqual([])
  expect(report.said?.closing?.state?.creditsPosted).toBe(1n << 70n)
})

test('an account has an asset, and what is not there has none', async () => {
  expect(failures(await verify({ ...copy(), asset: null }))).toEqual([
    "asset: The account's asset has the number 978, but none is named.",
  ])
  const absent = month.document(signers, { account: 'users:nobody' })
  expect(failures(await verify({ ...absent, asset: 'EUR/2' }))).toEqual([
    'asset: There is no such account, so that it has no asset, and not EUR/2.',
  ])
})

test('an absence that leaves room is none', async () => {
  const document = month.document(signers, { account: 'users:nobody' })
  const absent = part(document, ['closing', 'absent']) as Json[]
  absent.pop()
  document.hashes = document.hashes.slice()
  const report = await verify(onlyUsed(document))
  expect(failures(report)).toEqual([
    'closing: The closing root: the leaves that are shown leave room for the account.',
  ])
})

test('until when the list is whole is said by the first event that the root no longer shows', async () => {
  expect((await verify(good)).said?.wholeUntil).toBe(START + 21n * DAY + 16n * MINUTE)
  const { next, ...closing } = good['closing'] as { [name: string]: Json }
  expect(next).toBeDefined()
  const { leaf, index, proof } = good.entries[0] as { [name: string]: Json }
  const other = { ...closing, next: { leaf: leaf!, index: index!, proof: proof! } }
  for (const [changed, sentence] of [
    [closing, 'it is not shown, so nobody knows until when the list is whole.'],
    [other, 'event 16 comes next, and not event 4.'],
  ] as const) {
    const report = await verify(onlyUsed({ ...copy(), closing: changed }))
    expect(failures(report)).toEqual([`closing: The event after the closing root: ${sentence}`])
  }
  const { book, wallet: account } = new TestMonth()
  const document = documentOf(book, { account, signers, closing: book.state() })
  expect(document['closing']).not.toHaveProperty('next')
  expect((await verify(document)).said?.wholeUntil).toBe(START + 21n * DAY + 19n * MINUTE)
})

test('a hash that belongs to no proof is noticed', async () => {
  const report = await verify({ ...good, hashes: [...good.hashes, good.hashes[0]!] })
  expect(failures(report)).toEqual([`format: "hashes[${good.hashes.length}]" belongs to no proof.`])
})

test('two of two witnesses must have cosigned', async () => {
  const report = await verify(month.document([signer, witnesses[0]!]))
  expect(failures(report)).toEqual([
    'checkpoint: The checkpoint cannot be trusted: 1 known witnesses have cosigned it, 2 are needed.',
  ])
})

const DAY = 86_400_000_000_000n
const MINUTE = 60_000_000_000n

/** Hashes that no proof names any more are taken out. */
function onlyUsed(document: Document): Document {
  const names = [document['opening'], document['closing'], ...document.entries].flatMap(proofsOf)
  const used = [...new Set(names.flat())].sort((a, b) => a - b)
  for (const proof of names) proof.forEach((name, at) => (proof[at] = used.indexOf(name)))
  return { ...document, hashes: used.map((name) => document.hashes[name]!) }
}

function proofsOf(json: Json | undefined): number[][] {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([name, value]) =>
    name === 'proof' ? [value as number[]] : proofsOf(value),
  )
}

test('an entry that is left out is noticed where it is missing, first, in between and last', async () => {
  for (let at = 0; at < good.entries.length; at++) {
    const document = copy()
    document.entries.splice(at, 1)
    const report = await verify(onlyUsed(document))
    const isLast = at === good.entries.length - 1
    expect([report.proved, places(report)]).toEqual([false, [isLast ? at - 1 : at]])
    expect(failures(report).join('\n')).toContain(
      isLast ? 'missing at the end' : '1 missing before it',
    )
  }
})

test('all entries left out are noticed', async () => {
  const report = await verify(onlyUsed({ ...copy(), entries: [] }))
  expect(failures(report).join()).toContain('complete: The list ends with entry number 2')
})

test('two entries that change places are noticed, both', async () => {
  for (let at = 0; at + 1 < good.entries.length; at++) {
    const document = copy()
    const [one, two] = document.entries.slice(at, at + 2)
    document.entries.splice(at, 2, two!, one!)
    const report = await verify(document)
    expect(report.proved).toBe(false)
    expect(places(report)).toEqual(expect.arrayContaining([at, at + 1]))
  }
})

test('an entry that stands there twice, and one of another account, are noticed', async () => {
  const twice = copy()
  twice.entries.splice(4, 0, structuredClone(twice.entries[3]!))
  const report = await verify(twice)
  expect(places(report)).toEqual([4])
  expect(failures(report)[0]).toContain('Entry 5 of the list: its number is 6, but 7 comes next')
  const report2 = await verify(withForeign(2))
  expect(places(report2)).toEqual([2])
  expect(failures(report2).join()).toContain('Entry 3 of the list: it is of another account')
})

/** An entry of another account, with all that proves it. */
function withForeign(at: number): Document {
  const foreign = month.document(signers, { account: 'shops:7' })
  const entry = foreign.entries[0] as { proof: number[] }
  const own = { ...entry, proof: entry.proof.map((name) => name + good.hashes.length) }
  const document = { ...copy(), hashes: [...good.hashes, ...foreign.hashes] }
  document.entries.splice(at, 0, own)
  return onlyUsed(document)
}

test('balances that a ledger signed, but that do not follow, are noticed', async () => {
  const lies: ((book: TestBook, hold: ReturnType<TestBook['move']>) => void)[] = [
    (book) => (book.accounts.get('b')!.balances[3] += 1n),
    (book) => (book.accounts.get('b')!.balances[2] -= 1n),
    (book) => (book.accounts.get('b')!.balances[0] += 1n),
    (_, hold) => (hold.captured += 1n),
    (_, hold) => (hold.remaining += 1n),
  ]
  for (const lie of lies) {
    const book = new TestBook()
    book.open('a', 'b')
    const hold = book.move({ kind: 'hold', debit: 'a', credit: 'b', amount: 10n })
    lie(book, hold)
    book.move({ kind: 'capture', hold, amount: 5n })
    const closing = book.state()
    const report = await verify(documentOf(book, { account: 'b', signers, closing }))
    expect(failures(report)).toEqual([
      'balances: Entry 2 of the list: the balances after it do not follow from those before it and a capture of 5.',
    ])
  }
})

test('a root of an earlier time cannot hide the newest entries, nor a later one the oldest', async () => {
  const { book, wallet: account, closing } = month
  const document = documentOf(book, {
    account,
    signers,
    closing,
    opening: month.opening,
    from: START,
  })
  expect(failures(await verify(document)).join()).toContain(
    'period: The list begins behind a root of',
  )
  const swapped = { ...copy(), closing: good['opening']! }
  expect(failures(await verify(onlyUsed(swapped))).join()).toContain(
    'entries are missing at the end, or too many',
  )
})

interface Place {
  readonly path: readonly (string | number)[]
  readonly value: Json
}

/** Every text and number of the document. */
function valuesOf(value: Json, path: readonly (string | number)[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }]
  return Object.entries(value).flatMap(([name, inner]) => valuesOf(inner, [...path, name]))
}

/** Fields that nothing signed says: they are what was asked. */
const ASKED = new Set(['from', 'to'])

function flipped(value: Json, random: Prng): Json {
  if (value === null) return ''
  if (typeof value === 'number') return value ^ (1 << random.below(5))
  const text = value as string
  const bytes = fromBase64(text)
  if (bytes !== undefined && bytes.length > 16) {
    const changed = bytes.slice()
    changed[random.below(changed.length)]! ^= 1 << random.below(8)
    return toBase64(changed)
  }
  const at = random.below(text.length)
  const other = String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(7)))
  return text.slice(0, at) + other + text.slice(at + 1)
}

function withValue(path: readonly (string | number)[], value: Json): Document {
  const document = copy()
  const parent = part(document, path.slice(0, -1)) as { [name: string | number]: Json }
  parent[path.at(-1)!] = value
  return document
}

test.each([1, 2, 3])(
  'no document with one bit changed, in any field, is proved (seed %i)',
  async (seed) => {
    const random = new Prng(seed)
    for (const { path, value } of valuesOf(good)) {
      if (ASKED.has(String(path[0]))) continue
      const report = await verify(withValue(path, flipped(value, random)))
      expect([path, report.proved]).toEqual([path, false])
      const own = path[0] === 'entries' ? [Number(path[1])] : []
      expect([path, places(report)]).toEqual([path, expect.arrayContaining(own)])
    }
  },
)

test('every bit of a preimage, a leaf and a state', async () => {
  const paths = [
    ['entries', 3, 'preimage'],
    ['entries', 3, 'leaf'],
    ['closing', 'account', 'state'],
  ]
  for (const path of paths) {
    const bytes = fromBase64(part(good, path) as string)!
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice()
      changed[bit >> 3]! ^= 1 << (bit & 7)
      const report = await verify(withValue(path, toBase64(changed)))
      expect([path, bit, report.proved]).toEqual([path, bit, false])
    }
  }
})

test.each<[string, Json]>([
  ['The document is not a JSON object', []],
  ['The document is not of the format', { ...good, format: 'tallystick/account-proof/v2' }],
  ['The document has the unknown field "x"', { ...good, x: 1 }],
  ['"account" is not an address', { ...good, account: '<b>' }],
  ['"asset" is not a code and a scale', { ...good, asset: 'EUR' }],
  ['"from" is not a time', { ...good, from: '2026-13-01T00:00:00Z' }],
  ['"hashes[0]" is not a hash', { ...good, hashes: ['AAAA'] }],
  ['"entries" is not a list', { ...good, entries: {} }],
  ['"entries[0]" has no', { ...good, entries: [{ index: '0', proof: [], side: 'debit' }] }],
  ['"closing" needs one of', { ...good, closing: {} }],
])('%s …: the text is no account proof', async (problem, document) => {
  const report = await verify(document)
  expect(report.said).toBeUndefined()
  expect(failures(report).join()).toContain(problem)
})
