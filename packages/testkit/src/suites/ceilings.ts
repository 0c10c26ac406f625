/** What ceilings bind, and what charges them. `by` says who asks. */
import { type CeilingMeasure, encodeControl } from '@tallystick/access'

import type { Scenarios } from './scenarios.ts'

const hex = (command: Parameters<typeof encodeControl>[0]): string =>
  `0x${Buffer.from(encodeControl(command)).toString('hex')}`

export const ceilingId = (n: number): string => `ceil_${String(n).padStart(26, '0')}`

const service = (principal: string): string =>
  hex({ control: 'create_principal', principal, kind: 'service' })

export const ADA = service('ada')

/** Of ada. */
export function ceiling(
  n: number,
  measure: CeilingMeasure,
  limit: number,
  { asset = 1, addresses = ['*'] }: { asset?: number | null; addresses?: readonly string[] } = {},
): string {
  return `control ${hex({
    ...{ control: 'create_ceiling', ceiling: ceilingId(n), principal: 'ada' },
    ...{ measure, asset, limit: String(limit), addresses },
  })} -> changed`
}

export const revokeCeiling = (n: number): string =>
  `control ${hex({ control: 'revoke_ceiling', ceiling: ceilingId(n) })}`

export const CEILING_GIVEN = `
  account A address=a:till
  account B address=b:till
  account L address=a:limited dmnec
  account X address=a:other asset=2
  account Y asset=2
  control ${ADA} -> changed
  control ${service('bob')} -> changed`

const daily = (limit: number): string => `${CEILING_GIVEN}
  ${ceiling(1, 'daily_amount', limit)}
  by ada`

export const CEILINGS: Scenarios = {
  'the amounts of a day are charged together, whatever account they leave': `${daily(10)}
    transfer T1 A B 6   -> created
    transfer T2 B A 5   -> exceeds_ceiling needed=5 available=4 limit=10
    transfer T3 B A 4   -> created
    transfer T4 A B 1   -> exceeds_ceiling needed=1 available=0 limit=10
    transfer T5 A B 0   -> created`,
  'a refusal by a ceiling burns no id': `${daily(10)}
    transfer T A B 11 -> exceeds_ceiling
    by bob
    transfer T A B 11 -> created 11`,
  'it binds nobody else': `${daily(10)}
    by bob
    transfer T1 A B 999 -> created
    by ada
    transfer T2 A B 10  -> created`,
  'it binds whoever asks on its principal’s behalf, and its principal on behalf of another': `${daily(10)}
    by bob/ada
    transfer T1 A B 6 -> created
    transfer T2 A B 5 -> exceeds_ceiling needed=5 available=4 limit=10
    by ada/bob
    transfer T3 A B 3 -> created
    by ada/ada
    transfer T4 A B 1 -> created
    transfer T5 A B 1 -> exceeds_ceiling needed=1 available=0 limit=10
    by bob
    transfer T6 A B 9 -> created`,
  'a day ends at midnight of UTC': `${daily(10)}
    at 86399s
    transfer T1 A B 10 -> created
    transfer T2 A B 1  -> exceeds_ceiling needed=1 available=0 limit=10
    at 1d
    transfer T3 A B 10 -> created
    transfer T4 A B 1  -> exceeds_ceiling`,
  'a hold is charged when it is made, and never again': `${daily(10)}
    transfer H A B 10 pending -> created
    transfer T A B 1          -> exceeds_ceiling
    post P H 5 partial        -> created
    post Q H                  -> created 5
    transfer T A B 1          -> exceeds_ceiling`,
  'what is voided, released or reversed is not given back': `${daily(10)}
    transfer H A B 4 pending           -> created
    void V H                           -> created
    transfer G A B 4 pending timeout=1 -> created
    at 5s
    tick
    transfer T A B 2                   -> created
    transfer U A B 1                   -> exceeds_ceiling
    at 1d
    transfer W A B 6                   -> created
    reverse R W 4                      -> created
    transfer Z A B 1                   -> exceeds_ceiling`,
  'capturing another’s hold is free, as it was charged to him': `${daily(1)}
    by bob
    transfer H A B 10 pending -> created
    by ada
    post P H                  -> created 10
    transfer T A B 1          -> created`,
  'the amount that is moved counts, not the one that was asked for': `${daily(10)}
    by bob
    transfer F B L 4
    by ada
    transfer T1 L B 100 balancing_debit -> created 4
    transfer T2 A B 7                   -> exceeds_ceiling needed=7 available=6 limit=10
    transfer T3 A B 6                   -> created`,
  'a chain charges as a whole or not at all': `${daily(10)}
    batch
      transfer T1 A B 6 linked -> linked_event_failed
      transfer T2 A B 5        -> exceeds_ceiling needed=5 available=4 limit=10
    commit
    batch
      transfer U1 A B 6 linked -> created
      transfer U2 A B 4        -> created
    commit
    transfer V A B 1 -> exceeds_ceiling`,
  'a broken chain gives back what its members had charged': `${daily(10)}
    batch
      transfer T1 A B 6 linked -> linked_event_failed
      transfer T2 L B 1        -> exceeds_credits
    commit
    transfer U A B 10 -> created`,
  'one batch of many is charged command by command': `${daily(10)}
    batch
      transfer T1 A B 6 -> created
      transfer T2 A B 5 -> exceeds_ceiling
      transfer T3 A B 4 -> created
      transfer T4 A B 1 -> exceeds_ceiling
    commit`,
  'a dry run sees it and charges nothing': `${daily(10)}
    dry
      transfer T1 A B 6 -> created
      transfer T2 A B 5 -> exceeds_ceiling needed=5 available=4 limit=10
    commit
    transfer U A B 10 -> created`,
  'a refusal charges nothing, and a repeated transfer nothing again': `${daily(10)}
    transfer T1 L B 6 -> exceeds_credits
    transfer T2 A B 6 -> created
    transfer T2 A B 6 -> exists
    transfer T3 A B 4 -> created`,
  'the amount of one transfer is bounded by itself': `${CEILING_GIVEN}
    ${ceiling(1, 'transfer_amount', 10)}
    by ada
    transfer T1 A B 10 -> created
    transfer T2 A B 10 -> created
    transfer T3 A B 11 -> exceeds_ceiling needed=11 available=10 limit=10`,
  'the transfers of a day are counted, of any asset': `${CEILING_GIVEN}
    ${ceiling(1, 'daily_count', 2, { asset: null })}
    by ada
    transfer T1 A B 500       -> created
    transfer T2 X Y 5 asset=2 -> created
    transfer T3 A B 1         -> exceeds_ceiling needed=1 available=0 limit=2`,
  'what it does not name it does not bind': `${CEILING_GIVEN}
    ${ceiling(1, 'daily_amount', 10, { addresses: ['a:*'] })}
    by ada
    transfer T1 B A 999       -> created
    transfer T2 X Y 999 asset=2 -> created
    transfer T3 A B 11        -> exceeds_ceiling
    transfer T4 A B 10        -> created`,
  'every one that covers it has to allow it, and the oldest that does not is named': `${CEILING_GIVEN}
    ${ceiling(1, 'daily_amount', 10)}
    ${ceiling(2, 'daily_amount', 5, { addresses: ['a:till'] })}
    ${ceiling(3, 'daily_count', 3)}
    by ada
    transfer T1 A B 6  -> exceeds_ceiling needed=6 available=5 limit=5
    transfer T2 A B 11 -> exceeds_ceiling needed=11 available=10 limit=10
    transfer T3 A B 5  -> created
    transfer T4 B A 5  -> created
    transfer T5 B A 0  -> created
    transfer T6 B A 0  -> exceeds_ceiling needed=1 available=0 limit=3`,
  'one that is revoked binds no more, and a new one begins at nothing': `${daily(10)}
    transfer T1 A B 10 -> created
    ${revokeCeiling(1)} -> changed
    transfer T2 A B 99 -> created
    ${ceiling(2, 'daily_amount', 10)}
    transfer T3 A B 10 -> created
    transfer T4 A B 1  -> exceeds_ceiling`,
  'it binds from the next command on': `${CEILING_GIVEN}
    by ada
    batch
      transfer T1 A B 99 -> created
      ${ceiling(1, 'daily_amount', 10)}
      transfer T2 A B 11 -> exceeds_ceiling
    commit`,
}
