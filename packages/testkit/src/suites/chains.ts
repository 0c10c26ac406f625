/** Linked chains and dry runs. */
import type { Scenarios } from './scenarios.ts'

const GIVEN = `
  account A
  account B
  account L dmnec
  account M cmned`

const CHAINS: Scenarios = {
  'a chain is created whole': `${GIVEN}
    batch
      transfer T1 A B 1 linked -> created
      transfer T2 A B 2 linked -> created
      transfer T3 A B 3        -> created
    commit
    balance B 0 0 0 6`,
  'a member sees what earlier members did': `${GIVEN}
    batch
      account N dmnec linked   -> created
      transfer T1 A N 5 linked -> created
      transfer T2 N B 5        -> created
    commit
    balance N 0 5 0 5`,
  'one failure undoes all, before and after it': `${GIVEN}
    batch
      account N linked          -> linked_event_failed
      transfer T1 A N 5 linked  -> linked_event_failed
      transfer T2 L B 5 linked  -> exceeds_credits
      transfer T3 A B 5         -> linked_event_failed
    commit
    look N none
    balance A 0 0 0 0
    look A entries=0`,
  'a refusal names the account that was opened with it and undone with it': `${GIVEN}
    batch
      account K linked dmnec -> linked_event_failed
      transfer T K A 1       -> exceeds_credits account=K
      account N              -> created
    commit
    look K none`,
  'only the member that failed burns its id': `${GIVEN}
    batch
      transfer T1 A B 5 linked -> linked_event_failed
      transfer T2 L B 5 linked -> exceeds_credits
      transfer T3 L B 9        -> linked_event_failed
    commit
    transfer T1 A B 5 -> created
    transfer T2 A B 5 -> id_already_failed
    transfer T3 A B 5 -> created`,
  'a member that fails for good burns nothing': `${GIVEN}
    batch
      transfer T1 A B 5 linked -> linked_event_failed
      transfer T2 A B 5 code=0 -> code_must_not_be_zero
    commit
    transfer T2 A B 5 -> created`,
  'exists breaks a chain': `${GIVEN}
    transfer T A B 5
    batch
      transfer U A B 5 linked -> linked_event_failed
      transfer T A B 5        -> exists
    commit
    balance B 0 0 0 5`,
  'the same id twice in a chain breaks it': `${GIVEN}
    batch
      transfer T A B 5 linked -> linked_event_failed
      transfer T A B 5        -> exists_with_different_flags
    commit
    batch
      transfer T A B 5 linked -> linked_event_failed
      transfer T A B 5 linked -> exists
      transfer U A B 5        -> linked_event_failed
    commit
    balance B 0 0 0 0`,
  'chains side by side succeed and fail apart': `${GIVEN}
    batch
      transfer T1 A B 1 linked -> created
      transfer T2 A B 1        -> created
      transfer T3 A B 1 linked -> linked_event_failed
      transfer T4 A A 1        -> accounts_must_be_different
      transfer T5 A B 1        -> created
      transfer T6 A B 1 linked -> created
      transfer T7 A B 1        -> created
    commit
    balance B 0 0 0 5`,
  'an open chain fails, its last member saying why': `${GIVEN}
    batch
      transfer T1 A B 1 linked -> linked_event_failed
      transfer T2 A B 1 linked -> linked_event_failed
      transfer T3 A B 1 linked -> linked_event_chain_open
    commit
    balance B 0 0 0 0`,
  'in an open chain an earlier failure keeps its status, and the last still says that it is open': `${GIVEN}
    batch
      transfer T1 A B 1 linked -> linked_event_failed
      transfer T2 L B 1 linked -> exceeds_credits
      transfer T3 A B 1 linked -> linked_event_failed
      transfer T4 L B 1 linked -> linked_event_chain_open
    commit
    transfer T2 A B 1 -> id_already_failed
    transfer T4 A B 1 -> created`,
  'the open end is not looked at, whatever it asks': `${GIVEN}
    batch
      transfer T1 A B 1 linked            -> linked_event_failed
      transfer 0  A B 1 linked flags=1024 -> linked_event_chain_open
    commit
    transfer Z L B 1 linked -> linked_event_chain_open
    transfer Z A B 1        -> created`,
  'a reserved flag in a chain fails the chain': `${GIVEN}
    batch
      transfer T1 A B 1 linked flags=4096 -> reserved_flag
      transfer T2 A B 1                   -> linked_event_failed
    commit`,
  'a chain mixes operations and undoes them all': `${GIVEN}
    transfer H A B 5 pending timeout=1
    transfer T A B 9
    batch
      account N parent=A dmnec subtree=5 linked -> linked_event_failed
      limit L linked 70                -> linked_event_failed
      metadata L linked hello          -> linked_event_failed
      close B linked                   -> linked_event_failed
      asset 7 linked PTS/0             -> linked_event_failed
      books A linked until=1           -> linked_event_failed
      post P H linked 2 partial        -> credit_account_already_closed
      reverse R T 5                    -> linked_event_failed
    commit
    look L limit=0 metadata= open
    look B open
    subtree A none
    hold H pending captured=0 remaining=5
    reversed T 0
    asset 8 PTS/0 -> created`,
  'posts, voids and reversals are undone': `${GIVEN}
    transfer H1 A B 5 pending
    transfer H2 A B 5 pending
    transfer T B A 9
    transfer H3 A B 5 pending closing_debit
    batch
      void V3 H3 linked          -> linked_event_failed
      post P1 H1 linked          -> linked_event_failed
      post P2 H2 2 partial linked -> linked_event_failed
      void V2 H2 linked          -> linked_event_failed
      reverse R T 4 linked       -> linked_event_failed
      transfer X L B 1           -> exceeds_credits
    commit
    look A closed
    hold H1 pending captured=0 remaining=5
    hold H2 pending captured=0 remaining=5
    hold H3 pending remaining=5
    reversed T 0
    balance A 15 0 0 9
    balance B 0 9 15 0
    void V3 H3 -> created
    post P1 H1 -> created`,
  'a hold made and settled in one chain': `${GIVEN}
    batch
      transfer H A B 5 pending linked -> created
      post P H 3 partial linked       -> created
      void V H                        -> created
    commit
    hold H voided captured=3 remaining=0
    balance B 0 0 0 3
    look B entries=3`,
  'a hold that closes its account inside a chain closes it for the next member': `${GIVEN}
    batch
      transfer H A B 5 pending closing_debit linked -> linked_event_failed
      transfer T A B 5                              -> debit_account_already_closed
    commit
    look A open
    hold H none`,
  'subtree totals that began in a chain are undone with it': `${GIVEN}
    transfer T A B 5
    batch
      account K parent=A linked -> linked_event_failed
      transfer U K B 5 linked   -> linked_event_failed
      transfer X L B 1          -> exceeds_credits
    commit
    subtree A none
    account K parent=A
    subtree A 0 5 0 0`,
}

const DRY: Scenarios = {
  'a dry run answers and leaves nothing': `${GIVEN}
    dry
      account N                -> created
      transfer T A N 5         -> created 5
      transfer U L B 5         -> exceeds_credits account=L needed=5 available=0 limit=0
      transfer V L B 9 balancing_debit -> created 0
    commit
    look N none
    transfer T A B 5 -> created
    transfer U A B 5 -> created`,
  'a dry run burns no id': `${GIVEN}
    dry
      transfer U L B 5 -> exceeds_credits
      transfer U L B 5 -> id_already_failed
    commit
    transfer U A B 5 -> created`,
  'commands of a dry run see each other, chains included': `${GIVEN}
    dry
      transfer T1 A L 5 linked -> created
      transfer T2 L B 5        -> created
      transfer T3 L B 5 linked -> exceeds_credits
      transfer T4 A B 5        -> linked_event_failed
      transfer T5 A B 5 linked -> linked_event_chain_open
    commit
    balance L 0 0 0 0`,
  'a dry run releases no hold, and yet no post succeeds after the deadline': `${GIVEN}
    transfer H A B 5 pending timeout=1
    at 1h
    dry
      post P H         -> pending_transfer_expired
      transfer T A B 1 -> created
    commit
    hold H pending remaining=5
    tick
    released H`,
  'what is due still counts in a dry run': `${GIVEN}
    transfer F A L 10
    transfer H L B 10 pending timeout=1
    at 1h
    dry
      transfer T L B 10 -> exceeds_credits available=0
    commit
    released
    transfer T L B 10 -> created
    released H`,
  'a dry run of settlements and settings leaves nothing': `${GIVEN}
    transfer H A B 5 pending
    transfer T A B 5
    dry
      post P H 2 partial -> created
      reverse R T 5      -> created
      close A            -> changed
      limit L 9          -> changed
      books A until=1h   -> changed
      asset 3 X/0        -> created
      transfer Z A B 1   -> effective_at_in_closed_period
    commit
    hold H pending captured=0
    reversed T 0
    look A open
    transfer Z A B 1 -> created`,
  'an empty dry run is nothing': `${GIVEN}
    dry
    commit`,
}

export const CHAINS_AND_DRY_RUNS: Scenarios = { ...CHAINS, ...DRY }
