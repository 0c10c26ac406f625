import { afterAll, beforeAll, expect, test } from 'vitest'

import { RunningLedger } from './running-ledger.ts'

const TILL = 'partners:acme:till'

let ledger: RunningLedger
const keys: Record<string, string> = {}

beforeAll(async () => {
  ledger = await RunningLedger.start()
  const open = ['account', 'open', TILL, '--asset', 'EUR/2', '--debits-must-not-exceed-credits']
  await ledger.json(...open)
  await ledger.json('account', 'open', 'partners:acme:fees', '--asset', 'EUR/2')
  await ledger.json('transfer', 'world', TILL, '1000.00')
  for (const name of ['ada', 'bob']) {
    const by = keys['ada'] === undefined ? [] : ['--key', keys['ada']]
    const made = await ledger.json('keys', 'create', name, '--person', '--role', 'admin', ...by)
    keys[name] = String(made['secret'])
  }
})

afterAll(() => ledger.stop())

const as = (name: string, ...argv: readonly string[]) =>
  ledger.run(...argv, '--key', keys[name] ?? '')
const json = (name: string, ...argv: readonly string[]) =>
  ledger.json(...argv, '--key', keys[name] ?? '')

test('a ceiling is set, listed with what is left, and lifted', async () => {
  const set = ['ceilings', 'create', 'bob', '--per-day', '5.00', '--asset', 'EUR/2', '--at', TILL]
  const { ceilings } = (await json('ada', ...set)) as { ceilings: { id: string }[] }
  const move = ['transfer', TILL, 'partners:acme:fees']
  expect((await as('bob', ...move, '4.00')).code).toBe(0)
  const over = await as('bob', ...move, '1.01')
  expect(over.code).toBe(1)
  expect(over.stderr).toContain(ceilings[0]?.id)
  expect(over.stderr).toContain('exceeds_ceiling')
  expect((await as('ada', 'ceilings', 'list', 'bob')).stdout).toMatch(/5\.00 EUR .* 1\.00 EUR/)
  expect((await as('ada', 'ceilings', 'revoke', ceilings[0]?.id ?? '')).code).toBe(0)
  expect((await as('bob', ...move, '1.01')).code).toBe(0)
})

test('what waits is listed, approved by another, and traced to both', async () => {
  expect((await as('ada', 'policies', 'create', 'two', 'limits')).code).toBe(0)
  const waits = await as('ada', 'account', 'change', TILL, '--limit', '5.00')
  expect(waits.code).toBe(1)
  const [approval = ''] = /appr_[0-9A-Z]{26}/.exec(waits.stderr) ?? []
  expect((await as('bob', 'approvals', 'list')).stdout).toContain(approval)
  expect((await as('ada', 'approvals', 'approve', approval)).stderr).toContain('forbidden')
  const done = await as('bob', 'approvals', 'approve', approval)
  expect(done.stdout).toMatch(/came to +changed/)
  const shown = await json('bob', 'approvals', 'show', approval)
  for (const request of [shown['request'], shown['decidedRequest'] ?? shown['decided_request']]) {
    const { stdout } = await as('ada', 'trace', String(request))
    expect(stdout).toMatch(/asked for by ada, approved by bob/)
  }
  expect((await as('ada', 'approvals', 'list', '--status', 'all')).stdout).toContain('approved')
  expect((await as('ada', 'policies', 'remove', 'two')).code).toBe(1)
})
