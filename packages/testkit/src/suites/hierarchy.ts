/** Subtrees: totals of what crosses their boundary, and limits on those totals. */
import type { Scenarios } from './scenarios.ts'

/** World outside; P over Q over K and J, and P over O. */
const TREE = `
  account W
  account P
  account Q parent=P
  account K parent=Q
  account J parent=Q
  account O parent=P`

const LIMITED = `
  account W
  account P dmnec subtree=100
  account Q dmnec parent=P subtree=50
  account K parent=Q
  account O parent=P`

const TOTALS: Scenarios = {
  'an account without child or subtree limit has no totals': `${TREE}
    subtree W none
    subtree K none
    subtree P 0 0 0 0
    subtree Q 0 0 0 0`,
  'what crosses the boundary counts in every ancestor': `${TREE}
    transfer T1 W K 10
    transfer T2 K W 3
    subtree Q 0 3 0 10
    subtree P 0 3 0 10
    balance Q 0 0 0 0`,
  'what stays inside does not count': `${TREE}
    transfer T1 K J 10
    subtree Q 0 0 0 0
    subtree P 0 0 0 0
    transfer T2 K O 4
    subtree Q 0 4 0 0
    subtree P 0 0 0 0`,
  'an account belongs to its own subtree': `${TREE}
    transfer T1 W Q 10
    subtree Q 0 0 0 10
    transfer T2 Q K 4
    subtree Q 0 0 0 10
    balance Q 0 4 0 10
    transfer T3 K P 1
    subtree Q 0 1 0 10
    subtree P 0 0 0 10`,
  'holds count as pending, captures move, releases take back': `${TREE}
    transfer H1 K W 10 pending
    transfer H2 W K 20 pending
    subtree P 10 0 20 0
    post P1 H1 4 partial
    subtree P 6 4 20 0
    subtree Q 6 4 20 0
    void V1 H1
    subtree P 0 4 20 0
    post P2 H2 5
    subtree P 0 4 0 5`,
  'a hold inside counts nowhere, pending or posted': `${TREE}
    transfer H K J 10 pending
    subtree Q 0 0 0 0
    post P1 H 5 partial
    subtree Q 0 0 0 0
    void V H
    subtree P 0 0 0 0`,
  'an expiry takes back': `${TREE}
    transfer H K W 10 pending timeout=1
    subtree P 10 0 0 0
    at 1h
    tick
    subtree P 0 0 0 0`,
  'totals begin as the balances of their own account': `
    account W
    account P dmnec limit=50
    transfer T W P 10
    transfer H P W 7 pending
    subtree P none
    account K parent=P
    subtree P 7 0 0 10
    post C H
    subtree P 0 7 0 10`,
  'totals begin with the first subtree limit, and stay': `
    account W
    account P dmnec
    transfer T W P 10
    limit P subtree=5
    subtree P 0 0 0 10
    limit P subtree=none
    subtree P 0 0 0 10
    transfer U P W 3
    subtree P 0 3 0 10`,
  'a subtree limit at creation begins totals': `
    account P dmnec subtree=5
    subtree P 0 0 0 0`,
  'taking away what was never there begins nothing': `
    account P dmnec
    limit P 5 subtree=none
    subtree P none`,
  'a reversal counts in the other direction': `${TREE}
    transfer T W K 10
    reverse R T 4
    subtree P 0 4 0 10
    transfer U K J 10
    reverse S U 10
    subtree Q 0 4 0 10`,
  'eight levels, one transfer between the ends of two branches': `
    account D1
    account D2 parent=D1
    account D3 parent=D2
    account D4 parent=D3
    account D5 parent=D4
    account D6 parent=D5
    account D7 parent=D6
    account D8 parent=D7 -> created
    account D9 parent=D8 -> parent_too_deep
    account E3 parent=D2
    account E4 parent=E3
    transfer T D8 E4 10
    subtree D1 0 0 0 0
    subtree D2 0 0 0 0
    subtree D3 0 10 0 0
    subtree D7 0 10 0 0
    subtree D8 none
    subtree E3 0 0 0 10`,
}

const LIMITS: Scenarios = {
  'the limit of the nearest ancestor that is passed refuses': `${LIMITED}
    transfer T1 K W 51 -> exceeds_subtree_limit account=Q needed=51 available=50 limit=50
    transfer T2 K W 50 -> created
    transfer T3 O W 51 -> exceeds_subtree_limit account=P needed=51 available=50 limit=100
    transfer T4 O W 50 -> created`,
  'what came in raises what may go out': `${LIMITED}
    transfer T1 W K 30
    transfer T2 K W 80 -> created
    transfer T3 K W 1  -> exceeds_subtree_limit account=Q needed=1 available=0`,
  'what moves inside is not limited': `${LIMITED}
    transfer T1 K W 50
    transfer T2 K Q 1000 -> created
    transfer T3 K O 1    -> exceeds_subtree_limit account=Q needed=1 available=0
    transfer T4 O K 5    -> created
    transfer T5 K O 5    -> created`,
  'holds use the limit until they are released': `${LIMITED}
    transfer H K W 50 pending
    transfer T K W 1 -> exceeds_subtree_limit
    void V H
    transfer U K W 50 -> created`,
  'its own subtree limit binds the account itself, first of all': `
    account W
    account P dmnec subtree=10
    account K dmnec parent=P limit=100 subtree=5
    transfer T1 K W 6 -> exceeds_subtree_limit account=K needed=6 available=5 limit=5
    limit K subtree=none
    transfer T2 K W 11 -> exceeds_subtree_limit account=P needed=11 available=10 limit=10
    transfer T3 K W 10 -> created`,
  'a limit without child binds like any other': `
    account W
    account P dmnec limit=100 subtree=5
    transfer T1 P W 6 -> exceeds_subtree_limit account=P needed=6 available=5
    transfer T2 P W 5 -> created`,
  'credits are limited by an ancestor that says so': `
    account W
    account P cmned subtree=10
    account K parent=P
    transfer T1 W K 11 -> exceeds_subtree_limit account=P needed=11 available=10 limit=10
    transfer T2 K W 5
    transfer T3 W K 15 -> created
    transfer T4 W K 0  -> created`,
  'an ancestor limits the side of its flag only': `
    account W
    account P dmnec subtree=10
    account K parent=P
    transfer T1 W K 1000 -> created
    account N cmned subtree=10
    account C parent=N
    transfer T2 C W 1000 -> created`,
  'the debit side is looked at first': `
    account PD dmnec subtree=1
    account PC cmned subtree=2
    account KD parent=PD
    account KC parent=PC
    transfer T1 KD KC 3 -> exceeds_subtree_limit account=PD needed=3 available=1
    limit PD subtree=9
    transfer T2 KD KC 3 -> exceeds_subtree_limit account=PC needed=3 available=2
    transfer T3 KD KC 2 -> created`,
  'lowered below use, nothing more goes out, but in': `${LIMITED}
    transfer T1 K W 50
    limit Q subtree=20
    transfer T2 K W 1   -> exceeds_subtree_limit account=Q needed=1 available=0 limit=20
    transfer T3 K W 0   -> created
    transfer T4 W K 30
    transfer T5 K W 1   -> exceeds_subtree_limit account=Q needed=1 available=0
    transfer T6 W K 5
    transfer T7 K W 5   -> created`,
  'a subtree limit of nothing lets out what came in': `
    account W
    account P dmnec subtree=0
    account K parent=P
    transfer T1 K W 1 -> exceeds_subtree_limit
    transfer T2 W K 5
    transfer T3 K W 5 -> created`,
  'a subtree limit begins with what is in use': `
    account W
    account P dmnec limit=100
    account K parent=P
    transfer T1 K W 70
    limit P subtree=50
    transfer T2 K W 1 -> exceeds_subtree_limit account=P needed=1 available=0 limit=50`,
  'its own limit and that of the subtree both bind': `
    account W
    account P dmnec subtree=10
    account K dmnec parent=P limit=5
    transfer T1 K W 11 -> exceeds_credits account=K
    limit K 20
    transfer T2 K W 11 -> exceeds_subtree_limit account=P`,
}

export const HIERARCHY: Scenarios = { ...TOTALS, ...LIMITS }
