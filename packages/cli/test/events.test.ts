import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RunningLedger } from './running-ledger.ts'

let ledger: RunningLedger

beforeAll(async () => {
  ledger = await RunningLedger.start()
  await ledger.run('account', 'open', 'users:1042:wallet', '--asset', 'EUR/2')
  await ledger.run('transfer', 'world', 'users:1042:wallet', '100.00', '--reference', 'order-1')
})

afterAll(() => ledger.stop())

/** Lines of a `tally events tail` that runs until it has written so many. */
async function linesOf(count: number, ...argv: readonly string[]): Promise<string[]> {
  const child = ledger.spawn('events', 'tail', ...argv)
  const lines: string[] = []
  if (child.stdout === null) throw new Error('it has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (lines.length === count) child.kill('SIGINT')
  }
  return lines
}

test('events are shown from the first one on, one per line', async () => {
  const lines = await linesOf(3, '--since', '0')
  expect(lines.map((line) => line.replace(/^\S+ \S+ +/, ''))).toEqual([
    '0-1  account.opened    users:1042:wallet  EUR/2',
    '0-2  account.opened    world:EUR-2  EUR/2',
    '0-3  transfer.posted   100.00 EUR  world:EUR-2 #1 (-100.00) → users:1042:wallet #1 (100.00)  order-1',
  ])
})

test('in JSON they are as the server tells them', async () => {
  const [line = ''] = await linesOf(1, '--since', '0-1', '--type', 'transfer.*', '--json')
  expect(JSON.parse(line)).toMatchObject({
    ...{ specversion: '1.0', id: '0-3', type: 'transfer.posted' },
    data: { amount: '10000', debit: { number: '1' }, reference: 'order-1' },
  })
})

test('a type that there is not is a wrong command line', async () => {
  const { code, stderr } = await ledger.run('events', 'tail', '--type', 'money.moved')
  expect(stderr).toContain('No type of event is called money.moved.')
  expect(code).toBe(2)
})
