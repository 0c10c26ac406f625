import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { toBase64 } from './bytes.ts'
import {
  EUR,
  opening,
  packLeaf,
  packSide,
  payment,
  refusal,
  SHOP,
  type TestEvent,
  WALLET,
} from './event.fixture.ts'
import { accountIdOf, formatId } from './ids.ts'
import { openingsOf, ORIGIN, receiptOf, TestLog, TestSigner } from './log.fixture.ts'
import { trustPolicy } from './policy.ts'
import { sha256 } from './sha256.ts'
import { SignatureType } from './verifier-key.ts'
import { type ReceiptReport, verifyReceipt } from './verify-receipt.ts'

const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
const witnesses = ['w1.example', 'w2.example', 'w3.example'].map(
  (name) => new TestSigner(name, SignatureType.cosignature),
)
const policy = trustPolicy({ keys: [signer.vkey] })

const events: TestEvent[] = [
  opening(1n),
  ...Array.from({ length: 9 }, (_, at) => payment(BigInt(at + 2))),
  refusal(11n),
  payment(12n, (3n << 64n) | 5n),
]
const log = new TestLog(events.map(({ leaf }) => leaf))
const note = log.note([signer])

const receipt = (index: number, openings?: Record<string, unknown>): string =>
  receiptOf({ log, index, note, openings: openings ?? openingsOf(events[index]!) })

const failures = ({ checks }: ReceiptReport): string[] =>
  checks.filter(({ holds }) => !holds).map(({ name, sentence }) => `${name}: ${sentence}`)

test('a receipt of a payment shows who paid whom how much, when, and at whose request', async () => {
  const openings = openingsOf(events[4]!)
  const addressed = {
    ...openings,
    debit: { preimage: toBase64(events[4]!.debit!), address: WALLET },
  }
  const report = await verifyReceipt(receipt(4, addressed), policy)
  expect(failures(report)).toEqual([])
  expect(report.proved).toBe(true)
  expect(report.hidden).toEqual([])
  expect(report.checks.map(({ name }) => name)).toEqual([
    'format',
    'checkpoint',
    'leaf',
    'inclusion',
    'content',
    'metadata',
    'debit',
    'address',
    'credit',
    'sides',
  ])
  expect(report.shown).toMatchObject({
    log: ORIGIN,
    treeSize: 12n,
    sequence: 5n,
    what: 'transfer',
    status: 'created',
    at: '2026-11-25T12:00:00.000005000Z',
    request: { id: 'req_01040G2081040G2081040G2081', digest: '02'.repeat(32) },
    metadata: events[4]!.metadata,
    debit: { address: WALLET, account: formatId(accountIdOf(WALLET)), asset: EUR, amount: 1_234n },
    credit: { account: formatId(accountIdOf(SHOP)), entry: { creditsPosted: 1_234n } },
  })
})

test('a receipt may open one side alone, or nothing', async () => {
  const { debit } = openingsOf(events[4]!)
  const one = await verifyReceipt(receipt(4, { debit }), policy)
  expect(one.proved).toBe(true)
  expect(one.hidden).toEqual(['the content', 'the credit side'])
  expect(one.shown?.debit?.amount).toBe(1_234n)
  expect(one.shown?.credit).toBeUndefined()
  expect(one.shown?.what).toBe('transfer, hold, capture, void or reversal')
  const none = await verifyReceipt(receipt(4, {}), policy)
  expect(none.proved).toBe(true)
  expect(none.hidden).toEqual(['the content', 'the debit side', 'the credit side'])
})

test('a receipt of a refusal shows what was asked and what the limit said', async () => {
  const report = await verifyReceipt(receipt(10), policy)
  expect(failures(report)).toEqual([])
  expect(report.shown).toMatchObject({
    status: 'exceeds_credits',
    debit: { amount: 900n },
    facts: { account: accountIdOf(WALLET), needed: 900n, available: 35n, limit: 0n },
  })
  expect(report.shown?.debit?.entry).toBeUndefined()
})

test('receipts of an opening and of more than 64 bits', async () => {
  const opened = await verifyReceipt(receipt(0), policy)
  expect(failures(opened)).toEqual([])
  expect(opened.shown).toMatchObject({
    what: 'opening of an account',
    content: { fields: { of: 'account', address: WALLET, limit: 500n } },
  })
  const wide = await verifyReceipt(receipt(11), policy)
  expect(failures(wide)).toEqual([])
  expect(wide.shown?.credit?.entry?.creditsPosted).toBe((3n << 64n) | 5n)
})

test('every event of the log has a receipt that is proved', async () => {
  for (let index = 0; index < log.size; index++) {
    expect(failures(await verifyReceipt(receipt(index), policy))).toEqual([])
  }
})

test('as many witnesses as the policy asks for must have cosigned', async () => {
  const vkeys = witnesses.map(({ vkey }) => vkey)
  const two = { keys: [signer.vkey], witnesses: vkeys, quorum: 2 }
  const check = async (signers: readonly TestSigner[]) => {
    const signed = log.note(signers)
    return verifyReceipt(receiptOf({ log, index: 1, note: signed, openings: {} }), trustPolicy(two))
  }
  const good = await check([signer, witnesses[2]!, witnesses[0]!])
  expect(good.proved).toBe(true)
  expect(good.checks[1]?.sentence).toBe(
    `The checkpoint of 12 events is signed by ${ORIGIN}; cosigned by w3.example at 2026-11-25T12:01:00Z, w1.example at 2026-11-25T12:01:00Z.`,
  )
  expect(failures(await check([signer, witnesses[2]!]))).toEqual([
    'checkpoint: The checkpoint cannot be trusted: 1 known witnesses have cosigned it, 2 are needed.',
  ])
  expect(failures(await check(witnesses))).toEqual([
    'checkpoint: The checkpoint cannot be trusted: no key of the log has signed it.',
  ])
})

test('a receipt of another log, or signed by another key, shows nothing', async () => {
  const stranger = new TestSigner(ORIGIN, SignatureType.ed25519)
  const other = new TestSigner('other.example/log', SignatureType.ed25519)
  for (const key of [stranger.vkey, other.vkey]) {
    const report = await verifyReceipt(receipt(4), trustPolicy({ keys: [key] }))
    expect(report.proved).toBe(false)
    expect(report.shown).toBeUndefined()
    expect(failures(report)).toHaveLength(1)
    expect(failures(report)[0]).toMatch(/^checkpoint: The checkpoint cannot be trusted: /)
  }
})

test('a proof that leads elsewhere says so, and how many hashes it lacks', async () => {
  const text = receipt(4)
  const lines = text.split('\n')
  const swapped = [...lines.slice(0, 3), lines[4], lines[3], ...lines.slice(5)].join('\n')
  expect(failures(await verifyReceipt(swapped, policy))).toEqual([
    "inclusion: The 4 hashes of the proof do not lead from the leaf, as event 5, to the checkpoint's root: leaf, place, proof or checkpoint is another's.",
  ])
  const short = [...lines.slice(0, 3), ...lines.slice(4)].join('\n')
  expect(failures(await verifyReceipt(short, policy))).toEqual([
    'inclusion: The proof has 3 hashes, but event 5 of 12 needs 4.',
  ])
  expect(failures(await verifyReceipt(text.replace('index 4', 'index 12'), policy))).toEqual([
    'leaf: The leaf says that it is event 5, but it stands at the place of event 13.',
    'inclusion: The proof is of event 13, but the checkpoint is of 12 events.',
  ])
})

const base64Of = (bytes: Uint8Array | undefined) => toBase64(bytes!)

test.each<[string, Record<string, unknown>]>([
  ['content: The content is not the one', { content: base64Of(events[5]!.content) }],
  ['debit: The debit side is not', { debit: { preimage: base64Of(events[4]!.credit) } }],
  ['credit: The credit side is not', { credit: { preimage: base64Of(events[4]!.debit) } }],
  [
    `address: ${SHOP} is not the account of the debit side: its id would be ${formatId(accountIdOf(SHOP))}`,
    { debit: { preimage: base64Of(events[4]!.debit), address: SHOP } },
  ],
  ['metadata: The metadata is not what', { ...openingsOf(events[4]!), metadata: 'e30=' }],
  ['metadata: The receipt has metadata, but the content is not opened', { metadata: 'e30=' }],
  ['facts: The receipt has what a limit said, but the content is not', { facts: 'e30=' }],
  [
    'facts: The receipt has what a limit said, but no limit',
    { ...openingsOf(events[4]!), facts: '' },
  ],
])('%s …: not proved, and nothing is shown', async (problem, openings) => {
  const report = await verifyReceipt(receipt(4, openings), policy)
  expect(failures(report).join()).toContain(problem)
  expect(report.shown).toBeUndefined()
})

test('an event without sides has none to open', async () => {
  const debit = { preimage: base64Of(events[4]!.debit) }
  const report = await verifyReceipt(receipt(0, { debit }), policy)
  expect(failures(report)[0]).toContain('debit: The debit side is not the one')
})

const side = (amount: bigint, of: bigint) => packSide({ amount, account: of, salt: 1 })

test('two sides that do not agree prove that the log is wrong', async () => {
  const content = events[4]!.content
  const account = accountIdOf(WALLET)
  const check = async (debit: Uint8Array, credit: Uint8Array) => {
    const leaf = packLeaf({
      content: sha256(content),
      debit: sha256(debit),
      credit: sha256(credit),
    })
    const alone = new TestLog([leaf])
    const openings = openingsOf({ leaf, content, debit, credit })
    const signed = alone.note([signer])
    const text = receiptOf({ log: alone, index: 0, note: signed, openings })
    return failures(await verifyReceipt(text, policy))
  }
  expect(await check(side(1n, account), side(1n, 7n))).toEqual([])
  expect(await check(side(1n, account), side(2n, 7n))).toEqual([
    'sides: The two sides are not of the same amount and asset: no ledger may decide that.',
  ])
  expect(await check(side(1n, account), side(1n, account))).toEqual([
    'sides: Both sides are of the same account: no ledger may decide that.',
  ])
})

const withExtra = (extra: string): string =>
  receipt(4).replace(/^extra .*$/m, `extra ${toBase64(new TextEncoder().encode(extra))}`)
const LEAF = toBase64(events[4]!.leaf)
const V1 = '"format":"tallystick/receipt/v1"'

test.each([
  ['The extra data is not JSON', withExtra('{')],
  ['The receipt is not a JSON object', withExtra('[]')],
  ['The receipt is not a JSON object', withExtra('null')],
  ['The receipt is not of the format', withExtra('{"format":"tallystick/receipt/v2"}')],
  ['The receipt has no leaf', withExtra(`{${V1}}`)],
  ['"leaf" is not base64', withExtra(`{${V1},"leaf":7}`)],
  ['"leaf" is not base64', withExtra(`{${V1},"leaf":"AB=="}`)],
  ['unknown field "debits"', withExtra(`{${V1},"leaf":"${LEAF}","debits":{}}`)],
  ['unknown field "__proto__"', withExtra(`{${V1},"leaf":"${LEAF}","__proto__":{}}`)],
  ['"debit" is not a JSON object', withExtra(`{${V1},"leaf":"${LEAF}","debit":"AAAA"}`)],
  ['"debit" has no preimage', withExtra(`{${V1},"leaf":"${LEAF}","debit":{"address":"a"}}`)],
  ['"debit" has the unknown field', withExtra(`{${V1},"leaf":"${LEAF}","debit":{"x":1}}`)],
  [
    '"debit.address" is not an address',
    withExtra(`{${V1},"leaf":"${LEAF}","debit":{"preimage":"","address":"a\\u001b[2J"}}`),
  ],
  ['The proof has no extra data', receipt(4).replace(/^extra .*\n/m, '')],
  ['Line 1 is not', ''.padEnd(10) + '\n\n'],
])('%s …: the text is no receipt', async (problem, text) => {
  const report = await verifyReceipt(text, policy)
  expect(report).toMatchObject({ proved: false, hidden: [] })
  expect(failures(report)).toHaveLength(1)
  expect(failures(report)[0]).toContain(problem)
})

test.each([1, 2, 3, 4])('no receipt with one byte changed is proved (seed %i)', async (seed) => {
  const random = new Prng(seed)
  for (let round = 0; round < 100; round++) {
    const text = receipt(random.below(log.size))
    const at = random.below(text.length)
    const other = String.fromCharCode(32 + random.below(95))
    if (other === text[at]) continue
    const report = await verifyReceipt(text.slice(0, at) + other + text.slice(at + 1), policy)
    expect([at, other, report.proved, report.shown]).toEqual([at, other, false, undefined])
  }
})

test.each([1, 2])('no opening with one bit changed is proved (seed %i)', async (seed) => {
  const random = new Prng(seed)
  for (let round = 0; round < 100; round++) {
    const index = random.below(log.size)
    const event = events[index]!
    const parts = (['leaf', 'content', 'debit', 'credit', 'facts', 'metadata'] as const).filter(
      (part) => (event[part]?.length ?? 0) > 0,
    )
    const part = random.pick(parts)
    const changed = event[part]!.slice()
    changed[random.below(changed.length)]! ^= 1 << random.below(8)
    const other = { ...event, [part]: changed }
    const text = receiptOf({ log, index, note, openings: openingsOf(other), leaf: other.leaf })
    expect([part, (await verifyReceipt(text, policy)).proved]).toEqual([part, false])
  }
})
