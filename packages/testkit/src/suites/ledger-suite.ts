/** All suites of the state machine, for the model and for the fast ledger alike. */
import type { MakeMachine } from '@tallystick/scenario'
import { ACCOUNT_PRECEDENCE } from './account-precedence.ts'
import { APPROVALS } from './approvals.ts'
import { BALANCING } from './balancing.ts'
import { CLOSED_BOOKS, ENTRIES } from './books.ts'
import { CEILINGS } from './ceilings.ts'
import { CHAINS_AND_DRY_RUNS } from './chains.ts'
import { DOCUMENTED } from './documented.ts'
import { EXPIRY } from './expiry.ts'
import { proveFacts } from './facts.ts'
import { hashFacts } from './hashes.ts'
import { HIERARCHY } from './hierarchy.ts'
import { HOLDS } from './holds.ts'
import { IDEMPOTENCY } from './idempotency.ts'
import { LIMITS_AND_OVERFLOWS } from './limits.ts'
import { precedenceFacts } from './precedence.ts'
import { REVERSALS } from './reversals.ts'
import { scenarioFacts, type Scenarios } from './scenarios.ts'
import { statusFacts } from './statuses.ts'
import { TRANSFER_PRECEDENCE } from './transfer-precedence.ts'

/** To be called at the top level of a test file. */
export function ledgerSuite(make: MakeMachine): void {
  const play = (title: string, table: Scenarios): void => {
    proveFacts(title, scenarioFacts(make, table))
  }
  proveFacts('every status is given', statusFacts(make))
  proveFacts('precedence of create_transfer', precedenceFacts(make, TRANSFER_PRECEDENCE))
  proveFacts('precedence of create_account', precedenceFacts(make, ACCOUNT_PRECEDENCE))
  play('idempotency', IDEMPOTENCY)
  play('chains and dry runs', CHAINS_AND_DRY_RUNS)
  play('holds', HOLDS)
  play('expiry', EXPIRY)
  play('balancing', BALANCING)
  play('reversals', REVERSALS)
  play('hierarchy', HIERARCHY)
  play('limits and overflows', LIMITS_AND_OVERFLOWS)
  play('ceilings', CEILINGS)
  play('approvals', APPROVALS)
  play('closed books', CLOSED_BOOKS)
  play('entries', ENTRIES)
  play("TigerBeetle's documents", DOCUMENTED)
  proveFacts('canonical bytes', hashFacts(make))
}
