/** Holds the read models to this ledger: its own totals, at a moment at which nothing is under way; and tells of it when they differ. */
import { EngineError, type TallyLedger } from '@tallystick/engine'
import { type Database, type JobKind, Jobs, outboxJob, writeFact } from '@tallystick/postgres'
import { Agreement, type Checked, type ReadModels, type TotalsNow } from '@tallystick/read-models'

import { type FactType, stateFact } from './facts/fact-statement.ts'
import { errorFields, type Log } from './start/log.ts'
import type { KnownAssets } from './known-assets.ts'

export interface Checking {
  readonly agreement: Agreement
  readonly jobs: Jobs
}

export const AGREEMENT_JOB = 'read-models-agreement'
const EVERY_TEN_MINUTES = '*/10 * * * *'

/** undefined: there is nothing to check. */
export function checkingOf(
  ledger: TallyLedger,
  assets: KnownAssets,
  parts: {
    readonly database: Database | undefined
    readonly readModels: ReadModels | undefined
    readonly log: Log
  },
): Checking | undefined {
  const { database, readModels: models, log } = parts
  if (models === undefined || database === undefined) return undefined
  const agreement = new Agreement({
    models,
    totals: () => totalsNow(ledger, assets),
    onChange: (client, checked) => {
      tellOperator(log, checked)
      return writeFact(client, jobs, factOf(checked))
    },
  })
  const jobs = Jobs.open({
    database,
    kinds: [agreementJob(agreement), outboxJob(database, (fact) => stateFact(ledger, fact))],
    onFailure: (job, error) => log.warn('a job failed', { job, ...errorFields(error) }),
  })
  const recall = async (): Promise<void> => agreement.recall(await database.ready())
  // Not there: the next check tells.
  recall().catch(() => undefined)
  return { agreement, jobs }
}

function agreementJob(agreement: Agreement): JobKind {
  return {
    ...{ name: AGREEMENT_JOB, cron: EVERY_TEN_MINUTES, policy: 'alone' },
    work: async () => {
      if (await agreement.check()) return
      throw new Error(
        'the tables were not held to the ledger: they are behind, or it is never still',
      )
    },
  }
}

function tellOperator(log: Log, { differences }: Checked): void {
  if (differences.length === 0) log.info('the read models say what the ledger says again')
  for (const difference of differences) {
    log.error('the read models say something else than the ledger: make them again', { difference })
  }
}

function factOf({ sequence, differences }: Checked): {
  readonly type: FactType
  readonly data: string
} {
  const at = { compared_sequence: `${sequence}` }
  return differences.length === 0
    ? { type: 'read_models.agreed', data: JSON.stringify(at) }
    : { type: 'read_models.differed', data: JSON.stringify({ ...at, differences }) }
}

function totalsNow(ledger: TallyLedger, assets: KnownAssets): TotalsNow | undefined {
  const { lastSequence: sequence, durableSequence } = ledger
  // What is shown is what is durable: only when that is all of it is it known of which event it is.
  if (sequence !== durableSequence) return undefined
  try {
    const totals = ledger.reader.totals({ prefix: '', groupBy: 0 }).map((row) => ({
      ...{ asset: assets.text(row.asset), accounts: row.accounts },
      ...{ debitsPosted: row.debitsPosted, creditsPosted: row.creditsPosted },
    }))
    return { sequence, totals }
  } catch (error) {
    // More accounts than are added up at one moment.
    if (error instanceof EngineError && error.code === 'too_large') return undefined
    throw error
  }
}
