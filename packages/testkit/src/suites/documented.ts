/**
 * What TigerBeetle documents of two-phase, balancing, closing and linked transfers, and some of its recipes.
 * (Imported events have no counterpart here: dates of what happened earlier are `effective_at`.)
 */
import type { Scenarios } from './scenarios.ts'

const PAIR = `
  account A
  account B`

const TWO_PHASE: Scenarios = {
  'two-phase: reserve, then post the full amount': `${PAIR}
    transfer H A B 123 pending
    balance A 123 0 0 0
    balance B 0 0 123 0
    post P H -> created 123
    balance A 0 123 0 0
    balance B 0 0 0 123`,
  'two-phase: post a part, the rest goes back': `${PAIR}
    transfer H A B 123 pending
    post P H 100 -> created 100
    balance A 0 100 0 0
    balance B 0 0 0 100`,
  'two-phase: void': `${PAIR}
    transfer H A B 123 pending
    void V H
    balance A 0 0 0 0
    balance B 0 0 0 0`,
  'two-phase: more than was reserved is refused, as is settling twice': `${PAIR}
    transfer H A B 123 pending
    post P1 H 124 -> exceeds_pending_transfer_amount
    post P2 H     -> created
    post P3 H     -> pending_transfer_already_posted
    void V  H     -> pending_transfer_already_posted`,
  'two-phase: reserved money counts against the limit, and comes back with the timeout': `
    account A dmnec
    account B
    transfer F B A 100
    transfer H A B 100 pending timeout=10
    transfer T A B 1 -> exceeds_credits
    at +11s
    transfer U A B 1 -> created`,
  'two-phase: a pending debit may not rest on a pending credit': `
    account A dmnec
    account B
    transfer H B A 100 pending
    transfer T A B 100 pending -> exceeds_credits`,
}

const LINKED: Scenarios = {
  'linked: the documented table of two chains and single events': `${PAIR}
    batch
      transfer T1 A B 1        -> created
      transfer T2 A B 1 linked -> created
      transfer T3 A B 1 linked -> created
      transfer T4 A B 1        -> created
      transfer T5 A B 1        -> created
      transfer T6 A B 1 linked -> linked_event_failed
      transfer T7 A A 1        -> accounts_must_be_different
    commit
    balance A 0 5 0 0`,
  'linked: accounts come into being together': `
    batch
      account A linked -> linked_event_failed
      account B linked -> linked_event_failed
      account C dmnec cmned -> flags_are_mutually_exclusive
    commit
    batch
      account A linked -> created
      account B        -> created
    commit`,
}

const RECIPES: Scenarios = {
  'recipe, currency exchange: two assets, one chain': `
    account A1 dmnec asset=1
    account A2 asset=2
    account L1 asset=1
    account L2 dmnec asset=2
    account W1 asset=1
    account W2 asset=2
    transfer F1 W1 A1 10000 asset=1
    transfer F2 W2 L2 16000 asset=2
    batch
      transfer T3 A1 L1 9000 linked asset=1  -> linked_event_failed
      transfer T4 L2 A2 16135 asset=2        -> exceeds_credits account=L2
    commit
    batch
      transfer T5 A1 L1 8000 linked asset=1  -> created
      transfer T6 L2 A2 14000 asset=2        -> created
    commit`,
  'recipe, closing an account: empty it, then close it, then open it again': `
    account A dmnec
    account B
    transfer F B A 70
    batch
      transfer T A B max balancing_debit linked -> created 70
      transfer C A B 0 pending closing_debit    -> created 0
    commit
    look A closed
    balance A 0 70 0 70
    transfer U B A 1 -> credit_account_already_closed
    void V C         -> created
    transfer W B A 1 -> created`,
  'recipe, conditional transfer: only if the source has at least so much': `
    account A dmnec
    account B
    account Control
    transfer F B A 70
    batch
      transfer T1 A Control 71 linked -> exceeds_credits
      transfer T2 Control A 71 linked -> linked_event_failed
      transfer T3 A B 10              -> linked_event_failed
    commit
    batch
      transfer T4 A Control 70 linked -> created
      transfer T5 Control A 70 linked -> created
      transfer T6 A B 10              -> created
    commit
    balance A 0 80 0 140`,
  'recipe, several payers: each gives what it has until the sum is reached': `
    account Shop
    account Control
    account P1 dmnec
    account P2 dmnec
    account P3 dmnec
    account World
    transfer F1 World P1 40
    transfer F2 World P2 50
    transfer F3 World P3 60
    batch
      transfer T0 Control Shop 100 linked                                -> created 100
      transfer T1 P1 Control max linked balancing_debit balancing_credit -> created 40
      transfer T2 P2 Control max linked balancing_debit balancing_credit -> created 50
      transfer T3 P3 Control max balancing_debit balancing_credit        -> created 10
    commit
    balance Control 0 100 0 100
    balance P3 0 10 0 60`,
  'recipe, correcting: reverse the wrong one, post the right one': `${PAIR}
    account C
    transfer T A B 100
    batch
      reverse R T 100 linked -> created
      transfer U A C 100     -> created
    commit
    balance A 0 200 0 100`,
  'idempotency: a retry of a batch is answered, not repeated': `${PAIR}
    batch
      transfer T1 A B 1
      transfer T2 A B 2
    commit
    batch
      transfer T1 A B 1 -> exists
      transfer T2 A B 2 -> exists
      transfer T3 A B 3 -> created
    commit
    balance B 0 0 0 6`,
}

export const DOCUMENTED: Scenarios = { ...TWO_PHASE, ...LINKED, ...RECIPES }
