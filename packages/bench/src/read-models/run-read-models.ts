/** Fills a ledger, and has the read models made from it: from zero, and from where they were when nobody followed. */
import { join } from 'node:path'

import { bookDirectory, openLedger, type TallyLedger } from '@tallystick/engine'
import { assert } from '@tallystick/money'
import { Database, ownMigrations, type Pool } from '@tallystick/postgres'
import { readModelMigrations, ReadModels } from '@tallystick/read-models'

import { PackedBatches } from '../embedded/packed-batches.ts'
import { EURO } from '../load/euro.ts'
import { Xorshift } from '../load/random.ts'
import type { ReadModelsReport, ReadModelsSpec, ReadModelsStretch } from './spec.ts'

const WAIT_MS = 600_000
const ACCOUNTS_MAX = 8_000

export async function runReadModels(spec: ReadModelsSpec): Promise<ReadModelsReport> {
  const data = join(spec.directory, 'data')
  const ledger = await openLedger({ directory: data, proofs: false })
  const database = Database.open({
    source: {
      ...{ kind: 'embedded', directory: join(spec.directory, 'postgres') },
      passwordFile: join(spec.directory, 'postgres.password'),
    },
    migrations: [ownMigrations(), readModelMigrations()],
    journalId: ledger.journalId,
    onNote: () => {},
  })
  try {
    await openAccounts(ledger, spec.accounts)
    const makers = new PackedBatches(spec, new Xorshift(spec.seed))
    await fill(ledger, makers, spec.transfers)
    const place = { ledger, database, book: bookDirectory(data) }
    const pool = await database.ready()
    const models = openModels(place)
    await reach(models, ledger)
    const rebuilds: ReadModelsStretch[] = []
    for (let round = 0; round < spec.rebuilds; round++) {
      rebuilds.push(await timed(ledger.durableSequence, () => rebuild(models, ledger)))
    }
    await models.close()
    const from = ledger.durableSequence
    await fill(ledger, makers, spec.behind)
    const later = openModels(place)
    const catchUp = await timed(ledger.durableSequence - from, () => reach(later, ledger))
    await later.close()
    const bytesPerMovement = await sizeOf(pool)
    return { rebuilds, catchUp, bare: await bareCopy(pool), bytesPerMovement }
  } finally {
    await database.close()
    await ledger.close()
  }
}

interface Place {
  readonly ledger: TallyLedger
  readonly database: Database
  readonly book: string
}

const openModels = ({ ledger, database, book }: Place): ReadModels =>
  ReadModels.open({
    ...{ database, ledger, bookDirectory: book },
    onNote: (note) => process.stderr.write(`${note}\n`),
  })

async function timed(events: number, work: () => Promise<void>): Promise<ReadModelsStretch> {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await work()
  const seconds = (performance.now() - begun) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { events, seconds, cpuSeconds: (user + system) / 1e6 }
}

async function reach(models: ReadModels, { durableSequence }: TallyLedger): Promise<void> {
  assert(await models.reached(durableSequence, WAIT_MS), 'the tables came to the newest event')
  assert(models.state.status === 'following', 'the tables are whole')
}

async function rebuild(models: ReadModels, ledger: TallyLedger): Promise<void> {
  await models.rebuild()
  await reach(models, ledger)
}

async function openAccounts(ledger: TallyLedger, accounts: number): Promise<void> {
  for (let from = 0; from < accounts; from += ACCOUNTS_MAX) {
    const opened = await ledger.createAccounts(
      Array.from({ length: Math.min(ACCOUNTS_MAX, accounts - from) }, (_, index) => ({
        ...{ id: BigInt(from + index + 1), asset: EURO.number, code: 1 },
      })),
    )
    assert(
      opened.every(({ status }) => status === 0),
      'every account is open',
    )
  }
}

async function fill(ledger: TallyLedger, makers: PackedBatches, transfers: number): Promise<void> {
  for (let done = 0; done < transfers;) {
    const batch = makers.make()
    const statuses = await ledger.applyBatch(batch)
    assert(
      statuses.every((status) => status === 0),
      'every transfer is done',
    )
    done += batch.count
  }
}

async function sizeOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ bytes: number }>(
    "select (pg_total_relation_size('tallystick.movements') / count(*))::float8 as bytes from tallystick.movements",
  )
  return rows[0]?.bytes ?? 0
}

/** PostgreSQL stands in its own directory; a file there is its own. */
const FILE = '/proc/self/cwd/bare-copy'

async function bareCopy(pool: Pool): Promise<ReadModelsStretch> {
  await pool.query(`copy tallystick.movements to '${FILE}' with (format binary)`)
  await pool.query('create table bare_movements (like tallystick.movements)')
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::int as count from tallystick.movements',
  )
  return timed(rows[0]?.count ?? 0, async () => {
    await pool.query(`copy bare_movements from '${FILE}' with (format binary)`)
  })
}
