/** Holds: capture, void, expiry, and holds that close accounts. */
import type { Scenarios } from './scenarios.ts'

const GIVEN = `
  account A
  account B
  account L dmnec
  transfer F A L 100`

const CAPTURE: Scenarios = {
  'a hold reserves and moves nothing': `${GIVEN}
    transfer H L B 60 pending -> created 60
    balance L 60 0 0 100
    balance B 0 0 60 0
    hold H pending amount=60 captured=0 remaining=60 deadline=0
    transfer T L B 41 -> exceeds_credits available=40
    transfer U L B 40 -> created`,
  'pending credits are not yet there to be spent': `${GIVEN}
    account N dmnec
    transfer H A N 60 pending
    transfer T N B 1 -> exceeds_credits available=0
    post P H
    transfer U N B 60 -> created`,
  'a whole post moves all': `${GIVEN}
    transfer H L B 60 pending
    post P H -> created 60
    balance L 0 60 0 100
    hold H captured captured=60 remaining=0`,
  'a whole post of a part releases the rest in the same event': `${GIVEN}
    transfer H L B 60 pending
    post P H 20 -> created 20
    balance L 0 20 0 100
    balance B 0 0 0 20
    hold H captured captured=20 remaining=0
    look L entries=3
    post Q H 1  -> pending_transfer_already_posted`,
  'a partial post keeps the rest held': `${GIVEN}
    transfer H L B 60 pending
    post P1 H 20 partial -> created 20
    balance L 40 20 0 100
    hold H pending captured=20 remaining=40
    post P2 H 41 partial -> exceeds_pending_transfer_amount
    post P3 H 40 partial -> created 40
    hold H captured captured=60 remaining=0
    balance L 0 60 0 100
    post P4 H 0 partial  -> pending_transfer_already_posted`,
  'a partial post may take all, by its greatest amount': `${GIVEN}
    transfer H L B 60 pending
    post P1 H 20 partial  -> created 20
    post P2 H max partial -> created 40
    hold H captured captured=60 remaining=0`,
  'a whole post after partial ones takes what remains': `${GIVEN}
    transfer H L B 60 pending
    post P1 H 20 partial
    post P2 H 41 -> exceeds_pending_transfer_amount
    post P3 H 10 -> created 10
    hold H captured captured=30 remaining=0
    balance L 0 30 0 100`,
  'a partial post of nothing leaves the hold as it is': `${GIVEN}
    transfer H L B 60 pending
    post P H 0 partial -> created 0
    hold H pending captured=0 remaining=60
    look L entries=3`,
  'a whole post of nothing resolves the hold as posted': `${GIVEN}
    transfer H L B 60 pending
    post P H 0 -> created 0
    hold H captured captured=0 remaining=0
    balance L 0 0 0 100
    void V H   -> pending_transfer_already_posted`,
  'a hold of nothing is open until it is settled': `${GIVEN}
    transfer H L B 0 pending -> created 0
    hold H pending amount=0 remaining=0
    post P H 0 partial -> created 0
    hold H captured captured=0
    transfer I L B 0 pending
    post Q I -> created 0
    hold I captured
    transfer J L B 0 pending
    void V J -> created 0
    hold J voided`,
  'a post looks at no limit: the hold did': `${GIVEN}
    transfer H L B 100 pending
    limit L 0
    post P H -> created 100
    balance L 0 100 0 100`,
  'after the hold was resolved the first amount is what is compared': `${GIVEN}
    transfer H L B 60 pending
    post P1 H 20 partial
    post P2 H
    post P3 H 60 -> pending_transfer_already_posted
    post P4 H 61 -> exceeds_pending_transfer_amount
    void V1 H 60 -> pending_transfer_already_posted
    void V2 H 40 -> pending_transfer_has_different_amount`,
  'a post of the greatest hold': `${GIVEN}
    account X
    account Y
    transfer H X Y max pending -> created
    post P H max-1 partial -> created
    post Q H               -> created 1
    balance X 0 max 0 0`,
}

const VOID: Scenarios = {
  'a void gives all back': `${GIVEN}
    transfer H L B 60 pending
    void V H -> created 60
    balance L 0 0 0 100
    balance B 0 0 0 0
    hold H voided captured=0 remaining=0`,
  'a void names what remains or nothing': `${GIVEN}
    transfer H L B 60 pending
    post P H 20 partial
    void V1 H 60 -> exceeds_pending_transfer_amount
    void V2 H 39 -> pending_transfer_has_different_amount
    void V3 H 40 -> created 40
    hold H voided captured=20 remaining=0
    balance L 0 20 0 100`,
  'a void is taken by closed accounts': `${GIVEN}
    transfer H L B 60 pending
    close L
    close B
    post P H -> debit_account_already_closed
    void V H -> created 60`,
  'settling twice in one batch settles once': `${GIVEN}
    transfer H L B 60 pending
    batch
      post P H -> created
      void V H -> pending_transfer_already_posted
      post Q H -> pending_transfer_already_posted
    commit
    balance L 0 60 0 100`,
  'what settles a hold is no hold': `${GIVEN}
    transfer H L B 60 pending
    post P H 10 partial
    hold P none
    void V P -> pending_transfer_not_pending
    void W H
    void X W -> pending_transfer_not_pending`,
}

const CLOSING: Scenarios = {
  'a closing hold closes its account from the next event on': `${GIVEN}
    transfer H L B 100 pending closing_debit -> created 100
    look L closed
    look B open
    transfer T1 L B 0 -> debit_account_already_closed
    transfer T2 A L 5 -> credit_account_already_closed
    post P H          -> debit_account_already_closed`,
  'its void opens the account again': `${GIVEN}
    transfer H L B 100 pending closing_debit
    void V H -> created
    look L open
    transfer T L B 100 -> created`,
  'its expiry opens the account again': `${GIVEN}
    transfer H L B 100 pending closing_debit timeout=1
    at +1m
    transfer T L B 100 -> created
    released H
    look L open`,
  'both accounts may be closed at once': `${GIVEN}
    transfer H L B 0 pending closing_debit closing_credit
    look L closed
    look B closed
    void V H
    look L open
    look B open`,
  'an account is closed by one thing at a time': `${GIVEN}
    transfer H L B 0 pending closing_credit
    transfer I A B 0 pending closing_credit -> credit_account_already_closed
    close B  -> account_already_closed
    reopen B -> account_closed_by_transfer
    close L
    transfer J L A 0 pending closing_debit -> debit_account_already_closed
    void V H
    look B open
    look L closed`,
  'an older hold is voided while its account is closed, and that opens nothing': `${GIVEN}
    transfer H L B 10 pending
    transfer I L B 0 pending closing_debit
    void V H -> created
    look L closed
    void W I -> created
    look L open`,
  'a hold expires while its account is closed by hand, and that opens nothing': `${GIVEN}
    transfer H L B 10 pending timeout=1
    close L
    at +1h
    tick
    released H
    look L closed
    balance L 0 0 0 100`,
  'a closed account may be opened as such, and reopened': `
    account A
    account N closed -> created
    transfer T A N 5 -> credit_account_already_closed
    reopen N         -> changed
    transfer U A N 5 -> created`,
  'a parent that is closed closes no child, and takes new ones': `
    account A
    account P closed
    account K parent=P -> created
    transfer T A K 5   -> created`,
}

export const HOLDS: Scenarios = { ...CAPTURE, ...VOID, ...CLOSING }
