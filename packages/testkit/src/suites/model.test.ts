import { ModelLedger } from '../model/model-ledger.ts'
import { ledgerSuite } from './ledger-suite.ts'

ledgerSuite((options) => new ModelLedger(options))
