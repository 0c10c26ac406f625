/** Canonical bytes: what makes two books equal, and what makes two logs equal. */
import { U128_MAX } from '@tallystick/ledger'
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
  'linked is not content of a hold either': {
    one: `${GIVEN}
      batch
        transfer H A B 5 pending linked
        metadata A
      commit`,
    other: `${GIVEN}
      transfer H A B 5 pending`,
    sameContent: true,
  },
  'why something was refused is state': {
    one: `${GIVEN}
      transfer T L A 5 -> exceeds_credits`,
    other: `${GIVEN}
      transfer T Z A 5 -> debit_account_not_found`,
    sameContent: true,
  },
  'which id was refused is state': {
    one: `${GIVEN}
      transfer T L A 5 -> exceeds_credits`,
    other: `${GIVEN}
      transfer U L A 5 -> exceeds_credits`,
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

/** Numbers for ids, so that their order and their bytes are seen. */
const DOCUMENTED = `
  asset 7 PTS/0
  asset 1 EUR/2
  account 258 dmnec limit=9 subtree=70 code=3 metadata=m address=p:q
  account 2 parent=258 closed
  account 3
  reopen 2
  transfer 9 3 258 100
  transfer 8 258 3 6 pending closing_credit code=5 timeout=1000
  transfer 7 258 2 4 pending
  batch
    transfer 6 258 2 5 pending linked
    post 5 6 2 partial
  commit
  void 4 7
  books asset=7 until=6
  books 258 until=5
  books 2 until=4
  books asset=1 until=3
  books asset=1 until=0`

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex')
const integer = (size: number) => (value: bigint | number) =>
  BigInt(value)
    .toString(16)
    .padStart(2 * size, '0')
    .replace(/(..)/g, '$1 ')
    .trim()
    .split(' ')
    .reverse()
    .join('')
const [u16, u32, u64, u128] = [integer(2), integer(4), integer(8), integer(16)]
const sized = (value: string): string => u32(value.length) + text(value)
const many = (...values: readonly (bigint | number)[]): string => values.map(u128).join('')

/** id, address, asset, code, flags, parent, limit, subtree limit, the four balances, metadata. */
const CONTENT = [
  text('tallystick/content/v1'),
  ...[u128(2), sized(''), u32(1), u16(1), u16(0), many(258, 0, U128_MAX, 0, 0, 3, 2), sized('')],
  ...[u128(3), sized(''), u32(1), u16(1), u16(8), many(0, 0, U128_MAX, 0, 100, 6, 0), sized('')],
  ...[u128(258), sized('p:q'), u32(1), u16(3), u16(2), many(0, 9, 70, 9, 2, 0, 100), sized('m')],
  text('tallystick/holds/v1'),
  ...[many(6, 258, 2), u32(1), u16(1), u16(2), many(2, 3)],
  ...[many(8, 258, 3), u32(1), u16(5), u16(2 | 128), many(0, 6)],
]

/** Last timestamp and sequence, digest (computed apart from both machines), assets by number, closed books: subtrees by id, then assets. */
const STATE = [
  ...[text('tallystick/state/v1'), u64(17), u64(17), u32(0x17df7977), u32(0xddcd2c2c)],
  ...[u32(2), u32(1), sized('EUR/2'), u32(7), sized('PTS/0')],
  ...[u32(3), u32(0), u128(2), u64(4), u32(0), u128(258), u64(5), u32(7), u128(0), u64(6)],
]

export function hashFacts(make: MakeMachine): Facts {
  const compared = Object.entries(DIFFERENT_HISTORIES).map(
    ([fact, comparison]) => [fact, () => compare(make, comparison)] as const,
  )
  return {
    ...Object.fromEntries(compared),
    'content bytes are as documented': () => {
      expect(hex(check(make, DOCUMENTED).contentBytes())).toBe(CONTENT.join(''))
    },
    'state bytes are as documented': () => {
      expect(hex(check(make, DOCUMENTED).stateBytes())).toBe([...CONTENT, ...STATE].join(''))
    },
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
