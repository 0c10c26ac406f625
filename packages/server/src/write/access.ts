/** Writes of access: what was asked becomes one control command, which stands alone. */
import { CALLS_MAX, type ControlCommand, encodeControl, type NewKey } from '@tallystick/access'
import type {
  BindIdentity,
  CreateGrant,
  CreateKey,
  CreatePrincipal,
  GrantParams,
  KeyParams,
  LimitCalls,
  PrincipalParams,
  PutRole,
  RoleParams,
  RotateKey,
} from '@tallystick/contract'
import { formatRequestId } from '@tallystick/contract'
import { Operation } from '@tallystick/engine'

import { makeSecret } from '../access/secret.ts'
import { newRequestId } from '../http/ids.ts'
import { refuse } from '../http/refused.ts'
import {
  changeAnswer,
  grantAnswer,
  keyAnswer,
  principalAnswer,
  roleAnswer,
} from '../render/access-answer.ts'
import { timeOf } from './fields.ts'
import type { Asked, Asking, Plan, Planning, WriteOperation } from './plan.ts'
import type { SavedBody } from '../saved-body.ts'

const OVERLAP_SECONDS = 86_400
const NS_PER_SECOND = 1_000_000_000n
const NS_PER_MS = 1_000_000n

export function planOf(command: ControlCommand, body: SavedBody = {}, secret?: string): Plan {
  const statement = encodeControl(command)
  return {
    commands: [{ operation: Operation.control, flags: 0, statement }],
    ...{ body, touches: [], keys: [] },
    ...(secret === undefined ? {} : { secret }),
  }
}

export function idOf(kind: 'key' | 'grant' | 'ceil' | 'appr', { nowMs }: Asking): string {
  return formatRequestId(newRequestId(nowMs)).replace('req', kind)
}

function newKey(
  asking: Asking,
  mode: 'live' | 'test',
  { expires_at: expires, ip_ranges: ranges = [] }: Pick<RotateKey, 'expires_at' | 'ip_ranges'>,
): { readonly made: NewKey; readonly secret: string } {
  const { secret, prefix, hash } = makeSecret(mode)
  const expiresAt = expires === undefined || expires === null ? null : timeOf(expires, 'expires_at')
  if (expiresAt !== null && expiresAt <= BigInt(asking.nowMs) * NS_PER_MS) {
    return refuse('invalid_time', 'expires_at', 'The key would have expired already.')
  }
  const made = {
    ...{ key: idOf('key', asking), hash, prefix },
    ...{ expires_at: expiresAt === null ? null : String(expiresAt), ip_ranges: ranges },
  }
  return { made, secret }
}

export const createPrincipal: WriteOperation = {
  plan: (_planning, _asking, { body }) => {
    const { principal, kind } = body as CreatePrincipal
    return planOf({ control: 'create_principal', principal, kind })
  },
  render: principalAnswer,
}

export const disablePrincipal: WriteOperation = {
  plan: (_planning, _asking, { params }) => {
    const { principal } = params as PrincipalParams
    return planOf({ control: 'disable_principal', principal })
  },
  render: changeAnswer,
}

export const enablePrincipal: WriteOperation = {
  plan: (_planning, _asking, { params }) => {
    const { principal } = params as PrincipalParams
    return planOf({ control: 'enable_principal', principal })
  },
  render: changeAnswer,
}

export const createKey: WriteOperation = {
  plan: (_planning, asking, { body }) => {
    const { principal, mode = 'live', ...limits } = body as CreateKey
    const { made, secret } = newKey(asking, mode, limits)
    return planOf({ control: 'create_key', principal, ...made }, {}, secret)
  },
  render: keyAnswer,
}

export const rotateKey: WriteOperation = {
  plan: (planning: Planning, asking: Asking, { params, body }: Asked) => {
    const { id } = params as KeyParams
    const { overlap_seconds: overlap = OVERLAP_SECONDS, ...limits } = (body ?? {}) as RotateKey
    const old = planning.access.key(id)
    const mode = old?.prefix.startsWith('tk_test_') === true ? 'test' : 'live'
    const ranges = limits.ip_ranges ?? old?.ipRanges ?? []
    const { made, secret } = newKey(asking, mode, { ...limits, ip_ranges: [...ranges] })
    const until = BigInt(asking.nowMs) * NS_PER_MS + BigInt(overlap) * NS_PER_SECOND
    const command = { control: 'rotate_key', replaces: id, until: String(until), ...made } as const
    return planOf(command, { principal: old?.principal ?? '' }, secret)
  },
  render: keyAnswer,
}

export const revokeKey: WriteOperation = {
  plan: (_planning, _asking, { params }) => {
    const { id } = params as KeyParams
    return planOf({ control: 'revoke_key', key: id })
  },
  render: changeAnswer,
}

export const putRole: WriteOperation = {
  plan: (_planning, _asking, { params, body }) => {
    const { role } = params as RoleParams
    return planOf({ control: 'put_role', role, scopes: (body as PutRole).scopes })
  },
  render: roleAnswer,
}

export const removeRole: WriteOperation = {
  plan: (_planning, _asking, { params }) => {
    const { role } = params as RoleParams
    return planOf({ control: 'remove_role', role })
  },
  render: changeAnswer,
}

export const createGrant: WriteOperation = {
  plan: (_planning, asking, { body }) => {
    const { principal, role = null, scopes = [], addresses } = body as CreateGrant
    if (role === null && scopes.length === 0) {
      return refuse('missing_field', 'role', 'A grant gives a role, scopes, or both.')
    }
    const grant = idOf('grant', asking)
    return planOf({ control: 'create_grant', grant, principal, role, scopes, addresses })
  },
  render: grantAnswer,
}

export const revokeGrant: WriteOperation = {
  plan: (_planning, _asking, { params }) => {
    const { id } = params as GrantParams
    return planOf({ control: 'revoke_grant', grant: id })
  },
  render: changeAnswer,
}

export const limitCalls: WriteOperation = {
  plan: (_planning, _asking, { params, body }) => {
    const { principal } = params as PrincipalParams
    const { per_second: perSecond, burst = twice(perSecond) } = body as LimitCalls
    if (perSecond === null && burst !== null) {
      return refuse('invalid_field', 'burst', 'Without a rate there is nothing to burst.')
    }
    return planOf({ control: 'limit_calls', principal, per_second: perSecond, burst })
  },
  render: changeAnswer,
}

function twice(perSecond: number | null): number | null {
  return perSecond === null ? null : Math.min(2 * perSecond, CALLS_MAX)
}

export const bindIdentity: WriteOperation = {
  plan: (_planning, _asking, { body }) => {
    const { issuer, subject, principal } = body as BindIdentity
    return planOf({ control: 'bind_identity', issuer, subject, principal })
  },
  render: changeAnswer,
}
