/** Holds the read models to this ledger: its own totals, at a moment at which nothing is under way. */
import { EngineError, type TallyLedger } from '@tallystick/engine'
import { Agreement, type ReadModels, type TotalsNow } from '@tallystick/read-models'

import type { KnownAssets } from './known-assets.ts'
import type { Log } from './start/log.ts'

/** undefined: there are none. */
export function agreementOf(
  ledger: TallyLedger,
  assets: KnownAssets,
  { readModels: models, log }: { readonly readModels: ReadModels | undefined; readonly log: Log },
): Agreement | undefined {
  if (models === undefined) return undefined
  const agreement = new Agreement({
    models,
    totals: () => totalsNow(ledger, assets),
    onDifference: (difference) =>
      log.error('the read models say something else than the ledger: make them again', {
        difference,
      }),
  })
  agreement.start()
  return agreement
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
