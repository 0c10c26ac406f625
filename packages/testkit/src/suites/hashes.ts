/** Canonical bytes: what makes two books equal, and what makes two logs equal. */
import { expect } from 'vitest'
import { check } from '../check.ts'
import type { MakeMachine } from '@tallystick/scenario'
import type { Facts } from './facts.ts'

/** Two scenarios and whether their content and their state are the same. */
interface Comparison {
  readonly one: string
  readonly other: string
  readonly sameContent: boolean
}

const GIVEN = `
  account A
  account B
  account L dmnec`

const DIFFERENT_HISTORIES: Readonly<Record<string, Comparison>> = {
  'equal books are equal however they came about': {
    one: `${GIVEN}
      transfer T A B 5`,
    other: `
      at 1h
      account L dmnec
      account B
      account A
      transfer U A B 2
      transfer V A B 3
      transfer W L B 3 -> exceeds_credits`,
    sameContent: true,
  },
  'a settled hold leaves no trace in the content': {
    one: `${GIVEN}
      transfer T A B 5`,
    other: `${GIVEN}
      transfer H A B 9 pending
      post P H 5`,
    sameContent: true,
  },
  'an open hold is content': {
    one: GIVEN,
    other: `${GIVEN}
      transfer H A B 0 pending`,
    sameContent: false,
  },
  'how much of an open hold was captured is content': {
    one: `${GIVEN}
      transfer H A B 9 pending
      post P H 4 partial`,
    other: `${GIVEN}
      transfer T A B 4
      transfer H A B 5 pending`,
    sameContent: false,
  },
  'the time of a hold is not content': {
    one: `${GIVEN}
      transfer H A B 9 pending timeout=5`,
    other: `${GIVEN}
      at 1h
      transfer H A B 9 pending timeout=6`,
    sameContent: true,
  },
  'linked is not content': {
    one: GIVEN,
    other: `
      batch
        account A linked
        account B
      commit
      account L dmnec
      limit A`,
    sameContent: true,
  },
  'closed is content': {
    one: GIVEN,
    other: `${GIVEN}
      close A`,
    sameContent: false,
  },
  'closed and opened again is as before': {
    one: GIVEN,
    other: `${GIVEN}
      close A
      reopen A`,
    sameContent: true,
  },
  'limits and metadata are content': {
    one: GIVEN,
    other: `${GIVEN}
      limit L 5
      metadata L x`,
    sameContent: false,
  },
  'assets and closed books are state, not content': {
    one: GIVEN,
    other: `${GIVEN}
      asset 1 EUR/2
      books A until=5
      books asset=9 until=7`,
    sameContent: true,
  },
  'a refusal is state, not content': {
    one: GIVEN,
    other: `${GIVEN}
      transfer T L A 5 -> exceeds_credits`,
    sameContent: true,
  },
  'an exists is state, not content': {
    one: GIVEN,
    other: `${GIVEN}
      account A -> exists`,
    sameContent: true,
  },
}

const FULL = `${GIVEN}
  asset 1 EUR/2
  asset 7 PTS/0
  account P dmnec limit=9 subtree=70 metadata=m address=p:q
  account K parent=P
  transfer F A L 100
  transfer H L K 9 pending timeout=5 metadata=h
  transfer J L K 9 pending
  post P1 H 4 partial
  transfer X L B 999 -> exceeds_credits
  batch
    transfer C1 A B 1 linked
    transfer C2 A B 1
    transfer C3 A B 1 linked
  commit
  books P until=5
  books asset=1 until=6
  at 1h
  reverse R F 10
  close B`

export function hashFacts(make: MakeMachine): Facts {
  const compared = Object.entries(DIFFERENT_HISTORIES).map(
    ([fact, comparison]) => [fact, () => compare(make, comparison)] as const,
  )
  return {
    ...Object.fromEntries(compared),
    'equal logs give equal states': () => {
      expect(check(make, FULL).stateBytes()).toEqual(check(make, FULL).stateBytes())
    },
    'a batch without events leaves the state as it was': () => {
      const machine = check(make, FULL)
      const before = machine.stateBytes()
      expect(machine.apply({ commands: [], proposed: machine.lastTimestamp() + 9n })).toEqual([])
      expect(machine.stateBytes()).toEqual(before)
    },
  }
}

function compare(make: MakeMachine, { one, other, sameContent }: Comparison): void {
  const [a, b] = [check(make, one), check(make, other)]
  if (sameContent) expect(a.contentBytes()).toEqual(b.contentBytes())
  else expect(a.contentBytes()).not.toEqual(b.contentBytes())
  expect(a.stateBytes()).not.toEqual(b.stateBytes())
}
