/** What waits for a second person: `by` says who asks. */
import { type ControlCommand, encodeControl, type PackedCommands } from '@tallystick/access'
import { Operation, packedCommands } from '@tallystick/ledger'

import type { Scenarios } from './scenarios.ts'

const hex = (command: ControlCommand): string =>
  `0x${Buffer.from(encodeControl(command)).toString('hex')}`
const line = (command: ControlCommand, status: string): string =>
  `control ${hex(command)} -> ${status}`
const numbered = (kind: string, n: number): string => `${kind}_${String(n).padStart(26, '0')}`

const DIGEST = 'd'.repeat(64)
const DAY = 86_400_000_000_000n

/** Changes the limit of account 7 to 5. */
const CHANGE = packedCommands([
  { operation: Operation.changeLimit, id: 7n, flags: 0, limit: 5n, subtreeLimit: undefined },
])

const grant = (n: number, principal: string, addresses: readonly string[] = ['*']): string =>
  line(
    {
      ...{ control: 'create_grant', grant: numbered('grant', n), principal, role: 'approver' },
      ...{ scopes: [], addresses },
    },
    'changed',
  )
const created = (principal: string, kind: 'person' | 'service'): string =>
  line({ control: 'create_principal', principal, kind }, 'changed')

export const policy = (status: string): string =>
  line(
    {
      ...{ control: 'create_policy', policy: 'four-eyes', action: 'limits', asset: null },
      ...{ above: '0', addresses: ['*'], seconds: 3600 },
    },
    status,
  )

/** Two who may decide anything, one who may decide below a, and a program that may too. */
export const PEOPLE = `
  account 7 dmnec
  ${created('ada', 'person')}
  ${created('bob', 'person')}
  ${created('eve', 'person')}
  ${created('bot', 'service')}
  ${grant(1, 'ada')}
  ${grant(2, 'bob')}
  ${grant(3, 'eve', ['a:*'])}
  ${grant(4, 'bot')}`

export const request = (
  status: string,
  more: { by?: string; addresses?: readonly string[]; n?: number; asked?: PackedCommands } = {},
): string => {
  const { by = 'ada', addresses = ['b:x'], n = 1, asked = CHANGE } = more
  return line(
    {
      ...{ control: 'request_approval', approval: numbered('appr', n), by, action: 'limits' },
      ...{ request: numbered('req', n), operation: 3, addresses, digest: DIGEST, ...asked },
      expires_at: String(DAY),
    },
    status,
  )
}

export const approve = (
  by: string,
  status: string,
  { digest = DIGEST, n = 1 }: { digest?: string; n?: number } = {},
): string =>
  line(
    {
      ...{ control: 'approve', approval: numbered('appr', n), request: numbered('req', 9), by },
      digest,
    },
    status,
  )

export const refuse = (by: string, status: string): string =>
  line(
    {
      ...{ control: 'refuse_approval', approval: numbered('appr', 1) },
      ...{ request: numbered('req', 9), by },
    },
    status,
  )

const carriedOut = (by: string, status: string, change = 'limit 7 5'): string => `
    by ${by}
    batch
      ${approve(by, status)}
      ${change} -> ${status === 'changed' ? 'changed' : 'linked_event_failed'}
    commit`

const WAITING = `${PEOPLE}
    by ada
    ${request('changed')}`

export const APPROVALS: Scenarios = {
  'another person carries it out, once': `${WAITING}
    ${carriedOut('bob', 'changed')}
    look 7 limit=5
    limit 7 1
    ${carriedOut('bob', 'approval_decided')}
    look 7 limit=1`,
  'nobody decides his own, no program decides, and nobody where he has no right': `${WAITING}
    ${carriedOut('ada', 'may_not_decide')}
    ${carriedOut('bot', 'may_not_decide')}
    ${carriedOut('eve', 'may_not_decide')}
    look 7 limit=0`,
  'a right where it reaches is enough': `${PEOPLE}
    by ada
    ${request('changed', { addresses: ['a:x'] })}
    ${carriedOut('eve', 'changed')}`,
  'the name in the command is that of whoever asks': `${PEOPLE}
    by bot
    ${request('may_not_decide', { by: 'ada' })}
    by ada
    ${request('changed')}
    by ada
    batch
      ${approve('bob', 'may_not_decide')}
      limit 7 5 -> linked_event_failed
    commit`,
  'nobody asks for it, approves or refuses on behalf of another': `${PEOPLE}
    by bot/ada
    ${request('may_not_decide', { by: 'bot' })}
    ${request('may_not_decide', { by: 'ada' })}
    by ada
    ${request('changed')}
    by bob/ada
    batch
      ${approve('bob', 'may_not_decide')}
      limit 7 5 -> linked_event_failed
    commit
    ${refuse('bob', 'may_not_decide')}
    look 7 limit=0
    ${carriedOut('bob', 'changed')}`,
  'what is carried out is what was asked for': `${WAITING}
    by bob
    ${carriedOut('bob', 'approval_differs', 'limit 7 6')}
    batch
      ${approve('bob', 'approval_differs')}
      limit 7 5 -> linked_event_failed
      limit 7 5 -> linked_event_failed
    commit
    ${approve('bob', 'approval_differs')}
    batch
      ${approve('bob', 'approval_differs', { digest: 'e'.repeat(64) })}
      limit 7 5 -> linked_event_failed
    commit
    batch
      account N
      ${approve('bob', 'approval_differs')}
      limit 7 5 -> changed
    commit`,
  'it ends by itself': `${WAITING}
    at 1d
    ${carriedOut('bob', 'approval_expired')}
    by ada
    ${request('changed', { n: 2 })}`,
  'what is refused, or withdrawn by whoever asked, is not carried out': `${WAITING}
    by bot
    ${refuse('bot', 'may_not_decide')}
    by bob
    ${refuse('bob', 'changed')}
    ${carriedOut('bob', 'approval_decided')}`,
  'whoever asked may think better of it': `${WAITING}
    ${refuse('ada', 'changed')}
    ${carriedOut('bob', 'approval_decided')}`,
  'nothing is carried out for whoever was disabled meanwhile': `${WAITING}
    ${line({ control: 'disable_principal', principal: 'ada' }, 'changed')}
    ${carriedOut('bob', 'may_not_decide')}`,
  'a chain cannot take an approval back': `${WAITING}
    by bob
    batch
      ${approve('bob', 'must_stand_alone').replace(' ->', ' linked ->')}
      limit 7 5 -> linked_event_failed
    commit`,
}
