import {
  AccountFlags,
  accountIdOf,
  type Command,
  NO_SUBTREE_LIMIT,
  openLedger,
  Operation,
  type Outcome,
  type TallyLedger,
  TransferFlags,
} from '@tallystick/engine'
import { Memory, packBatch, RecordCursor } from '@tallystick/ledger'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'

import { KnownAccounts } from '../known-accounts.ts'
import { KnownAssets } from '../known-assets.ts'
import { PastLimits } from '../past-limits.ts'
import { openPrivateStore } from '../private/open-private-store.ts'
import { batchAnswer, generalResultText } from './batch-answer.ts'
import type { Book } from './book.ts'
import { statusName } from './statuses.ts'

const NOTHING = new Uint8Array(0)
const cursor = new RecordCursor(Memory.allocate(8))
const SECOND = 1_000_000_000n

/** Just before a second ends, so that some batches cross into the next one. */
class Clock {
  wall = 1_800_000_000n * SECOND - 40n
  now(): bigint {
    return this.wall
  }
  monotonic(): bigint {
    return this.wall
  }
}

function openAccount(address: string, flags: number): Command {
  return {
    ...{ operation: Operation.createAccount, id: accountIdOf(address), address, asset: 978 },
    ...{ code: 1, flags, parent: 0n, limit: 50n, subtreeLimit: NO_SUBTREE_LIMIT },
    metadata: NOTHING,
  }
}

const command: fc.Arbitrary<Command> = fc
  .record({
    id: fc.bigInt(0n, (1n << 128n) - 1n),
    amount: fc.bigInt(1n, 60n),
    from: fc.constantFrom('a', 'b', 'nobody'),
    flags: fc.constantFrom(0, 0, 0, TransferFlags.balancingDebit, TransferFlags.pending),
    kind: fc.constantFrom('transfer', 'transfer', 'transfer', 'close'),
  })
  .map(({ id, amount, from, flags, kind }) =>
    kind === 'close'
      ? { operation: Operation.reopenAccount, id: accountIdOf(from), flags: 0 }
      : {
          ...{ operation: Operation.createTransfer, id, amount, flags, asset: 978, code: 1 },
          ...{ debitAccountId: accountIdOf(from), creditAccountId: accountIdOf('c') },
          ...{ pendingId: 0n, timeout: 0, effectiveAt: 0n, metadata: NOTHING },
        },
  )

function ask<Answer>(
  ledger: TallyLedger,
  commands: readonly Command[],
  { dryRun, read }: { dryRun: boolean; read: (outcome: Outcome) => Answer },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const texts = { principal: '', keyId: '', source: '', idempotencyKey: '', initiator: '' }
    const request = {
      ...{ operation: 1, contractVersion: 1, requestId: new Uint8Array(16), receivedAt: 1n },
      ...{ ...texts, digest: new Uint8Array(32), body: NOTHING, keys: [], dryRun },
      ...{ batch: packBatch(commands), lane: 'interactive' as const },
    }
    ledger.submit(request, (outcome) => {
      if (outcome instanceof Error) reject(outcome)
      else resolve(read(outcome))
    })
  })
}

/** The whole answer, and each result as the general way makes it. */
function both(book: Book, outcome: Outcome): { answered: string[]; general: string[] } {
  const answer = batchAnswer(book, outcome, { requestId: 'req_0', body: { balances: false } })
  if (answer.problem !== undefined) throw new Error('a batch is no problem')
  const [, results = ''] = answer.text.split('"results":[')
  const general = Array.from({ length: outcome.count }, (_, index) => {
    const { kind } = outcome.record(index, cursor)
    const status = statusName(kind, outcome.status(index))
    return generalResultText(book, outcome, { from: index, count: 1 }, { index, status })
  })
  return { answered: results.slice(0, -2).split(',\n'), general }
}

test('results that are written as bytes are those that the general way joins from texts', async () => {
  const clock = new Clock()
  const ledger = await openLedger({ memory: true, clock })
  onTestFinished(() => ledger.close())
  const { reader, access } = ledger
  const assets = new KnownAssets(reader)
  const accounts = new KnownAccounts(reader, assets)
  const places = { data: undefined, disk: undefined, keys: undefined, onNote: () => {} }
  const limits = new PastLimits(reader, 0)
  const privacy = openPrivateStore(places)
  const book = { reader, accounts, assets, limits, privacy, access }
  const opening = [
    openAccount('a', 0),
    openAccount('b', AccountFlags.debitsMustNotExceedCredits),
    openAccount('c', 0),
  ]
  await ask(ledger, opening, { dryRun: false, read: () => undefined })
  const read = (outcome: Outcome) => both(book, outcome)
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: 1, maxLength: 30 }),
      fc.boolean(),
      fc.constantFrom(0n, 1n, SECOND - 50n),
      async (commands, dryRun, pause) => {
        clock.wall += pause
        const { answered, general } = await ask(ledger, commands, { dryRun, read })
        expect(answered).toEqual(general)
      },
    ),
    { numRuns: 300 },
  )
})
