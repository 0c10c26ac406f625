/** Reversals: moving back what was moved, once. */
import type { Scenarios } from './scenarios.ts'

const GIVEN = `
  account A
  account B
  account L dmnec
  account M cmned
  transfer T A L 100`

export const REVERSALS: Scenarios = {
  'a reversal moves back': `${GIVEN}
    reverse R T 100 -> created 100
    balance A 0 100 0 100
    balance L 0 100 0 100
    reversed T 100`,
  'in parts, up to the whole and no further': `${GIVEN}
    reverse R1 T 60 -> created
    reverse R2 T 41 -> exceeds_reversible_amount
    reverse R3 T 40 -> created
    reverse R4 T 1  -> exceeds_reversible_amount
    reverse R5 T 0  -> created 0
    reversed T 100`,
  'the greatest amount is beyond everything': `${GIVEN}
    reverse R1 T max -> exceeds_reversible_amount
    reverse R2 T 1
    reverse R3 T max -> exceeds_reversible_amount`,
  'twice in one batch is once': `${GIVEN}
    batch
      reverse R1 T 100 -> created
      reverse R2 T 100 -> exceeds_reversible_amount
      reverse R1 T 100 -> exists
    commit
    reversed T 100`,
  'limits apply: what was spent cannot be moved back': `${GIVEN}
    transfer U L B 70
    reverse R1 T 100 -> exceeds_credits account=L needed=100 available=30
    reversed T 0
    reverse R2 T 30  -> created`,
  'a reversal is not reversible': `${GIVEN}
    reverse R T 50
    reverse S R 50 -> reversed_transfer_not_reversible`,
  'a post is reversible up to what it captured': `${GIVEN}
    transfer H A B 50 pending
    post P1 H 20 partial
    post P2 H 10
    reverse R1 P1 21 -> exceeds_reversible_amount
    reverse R2 P1 20 -> created
    reverse R3 P2 10 -> created
    reverse R4 H 1   -> reversed_transfer_not_reversible
    reversed P1 20
    reversed P2 10`,
  'a balancing transfer is reversible up to what it moved': `${GIVEN}
    transfer U L B 500 balancing_debit -> created 100
    reverse R1 U 101 -> exceeds_reversible_amount
    reverse R2 U 100 -> created`,
  'a reversal has a code, a date and metadata of its own': `${GIVEN}
    reverse R T 5 code=9 metadata=why effective=3 -> created
    reverse R T 5 code=9 metadata=why effective=3 -> exists`,
  'its asset must be that of the accounts': `${GIVEN}
    reverse R T 5 asset=2 -> transfer_must_have_the_same_asset_as_accounts`,
  'closed accounts take no reversal': `${GIVEN}
    close A
    reverse R T 5 -> credit_account_already_closed
    reopen A
    reverse R T 5 -> id_already_failed
    reverse S T 5 -> created`,
  'reversing before the transfer is there burns the id': `${GIVEN}
    batch
      reverse R U 5 debit=B credit=A -> reversed_transfer_not_found
      transfer U A B 5               -> created
      reverse R U 5                  -> id_already_failed
      reverse S U 5                  -> created
    commit`,
  'a transfer that a failed chain took back is not there to be reversed': `${GIVEN}
    batch
      transfer U A B 5 linked -> linked_event_failed
      transfer V A A 5        -> accounts_must_be_different
    commit
    reverse R U 5 -> reversed_transfer_not_found`,
  'a reversal inside a chain counts and is undone with it': `${GIVEN}
    batch
      reverse R1 T 60 linked -> linked_event_failed
      reverse R2 T 60        -> exceeds_reversible_amount
    commit
    reversed T 0
    reverse R3 T 100 -> created`,
  'a transfer of nothing can be reversed by nothing': `${GIVEN}
    transfer U A B 0
    reverse R U 1 -> exceeds_reversible_amount
    reverse S U 0 -> created 0`,
}
