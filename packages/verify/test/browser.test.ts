import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { expect, test } from 'vitest'

import { payment } from '../src/event.fixture.ts'
import * as sources from '../src/index.ts'
import { openingsOf, ORIGIN, receiptOf, TestLog, TestSigner } from '../src/log.fixture.ts'
import { SignatureType } from '../src/verifier-key.ts'

const FILE = fileURLToPath(new URL('../browser/tally-verify.js', import.meta.url))
const text = readFileSync(FILE, 'utf8')

const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
const events = [1n, 2n, 3n].map((sequence) => payment(sequence))
const log = new TestLog(events.map(({ leaf }) => leaf))
const receipt = receiptOf({
  log,
  index: 1,
  note: log.note([signer]),
  openings: openingsOf(events[1]!),
})

type Verifier = Pick<typeof sources, 'trustPolicy' | 'verifyReceipt' | 'receiptText'>

const verdicts = async ({ trustPolicy, verifyReceipt, receiptText }: Verifier) => {
  const policy = trustPolicy({ keys: [signer.vkey] })
  const good = await verifyReceipt(receipt, policy)
  const bad = await verifyReceipt(receipt.replace('index 1', 'index 2'), policy)
  return [receiptText(good), receiptText(bad)]
}

test('the file offers what the package offers', async () => {
  const module = (await import(
    `data:text/javascript;base64,${new TextEncoder().encode(text).toBase64()}`
  )) as Verifier
  expect(Object.keys(module).sort()).toEqual(Object.keys(sources).sort())
  expect(await verdicts(module)).toEqual(await verdicts(sources))
})

test('the file runs with what a browser has, and nothing of Node', async () => {
  const script = text.replace(/\nexport \{([^}]*)\};\s*$/, '\nglobalThis.verifier = {$1}')
  expect(script).not.toBe(text)
  const context = createContext({ crypto, TextEncoder, TextDecoder, atob, btoa })
  runInContext(script, context)
  const [good, bad] = await verdicts(context['verifier'] as Verifier)
  expect(good).toMatch(/\nPROVED\n$/)
  expect(bad).toMatch(/\nNOT PROVED: 2 of \d+ checks failed\n$/)
})
