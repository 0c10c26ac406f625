/** What every handler works with: the ledger, what is known of it, and the server's own parts. Made once per server. */
import type { TallyLedger } from '@tallystick/engine'

import type { Database } from '@tallystick/postgres'
import type { ReadModels } from '@tallystick/read-models'

import type { CallRates } from './access/call-rates.ts'
import type { ClientAddresses } from './access/client-addresses.ts'
import type { Door } from './access/door.ts'
import type { RefusalAudit } from './access/refusal-audit.ts'
import type { WrongKeys } from './access/wrong-keys.ts'
import type { Checking } from './checking.ts'
import type { Brokers } from './brokers/brokers.ts'
import type { EventFeed } from './events/event-feed.ts'
import type { BodyPool } from './http/body-pool.ts'
import type { Cursors } from './http/cursors.ts'
import type { SequenceTokens } from './http/sequence-token.ts'
import type { KnownAccounts } from './known-accounts.ts'
import type { KnownAssets } from './known-assets.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Book } from './render/book.ts'
import type { PrivateStore } from './private/private-data.ts'
import type { Backtests } from './rules/backtest.ts'
import type { Rules } from './rules/rules.ts'
import type { Scrubbed } from './scrub/scrubber.ts'
import type { Log } from './start/log.ts'
import type { AccountProofs } from './trust/account-proofs.ts'
import type { StatementPages } from './trust/statement-pages.ts'
import type { TrustLog } from './trust/trust-log.ts'
import type { Webhooks } from './webhooks/webhooks.ts'
import type { InFlight } from './write/in-flight.ts'

export interface Service {
  readonly version: string
  readonly ledger: TallyLedger
  readonly book: Book
  readonly accounts: KnownAccounts
  readonly assets: KnownAssets
  readonly inFlight: InFlight
  readonly privacy: PrivateStore
  readonly door: Door
  readonly clients: ClientAddresses
  readonly callRates: CallRates
  readonly wrongKeys: WrongKeys
  readonly refusals: RefusalAudit
  readonly tokens: SequenceTokens
  readonly cursors: Cursors
  readonly metrics: Metrics
  readonly bodies: BodyPool
  readonly events: EventFeed
  readonly rules: Rules
  readonly backtests: Backtests
  readonly webhooks: Webhooks
  readonly brokers: Brokers
  /** undefined: the proof log is switched off. */
  readonly trust: TrustLog | undefined
  /** Likewise. */
  readonly accountProofs: AccountProofs | undefined
  readonly statementPages: StatementPages | undefined
  /** undefined: the ledger is alone. */
  readonly database: Database | undefined
  /** undefined: the ledger is alone, or in memory. */
  readonly readModels: ReadModels | undefined
  /** Holds them to the ledger. */
  readonly checking: Checking | undefined
  /** What the background reader of the journal found. */
  readonly scrubbed: Scrubbed
  readonly log: Log
  readonly allowCardNumbers: boolean
  /** Before links in answers; '' = links without a host. */
  readonly publicUrl: string
  /** /metrics is on the second listener. */
  readonly hasAdminListener: boolean
  /** Changed by the one who stops the server. */
  draining: boolean
}
