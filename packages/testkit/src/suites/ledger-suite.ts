/** All suites of the state machine, for the model and for the fast ledger alike. */
import type { MakeMachine } from '../state-machine.ts'
import { ACCOUNT_PRECEDENCE } from './account-precedence.ts'
import { BALANCING } from './balancing.ts'
import { CLOSED_BOOKS, ENTRIES } from './books.ts'
import { CHAINS_AND_DRY_RUNS } from './chains.ts'
import { DOCUMENTED } from './documented.ts'
import { EXPIRY } from './expiry.ts'
import { hashSuite } from './hashes.ts'
import { HIERARCHY } from './hierarchy.ts'
import { HOLDS } from './holds.ts'
import { IDEMPOTENCY } from './idempotency.ts'
import { LIMITS_AND_OVERFLOWS } from './limits.ts'
import { precedenceSuite } from './precedence.ts'
import { REVERSALS } from './reversals.ts'
import { scenarios } from './scenarios.ts'
import { statusSuite } from './statuses.ts'
import { TRANSFER_PRECEDENCE } from './transfer-precedence.ts'

/** To be called at the top level of a test file. */
export function ledgerSuite(make: MakeMachine): void {
  statusSuite(make)
  precedenceSuite(make, TRANSFER_PRECEDENCE)
  precedenceSuite(make, ACCOUNT_PRECEDENCE)
  scenarios(make, 'idempotency', IDEMPOTENCY)
  scenarios(make, 'chains and dry runs', CHAINS_AND_DRY_RUNS)
  scenarios(make, 'holds', HOLDS)
  scenarios(make, 'expiry', EXPIRY)
  scenarios(make, 'balancing', BALANCING)
  scenarios(make, 'reversals', REVERSALS)
  scenarios(make, 'hierarchy', HIERARCHY)
  scenarios(make, 'limits and overflows', LIMITS_AND_OVERFLOWS)
  scenarios(make, 'closed books', CLOSED_BOOKS)
  scenarios(make, 'entries', ENTRIES)
  scenarios(make, "TigerBeetle's documents", DOCUMENTED)
  hashSuite(make)
}
