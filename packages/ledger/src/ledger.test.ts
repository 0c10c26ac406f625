/** The fast ledger runs the suites that the slow model runs. */
import { LedgerMachine, ledgerSuite } from '@tallystick/testkit'

ledgerSuite((options) => new LedgerMachine(options))
