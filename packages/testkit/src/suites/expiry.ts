/** Expiry: what is due is released first, in order, at most so many per batch. */
import type { Scenarios } from './scenarios.ts'

const GIVEN = `
  account A
  account B`

export const EXPIRY: Scenarios = {
  'a hold is released at its deadline, not a nanosecond before': `${GIVEN}
    at 1000
    transfer H A B 5 pending timeout=1
    hold H pending deadline=1_000_001_000
    next_deadline 1_000_001_000
    at 1_000_000_999
    tick
    released
    hold H pending
    at 1_000_001_000
    tick
    released H
    hold H expired captured=0 remaining=0
    balance A 0 0 0 0
    next_deadline none`,
  'a release is an event: it has a sequence, and is an entry of both accounts': `${GIVEN}
    transfer H A B 5 pending timeout=1
    at 1h
    transfer T A B 1 -> created
    look A entries=3
    entry A 2 0 0 0 0 sequence=4 previous=3 jump=3
    entry A 3 0 1 0 0 sequence=5`,
  'a hold without timeout never expires': `${GIVEN}
    transfer H A B 5 pending
    next_deadline none
    at 18_000_000_000_000_000_000
    tick
    released
    post P H -> created`,
  'a post at the deadline is refused, before any sweep': `${GIVEN}
    at 1000
    transfer H A B 5 pending timeout=1
    at 1_000_001_000
    dry
      post P H -> pending_transfer_expired
      void V H -> pending_transfer_expired
    commit
    at 1_000_000_999
    post Q H -> created`,
  'a deadline that comes inside a batch refuses, and is swept with the next': `${GIVEN}
    at 1000
    transfer H A B 5 pending timeout=1
    at 1_000_000_998
    batch
      transfer T1 A B 1 -> created
      transfer T2 A B 1 -> created
      post P H          -> pending_transfer_expired
      void V H          -> pending_transfer_expired
    commit
    hold H pending
    tick
    released H`,
  'releases come before the commands of their batch and free what they held': `
    account A
    account B
    account L dmnec
    transfer F A L 10
    transfer H L B 10 pending timeout=1
    transfer T L B 10 -> exceeds_credits
    at 1h
    transfer U L B 10 -> created
    released H`,
  'releases go by deadline, then by creation': `${GIVEN}
    batch
      transfer H3 A B 1 pending timeout=3
      transfer H2 A B 1 pending timeout=2
      transfer H1 A B 1 pending timeout=1
    commit
    next_deadline 1_000_000_005
    at 1h
    tick
    released H1 H2 H3`,
  'equal deadlines go by creation': `${GIVEN}
    at 1s
    transfer H1 A B 1 pending timeout=3
    at 2s
    transfer H2 A B 1 pending timeout=2
    at 3s
    transfer H3 A B 1 pending timeout=1
    transfer H4 A B 1 pending timeout=1
    at 4_000_000_000
    tick
    released H1 H2 H3
    tick
    released H4`,
  'an expired hold shows what was captured before': `${GIVEN}
    transfer H A B 5 pending timeout=1
    post P H 2 partial
    at 1h
    tick
    hold H expired captured=2 remaining=0
    balance A 0 2 0 0
    post Q H -> pending_transfer_expired`,
  'a hold that was settled is not released': `${GIVEN}
    transfer H1 A B 5 pending timeout=1
    transfer H2 A B 5 pending timeout=1
    transfer H3 A B 5 pending timeout=1
    post P H1
    void V H2
    post Q H3 1 partial
    at 1h
    tick
    released H3`,
  'a hold of nothing is released too': `${GIVEN}
    transfer H A B 0 pending timeout=1
    at 1h
    tick
    released H
    hold H expired`,
  'a hold that a failed chain took back is never due': `${GIVEN}
    batch
      transfer H A B 5 pending timeout=1 linked -> linked_event_failed
      transfer T A A 5                          -> accounts_must_be_different
    commit
    next_deadline none
    at 1h
    tick
    released`,
  'a settlement that a failed chain took back leaves the hold due': `${GIVEN}
    transfer H A B 5 pending timeout=1
    batch
      void V H linked  -> linked_event_failed
      transfer T A A 5 -> accounts_must_be_different
    commit
    next_deadline 1_000_000_003
    at 1h
    tick
    released H`,
  'at most so many are released in one batch, the others wait and still count': {
    releasesPerBatchMax: 2,
    text: `
    account A
    account B
    account L dmnec
    transfer F A L 10
    batch
      transfer H1 L B 2 pending timeout=1
      transfer H2 L B 3 pending timeout=1
      transfer H3 L B 4 pending timeout=1
      transfer H4 L B 1 pending timeout=9
    commit
    at 5s
    batch
      transfer T L B 6 -> exceeds_credits available=5
      post P H3        -> pending_transfer_expired
    commit
    released H1 H2
    hold H3 pending
    next_deadline 1_000_000_007
    tick
    released H3
    hold H4 pending
    tick
    released`,
  },
  'a jump of time releases everything, batch by batch': {
    releasesPerBatchMax: 1,
    text: `${GIVEN}
    transfer H1 A B 1 pending timeout=100
    transfer H2 A B 1 pending timeout=1
    transfer H3 A B 1 pending timeout=10
    at 1d
    tick
    released H2
    tick
    released H3
    tick
    released H1
    tick
    released`,
  },
  'a clock that runs back changes nothing: time goes on': `${GIVEN}
    at 10s
    transfer H A B 5 pending timeout=1
    at 5s
    post P H -> created
    entry A 2 sequence=4`,
  'the greatest deadline fits, the next one does not': `${GIVEN}
    at 18_446_744_072_709_551_615
    transfer H A B 5 pending timeout=1 -> created
    hold H deadline=18_446_744_073_709_551_615
    transfer I A B 5 pending timeout=1 -> overflows_timeout
    transfer J A B 5 pending timeout=4294967295 -> overflows_timeout`,
  'a release is made in closed books and for closed accounts': `${GIVEN}
    transfer H A B 5 pending timeout=1
    close A
    close B
    books asset=1 until=1d
    at 1h
    tick
    released H`,
}
