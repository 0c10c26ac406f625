import { existsSync, readFileSync, writeFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { EVERY_WRITE, steadyClock } from './every-write.ts'
import { type Call, testServer } from './harness.ts'

const GOLDEN = new URL('golden-answers.txt', import.meta.url)

async function answers(
  call: Call,
  key: (index: number) => Record<string, string>,
): Promise<string[]> {
  const texts: string[] = []
  for (const [index, [method, path, body]] of EVERY_WRITE.entries()) {
    const { status, text } = await call(method, path, body, key(index))
    texts.push(`${method} ${path} ${status}\n${text.replaceAll(/req_\w{26}/g, 'req_…')}\n`)
  }
  return texts
}

/**
 * Answers are functions of facts: what this version makes of a book is what every later one has to make of it. The file is
 * changed by hand, or removed and made again, and only when the contract changes.
 */
test('answers are, byte for byte, what they have always been', async () => {
  const { call } = await testServer({ clock: steadyClock() })
  const texts = await answers(call, (index) => ({ 'idempotency-key': `step-${index}` }))
  if (!existsSync(GOLDEN)) writeFileSync(GOLDEN, texts.join('\n'))
  expect(texts.join('\n')).toBe(readFileSync(GOLDEN, 'utf8'))
  const again = await answers(call, (index) => ({ 'idempotency-key': `step-${index}` }))
  expect(again).toEqual(texts)
})
