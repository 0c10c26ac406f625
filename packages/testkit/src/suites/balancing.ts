/** Balancing: the amount is an upper bound. */
import type { Scenarios } from './scenarios.ts'

const GIVEN = `
  account A
  account B
  account L dmnec
  account M cmned
  transfer F A L 100`

const OWN: Scenarios = {
  'the amount is cut to what a limited account has': `${GIVEN}
    transfer T1 L B 30  balancing_debit -> created 30
    transfer T2 L B max balancing_debit -> created 70
    transfer T3 L B max balancing_debit -> created 0
    look L entries=4`,
  'holds count, pending credits do not': `${GIVEN}
    transfer H1 L B 30 pending
    transfer H2 A L 50 pending
    transfer T  L B max balancing_debit -> created 70`,
  'the limit counts': `${GIVEN}
    limit L 20
    transfer T L B max balancing_debit -> created 120
    limit L 10
    transfer U L B max balancing_debit -> created 0`,
  'a limit that saturates': `${GIVEN}
    limit L max
    transfer T L B max-100 balancing_debit -> created max-100
    transfer U L B max balancing_debit     -> created 100
    transfer V L B max balancing_debit     -> created 0`,
  'the credit side is cut to its debits': `${GIVEN}
    transfer T1 M B 40
    transfer T2 A M 10  balancing_credit -> created 10
    limit M 7
    transfer T3 A M max balancing_credit -> created 37
    balance M 0 40 0 47`,
  'an account without the flag is cut to its balance, its limit aside': `${GIVEN}
    account N limit=1000
    transfer T1 A N 40
    transfer T2 N B max balancing_debit -> created 40
    transfer T3 N B max balancing_debit -> created 0
    transfer T4 N B 15
    transfer T5 A N max balancing_credit -> created 15`,
  'an account limited on the other side is cut to its balance': `${GIVEN}
    account N cmned limit=1000
    transfer T1 A N 40
    transfer T2 N B max balancing_debit -> created 40`,
  'both sides together take the smaller': `${GIVEN}
    transfer T1 M B 40
    transfer T2 L M max balancing_debit balancing_credit -> created 40
    transfer T3 M B 500
    transfer T4 L M max balancing_debit balancing_credit -> created 60`,
  'a flag cuts its own side alone': `${GIVEN}
    transfer T1 L M max balancing_debit  -> exceeds_debits needed=100 available=0
    transfer T2 M B 5
    transfer T3 L M max balancing_credit -> created 5
    account N dmnec
    transfer T4 M B 5
    transfer T5 N M max balancing_credit -> exceeds_credits needed=5 available=0`,
  'a balancing hold': `${GIVEN}
    transfer H L B 150 pending balancing_debit -> created 100
    hold H pending amount=100 remaining=100
    post P H 101 -> exceeds_pending_transfer_amount
    post Q H     -> created 100`,
  'a closing transfer that empties the account': `${GIVEN}
    transfer T L B max balancing_debit -> created 100
    transfer H L B max pending balancing_debit closing_debit -> created 0
    look L closed
    void V H -> created 0
    look L open`,
  'asking for nothing moves nothing': `${GIVEN}
    transfer T L B 0 balancing_debit -> created 0`,
  'what a balancing transfer asks for does not overflow, what it moves counts': `${GIVEN}
    transfer T A B max balancing_debit -> created 0
    transfer U L B max balancing_debit -> created 100`,
}

const ANCESTORS: Scenarios = {
  'the headroom of an ancestor cuts': `${GIVEN}
    account P dmnec subtree=25
    account K dmnec parent=P
    transfer T1 A K 100
    transfer T2 K B 100
    transfer T3 A K 10
    limit K 1000
    transfer T4 K B max balancing_debit -> created 35
    subtree P 0 135 0 110`,
  'every ancestor cuts, and the account itself by its own subtree limit': `${GIVEN}
    account P dmnec subtree=30
    account Q dmnec parent=P subtree=20
    account K dmnec parent=Q limit=1000 subtree=10
    transfer T1 K B max balancing_debit -> created 10
    limit K subtree=none
    transfer T2 K B max balancing_debit -> created 10
    limit Q subtree=none
    transfer T3 K B max balancing_debit -> created 10
    transfer T4 K B max balancing_debit -> created 0`,
  'an ancestor that is not crossed does not cut': `${GIVEN}
    account P dmnec subtree=0
    account K1 dmnec parent=P limit=50
    account K2 parent=P
    transfer T1 K1 K2 max balancing_debit -> created 50
    subtree P 0 0 0 0`,
  'an ancestor on the credit side cuts with balancing_credit only': `${GIVEN}
    account P cmned subtree=5
    account K parent=P
    transfer T1 K B 1000
    transfer T2 A K max balancing_credit -> created 1000
    transfer T3 K B 10
    account O parent=P cmned limit=90
    transfer T4 A O max balancing_credit -> created 15
    transfer T5 L O max balancing_debit  -> exceeds_debits needed=100 available=75`,
  'an ancestor whose flag limits the other side does not cut': `${GIVEN}
    account P cmned subtree=5
    account K dmnec parent=P limit=50
    transfer T K B max balancing_debit -> created 50`,
}

export const BALANCING: Scenarios = { ...OWN, ...ANCESTORS }
