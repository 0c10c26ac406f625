/** Closed books and entries. */
import type { Scenarios } from './scenarios.ts'

const GIVEN = `
  account A
  account B
  account P
  account Q parent=P
  account K parent=Q
  account X asset=2
  account Y asset=2`

export const CLOSED_BOOKS: Scenarios = {
  'nothing may be dated on or before the day': `${GIVEN}
    books asset=1 until=1000
    at 5000
    transfer T1 A B 5 effective=1000 -> effective_at_in_closed_period
    transfer T2 A B 5 effective=999  -> effective_at_in_closed_period
    transfer T3 A B 5 effective=1001 -> created
    transfer T4 A B 5                -> created
    transfer T5 X Y 5 effective=1 asset=2 -> created`,
  'without a date of its own the ledger time counts': `${GIVEN}
    at 100
    books asset=1 until=101
    transfer T1 A B 5 -> effective_at_in_closed_period
    transfer T2 A B 5 -> created`,
  'dates in the future are allowed, closed or not': `${GIVEN}
    transfer T1 A B 5 effective=1d -> created
    books asset=1 until=1d
    transfer T2 A B 5 effective=1d -> effective_at_in_closed_period
    transfer T3 A B 5 effective=2d -> created`,
  'the books of a subtree bind all below, on either side': `${GIVEN}
    books Q until=1000
    at 5000
    transfer T1 K A 5 effective=1000 -> effective_at_in_closed_period
    transfer T2 A K 5 effective=1000 -> effective_at_in_closed_period
    transfer T3 Q A 5 effective=1000 -> effective_at_in_closed_period
    transfer T4 P A 5 effective=1000 -> created
    transfer T5 A B 5 effective=1000 -> created`,
  'the latest of all that apply counts': `${GIVEN}
    books asset=1 until=1000
    books P until=3000
    books K until=2000
    at 9000
    transfer T1 A K 5 effective=3000 -> effective_at_in_closed_period
    transfer T2 A K 5 effective=3001 -> created
    transfer T3 A B 5 effective=1001 -> created`,
  'opened again': `${GIVEN}
    at 5000
    books asset=1 until=4000
    books asset=1 until=0 -> changed
    transfer T A B 5 effective=1 -> created`,
  'set back': `${GIVEN}
    at 5000
    books A until=4000
    books A until=100 -> changed
    transfer T A B 5 effective=100 -> effective_at_in_closed_period
    transfer U A B 5 effective=101 -> created`,
  'posts and voids are dated too, by themselves': `${GIVEN}
    at 10
    transfer H1 A K 5 pending
    transfer H2 A K 5 pending
    books P until=100
    post P1 H1              -> effective_at_in_closed_period
    post P2 H1 effective=50 -> effective_at_in_closed_period
    void V1 H2              -> effective_at_in_closed_period
    at 200
    post P1 H1 effective=100 -> effective_at_in_closed_period
    post P1 H1               -> created
    void V1 H2               -> created`,
  'a reversal of what was dated into closed books is dated later': `${GIVEN}
    at 10
    transfer T A B 5
    at 200
    books asset=1 until=100
    reverse R1 T 5 effective=10 -> effective_at_in_closed_period
    reverse R2 T 5              -> created`,
  'accounts and settings are not dated': `${GIVEN}
    books asset=1 until=1h
    account N        -> created
    limit A 5        -> changed
    close A          -> changed
    metadata A hello -> changed`,
  'the asset of subtree books is ignored': `${GIVEN}
    at 5000
    books A asset=7 until=4000 -> changed
    transfer T A B 5 effective=4000 -> effective_at_in_closed_period`,
}

export const ENTRIES: Scenarios = {
  'every created transfer is an entry of both accounts, nothing else is': `
    account A
    account B
    account L dmnec
    transfer T1 A B 5         # 4
    transfer T2 L B 5         -> exceeds_credits
    transfer T1 A B 5         -> exists
    transfer T3 A B 0         # 7
    limit A 5
    metadata A x
    close B
    reopen B
    transfer H A B 5 pending  # 12
    post P H 2 partial        # 13
    void V H                  # 14
    look A entries=5
    look B entries=5
    look L entries=0
    entry A 1 0 5 0 0 sequence=4  previous=0
    entry A 2 0 5 0 0 sequence=7  previous=4
    entry A 3 5 5 0 0 sequence=12 previous=7
    entry A 4 3 7 0 0 sequence=13 previous=12
    entry A 5 0 7 0 0 sequence=14 previous=13
    entry B 5 0 0 0 7 sequence=14 previous=13`,
  'jumps are those of a skew-binary list': `
    account A
    account B
    ${Array.from({ length: 15 }, (_, index) => `transfer T${index + 1} A B 1`).join('\n')}
    entry A 1  sequence=3  previous=0  jump=0
    entry A 2  sequence=4  previous=3  jump=3
    entry A 3  sequence=5  previous=4  jump=0
    entry A 4  sequence=6  previous=5  jump=5
    entry A 5  sequence=7  previous=6  jump=6
    entry A 6  sequence=8  previous=7  jump=5
    entry A 7  sequence=9  previous=8  jump=0
    entry A 8  sequence=10 previous=9  jump=9
    entry A 14 sequence=16 previous=15 jump=9
    entry A 15 sequence=17 previous=16 jump=0`,
  'the links are sequences, whatever lies between': `
    account A
    account B
    account C
    transfer T1 A B 1
    transfer T2 A C 1
    transfer T3 B C 1
    transfer T4 A B 1
    entry B 1 sequence=4 previous=0 jump=0
    entry B 2 sequence=6 previous=4 jump=4
    entry B 3 sequence=7 previous=6 jump=0`,
  'what a failed chain took back left no link': `
    account A
    account B
    batch
      transfer T1 A B 1 linked -> linked_event_failed
      transfer T2 A A 1        -> accounts_must_be_different
    commit
    transfer T3 A B 1
    entry A 1 0 1 0 0 sequence=5 previous=0`,
}
