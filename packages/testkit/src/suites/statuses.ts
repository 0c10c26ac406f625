/** Every status of every operation is given at least once. */
import { check } from '../check.ts'
import { snakeCase } from '@tallystick/scenario'
import type { MakeMachine } from '@tallystick/scenario'
import type { Facts } from './facts.ts'
import { CONTROL_CASES } from './control-statuses.ts'
import {
  ACCOUNT_CASES,
  ASSET_CASES,
  ATTEST_CASES,
  BOOKS_CASES,
  CLOSE_CASES,
  LIMIT_CASES,
  METADATA_CASES,
  OTHER_GIVEN,
} from './other-statuses.ts'
import { RULE_CASES } from './rule-statuses.ts'
import { TRANSFER_CASES, TRANSFER_GIVEN } from './transfer-statuses.ts'

type Cases = Readonly<Record<string, string>>

export function statusFacts(make: MakeMachine): Facts {
  return {
    ...everyStatus(make, 'create_transfer', withGiven(TRANSFER_GIVEN, TRANSFER_CASES)),
    ...everyStatus(make, 'create_account', withGiven(OTHER_GIVEN, ACCOUNT_CASES)),
    ...everyStatus(make, 'change_limit', withGiven(OTHER_GIVEN, LIMIT_CASES)),
    ...everyStatus(make, 'change_metadata', withGiven(OTHER_GIVEN, METADATA_CASES)),
    ...everyStatus(make, 'close and reopen', withGiven(OTHER_GIVEN, CLOSE_CASES)),
    ...everyStatus(make, 'register_asset', withGiven(OTHER_GIVEN, ASSET_CASES)),
    ...everyStatus(make, 'close_books', withGiven(OTHER_GIVEN, BOOKS_CASES)),
    ...everyStatus(make, 'control', withGiven(OTHER_GIVEN, CONTROL_CASES)),
    ...everyStatus(make, 'rule', withGiven(OTHER_GIVEN, RULE_CASES)),
    ...everyStatus(make, 'attest', withGiven(OTHER_GIVEN, ATTEST_CASES)),
  }
}

const withGiven = (given: string, cases: Cases): Cases =>
  Object.fromEntries(Object.entries(cases).map(([key, text]) => [key, `${given}\n${text}`]))

function everyStatus(make: MakeMachine, title: string, cases: Cases): Facts {
  const facts = Object.entries(cases).map(([key, text]) => {
    const status = snakeCase(key)
    const prove = (): void => {
      if (!text.includes(`-> ${status}`)) throw new Error(`the scenario never expects ${status}`)
      check(make, text)
    }
    return [`${title}: ${status}`, prove] as const
  })
  return Object.fromEntries(facts)
}
