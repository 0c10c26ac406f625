/**
 * The state machine of access: principals, keys, roles and grants, folded from control commands in the log's order. `decide` only looks, `fold`
 * changes. Neither reads a clock: whether a key has expired is asked with the time.
 */
import type { GrantRecord, KeyRecord, PrincipalRecord, RoleRecord } from './access-records.ts'
import { ALONE, Approvals, type Deciding } from './approvals.ts'
import { Ceilings } from './ceilings.ts'
import { type ControlCommand, decodeControl, type NewKey } from './control-command.ts'
import { ControlStatus } from './control-status.ts'
import { countDeciders, leavesDeciders } from './deciders.ts'
import {
  GRANTS_MAX,
  GRANTS_PER_PRINCIPAL_MAX,
  KEYS_MAX,
  PRINCIPALS_MAX,
  ROLES_MAX,
} from './limits.ts'
import { Identities } from './identities.ts'
import { Rights } from './rights.ts'
import { BUILT_IN_ROLES } from './roles.ts'
import { canonicalBytes, type SavedAccess, saveAccess } from './saved-access.ts'

/** Whoever has it everywhere can give rights. */
export const ADMINISTRATION = 'keys:manage'

const ROOT = 'root'

export class AccessState {
  readonly #principals = new Map<string, PrincipalRecord>()
  readonly #keys = new Map<string, KeyRecord>()
  readonly #keysByHash = new Map<string, string>()
  readonly #roles = new Map<string, RoleRecord>()
  readonly #grants = new Map<string, GrantRecord>()
  /** Of each principal, those that are not revoked. */
  readonly #grantsOf = new Map<string, Set<string>>()
  readonly #rights = new Map<string, Rights>()
  /** Charged by the ledger as it decides: charges are no control commands. */
  readonly ceilings = new Ceilings()
  readonly approvals = new Approvals(this)
  readonly identities = new Identities()
  #version = 0
  #hasAdministrator = false

  /** Counts changes: as long as it stays, so does every right. */
  get version(): number {
    return this.#version
  }
  /** Whether somebody can give rights. Once it is so it stays so. */
  get hasAdministrator(): boolean {
    return this.#hasAdministrator
  }
  get isEmpty(): boolean {
    return this.#principals.size === 0 && this.#roles.size === 0
  }

  principal(name: string): PrincipalRecord | undefined {
    return this.#principals.get(name)
  }
  key(id: string): KeyRecord | undefined {
    return this.#keys.get(id)
  }
  keyOfHash(hash: string): KeyRecord | undefined {
    const id = this.#keysByHash.get(hash)
    return id === undefined ? undefined : this.#keys.get(id)
  }
  grant(id: string): GrantRecord | undefined {
    return this.#grants.get(id)
  }
  /** Built in or put. */
  scopesOfRole(role: string): readonly string[] | undefined {
    if (Object.hasOwn(BUILT_IN_ROLES, role)) return BUILT_IN_ROLES[role]
    return this.#roles.get(role)?.scopes
  }
  get principals(): Iterable<PrincipalRecord> {
    return this.#principals.values()
  }
  get keys(): Iterable<KeyRecord> {
    return this.#keys.values()
  }
  /** Those that were put. */
  get roles(): Iterable<RoleRecord> {
    return this.#roles.values()
  }
  get grants(): Iterable<GrantRecord> {
    return this.#grants.values()
  }

  /** All that a principal may do; nothing while it is disabled. */
  rightsOf(principal: string): Rights {
    const known = this.#rights.get(principal)
    if (known !== undefined) return known
    const isEnabled = this.#principals.get(principal)?.disabled === false
    const rights = new Rights(isEnabled ? this.#grantedTo(principal) : [])
    this.#rights.set(principal, rights)
    return rights
  }

  *#grantedTo(principal: string): Generator<{ scopes: string[]; addresses: readonly string[] }> {
    for (const id of this.#grantsOf.get(principal) ?? []) {
      const grant = this.#grants.get(id)
      if (grant === undefined) continue
      const ofRole = grant.role === undefined ? [] : (this.scopesOfRole(grant.role) ?? [])
      yield { scopes: [...ofRole, ...grant.scopes], addresses: grant.addresses }
    }
  }

  /** How the command with these bytes would be answered. Changes nothing. */
  decide(statement: Uint8Array, deciding: Deciding = ALONE): ControlStatus {
    const command = decodeControl(statement)
    if (command === undefined) return ControlStatus.malformedControl
    const status = this.#check(command, deciding)
    if (status !== ControlStatus.changed || !this.#hasAdministrator) return status
    if (!this.#leavesAdministrator(command)) return ControlStatus.lastAdministrator
    if (!this.approvals.hasPolicies || leavesDeciders(this, command)) return status
    return ControlStatus.tooFewDeciders
  }

  #check(command: ControlCommand, deciding: Deciding): ControlStatus {
    switch (command.control) {
      case 'create_principal':
        // The root key's own name: keys and references are kept by name.
        if (command.principal === ROOT || this.#principals.has(command.principal))
          return ControlStatus.alreadyExists
        return this.#principals.size < PRINCIPALS_MAX
          ? ControlStatus.changed
          : ControlStatus.tooMany
      case 'disable_principal':
      case 'enable_principal':
      case 'limit_calls':
        if (this.#principals.has(command.principal)) return ControlStatus.changed
        return ControlStatus.principalNotFound
      case 'create_key':
        if (!this.#principals.has(command.principal)) return ControlStatus.principalNotFound
        return this.#checkNewKey(command)
      case 'rotate_key': {
        const status = this.#checkLiveKey(command.replaces)
        return status === ControlStatus.changed ? this.#checkNewKey(command) : status
      }
      case 'revoke_key':
        return this.#checkLiveKey(command.key)
      case 'put_role':
        if (Object.hasOwn(BUILT_IN_ROLES, command.role)) return ControlStatus.roleBuiltIn
        if (this.#roles.has(command.role)) return ControlStatus.changed
        return this.#roles.size < ROLES_MAX ? ControlStatus.changed : ControlStatus.tooMany
      case 'remove_role':
        return this.#checkUnusedRole(command.role)
      case 'create_grant':
        return this.#checkGrant(command)
      case 'note_refusals':
        return ControlStatus.changed
      case 'bind_identity':
        return this.identities.check(command, this)
      case 'revoke_grant':
        return this.#liveGrant(command.grant) === undefined
          ? ControlStatus.grantNotFound
          : ControlStatus.changed
      case 'create_ceiling':
        if (!this.#principals.has(command.principal)) return ControlStatus.principalNotFound
        return this.ceilings.check(command)
      case 'revoke_ceiling':
        return this.ceilings.find(command.ceiling)?.isLive === true
          ? ControlStatus.changed
          : ControlStatus.ceilingNotFound
      case 'create_policy':
        return this.approvals.checkPolicy(command, countDeciders(this))
      case 'remove_policy':
        return this.approvals.checkRemoval(command)
      case 'request_approval':
        return this.approvals.checkRequest(command, deciding)
      case 'approve':
      case 'refuse_approval':
        return this.approvals.checkDecision(command, deciding)
    }
  }

  #checkNewKey({ key, hash }: NewKey): ControlStatus {
    if (this.#keys.has(key) || this.#keysByHash.has(hash)) return ControlStatus.alreadyExists
    return this.#keys.size < KEYS_MAX ? ControlStatus.changed : ControlStatus.tooMany
  }

  #checkLiveKey(id: string): ControlStatus {
    const key = this.#keys.get(id)
    if (key === undefined) return ControlStatus.keyNotFound
    return key.revokedAt === undefined ? ControlStatus.changed : ControlStatus.keyRevoked
  }

  #checkUnusedRole(role: string): ControlStatus {
    if (Object.hasOwn(BUILT_IN_ROLES, role)) return ControlStatus.roleBuiltIn
    if (!this.#roles.has(role)) return ControlStatus.roleNotFound
    for (const grant of this.#grants.values()) {
      if (grant.role === role && grant.revokedAt === undefined) return ControlStatus.roleInUse
    }
    return ControlStatus.changed
  }

  #checkGrant(command: Extract<ControlCommand, { control: 'create_grant' }>): ControlStatus {
    const { grant, principal, role } = command
    if (this.#grants.has(grant)) return ControlStatus.alreadyExists
    if (!this.#principals.has(principal)) return ControlStatus.principalNotFound
    if (role !== null && this.scopesOfRole(role) === undefined) return ControlStatus.roleNotFound
    const ofPrincipal = this.#grantsOf.get(principal)?.size ?? 0
    const isTooMany = this.#grants.size >= GRANTS_MAX || ofPrincipal >= GRANTS_PER_PRINCIPAL_MAX
    return isTooMany ? ControlStatus.tooMany : ControlStatus.changed
  }

  #liveGrant(id: string): GrantRecord | undefined {
    const grant = this.#grants.get(id)
    return grant?.revokedAt === undefined ? grant : undefined
  }

  /** Only what takes away can leave nobody: it is tried on a copy of what decides. */
  #leavesAdministrator(command: ControlCommand): boolean {
    switch (command.control) {
      case 'disable_principal':
        return this.#administered({ principal: command.principal })
      case 'revoke_key':
        return this.#administered({ key: command.key })
      case 'revoke_grant':
        return this.#administered({ grant: command.grant })
      case 'rotate_key':
        return (
          this.#administered({ key: command.replaces }) ||
          (this.#isLasting({
            expiresAt: timeOf(command.expires_at),
            ipRanges: command.ip_ranges,
          }) &&
            this.#mayAdminister(this.#keys.get(command.replaces)?.principal ?? '', undefined))
        )
      case 'put_role':
        return this.#administered({ role: command })
      case 'create_principal':
      case 'enable_principal':
      case 'create_key':
      case 'remove_role':
      case 'create_grant':
      case 'limit_calls':
      case 'note_refusals':
      case 'create_ceiling':
      case 'revoke_ceiling':
      case 'create_policy':
      case 'remove_policy':
      case 'request_approval':
      case 'approve':
      case 'refuse_approval':
      case 'bind_identity':
        return true
    }
  }

  /** Whether an enabled principal has administration everywhere and a key that nothing but a revocation ends, `without` counted out. */
  #administered(without: Without = {}): boolean {
    for (const key of this.#keys.values()) {
      if (key.revokedAt !== undefined || key.key === without.key || !this.#isLasting(key)) continue
      if (key.principal === without.principal) continue
      if (this.#mayAdminister(key.principal, without)) return true
    }
    return false
  }

  #isLasting({ expiresAt, ipRanges }: Pick<KeyRecord, 'expiresAt' | 'ipRanges'>): boolean {
    return expiresAt === undefined && ipRanges.length === 0
  }

  #mayAdminister(principal: string, without: Without | undefined): boolean {
    if (this.#principals.get(principal)?.disabled !== false) return false
    for (const id of this.#grantsOf.get(principal) ?? []) {
      const grant = this.#grants.get(id)
      if (grant === undefined || id === without?.grant || !grant.addresses.includes('*')) continue
      const { role } = grant
      const changed = without?.role
      const ofRole =
        role === undefined
          ? []
          : changed?.role === role
            ? changed.scopes
            : (this.scopesOfRole(role) ?? [])
      if (ofRole.includes(ADMINISTRATION) || grant.scopes.includes(ADMINISTRATION)) return true
    }
    return false
  }

  /**
   * Folds in a command that was decided `changed`, at ns since 1970.
   * @returns in whose name what follows it in its request is asked for; undefined: whoever made the request.
   */
  fold(statement: Uint8Array, at: bigint): string | undefined {
    const command = decodeControl(statement)
    if (command === undefined) throw new Error('a control command that was accepted can be read')
    if (command.control === 'note_refusals') return undefined
    this.#version++
    this.#rights.clear()
    this.#apply(command, at)
    this.#hasAdministrator ||= this.#administered()
    return command.control === 'approve' ? this.approvals.find(command.approval)?.by : undefined
  }

  #apply(command: ControlCommand, at: bigint): void {
    switch (command.control) {
      case 'create_principal': {
        const { principal, kind } = command
        this.#principals.set(principal, { principal, kind, disabled: false, createdAt: at })
        return
      }
      case 'disable_principal':
      case 'enable_principal':
        return this.#setDisabled(command.principal, command.control === 'disable_principal')
      case 'create_key':
        return this.#addKey(command.principal, command, at)
      case 'rotate_key': {
        const old = this.#keys.get(command.replaces)
        if (old === undefined) return
        const until = BigInt(command.until)
        const ends = old.expiresAt !== undefined && old.expiresAt < until ? old.expiresAt : until
        this.#keys.set(old.key, { ...old, expiresAt: ends, replacedBy: command.key })
        return this.#addKey(old.principal, command, at)
      }
      case 'revoke_key': {
        const key = this.#keys.get(command.key)
        if (key !== undefined) this.#keys.set(key.key, { ...key, revokedAt: at })
        return
      }
      case 'put_role':
        this.#roles.set(command.role, { role: command.role, scopes: command.scopes })
        return
      case 'remove_role':
        this.#roles.delete(command.role)
        return
      case 'create_grant': {
        const { grant, principal, role, scopes, addresses } = command
        const revokedAt = undefined
        const made = { grant, principal, role: role ?? undefined, scopes, addresses, revokedAt }
        return this.#putGrant({ ...made, createdAt: at })
      }
      case 'revoke_grant': {
        const grant = this.#grants.get(command.grant)
        if (grant !== undefined) this.#putGrant({ ...grant, revokedAt: at })
        return
      }
      case 'create_ceiling':
        return this.ceilings.add(command, at)
      case 'revoke_ceiling':
        return this.ceilings.revoke(command.ceiling, at)
      case 'create_policy':
        return this.approvals.addPolicy(command, at)
      case 'remove_policy':
        return this.approvals.removePolicy(command.policy)
      case 'request_approval':
        return this.approvals.request(command, at)
      case 'approve':
      case 'refuse_approval':
        return this.approvals.decide(command, at)
      case 'limit_calls':
        return this.#limitCalls(command)
      case 'bind_identity':
        return this.identities.bind(command, at)
      case 'note_refusals':
    }
  }

  #setDisabled(name: string, disabled: boolean): void {
    const principal = this.#principals.get(name)
    if (principal !== undefined) this.#principals.set(name, { ...principal, disabled })
  }

  #limitCalls({ principal: name, per_second: perSecond, burst }: LimitCalls): void {
    const { callRate: _old, ...principal } = this.#principals.get(name) ?? {}
    if (!('principal' in principal)) return
    const isOwn = perSecond !== null && burst !== null
    this.#principals.set(name, isOwn ? { ...principal, callRate: { perSecond, burst } } : principal)
  }

  #addKey(principal: string, made: NewKey, at: bigint): void {
    const { key, hash, prefix } = made
    this.#putKey({
      ...{ key, principal, hash, prefix, ipRanges: made.ip_ranges, createdAt: at },
      ...{ expiresAt: timeOf(made.expires_at), revokedAt: undefined, replacedBy: undefined },
    })
  }

  #putKey(key: KeyRecord): void {
    this.#keys.set(key.key, key)
    this.#keysByHash.set(key.hash, key.key)
  }

  #putGrant(grant: GrantRecord): void {
    this.#grants.set(grant.grant, grant)
    const live = this.#grantsOf.get(grant.principal) ?? new Set()
    this.#grantsOf.set(grant.principal, live)
    if (grant.revokedAt === undefined) live.add(grant.grant)
    else live.delete(grant.grant)
  }

  /** What a snapshot keeps of it. */
  save(): SavedAccess {
    return saveAccess(this)
  }

  load(saved: SavedAccess): void {
    this.#version = saved.version
    for (const principal of saved.principals) this.#principals.set(principal.principal, principal)
    for (const key of saved.keys) this.#putKey(key)
    for (const role of saved.roles) this.#roles.set(role.role, role)
    for (const grant of saved.grants) this.#putGrant(grant)
    for (const ceiling of saved.ceilings ?? []) this.ceilings.put(ceiling)
    for (const policy of saved.policies ?? []) this.approvals.putPolicy(policy)
    for (const approval of saved.approvals ?? []) this.approvals.put(approval)
    for (const identity of saved.identities ?? []) this.identities.put(identity)
    this.#hasAdministrator = saved.hasAdministrator
  }

  /** The canonical bytes: equal for equal logs (docs/decisions/0021). */
  bytes(): Uint8Array {
    return canonicalBytes(this)
  }
}

type LimitCalls = Extract<ControlCommand, { control: 'limit_calls' }>

interface Without {
  readonly principal?: string
  readonly key?: string
  readonly grant?: string
  /** What a role would come to. */
  readonly role?: RoleRecord
}

function timeOf(text: string | null): bigint | undefined {
  return text === null ? undefined : BigInt(text)
}
