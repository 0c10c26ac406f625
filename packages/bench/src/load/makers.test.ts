import { parseBody, parseQuery, unpackBatch } from '@tallystick/contract'
import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { addressOf } from './account-names.ts'
import { makeMaker } from './make-maker.ts'
import { type LoadShape, type RequestKind, transfersShape } from './spec.ts'

const maker = (kind: RequestKind, shape: Partial<LoadShape> = {}) => {
  const whole = transfersShape({ kind, connections: 1, batch: 3, accounts: 10, ...shape })
  const spec = { ...whole, port: 80, rootKey: 'tk_root_x', seed: 1, requests: 1, seconds: 1 }
  return makeMaker({ spec, index: 0 })
}

const take = (request: Uint8Array) => {
  const bytes = Buffer.from(request)
  const headEnd = bytes.indexOf('\r\n\r\n')
  const [route = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n')
  const headers = Object.fromEntries(lines.map((line) => line.split(': ')))
  const body = bytes.subarray(headEnd + 4)
  return { route, headers: headers as Record<string, string>, body }
}

const idOf = (address: string): bigint => {
  const digest = hash('sha256', `tallystick/account/v1\n${address.length}\n${address}`, 'buffer')
  return (digest.readBigUInt64LE(8) << 64n) | digest.readBigUInt64LE(0)
}

describe.each(['open', 'packed', 'json', 'single', 'balance'] as const)('%s', (kind) => {
  test('has no hole, the length of its body, and a key that does not come twice', () => {
    const makes = maker(kind)
    const requests = Array.from({ length: 4 }, () => take(makes.make()))
    for (const { headers, body } of requests) {
      expect(Object.values(headers).join()).not.toContain('~')
      expect(Number(headers['content-length'] ?? 0)).toBe(body.length)
      expect(headers['authorization']).toBe('Bearer tk_root_x')
    }
    if (kind === 'balance') return
    expect(new Set(requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(4)
  })
})

test('packed transfers move money between different accounts, under new ids that rise', () => {
  const makes = maker('packed')
  const commands = [makes.make(), makes.make()].flatMap(
    (request) => unpackBatch(take(Uint8Array.from(request)).body).commands,
  )
  const ids = commands.map((command) => ('id' in command ? command.id : 0n))
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => (a < b ? -1 : 1)))
  for (const command of commands) {
    expect(command).toMatchObject({ operation: 1, asset: 978, code: 1, flags: 0, timeout: 0 })
    if (command.operation !== 1) continue
    expect(command.debitAccountId).not.toBe(command.creditAccountId)
    expect(command.debitAccountId).toBeLessThanOrEqual(10n)
    expect(command.amount).toBeGreaterThan(0n)
  }
})

test('holds have a timeout, in the share that was asked for', () => {
  const { commands } = unpackBatch(
    take(maker('packed', { batch: 1_000, holdsPercent: 30 }).make()).body,
  )
  const holds = commands.filter(({ flags }) => flags === 2)
  expect(holds.length / 1_000).toBeCloseTo(0.3, 1)
  expect(holds.every((hold) => 'timeout' in hold && hold.timeout >= 1 && hold.timeout <= 5)).toBe(
    true,
  )
})

test('a hot account is on one side of every transfer, and on each side of some', () => {
  const shape = { batch: 50, spread: 'hot', addressed: true } as const
  const { commands } = unpackBatch(take(maker('packed', shape).make()).body)
  const hot = idOf(addressOf(0))
  const sides = commands.map((command) => {
    if (command.operation !== 1) return 'none'
    return command.debitAccountId === hot
      ? 'debit'
      : command.creditAccountId === hot
        ? 'credit'
        : 'none'
  })
  expect(new Set(sides)).toEqual(new Set(['debit', 'credit']))
})

test('accounts are opened in order, with the id of their address; the last batch is shorter', () => {
  const makes = maker('open', { batch: 4, addressed: true })
  const opened = [1, 2, 3].flatMap(
    () => unpackBatch(take(Uint8Array.from(makes.make())).body).commands,
  )
  const expected = Array.from({ length: 10 }, (_, index) => addressOf(index))
  expect(opened.map((command) => ('address' in command ? command.address : ''))).toEqual(expected)
  expect(opened.map((command) => ('id' in command ? command.id : 0n))).toEqual(expected.map(idOf))
})

test('JSON bodies are those of the contract', () => {
  const single = JSON.parse(take(maker('single').make()).body.toString())
  expect(parseBody('createTransfer', single).refusal).toBeUndefined()
  const { route, body } = take(maker('json').make())
  expect(parseBody('createBatch', JSON.parse(body.toString())).refusal).toBeUndefined()
  expect(route).toBe('POST /v1/batches?balances=false HTTP/1.1')
  expect(parseQuery('createBatch', [['balances', 'false']]).refusal).toBeUndefined()
})

const answer = (status: number, body: string) => ({ status, body: Buffer.from(body) })

test('an answer that is not good is told apart', () => {
  expect(maker('single').fault(answer(201, '{}'))).toBeUndefined()
  expect(maker('single').fault(answer(503, '{}'))).toBe('status 503')
  expect(maker('json').fault(answer(200, '{"refused":0}'))).toBeUndefined()
  expect(maker('json').fault(answer(200, '{"refused":1}'))).toBe('a transfer was refused')
})
