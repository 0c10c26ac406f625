/** Who may do what: principals, keys, roles, grants, ceilings. */
import type { List } from '../list.ts'
import type { ReadOptions, WriteOptions } from '../options.ts'
import type {
  AccessChange,
  AuditQuery,
  AuditRecord,
  Approval,
  ApprovalPolicy,
  ApprovalsQuery,
  Ceiling,
  CeilingsQuery,
  CreateApprovalPolicy,
  CreateCeiling,
  BindIdentity,
  CreateGrant,
  CreateKey,
  CreatePrincipal,
  Grant,
  GrantsQuery,
  IdentitiesQuery,
  Identity,
  Key,
  KeysQuery,
  LimitCalls,
  Principal,
  Role,
  RotateKey,
  Scope,
  Whoami,
} from '../shapes/access.ts'
import { Resource, segment } from './resource.ts'

export class Principals extends Resource {
  create(principal: CreatePrincipal, options: WriteOptions = {}): Promise<Principal> {
    return this.write('/v1/principals', principal, options)
  }

  list(options: ReadOptions = {}): List<Principal> {
    return this.rows('/v1/principals', {}, options)
  }

  /** All its keys are refused from the next request on. */
  disable(principal: string, options: WriteOptions = {}): Promise<AccessChange> {
    return this.write(`/v1/principals/${segment(principal)}/disable`, {}, options)
  }

  /** How often it may ask, whatever its keys: from the next request on. */
  limitCalls(
    principal: string,
    rate: LimitCalls,
    options: WriteOptions = {},
  ): Promise<AccessChange> {
    const path = `/v1/principals/${segment(principal)}/call-rate`
    return this.send({ method: 'PUT', path, body: rate, options })
  }

  enable(principal: string, options: WriteOptions = {}): Promise<AccessChange> {
    return this.write(`/v1/principals/${segment(principal)}/enable`, {}, options)
  }
}

export class Keys extends Resource {
  /** `secret` is the key itself: nobody can show it again. */
  create(key: CreateKey, options: WriteOptions = {}): Promise<Key> {
    return this.write('/v1/keys', key, options)
  }

  list(query: KeysQuery = {}, options: ReadOptions = {}): List<Key> {
    return this.rows('/v1/keys', query, options)
  }

  /** A new key in its place; both work for the time of the overlap. */
  rotate(id: string, key: RotateKey = {}, options: WriteOptions = {}): Promise<Key> {
    return this.write(`/v1/keys/${segment(id)}/rotate`, key, options)
  }

  /** From the next request on, for ever. */
  revoke(id: string, options: WriteOptions = {}): Promise<AccessChange> {
    return this.write(`/v1/keys/${segment(id)}/revoke`, {}, options)
  }

  /** What the key of this client may do. */
  whoami(options: ReadOptions = {}): Promise<Whoami> {
    return this.read('/v1/whoami', {}, options)
  }
}

export class Roles extends Resource {
  list(options: ReadOptions = {}): List<Role> {
    return this.rows('/v1/roles', {}, options)
  }

  /** Changes it for everybody who has it. */
  put(role: string, scopes: readonly Scope[], options: WriteOptions = {}): Promise<Role> {
    const path = `/v1/roles/${segment(role)}`
    return this.send({ method: 'PUT', path, body: { scopes }, options })
  }

  remove(role: string, options: WriteOptions = {}): Promise<AccessChange> {
    return this.write(`/v1/roles/${segment(role)}/remove`, {}, options)
  }
}

export class Ceilings extends Resource {
  create(ceiling: CreateCeiling, options: WriteOptions = {}): Promise<Ceiling> {
    return this.write('/v1/ceilings', ceiling, options)
  }

  list(query: CeilingsQuery = {}, options: ReadOptions = {}): List<Ceiling> {
    return this.rows('/v1/ceilings', query, options)
  }

  revoke(id: string, options: WriteOptions = {}): Promise<AccessChange> {
    return this.write(`/v1/ceilings/${segment(id)}/revoke`, {}, options)
  }
}

/** Which actions wait for a second person. */
export class ApprovalPolicies extends Resource {
  create(policy: CreateApprovalPolicy, options: WriteOptions = {}): Promise<ApprovalPolicy> {
    return this.write('/v1/approval-policies', policy, options)
  }

  list(options: ReadOptions = {}): List<ApprovalPolicy> {
    return this.rows('/v1/approval-policies', {}, options)
  }

  /** @throws AwaitingApproval: it waits itself */
  remove(policy: string, options: WriteOptions = {}): Promise<AccessChange> {
    return this.write(`/v1/approval-policies/${segment(policy)}/remove`, {}, options)
  }
}

export class Approvals extends Resource {
  list(query: ApprovalsQuery = {}, options: ReadOptions = {}): List<Approval> {
    return this.rows('/v1/approvals', query, options)
  }

  get(id: string, options: ReadOptions = {}): Promise<Approval> {
    return this.read(`/v1/approvals/${segment(id)}`, {}, options)
  }

  /** @param digest as the approval shows it: what is approved is what was looked at */
  approve(id: string, digest: string, options: WriteOptions = {}): Promise<Approval> {
    return this.write(`/v1/approvals/${segment(id)}/approve`, { digest }, options)
  }

  /** Also to take back what one asked for oneself. */
  refuse(id: string, options: WriteOptions = {}): Promise<Approval> {
    return this.write(`/v1/approvals/${segment(id)}/refuse`, {}, options)
  }
}

export class Grants extends Resource {
  create(grant: CreateGrant, options: WriteOptions = {}): Promise<Grant> {
    return this.write('/v1/grants', grant, options)
  }

  list(query: GrantsQuery = {}, options: ReadOptions = {}): List<Grant> {
    return this.rows('/v1/grants', query, options)
  }

  revoke(id: string, options: WriteOptions = {}): Promise<AccessChange> {
    return this.write(`/v1/grants/${segment(id)}/revoke`, {}, options)
  }
}

export class Audit extends Resource {
  /** Changes of rights and attempts that were turned away, newest first. */
  list(query: AuditQuery = {}, options: ReadOptions = {}): List<AuditRecord> {
    return this.rows('/v1/audit', query, options)
  }

  /** A C2SP tlog-proof with the opened leaf, for `tally-verify receipt`. @throws NotFound, Unavailable when it takes too long */
  receipt(sequence: bigint, options: ReadOptions = {}): Promise<string> {
    const call = { method: 'GET', path: `/v1/audit/${sequence}/receipt`, options } as const
    return this.transport.text(call, 'text/plain')
  }
}

export class Identities extends Resource {
  /** From the next request on, tokens of that issuer for that subject are that principal's. */
  bind(identity: BindIdentity, options: WriteOptions = {}): Promise<AccessChange> {
    return this.write('/v1/identities', identity, options)
  }

  list(query: IdentitiesQuery = {}, options: ReadOptions = {}): List<Identity> {
    return this.rows('/v1/identities', query, options)
  }
}
