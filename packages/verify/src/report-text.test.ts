import { expect, test } from 'vitest'

import { type Content, decodeContent } from './content.ts'
import { type Field, packContent, packLeaf, packOther, START, ZEROS } from './event.fixture.ts'
import { decodeLeaf } from './leaf.ts'
import { reportJson } from './report-json.ts'
import { printable } from './printable.ts'
import { logText, receiptText, reportText } from './report-text.ts'
import { counted, grouped } from './report.ts'
import type { ShownEvent } from './shown-event.ts'
import { shownLines } from './shown-text.ts'

const good = { name: 'leaf', holds: true, sentence: 'The leaf is well formed.' }
const bad = { name: 'root', holds: false, sentence: 'The root is \u001b[2Janother.' }

const shown: ShownEvent = {
  log: 'ledger.example/log',
  treeSize: 2_000n,
  sequence: 1_234n,
  shard: 0,
  what: 'transfer',
  status: 'created',
  at: '2026-11-25T12:00:00.000000000Z',
  request: { id: 'req_01040G2081040G2081040G2081', digest: 'ab' },
  metadata: new TextEncoder().encode('{"a":"\u202e"}'),
  debit: {
    account: '00000000-0000-0000-0000-000000000001',
    address: 'users:1',
    asset: 978,
    amount: 1_500n,
    entry: {
      number: 4n,
      previous: 0n,
      jump: 0n,
      debitsPending: 1n,
      debitsPosted: 2n,
      creditsPending: 3n,
      creditsPosted: 4_000n,
    },
  },
}

test('each check is a line, and the verdict is the last', () => {
  expect(reportText({ proved: true, checks: [good] })).toBe(
    'ok     The leaf is well formed.\n\nPROVED\n',
  )
  expect(reportText({ proved: false, checks: [good, bad] })).toBe(
    'ok     The leaf is well formed.\nWRONG  The root is \\u001b[2Janother.\n\nNOT PROVED: 1 of 2 checks failed\n',
  )
})

test('a receipt is told with what it shows and what it does not', () => {
  expect(receiptText({ proved: true, checks: [good], shown, hidden: ['the credit side'] })).toBe(`\
ok     The leaf is well formed.

What it shows:
  event           1,234 of ledger.example/log, shard 0
  what            transfer: created
  when            2026-11-25T12:00:00.000000000Z
  request         req_01040G2081040G2081040G2081
  request digest  ab
  metadata        "{\\"a\\":\\"\\u202e\\"}"
  debit           1,500 of asset 978
  debit account   users:1 (00000000-0000-0000-0000-000000000001)
  debit after     debits 2 posted, 1 pending; credits 4,000 posted, 3 pending; the account's entry 4

It does not show the credit side.

PROVED
`)
})

test('a log is told with what was not checked', () => {
  expect(logText({ proved: true, checks: [good], unchecked: ['Balances.'] })).toBe(
    'ok     The leaf is well formed.\n\nNot checked:\n  Balances.\n\nPROVED\n',
  )
})

const linesOf = (content: Content): string[] =>
  shownLines({ ...shown, content })
    .filter(([label]) => !shownLines(shown).some(([other]) => other === label))
    .map((line) => line.join(': '))

const moved = decodeLeaf(packLeaf({}))
const refused = decodeLeaf(packLeaf({ status: 62 }))
const other = (kind: number, ...fields: Field[]) =>
  decodeContent(packOther(1n, fields), decodeLeaf(packLeaf({ kind, debit: ZEROS, credit: ZEROS })))
const ONE = '00000000-0000-0000-0000-000000000001'

test('what a transfer refers to and asks for', () => {
  const sections: Field[] = [
    [1, 16],
    [8, 8],
    [7, 16],
    [6, 16],
    [90, 4],
    [0, 4],
    [START, 8],
    [4, 16],
  ]
  const content = decodeContent(packContent('TLC1', { form: 0b1_1110, sections }), moved)
  expect(linesOf(content)).toEqual([
    `refers to: ${ONE}, event 8`,
    'of that: 7 taken, 6 still held',
    'timeout: 90 s',
    'value date: 2026-11-25T12:00:00.000000000Z',
    'requested: 4',
  ])
  const form = (1 << 1) | (1 << 5)
  const asked = packContent('TLR1', {
    form,
    sections: [
      [1, 16],
      [3, 8],
    ],
  })
  expect(linesOf(decodeContent(asked, refused))).toEqual([`refers to: ${ONE}`, 'repeats: event 3'])
})

test('what other events are about', () => {
  const head = [`account: ${ONE}`, 'asset: 978']
  const none = (1n << 128n) - 1n
  expect(linesOf(other(3, [1, 16], [5, 16], [none, 16], [2, 8], [1, 4], 'a', ZEROS))).toEqual([
    ...head,
    'address: a',
    `parent: ${ONE}`,
    'limit: 5',
    'subtree limit: none',
    'repeats: event 2',
  ])
  expect(linesOf(other(4, [3, 4], [1, 16], [2, 16], [3, 16], [none, 16]))).toEqual([
    ...head,
    'limit: 1, before 3',
    'subtree limit: 2, before none',
  ])
  expect(linesOf(other(9, [START, 8], [0, 8]))).toEqual([
    ...head,
    'closed until: 2026-11-25T12:00:00.000000000Z',
    'before: 1970-01-01T00:00:00.000000000Z',
  ])
  expect(linesOf(other(33, ZEROS))).toEqual(head)
  expect(linesOf(other(6))).toEqual(head)
})

test('metadata that is no text is shown as base64', () => {
  const lines = shownLines({ ...shown, metadata: Uint8Array.of(255, 254) })
  expect(lines).toContainEqual(['metadata', '//4='])
})

test('a report as JSON has exact numbers and names in snake_case', () => {
  const report = {
    proved: true,
    checks: [good],
    shown: { treeSize: 2n ** 70n, bytes: Uint8Array.of(1) },
  }
  expect(JSON.parse(reportJson(report))).toEqual({
    proved: true,
    checks: [good],
    shown: { tree_size: '1180591620717411303424', bytes: 'AQ==' },
  })
})

test('numbers are grouped by thousands', () => {
  expect([0, 999, 1_000, 12_345_678].map(grouped)).toEqual(['0', '999', '1,000', '12,345,678'])
  expect([counted(1n), counted(0), counted(2_000)]).toEqual(['1 event', '0 events', '2,000 events'])
})

test('nothing that is printed can steer a terminal', () => {
  expect(printable('a\u0007\u009b\u2066é—')).toBe('a\\u0007\\u009b\\u2066é—')
})
