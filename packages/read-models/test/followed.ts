/** A ledger with a random history, the read models that follow it, and what the tables should hold by the ledger's own word. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { formatId, formatRequestId } from '@tallystick/contract'
import {
  AccountFlags,
  bookDirectory,
  type Command,
  NO_SUBTREE_LIMIT,
  openLedger,
  type TallyLedger,
} from '@tallystick/engine'
import { type Database, type DatabaseSource, ownMigrations, type Pool } from '@tallystick/postgres'
import { openDatabase, type Prng, RandomCommands } from '@tallystick/testkit'
import { onTestFinished } from 'vitest'

import { readModelMigrations, ReadModels } from '../src/index.ts'

export interface Followed {
  readonly ledger: TallyLedger
  readonly database: Database
  readonly models: ReadModels
  readonly directory: string
  readonly clock: Clock
}

/** Goes forward only when it is told to. */
class Clock {
  #now = 1_700_000_000_000_000_000n
  now(): bigint {
    return this.#now
  }
  monotonic(): bigint {
    return this.#now
  }
  advance(ns: bigint): void {
    this.#now += ns
  }
}

export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tally-models-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Closed when the test is over. */
export async function follow(source: DatabaseSource, directory = scratch()): Promise<Followed> {
  const clock = new Clock()
  const ledger = await openLedger({ directory, clock, proofs: false })
  onTestFinished(() => ledger.close())
  return { ...followBy(ledger, directory, source), ledger, directory, clock }
}

export function followBy(
  ledger: TallyLedger,
  directory: string,
  source: DatabaseSource,
): Pick<Followed, 'database' | 'models'> {
  const migrations = [ownMigrations(), readModelMigrations()]
  const { database } = openDatabase(source, migrations, ledger.journalId)
  const models = ReadModels.open({
    ...{ database, ledger, bookDirectory: bookDirectory(directory) },
    onNote: () => {},
  })
  onTestFinished(() => models.close())
  return { database, models }
}

export async function fill({ ledger, clock }: Followed, prng: Prng, rounds: number): Promise<void> {
  const random = new RandomCommands(prng)
  for (let round = 0; round < rounds; round++) {
    clock.advance(BigInt(prng.below(20_000_000)) * 1_000_000n)
    const asked = Array.from({ length: 1 + prng.below(4) }, () =>
      ledger.applyCommands(
        random.batch(clock.now()).map((command) => withMetadata(command, prng)),
        { source: 'ip\t1\\2' },
      ),
    )
    await Promise.all(asked)
  }
}

function withMetadata(command: Command, prng: Prng): Command {
  if (!('metadata' in command) || prng.once(2)) return command
  const fields = {
    ...(prng.once(2) ? { cart: prng.pick(['c-1', 'c-2']) } : {}),
    ...(prng.once(2) ? { n: prng.pick<unknown>([1, 2, '1', { deep: 1 }]) } : {}),
    ...(prng.once(2) ? { ok: prng.pick<unknown>([true, "it's", 'a\u0000b', null]) } : {}),
  }
  return { ...command, metadata: Buffer.from(JSON.stringify(fields)) }
}

type Row = Readonly<Record<string, unknown>>

/** All tables, as they are. */
export async function found(pool: Pool): Promise<Record<string, Row[]>> {
  const tables = {
    accounts: `select slot, id, address, asset, code, parent_id, limit_amount, subtree_limit, closed, sequence, timestamp_ns,
      debits_pending, debits_posted, credits_pending, credits_posted, entries, moved_sequence from tallystick.accounts order by slot`,
    entries: `select slot, number, direction, counterparty_slot, sequence, id, kind, amount, code, effective_ns, timestamp_ns,
      debits_pending, debits_posted, credits_pending, credits_posted from tallystick.entries order by slot, number`,
    holds: `select sequence, id, status, captured, remaining, amount, expires_ns from tallystick.holds order by sequence`,
    requests: `select sequence, last_sequence, id, source from tallystick.requests order by sequence`,
    turnover: `select slot, day::text, debits, credits from tallystick.turnover order by slot, day`,
  }
  const rows: Record<string, Row[]> = {}
  for (const [name, query] of Object.entries(tables)) rows[name] = (await pool.query(query)).rows
  return rows
}

const KINDS = {
  ...{ transfer: 'posted', reversal: 'reversed', hold: 'held' },
  ...{ capture: 'captured', void: 'voided', release: 'expired' },
} as const

/** The same by reading each account's own history. */
export function expected(ledger: TallyLedger): Record<string, Row[]> {
  const { reader } = ledger
  const accounts: Row[] = []
  const entries: Row[] = []
  const turnover: Row[] = []
  for (let slot = 0; slot < reader.accountCount; slot++) {
    const view = reader.accountBySlot(slot)
    if (view === undefined) throw new Error(`no account in slot ${slot}`)
    accounts.push(accountRow(reader, view))
    const history = reader.entries({
      ...{ account: view.id, by: 'ledger', kind: 'all', newestFirst: false, limit: 8_190 },
    }).entries
    entries.push(...history.map((entry) => entryRow(reader, slot, entry)))
    turnover.push(...turnoverRows(slot, history))
  }
  return { accounts, entries, turnover, holds: holdRows(ledger), requests: requestRows(ledger) }
}

type Reader = TallyLedger['reader']
type Account = NonNullable<ReturnType<Reader['accountBySlot']>>
type Entry = ReturnType<Reader['entries']>['entries'][number]

const fourBalances = (balances: Account | Entry['balances']): Row => ({
  debits_pending: `${balances.debitsPending}`,
  debits_posted: `${balances.debitsPosted}`,
  credits_pending: `${balances.creditsPending}`,
  credits_posted: `${balances.creditsPosted}`,
})

function accountRow(_reader: Reader, view: Account): Row {
  return {
    ...{ slot: view.slot, id: formatId(view.id), code: view.code },
    address: view.address === '' ? formatId(view.id) : view.address,
    asset: ASSETS[view.asset],
    parent_id: view.parent === 0n ? null : formatId(view.parent),
    limit_amount: `${view.limit}`,
    subtree_limit: view.subtreeLimit === NO_SUBTREE_LIMIT ? null : `${view.subtreeLimit}`,
    closed: (view.flags & AccountFlags.closed) !== 0,
    ...{ sequence: `${view.sequence}`, timestamp_ns: `${view.timestamp}` },
    ...fourBalances(view),
    ...{ entries: `${view.entryCount}`, moved_sequence: `${view.newestSequence}` },
  }
}

/** Of `RandomCommands`. */
const ASSETS: Readonly<Record<number, string>> = { 1: 'NUMBER_1/0', 2: 'NUMBER_2/0' }

function entryRow(reader: Reader, slot: number, entry: Entry): Row {
  return {
    ...{ slot, number: `${entry.number}`, direction: entry.direction },
    counterparty_slot: reader.account(entry.counterparty)?.slot,
    ...{ sequence: `${entry.sequence}`, id: formatId(entry.transferId), kind: KINDS[entry.kind] },
    ...{ amount: `${entry.amount}`, code: entry.code },
    effective_ns: `${entry.effectiveAt}`,
    timestamp_ns: `${entry.timestamp}`,
    ...fourBalances(entry.balances),
  }
}

function turnoverRows(slot: number, history: readonly Entry[]): Row[] {
  const days = new Map<string, { debits: bigint; credits: bigint }>()
  for (const { timestamp, posted, direction, kind } of history) {
    if (kind === 'hold' || kind === 'void' || kind === 'release') continue
    const day = new Date(Number(timestamp / 1_000_000n)).toISOString().slice(0, 10)
    const sums = days.get(day) ?? { debits: 0n, credits: 0n }
    sums[direction === 'debit' ? 'debits' : 'credits'] += posted
    days.set(day, sums)
  }
  return Array.from(days, ([day, { debits, credits }]) => ({
    ...{ slot, day, debits: `${debits}`, credits: `${credits}` },
  }))
}

function holdRows({ reader, lastSequence }: TallyLedger): Row[] {
  const rows: Row[] = []
  for (let sequence = 1; sequence <= lastSequence; sequence++) {
    const view = reader.transferBySequence(sequence)
    if (view === undefined || (view.flags & 2) === 0 || view.sequence !== sequence) continue
    rows.push({
      ...{ sequence: `${sequence}`, id: formatId(view.id), status: view.state },
      ...{ captured: `${view.captured}`, remaining: `${view.remaining}`, amount: `${view.amount}` },
      expires_ns: view.deadline === 0n ? null : `${view.deadline}`,
    })
  }
  return rows
}

function requestRows({ reader, lastSequence }: TallyLedger): Row[] {
  const rows = new Map<number, Row>()
  for (let sequence = 1; sequence <= lastSequence; sequence++) {
    const head = reader.originOf(sequence)
    if (head === undefined) continue
    rows.set(head.firstSequence, {
      ...{ sequence: `${head.firstSequence}`, last_sequence: `${head.lastSequence}` },
      ...{ id: formatRequestId(head.requestId), source: head.source },
    })
  }
  return [...rows.values()]
}
