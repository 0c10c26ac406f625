/** Every status of every operation is given at least once. */
import { describe, test } from 'vitest'
import { check } from '../scenario/check.ts'
import { snakeCase } from '../scenario/status-text.ts'
import type { MakeMachine } from '../state-machine.ts'
import {
  ACCOUNT_CASES,
  ASSET_CASES,
  BOOKS_CASES,
  CLOSE_CASES,
  LIMIT_CASES,
  METADATA_CASES,
  OTHER_GIVEN,
} from './other-statuses.ts'
import { TRANSFER_CASES, TRANSFER_GIVEN } from './transfer-statuses.ts'

type Cases = Readonly<Record<string, string>>

export function statusSuite(make: MakeMachine): void {
  describe('every status is given', () => {
    everyStatus(make, { title: 'create_transfer', given: TRANSFER_GIVEN, cases: TRANSFER_CASES })
    everyStatus(make, { title: 'create_account', given: OTHER_GIVEN, cases: ACCOUNT_CASES })
    everyStatus(make, { title: 'change_limit', given: OTHER_GIVEN, cases: LIMIT_CASES })
    everyStatus(make, { title: 'change_metadata', given: OTHER_GIVEN, cases: METADATA_CASES })
    everyStatus(make, { title: 'close and reopen', given: OTHER_GIVEN, cases: CLOSE_CASES })
    everyStatus(make, { title: 'register_asset', given: OTHER_GIVEN, cases: ASSET_CASES })
    everyStatus(make, { title: 'close_books', given: OTHER_GIVEN, cases: BOOKS_CASES })
  })
}

function everyStatus(
  make: MakeMachine,
  { title, given, cases }: { title: string; given: string; cases: Cases },
): void {
  for (const [key, text] of Object.entries(cases)) {
    const status = snakeCase(key)
    test(`${title}: ${status}`, () => {
      if (!text.includes(`-> ${status}`)) throw new Error(`the scenario never expects ${status}`)
      check(make, `${given}\n${text}`)
    })
  }
}
