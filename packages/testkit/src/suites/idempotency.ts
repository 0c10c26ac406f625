/** The same id again: the same answer, the first difference, or burnt for ever. */
import type { Scenarios } from './scenarios.ts'

const GIVEN = `
  account A
  account B
  account L dmnec
  transfer F A L 100`

const SAME: Scenarios = {
  'the same transfer again exists and moves nothing': `${GIVEN}
    transfer T A B 5 metadata=m effective=7 code=9 -> created 5
    transfer T A B 5 metadata=m effective=7 code=9 -> exists
    balance A 0 105 0 0`,
  'the same id twice in one batch is created once': `${GIVEN}
    batch
      transfer T A B 5 -> created 5
      transfer T A B 5 -> exists
      transfer T A B 6 -> exists_with_different_amount
    commit
    balance B 0 0 0 5`,
  'linked counts as a difference': `${GIVEN}
    batch
      transfer T A B 5 linked -> created
      transfer U A B 5        -> created
    commit
    transfer T A B 5 -> exists_with_different_flags
    batch
      transfer T A B 5 linked -> exists
      transfer V A B 5        -> linked_event_failed
    commit`,
  'exists answers before anything that depends on state': `${GIVEN}
    transfer T A B 5
    close A
    close B
    books asset=1 until=1h
    transfer T A B 5 -> exists`,
  'a balancing transfer exists for any bound that is not less than what it moved': `${GIVEN}
    transfer T L B 150 balancing_debit -> created 100
    transfer T L B 150 balancing_debit -> exists
    transfer T L B 100 balancing_debit -> exists
    transfer T L B max balancing_debit -> exists
    transfer T L B 99  balancing_debit -> exists_with_different_amount`,
  'a whole post of all that remained is the same with all and with its amount': `${GIVEN}
    transfer H A B 50 pending
    post P H      -> created 50
    post P H      -> exists
    post P H 50   -> exists
    post P H 49   -> exists_with_different_amount`,
  'a whole post of a part is not the same as one of all': `${GIVEN}
    transfer H A B 50 pending
    post P H 40 -> created 40
    post P H 40 -> exists
    post P H    -> exists_with_different_amount
    post P H 50 -> exists_with_different_amount`,
  'a whole post after partial ones took all that then remained': `${GIVEN}
    transfer H A B 50 pending
    post P1 H 20 partial -> created 20
    post P2 H            -> created 30
    post P2 H            -> exists
    post P2 H 30         -> exists
    post P2 H 50         -> exists_with_different_amount`,
  'a partial post compares what was asked': `${GIVEN}
    transfer H A B 50 pending
    post P H partial    -> created 50
    post P H partial    -> exists
    post P H 50 partial -> exists_with_different_amount
    post P H            -> exists_with_different_flags`,
  'a void is the same with 0 and with its amount': `${GIVEN}
    transfer H A B 50 pending
    void V H    -> created 50
    void V H    -> exists
    void V H 50 -> exists
    void V H 49 -> exists_with_different_amount
    void V H max -> exists_with_different_amount`,
  'what a post inherits may be said or left out': `${GIVEN}
    transfer H A B 50 pending code=3 metadata=m
    post P H -> created
    post P H debit=A credit=B asset=1 code=3 metadata=m -> exists
    post P H debit=L      -> exists_with_different_debit_account_id
    post P H credit=L     -> exists_with_different_credit_account_id
    post P H asset=2      -> exists_with_different_asset
    post P H code=4       -> exists_with_different_code
    post P H metadata=n   -> exists_with_different_metadata`,
  'a post with metadata of its own differs from one that inherits': `${GIVEN}
    transfer H A B 50 pending metadata=m
    post P H metadata=n -> created
    post P H metadata=n -> exists
    post P H            -> exists_with_different_metadata
    post P H metadata=m -> exists_with_different_metadata`,
  'a reversal compares its amount': `${GIVEN}
    transfer T A B 50
    reverse R T 20 -> created 20
    reverse R T 20 -> exists
    reverse R T 21 -> exists_with_different_amount
    reversed T 20`,
  'effective dates are compared as asked': `${GIVEN}
    at 1000
    transfer T A B 5             -> created
    transfer T A B 5 effective=1000 -> exists_with_different_effective_at
    transfer U A B 5 effective=9 -> created
    transfer U A B 5             -> exists_with_different_effective_at`,
  'an account exists whatever can change of it': `
    account A address=a dmnec limit=5 metadata=m -> created
    account A address=a dmnec limit=6 metadata=n closed -> exists
    look A open limit=5 metadata=m
    close A
    account A address=a dmnec -> exists
    look A closed`,
  'linked counts as a difference of accounts': `
    batch
      account A linked -> created
      account B        -> created
    commit
    account A -> exists_with_different_flags`,
}

const BURNT: Scenarios = {
  'a transfer refused for lack of funds stays refused when money has come': `${GIVEN}
    transfer T L B 101 -> exceeds_credits
    transfer G A L 100
    transfer T L B 101 -> id_already_failed
    transfer T A B 1   -> id_already_failed
    transfer U L B 101 -> created`,
  'a burnt id stays burnt in the same batch': `${GIVEN}
    batch
      transfer T L B 101 -> exceeds_credits
      transfer G A L 100 -> created
      transfer T L B 101 -> id_already_failed
    commit`,
  'a refusal that cannot change burns nothing': `${GIVEN}
    transfer T A B 5 code=0         -> code_must_not_be_zero
    transfer T A A 5                -> accounts_must_be_different
    transfer T A B 5 flags=1024     -> reserved_flag
    transfer T A B 5 partial        -> flags_are_mutually_exclusive
    transfer T A B 5 asset=2        -> transfer_must_have_the_same_asset_as_accounts
    transfer T A B max              -> overflows_debits_posted
    books A until=1h
    transfer T A B 5                -> effective_at_in_closed_period
    books A until=0
    post T F                        -> pending_transfer_not_pending
    transfer H A B 5 pending
    post T H 6                      -> exceeds_pending_transfer_amount
    reverse T H 5                   -> reversed_transfer_not_reversible
    transfer T A B 5                -> created`,
  'an account that is refused burns nothing': `
    account A parent=P -> parent_not_found
    account P          -> created
    account A parent=P -> created`,
  'a void of a missing hold burns its id, not that of the hold': `${GIVEN}
    void V H                 -> pending_transfer_not_found
    transfer H A B 5 pending -> created
    void V H                 -> id_already_failed
    void W H                 -> created`,
  'accounts and transfers do not share their ids': `${GIVEN}
    transfer A A B 5 -> created
    account F        -> created
    transfer Z L B 999 -> exceeds_credits
    account Z        -> created`,
}

export const IDEMPOTENCY: Scenarios = { ...SAME, ...BURNT }
