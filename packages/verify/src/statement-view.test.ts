import { expect, test } from 'vitest'

import { documentOf, TestBook, TestMonth } from './account-proof.fixture.ts'
import { ORIGIN, TestSigner } from './log.fixture.ts'
import { trustPolicy } from './policy.ts'
import { statementView, type StatementView } from './statement-view.ts'
import { SignatureType } from './verifier-key.ts'
import { type SaidAccount, verifyAccountProof } from './verify-account.ts'

const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
const policy = trustPolicy({ keys: [signer.vkey] })
const month = new TestMonth()
const DAY = 86_400_000_000_000n

async function saidBy(document: object): Promise<SaidAccount> {
  const { proved, said } = await verifyAccountProof(JSON.stringify(document), policy)
  expect(proved).toBe(true)
  return said!
}

const numbersOf = ({ rows }: StatementView, part: string): number[] =>
  rows.filter((row) => row.part === part).map(({ number }) => Number(number))

/** One entry with this text on it. */
async function noteFor(metadata: string): Promise<string> {
  const book = new TestBook()
  book.open('a', 'b')
  book.move({ debit: 'a', credit: 'b', amount: 1n, metadata })
  const closing = book.state()
  const said = await saidBy(documentOf(book, { account: 'b', signers: [signer], closing }))
  return statementView(said).rows[0]!.note
}

test('entries around the period are told apart, and count in no sum of it', async () => {
  const from = month.from + 3n * DAY
  const to = month.from + 10n * DAY
  const view = statementView(await saidBy(month.document([signer], { from, to })))
  expect(numbersOf(view, 'before')).toEqual([3, 4])
  expect(numbersOf(view, 'period')).toEqual([5, 6, 7, 8, 9, 10])
  expect(numbersOf(view, 'after')).toEqual([11, 12, 13])
  expect(view).toMatchObject({
    ...{ entries: '6', opening: '3,399.50', closing: '3,226.05' },
    ...{ moneyIn: '0.00', moneyOut: '173.45', held: '8.00 held of it' },
  })
})

test('a period without an entry has one balance, and no sums', async () => {
  const from = month.from + 18n * DAY
  const to = from + DAY
  const view = statementView(await saidBy(month.document([signer], { from, to })))
  expect(numbersOf(view, 'period')).toEqual([])
  expect(view).toMatchObject({ entries: '0', moneyIn: '0.00', moneyOut: '0.00' })
  expect(view.opening).toBe(view.closing)
})

test('balances below zero have a sign in front of their digits', async () => {
  const account = 'bank:payouts'
  const view = statementView(await saidBy(month.document([signer], { account })))
  expect(view).toMatchObject({ opening: '−1,500.00', closing: '−4,625.77', moneyOut: '3,125.77' })
  expect(view.rows.map(({ balance }) => balance)).toEqual(['−4,625.00', '−4,625.77'])
})

test.each([
  ['POINTS/0', '145,450', '318,451'],
  ['JPY/0', '145,450', '318,451'],
  ['BTC/8', '0.00145450', '0.00318451'],
  ['TOKEN_9/30', '0.000000000000000000000000145450', '0.000000000000000000000000318451'],
])('amounts of %s have its decimals', async (asset, opening, closing) => {
  const said = await saidBy(month.document([signer]))
  const view = statementView({ ...said, asset })
  expect(view).toMatchObject({ asset: asset.split('/')[0], opening, closing })
})

test('an account that never was has no entries, and says until when', async () => {
  const said = await saidBy(month.document([signer], { account: 'users:nobody' }))
  const view = statementView(said)
  expect(view).toMatchObject({ asset: 'no asset', entries: '0', closing: '0', rows: [] })
  expect(view.coverage).toMatch(/^no such account until 16 Dec 2026/)
})

test('what is closed to the reader is told by its balances alone', async () => {
  const said = await saidBy(month.document([signer], { isClosed: true }))
  const { rows } = statementView(said)
  expect(new Set(rows.map(({ what }) => what))).toEqual(new Set(['Entry', 'Hold expired']))
  expect(rows.filter(({ isPosted }) => !isPosted).map(({ number }) => number)).toEqual([
    ...[5n, 8n, 9n, 10n, 11n],
  ])
})

test('texts of strangers are cut by whole characters, and shown without what nobody sees', async () => {
  expect(await noteFor('😀'.repeat(201))).toBe(`${'😀'.repeat(200)}…`)
  expect(await noteFor('{"a":"\\ud800"}')).toBe('a: \ufffd')
  expect(await noteFor('\u202e12\u2066\u200b3\u061c')).toBe(String.raw`\u202e12\u2066\u200b3\u061c`)
  expect(await noteFor('one\r\n\u2028two')).toBe('one two')
  expect(await noteFor('{"a":1,"b":true,"c":"x"}')).toBe('a: 1 · b: true · c: x')
  expect(await noteFor('{"a":{"b":1}}')).toBe('{"a":{"b":1}}')
})
