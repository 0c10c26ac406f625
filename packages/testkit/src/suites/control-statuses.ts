/** What each status of a control command comes from, as scenarios. Statements are their bytes: the one form that a command has. */
import {
  type ControlCommand,
  type ControlStatus,
  encodeControl,
  GRANTS_PER_PRINCIPAL_MAX,
} from '@tallystick/access'
import { approve, PEOPLE, policy, refuse, request } from './approvals.ts'
import { ceiling, revokeCeiling } from './ceilings.ts'

const hex = (command: ControlCommand): string =>
  `0x${Buffer.from(encodeControl(command)).toString('hex')}`

const numbered = (kind: 'key' | 'grant', n: number): string =>
  `${kind}_${String(n).padStart(26, '0')}`

const created = { control: 'create_principal', principal: 'ada', kind: 'person' } as const
const ADA = hex(created)
const KEY = hex({
  ...{ control: 'create_key', principal: 'ada', key: numbered('key', 1), hash: 'a'.repeat(64) },
  ...{ prefix: 'tk_live_abcdef', expires_at: null, ip_ranges: [] },
})
const REVOKE = hex({ control: 'revoke_key', key: numbered('key', 1) })
const CLERK = hex({ control: 'put_role', role: 'clerk', scopes: ['keys:read'] })
const REMOVE = hex({ control: 'remove_role', role: 'clerk' })
const grant = (n: number, role: string): string =>
  hex({
    ...{ control: 'create_grant', grant: numbered('grant', n), principal: 'ada', role },
    ...{ scopes: [], addresses: ['*'] },
  })

const many = Array.from(
  { length: GRANTS_PER_PRINCIPAL_MAX },
  (_, n) => `control ${grant(n, 'viewer')} -> changed`,
)

const NO_POLICY = `control ${hex({ control: 'remove_policy', policy: 'none' })}`
const REVOKE_CEILING = revokeCeiling(1)

export const CONTROL_CASES: Readonly<Record<keyof typeof ControlStatus, string>> = {
  changed: `control ${ADA} -> changed`,
  linkedEventFailed: `
    batch
      control ${ADA} linked -> must_stand_alone
      close Z               -> linked_event_failed
    commit
    batch
      close Z linked -> account_not_found
      control ${ADA} -> linked_event_failed
    commit
    control ${ADA} -> changed`,
  linkedEventChainOpen: `control ${ADA} linked -> linked_event_chain_open`,
  reservedFlag: `control ${ADA} flags=2 -> reserved_flag`,
  mustStandAlone: `
    batch
      account Q linked -> linked_event_failed
      control ${ADA}   -> must_stand_alone
    commit`,
  malformedControl: `
    control hello -> malformed_control
    control ${ADA}20 -> malformed_control`,
  alreadyExists: `
    control ${ADA} -> changed
    control ${ADA} -> already_exists`,
  principalNotFound: `control ${KEY} -> principal_not_found`,
  keyNotFound: `control ${REVOKE} -> key_not_found`,
  roleNotFound: `
    control ${REMOVE} -> role_not_found
    control ${ADA} -> changed
    control ${grant(1, 'clerk')} -> role_not_found`,
  grantNotFound: `control ${hex({ control: 'revoke_grant', grant: numbered('grant', 1) })} -> grant_not_found`,
  keyRevoked: `
    control ${ADA} -> changed
    control ${KEY} -> changed
    control ${REVOKE} -> changed
    control ${REVOKE} -> key_revoked`,
  roleBuiltIn: `control ${hex({ control: 'put_role', role: 'admin', scopes: ['keys:read'] })} -> role_built_in`,
  roleInUse: `
    control ${ADA} -> changed
    control ${CLERK} -> changed
    control ${grant(1, 'clerk')} -> changed
    control ${REMOVE} -> role_in_use`,
  tooMany: `
    control ${ADA} -> changed
    ${many.join('\n')}
    control ${grant(1_000, 'viewer')} -> too_many`,
  lastAdministrator: `
    control ${ADA} -> changed
    control ${grant(1, 'admin')} -> changed
    control ${KEY} -> changed
    control ${REVOKE} -> last_administrator
    control ${hex({ control: 'disable_principal', principal: 'ada' })} -> last_administrator
    control ${hex({ control: 'revoke_grant', grant: numbered('grant', 1) })} -> last_administrator`,
  ceilingNotFound: `
    ${REVOKE_CEILING} -> ceiling_not_found
    control ${ADA} -> changed
    ${ceiling(1, 'daily_count', 5)}
    ${REVOKE_CEILING} -> changed
    ${REVOKE_CEILING} -> ceiling_not_found`,
  policyNotFound: `${NO_POLICY} -> policy_not_found`,
  approvalNotFound: `
    by ada
    ${approve('ada', 'approval_not_found')}`,
  approvalDecided: `${PEOPLE}
    by ada
    ${request('changed')}
    ${refuse('ada', 'changed')}
    ${refuse('ada', 'approval_decided')}`,
  approvalExpired: `${PEOPLE}
    by ada
    ${request('changed')}
    at 1d
    ${refuse('ada', 'approval_expired')}`,
  mayNotDecide: `${PEOPLE}
    by ada
    ${request('changed')}
    ${approve('ada', 'may_not_decide')}`,
  approvalDiffers: `${PEOPLE}
    by ada
    ${request('changed')}
    by bob
    ${approve('bob', 'approval_differs')}`,
  tooFewDeciders: `
    ${policy('too_few_deciders')}
    ${PEOPLE}
    ${policy('changed')}
    ${policy('already_exists')}`,
}
