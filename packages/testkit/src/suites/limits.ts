/** Limits of accounts, and totals at the end of their range. */
import type { Scenarios } from './scenarios.ts'

const GIVEN = `
  account A
  account B
  account L dmnec limit=50
  account M cmned limit=50`

const LIMITS: Scenarios = {
  'a limit is an allowance on top of the flag': `${GIVEN}
    transfer T1 L B 51 -> exceeds_credits account=L needed=51 available=50 limit=50
    transfer T2 L B 50 -> created
    transfer T3 A L 5
    transfer T4 L B 6  -> exceeds_credits account=L needed=6 available=5 limit=50
    transfer T5 L B 5  -> created`,
  'mirrored on the credit side': `${GIVEN}
    transfer T1 A M 51 -> exceeds_debits account=M needed=51 available=50 limit=50
    transfer T2 A M 50 -> created
    transfer T3 M B 5
    transfer T4 A M 5  -> created`,
  'holds are in use': `${GIVEN}
    transfer H1 L B 30 pending
    transfer H2 L B 21 pending -> exceeds_credits account=L needed=21 available=20
    transfer H3 A M 50 pending
    transfer T  A M 1          -> exceeds_debits account=M needed=1 available=0`,
  'a flagless account has no limit whatever its limit says': `
    account A limit=5
    account B
    transfer T A B 1000 -> created`,
  'lowered below use, use may not grow, but shrink': `${GIVEN}
    transfer T1 L B 40
    limit L 10        -> changed
    transfer T2 L B 1 -> exceeds_credits account=L needed=1 available=0 limit=10
    transfer T3 A L 25
    transfer T4 L B 1 -> exceeds_credits account=L needed=1 available=0 limit=10
    transfer T5 A L 10
    transfer T6 L B 5 -> created`,
  'below use, nothing may still be moved, held and balanced': `${GIVEN}
    transfer T1 L B 40
    limit L 0
    transfer T2 L B 0         -> created
    transfer T3 L B 0 pending -> created
    transfer T4 L B max balancing_debit -> created 0`,
  'below use, holds can still be posted': `${GIVEN}
    transfer H L B 40 pending
    limit L 0
    post P1 H 10 partial -> created
    post P2 H            -> created
    balance L 0 40 0 0`,
  'raised again, it takes again': `${GIVEN}
    transfer T1 L B 50
    limit L 60
    transfer T2 L B 10 -> created
    transfer T3 L B 1  -> exceeds_credits limit=60`,
  'the greatest limit saturates': `
    account A
    account B
    account L dmnec limit=max
    transfer F A L 10
    transfer T L B max -> created
    transfer U L B 1   -> overflows_debits_posted`,
}

const OVERFLOWS: Scenarios = {
  'the greatest amount fits, one more does not': `${GIVEN}
    transfer T A B max     -> created max
    transfer U A M 1       -> overflows_debits_posted
    account N
    transfer V N B 1       -> overflows_credits_posted
    transfer W A N 0       -> created`,
  'pending and posted share the range': `${GIVEN}
    transfer H A B max-1 pending -> created
    transfer T A M 2             -> overflows_debits
    transfer U A M 1             -> created
    account N
    transfer V N B 2             -> overflows_credits
    transfer W N B 1             -> created`,
  'a hold at the end of the range can be posted': `${GIVEN}
    transfer H A B max pending
    post P H max-1 partial -> created
    post Q H               -> created 1`,
  'an overflow burns nothing': `${GIVEN}
    transfer T A B max
    transfer U A B 1  -> overflows_debits_posted
    reverse R T max   -> created
    transfer U M L 1  -> created`,
  'every total of a subtree is in range, on both sides': `${GIVEN}
    account P
    account K1 parent=P
    account K2 parent=P
    account C
    account D
    transfer T1 C K1 max         -> created
    transfer T2 D K2 1           -> overflows_subtree
    transfer T3 D K2 1 pending   -> overflows_subtree
    transfer T4 K1 K2 max        -> created
    transfer T5 K2 A max-1 pending -> created
    transfer T6 K2 B 2           -> overflows_debits`,
  'balancing comes before overflow': `${GIVEN}
    transfer T A B max
    transfer U A B max balancing_debit -> created 0
    transfer V L A max balancing_debit -> created 50`,
}

export const LIMITS_AND_OVERFLOWS: Scenarios = { ...LIMITS, ...OVERFLOWS }
