import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { MemoryDisk } from '@tallystick/journal'
import { Operation } from '@tallystick/ledger'
import { accountLeaf, accountSalt, accountState, inclusionProof } from '@tallystick/proof'
import { freshSeed, ModelLedger, Prng, RandomCommands } from '@tallystick/testkit'
import { leafHash, treeRoot, verifyInclusion } from '@tallystick/verify'
import { expect, test } from 'vitest'

import { type AccountsRoot, openLedger, type TallyLedger, verifyLedger } from '../src/index.ts'
import { type Scheduler, systemScheduler } from '../src/scheduler.ts'
import { account, SECOND, TestClock, transfer } from './fixtures.ts'

const DIRECTORY = 'data'
const DAY = 86_400n * SECOND
const NOON = 20_000n * DAY + DAY / 2n

/** Statements of the log once it has `sequence` in it. */
async function rootsOf(ledger: TallyLedger, sequence: number): Promise<readonly AccountsRoot[]> {
  const { proofs } = ledger
  if (proofs === undefined) throw new Error('there is no proof log')
  proofs.want(sequence)
  const isThere = (): boolean => proofs.head.size >= sequence
  await expect.poll(() => proofs.failure ?? isThere(), { timeout: 10_000 }).toBe(true)
  return [...proofs.roots]
}

async function attested(ledger: TallyLedger): Promise<AccountsRoot> {
  const { sequence, through } = await ledger.attestAccounts()
  const root = (await rootsOf(ledger, sequence)).find((one) => one.sequence === sequence)
  if (root === undefined) throw new Error('the statement is not in the list')
  expect(root.through).toBe(through)
  return root
}

interface Known {
  readonly id: bigint
  readonly leaf: Uint8Array
}

const idBytes = (id: bigint): Uint8Array => {
  const bytes = Buffer.alloc(16)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, id), 0)
  bytes.writeBigUInt64LE(id >> 64n, 8)
  return bytes
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Leaves of all accounts as 0014 has them, from what the model says of them. */
function leavesOf(model: ModelLedger, salt: Uint8Array): Known[] {
  return model.accountIds().map((id) => {
    const view = model.account(id)
    if (view === undefined) throw new Error('the model knows its accounts')
    const { asset, entryCount } = view
    const state = accountState(accountSalt(salt, idBytes(id)), {
      ...{ asset, entryCount, newest: model.entries(id).at(-1)?.sequence ?? 0n },
      balances: [view.debitsPending, view.debitsPosted, view.creditsPending, view.creditsPosted],
    })
    return { id, leaf: accountLeaf(idBytes(id), state) }
  })
}

/** Every account is proved from the tree that is kept, and is where it is looked for. */
function expectProved(ledger: TallyLedger, root: AccountsRoot, known: readonly Known[]): void {
  const tree = ledger.proofs?.accountTree(root)
  if (tree === undefined) throw new Error('the tree is not kept')
  const size = BigInt(known.length)
  expect(tree.accounts).toBe(known.length)
  for (const [index, { id, leaf }] of known.entries()) {
    expect([tree.search(id), tree.idAt(index)]).toEqual([index, id])
    const at = BigInt(index)
    const proof = inclusionProof(tree.tile, at, size)
    const claim = { index: at, size, leaf: leafHash(leaf), proof, root: root.root }
    expect(verifyInclusion(claim)).toBe(true)
  }
  tree.close()
}

test('roots of random histories are those that a slow and obvious ledger gives, and each account is proved', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  for (let history = 0; history < 6; history++) {
    const clock = new TestClock(NOON)
    const ledger = await openLedger({ memory: true, proofs: true, clock })
    const model = new ModelLedger()
    const random = new RandomCommands(prng)
    for (let round = 0; round < 6; round++) {
      for (let batch = prng.below(12); batch > 0; batch--) {
        clock.advance(BigInt(prng.below(1_500)) * 1_000_000n)
        const commands = random.batch(clock.now())
        model.apply({ commands, proposed: clock.now() })
        await ledger.applyCommands(commands)
      }
      if (ledger.lastSequence === 0) continue
      const before = ledger.proofs?.roots.length ?? 0
      const root = await attested(ledger)
      const known = leavesOf(model, ledger.proofs?.frameSalt(root.through) ?? new Uint8Array(0))
      const naive = treeRoot(known.map(({ leaf }) => leafHash(leaf)))
      expect(hexOf(root.root), `TALLY_TEST_SEED=${seed}`).toBe(hexOf(naive))
      expectProved(ledger, root, known)
      // The statement is an event of the model's history too.
      const commands = [{ operation: Operation.attest, flags: 0, statement: new Uint8Array(52) }]
      const isNew = (ledger.proofs?.roots.length ?? 0) > before
      if (isNew) model.apply({ commands, proposed: clock.now() })
    }
    expect(BigInt(ledger.lastSequence)).toBe(model.lastSequence())
    await ledger.close()
  }
})

test.each([0, 1, 2, 255, 256, 257, 1_000])('%i accounts', async (count) => {
  const ledger = await openLedger({ memory: true, proofs: true })
  // In an order that is not that of the ids, and one that is refused.
  const ids = Array.from({ length: count }, (_, n) => BigInt(((n * 7_919) % count) + 1) << 60n)
  await ledger.createAccounts([...ids.map((id) => account(id)), account(0n)])
  const root = await attested(ledger)
  const salt = ledger.proofs?.frameSalt(root.through) ?? new Uint8Array(0)
  const nothing = { asset: 978, entryCount: 0n, newest: 0n, balances: [0n, 0n, 0n, 0n] } as const
  const known = ids
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((id) => {
      const state = accountState(accountSalt(salt, idBytes(id)), nothing)
      return { id, leaf: accountLeaf(idBytes(id), state) }
    })
  expect(root).toMatchObject({ accounts: count, through: count + 1, sequence: count + 2 })
  expect(hexOf(root.root)).toBe(hexOf(treeRoot(known.map(({ leaf }) => leafHash(leaf)))))
  expectProved(ledger, root, known)
  await ledger.close()
})

test('nothing has happened, or there is no proof log: it says so', async () => {
  const empty = await openLedger({ memory: true, proofs: true })
  await expect(empty.attestAccounts()).rejects.toMatchObject({ code: 'invalid' })
  await empty.close()
  const without = await openLedger({ memory: true })
  await without.createAccounts([account(1n)])
  await expect(without.attestAccounts()).rejects.toMatchObject({ code: 'invalid' })
  await without.close()
})

test('asked again without news it is the same statement, with news another one', async () => {
  const ledger = await openLedger({ memory: true, proofs: true })
  await ledger.createAccounts([account(1n), account(2n)])
  const first = await attested(ledger)
  expect(await ledger.attestAccounts()).toEqual({ through: 2, sequence: 3 })
  await ledger.createTransfers([transfer(10n, 5n)])
  const second = await attested(ledger)
  expect(second).toMatchObject({ through: 4, sequence: 5, accounts: 2 })
  expect(second.root).not.toEqual(first.root)
  await ledger.close()
})

test('asked while one is made, it shows what was decided before it was asked', async () => {
  const ledger = await openLedger({ memory: true, proofs: true })
  await ledger.createAccounts([account(1n), account(2n)])
  const early = ledger.attestAccounts()
  for (let id = 10n; id < 40n; id++) {
    const [result] = await ledger.createTransfers([transfer(id, 1n)])
    const { through } = await ledger.attestAccounts()
    expect(through).toBeGreaterThanOrEqual(result?.sequence ?? Number.NaN)
  }
  await early
  await ledger.close()
})

/** Timers that go off when the clock has come to them. */
class TestScheduler implements Scheduler {
  readonly #clock: TestClock
  readonly #timers = new Map<() => void, bigint>()
  readonly soon = (task: () => void): void => systemScheduler.soon(task)

  constructor(clock: TestClock) {
    this.#clock = clock
  }

  after(ms: number, task: () => void): () => void {
    this.#timers.set(task, this.#clock.now() + BigInt(ms) * 1_000_000n)
    return () => this.#timers.delete(task)
  }

  advance(ns: bigint): void {
    this.#clock.advance(ns)
    for (const [task, at] of this.#timers) {
      if (at > this.#clock.now()) continue
      this.#timers.delete(task)
      task()
    }
  }
}

test("at each day's end (UTC) there is one, if anything happened, and a day that ended while closed ends at the start", async () => {
  const disk = new MemoryDisk()
  const clock = new TestClock(NOON)
  const scheduler = new TestScheduler(clock)
  const options = { directory: DIRECTORY, disk, proofs: true, clock, scheduler }
  const first = await openLedger(options)
  await first.createAccounts([account(1n), account(2n)])
  scheduler.advance(DAY / 2n - 1n)
  await first.createTransfers([transfer(10n, 5n)])
  expect(await rootsOf(first, 3)).toEqual([])
  scheduler.advance(SECOND)
  const [midnight] = await rootsOf(first, 4)
  expect(midnight).toMatchObject({ through: 3, sequence: 4, accounts: 2 })
  // A day without anything new.
  scheduler.advance(DAY)
  await first.createTransfers([transfer(11n, 5n)])
  expect(first.lastSequence).toBe(5)
  await first.close()
  // The same day, then the next one.
  const second = await openLedger(options)
  expect(await rootsOf(second, 5)).toHaveLength(1)
  await second.close()
  scheduler.advance(DAY)
  const third = await openLedger(options)
  expect((await rootsOf(third, 6)).at(-1)).toMatchObject({ through: 5, sequence: 6 })
  await third.close()
})

test('where nothing may be stated alone, neither a day nor a snapshot is; who asks gets one', async () => {
  const disk = new MemoryDisk()
  const clock = new TestClock(NOON)
  const scheduler = new TestScheduler(clock)
  const options = {
    ...{ directory: DIRECTORY, disk, proofs: true, clock, scheduler, snapshotEveryBytes: 4_096 },
    mayStateAlone: () => Promise.resolve(false),
  }
  const first = await openLedger(options)
  await first.createAccounts([account(1n), account(2n)])
  for (let id = 10n; id < 60n; id++) await first.createTransfers([transfer(id, 1n)])
  scheduler.advance(DAY)
  expect(await rootsOf(first, 52)).toEqual([])
  await first.close()
  scheduler.advance(DAY)
  const second = await openLedger(options)
  expect(await rootsOf(second, 52)).toEqual([])
  expect(await attested(second)).toMatchObject({ through: 52, sequence: 53 })
  await second.close()
})

test('after a snapshot that was made for its size there is one', async () => {
  const disk = new MemoryDisk()
  const options = { directory: DIRECTORY, disk, proofs: true, snapshotEveryBytes: 4_096 }
  const ledger = await openLedger(options)
  await ledger.createAccounts([account(1n), account(2n)])
  for (let id = 10n; id < 60n; id++) await ledger.createTransfers([transfer(id, 1n)])
  await expect.poll(() => ledger.proofs?.roots.length).toBeGreaterThan(0)
  for (const root of ledger.proofs?.roots ?? []) {
    const tree = ledger.proofs?.accountTree(root)
    expect(tree?.accounts).toBe(2)
    tree?.close()
  }
  await ledger.close()
  expect((await verifyLedger({ directory: DIRECTORY, disk })).problems).toEqual([])
})

/** Two roots of a random history, and what they and their trees are found to be in the next life. */
async function withRoots(disk: MemoryDisk, prng: Prng): Promise<readonly AccountsRoot[]> {
  const ledger = await openLedger({ directory: DIRECTORY, disk, proofs: true })
  const random = new RandomCommands(prng)
  for (let round = 0; round < 2; round++) {
    for (let batch = 0; batch < 20; batch++) {
      await ledger.applyCommands(random.batch(BigInt(Date.now()) * 1_000_000n))
    }
    await attested(ledger)
  }
  const roots = [...(ledger.proofs?.roots ?? [])]
  await ledger.close()
  return roots.map((root) => ({ ...root, root: Buffer.from(root.root) }))
}

test('statements and trees are there after a restart; the list is made again from the book when its files are lost', async () => {
  const seed = freshSeed()
  const disk = new MemoryDisk()
  const roots = await withRoots(disk, new Prng(seed))
  const names = disk.readdir('data/proofs').filter((name) => name !== 'account-trees')
  for (const lost of [[], ...names.map((name) => [name]), names]) {
    for (const name of lost) disk.unlink(`data/proofs/${name}`)
    const ledger = await openLedger({ directory: DIRECTORY, disk, proofs: true })
    const again = await rootsOf(ledger, roots.at(-1)?.sequence ?? 0)
    expect(again.slice(0, 2), `${lost.join()} TALLY_TEST_SEED=${seed}`).toEqual(roots)
    for (const root of roots) {
      const tree = ledger.proofs?.accountTree(root)
      expect(tree?.accounts).toBe(root.accounts)
      tree?.close()
    }
    await ledger.close()
  }
})

test('a tree that is lost or of another root is not given out; a new one is made when it is asked for', async () => {
  const disk = new MemoryDisk()
  const roots = await withRoots(disk, new Prng(freshSeed()))
  const [older, newest] = roots
  if (older === undefined || newest === undefined) throw new Error('there are two roots')
  const [first = '', second = ''] = disk.readdir('data/proofs/account-trees').toSorted()
  const head = disk.contents(`data/proofs/account-trees/${first}`)
  head[50] = (head[50] ?? 0) ^ 1
  disk.place(`data/proofs/account-trees/${first}`, head)
  disk.unlink(`data/proofs/account-trees/${second}`)
  const ledger = await openLedger({ directory: DIRECTORY, disk, proofs: true })
  await rootsOf(ledger, newest.sequence)
  expect(ledger.proofs?.accountTree(older)).toBeUndefined()
  expect(ledger.proofs?.accountTree(newest)).toBeUndefined()
  const made = await attested(ledger)
  expect(made.through).toBeGreaterThanOrEqual(newest.sequence)
  const tree = ledger.proofs?.accountTree(made)
  expect(tree?.accounts).toBe(made.accounts)
  tree?.close()
  await ledger.close()
})

test('a statement that is not true is found by whoever decides the book again', async () => {
  const disk = new MemoryDisk()
  const ledger = await openLedger({ directory: DIRECTORY, disk, proofs: true })
  await ledger.createAccounts([account(1n), account(2n)])
  const { root } = await attested(ledger)
  const statement = Buffer.alloc(52)
  statement.write('TLA1')
  statement.writeBigUInt64LE(2n, 4)
  statement.writeBigUInt64LE(2n, 12)
  statement.set(root, 20)
  const attest = { operation: Operation.attest, flags: 0 } as const
  const ask = (): Promise<unknown> =>
    ledger.applyCommands([{ ...attest, statement: Buffer.from(statement) }])
  // True, though nobody but the ledger says so; another count; another root; a moment in the future.
  await ask()
  statement.writeBigUInt64LE(3n, 12)
  await ask()
  statement.writeBigUInt64LE(2n, 12)
  statement[20] = (statement[20] ?? 0) ^ 1
  await ask()
  statement.writeBigUInt64LE(99n, 4)
  await ask()
  await ledger.close()
  const { problems } = await verifyLedger({ directory: DIRECTORY, disk })
  const found = problems.map(({ kind, sequence }) => [kind, sequence])
  expect(found).toEqual([5, 6, 7].map((sequence) => ['accounts_root', sequence]))
})

test('of more statements than there is room for the newest is made again and others by lot, and what each says of how many accounts there were is held to the ledger', async () => {
  const disk = new MemoryDisk()
  const ledger = await openLedger({ directory: DIRECTORY, disk, proofs: true })
  for (let id = 1n; id <= 10n; id++) {
    await ledger.createAccounts([account(id)])
    const { root, through } = await attested(ledger)
    const statement = Buffer.alloc(52)
    statement.write('TLA1')
    statement.writeBigUInt64LE(BigInt(through), 4)
    statement.writeBigUInt64LE(id, 12)
    statement.set(root, 20)
    if (id !== 3n && id !== 10n) continue
    // Of the third one account more; of the last another root.
    if (id === 3n) statement.writeBigUInt64LE(4n, 12)
    else statement[20] = (statement[20] ?? 0) ^ 1
    await ledger.applyCommands([{ operation: Operation.attest, flags: 0, statement }])
  }
  await ledger.close()
  const found = async (statementLeavesMax: number) => {
    const { problems, statements } = await verifyLedger({
      ...{ directory: DIRECTORY, disk, statementLeavesMax },
    })
    return { ...statements, kinds: problems.map(({ kind }) => kind) }
  }
  const both = ['accounts_root', 'accounts_root']
  expect(await found(Number.POSITIVE_INFINITY)).toEqual({ found: 12, madeAgain: 12, kinds: both })
  // The last tree has ten leaves: it is made again and leaves room for none, or for a few others.
  expect(await found(1)).toEqual({ found: 12, madeAgain: 2, kinds: both })
  const few = await found(20)
  expect(few.kinds).toEqual(both)
  expect(few.madeAgain).toBeGreaterThan(2)
  expect(few.madeAgain).toBeLessThan(12)
})

test('in a thread of its own on a real disk: trees are made while work goes on', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tally-roots-'))
  try {
    const ledger = await openLedger({ directory, proofs: true })
    await ledger.createAccounts(Array.from({ length: 500 }, (_, n) => account(BigInt(n + 1))))
    const done = new AbortController()
    let next = 1_000n
    const work = async (): Promise<void> => {
      while (!done.signal.aborted) await ledger.createTransfers([transfer(next++, 1n)])
    }
    const working = work()
    const roots: AccountsRoot[] = []
    for (let round = 0; round < 4; round++) roots.push(await attested(ledger))
    done.abort()
    await working
    await ledger.close()
    expect(new Set(roots.map(({ through }) => through)).size).toBe(4)
    expect(readdirSync(join(directory, 'proofs', 'account-trees'))).toHaveLength(4)
    expect((await verifyLedger({ directory })).problems).toEqual([])
  } finally {
    rmSync(directory, { recursive: true })
  }
})
