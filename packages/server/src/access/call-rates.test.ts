import { AccessState, type ControlCommand, encodeControl } from '@tallystick/access'
import { expect, test } from 'vitest'

import { Refused } from '../http/refused.ts'
import { CallRates } from './call-rates.ts'
import type { Caller } from './caller.ts'

const DEFAULTS = { principal: 10, key: 4 }

function made(...commands: readonly ControlCommand[]) {
  const access = new AccessState()
  access.fold(encodeControl({ control: 'create_principal', principal: 'ada', kind: 'person' }), 1n)
  for (const command of commands) access.fold(encodeControl(command), 1n)
  const clock = { ms: 1_000 }
  const rates = new CallRates(access, DEFAULTS, () => clock.ms)
  const caller = (keyId: string): Caller => ({
    ...{ name: 'ada', keyId, rights: access.rightsOf('ada'), version: access.version },
  })
  /** How many of so many calls are let in. */
  const admitted = (keyId: string, calls: number): number => {
    let count = 0
    for (let call = 0; call < calls; call++) {
      try {
        rates.admit(caller(keyId))
        count++
      } catch (error) {
        if (!(error instanceof Refused)) throw error
      }
    }
    return count
  }
  return { rates, clock, caller, admitted, access }
}

function refusal(ask: () => unknown): Refused {
  try {
    ask()
  } catch (error) {
    if (error instanceof Refused) return error
  }
  throw new Error('it was let in')
}

test('a key is let in as often as it may, then in the measure of time, and never saves up more than a second', () => {
  const { clock, admitted } = made()
  expect(admitted('k1', 20)).toBe(4)
  clock.ms += 500
  expect(admitted('k1', 20)).toBe(2)
  clock.ms += 3_600_000
  expect(admitted('k1', 20)).toBe(4)
})

test('keys of one principal share what it may', () => {
  const { clock, admitted } = made()
  expect(['k1', 'k2', 'k3', 'k4'].map((key) => admitted(key, 20))).toEqual([4, 4, 2, 0])
  clock.ms += 1_000
  expect(admitted('k4', 20)).toBe(4)
})

test('a principal with a rate of its own has that one, and is told what is left', () => {
  const { rates, caller, clock } = made({
    ...{ control: 'limit_calls', principal: 'ada', per_second: 2, burst: 3 },
  })
  expect(rates.admit(caller('k1'))).toEqual({
    'ratelimit-policy': '"principal";q=3;w=2',
    ratelimit: '"principal";r=2;t=1',
  })
  rates.admit(caller('k1'))
  rates.admit(caller('k1'))
  const { facts, headers } = refusal(() => rates.admit(caller('k1')))
  expect(facts.code).toBe('rate_limited')
  expect(headers).toEqual({
    'ratelimit-policy': '"principal";q=3;w=2',
    ...{ ratelimit: '"principal";r=0;t=2', 'retry-after': '1' },
  })
  clock.ms += 1_000 * Number(headers['retry-after'])
  rates.admit(caller('k1'))
})

test('whoever waits as long as he is told is let in, however slow his rate', () => {
  const { rates, caller, clock, admitted } = made({
    ...{ control: 'limit_calls', principal: 'ada', per_second: 1, burst: 1 },
  })
  expect(admitted('k1', 100)).toBe(1)
  for (let round = 0; round < 100; round++) {
    const { headers } = refusal(() => rates.admit(caller('k1')))
    clock.ms += 1_000 * Number(headers['retry-after'])
    rates.admit(caller('k1'))
  }
})

test('what is remembered of callers that rest is forgotten', () => {
  const { clock, admitted } = made()
  for (let n = 0; n < 40_000; n++) {
    clock.ms += 1_000
    expect(admitted(`k${n}`, 1)).toBe(1)
  }
  expect(admitted('k0', 20)).toBe(4)
})
