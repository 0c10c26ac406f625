import { expect, test } from 'vitest'
import { LedgerMachine } from './ledger-machine.ts'
import { play } from './play.ts'

const STORY = `
  # A wallet that may go 50 below zero.
  at 2026-01-01T00:00:00Z
  account bank
  account wallet dmnec limit=50
  transfer T1 wallet bank 100
  transfer T2 bank wallet 1_000
  transfer T3 wallet bank 300 pending timeout=5
  post P1 T3 100 partial
  dry
    transfer T4 wallet bank 10
  commit
  at +6s
  tick
  batch
    transfer T5 wallet bank 1 linked
    transfer T6 wallet bank 1 linked
  commit
  look wallet
  hold T3 expired captured=100`

test('a played scenario is a table of answers and balances', () => {
  expect(play(new LedgerMachine(), STORY)).toMatchInlineSnapshot(`
    "                debits pending  posted  credits pending  posted
       3  at 2026-01-01T00:00:00Z                        2026-01-01T00:00:00Z
       4  account bank                                   created
       5  account wallet dmnec limit=50                  created
       6  transfer T1 wallet bank 100                    exceeds_credits account=wallet needed=100 available=50 limit=50
            wallet               0       0                0       0
            bank                 0       0                0       0
       7  transfer T2 bank wallet 1_000                  created 1000
            bank                 0    1000                0       0
            wallet               0       0                0    1000
       8  transfer T3 wallet bank 300 pending timeout=5  created 300
            wallet             300       0                0    1000
            bank                 0    1000              300       0
       9  post P1 T3 100 partial                         created 100
            wallet             200     100                0    1000
            bank                 0    1000              200     100
      11  transfer T4 wallet bank 10                     would be created 10
      13  at +6s                                         2026-01-01T00:00:06Z
      14  tick                                           1 released
          release T3                                     released 200
            wallet               0     100                0    1000
            bank                 0    1000                0     100
      16  transfer T5 wallet bank 1 linked               linked_event_failed
      17  transfer T6 wallet bank 1 linked               linked_event_chain_open
            wallet               0     100                0    1000
            bank                 0    1000                0     100
      19  look wallet                                    status=open flags=2 address= asset=1 code=1 parent=0 limit=50 subtree=none metadata= timestamp=1767225600000000001 entries=4
      20  hold T3 expired captured=100                   status=expired amount=300 captured=100 remaining=0 deadline=1767225605000000004
    "
  `)
})
