import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Prng } from '@tallystick/testkit'
import { afterEach, expect, test } from 'vitest'

import { openLedger, TransferFlags, type TallyLedger, verifyLedger } from '../src/index.ts'
import { ACCOUNTS, keyOf, transfersOf } from './crash-load.ts'

const ROUNDS = 8

const directory = mkdtempSync(join(tmpdir(), 'tally-crash-'))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

interface Answer {
  readonly sequence: number
  readonly statuses: readonly number[]
}

/** Runs the child until it is killed; @returns what it was told. */
async function loadAndKill(first: number, ms: number): Promise<Map<number, Answer>> {
  const path = join(import.meta.dirname, 'crash-child.ts')
  const child = spawn(process.execPath, [path, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let told = ''
  const killed = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    if (told === '') setTimeout(() => child.kill('SIGKILL'), ms)
    told += text
  })
  await killed
  // A line that was cut short was never heard.
  const lines = told.split('\n').slice(1, -1)
  return new Map(
    lines.map((line) => {
      const [n, sequence, statuses = ''] = line.split(' ')
      return [Number(n), { sequence: Number(sequence), statuses: statuses.split(',').map(Number) }]
    }),
  )
}

/** Asks everything again: acknowledged requests must give their first answers, others get one now. */
async function askAgain(
  ledger: TallyLedger,
  range: { first: number; last: number },
  told: ReadonlyMap<number, Answer>,
): Promise<Map<number, Answer>> {
  const answers = new Map<number, Answer>()
  for (let n = range.first; n <= range.last; n++) {
    const before = ledger.lastSequence
    const results = await ledger.createTransfers(transfersOf(n), { key: keyOf(n) })
    const answer = {
      sequence: results[0]?.sequence ?? 0,
      statuses: results.map((one) => one.status),
    }
    const acknowledged = told.get(n)
    // What is asked for the first time now has no answer to be held to.
    expect({ n, ...answer }).toEqual({ n, ...(acknowledged ?? answer) })
    expect(acknowledged === undefined || answer.sequence <= before).toBe(true)
    answers.set(n, answer)
  }
  return answers
}

test(`killed ${ROUNDS} times under load: what was acknowledged is there once, keys give first answers, and roots over all accounts are true`, async () => {
  const seed = Date.now() & 0xffff
  const prng = new Prng(seed)
  const answers = new Map<number, Answer>()
  let first = 1
  let acknowledged = 0
  for (let round = 0; round < ROUNDS; round++) {
    const told = await loadAndKill(first, 50 + prng.below(900))
    acknowledged += told.size
    const last = Math.max(first, ...told.keys()) + 20
    const ledger = await openLedger({ directory, proofs: true })
    for (const [n, answer] of await askAgain(ledger, { first, last }, told)) answers.set(n, answer)

    await checkBalances(ledger, answers)
    await checkRoots(ledger)

    await ledger.close()
    first = last + 1
  }
  expect(acknowledged, `seed ${seed}`).toBeGreaterThan(ROUNDS)
  expect((await verifyLedger({ directory })).problems, `seed ${seed}`).toEqual([])
}, 110_000)

/** The newest statement has its tree, whatever was cut short before, and nothing half written is left. */
async function checkRoots(ledger: TallyLedger): Promise<void> {
  const { sequence } = await ledger.attestAccounts()
  ledger.proofs?.want(sequence)
  await expect.poll(() => ledger.proofs?.roots.at(-1)?.sequence).toBe(sequence)
  const newest = ledger.proofs?.roots.at(-1)
  const tree = newest && ledger.proofs?.accountTree(newest)
  expect(tree?.accounts).toBe(ACCOUNTS)
  tree?.close()
  const trees = readdirSync(join(directory, 'proofs', 'account-trees'))
  expect(trees.filter((name) => !/^tree-\d{16}$/.test(name))).toEqual([])
}

/** Every created transfer moved once what it says; holds are open or expired as a whole. */
async function checkBalances(
  ledger: TallyLedger,
  answers: ReadonlyMap<number, Answer>,
): Promise<void> {
  const posted = new Map<bigint, bigint>()
  const sequences = new Set<number>()
  for (const [n, { sequence, statuses }] of answers) {
    for (const [index, transfer] of transfersOf(n).entries()) {
      sequences.add(sequence + index)
      const isHold = transfer.flags === TransferFlags.pending
      const { debitAccountId = 0n, amount = 0n } = transfer
      if (statuses[index] !== 0 || isHold) continue
      posted.set(debitAccountId, (posted.get(debitAccountId) ?? 0n) + amount)
    }
  }
  const accounts = await ledger.lookupAccounts(
    Array.from({ length: ACCOUNTS }, (_, index) => BigInt(index + 1)),
  )
  for (const { id, debitsPosted } of accounts) {
    expect({ id, debitsPosted }).toEqual({ id, debitsPosted: posted.get(id) ?? 0n })
  }
  const total = [...answers.values()].reduce((sum, { statuses }) => sum + statuses.length, 0)
  expect(sequences.size).toBe(total)
}
