/** Principals, keys, roles and grants, as they are asked for and answered. */
import type { AssetText, Moment, Time } from './values.ts'

/** One right by name; docs/access.md says what each allows. A newer server may know more. */
export type Scope =
  | 'assets:read'
  | 'assets:register'
  | 'accounts:read'
  | 'accounts:write'
  | 'accounts:unlimited'
  | 'balances:read'
  | 'entries:read'
  | 'transfers:read'
  | 'transfers:debit'
  | 'transfers:credit'
  | 'transfers:reverse'
  | 'holds:read'
  | 'holds:write'
  | 'money:issue'
  | 'ids:raw'
  | 'reports:read'
  | 'read_models:read'
  | 'read_models:rebuild'
  | 'requests:read'
  | 'books:close'
  | 'subjects:erase'
  | 'metrics:read'
  | 'log:read'
  | 'audit:read'
  | 'events:read'
  | 'webhooks:read'
  | 'webhooks:manage'
  | 'principals:represent'
  | 'approvals:read'
  | 'approvals:decide'
  | 'rules:read'
  | 'rules:manage'
  | 'keys:read'
  | 'keys:manage'

/** How often a principal may ask. */
export interface CallRate {
  readonly perSecond: number
  /** Calls at once, after a rest. */
  readonly burst: number
}

export interface LimitCalls {
  /** null: the server's own again. */
  readonly perSecond: number | null
  /** Default: twice as many. */
  readonly burst?: number
}

export interface Principal {
  readonly object: 'principal'
  readonly principal: string
  readonly kind: 'person' | 'service'
  readonly disabled: boolean
  /** null: the server's own. */
  readonly callRate: CallRate | null
  readonly createdAt: Time
  readonly dryRun?: true
}

export interface CreatePrincipal {
  /** Lower case, for ever: what it did is kept under it. */
  readonly principal: string
  readonly kind: 'person' | 'service'
}

export interface Key {
  readonly object: 'key'
  readonly id: string
  readonly principal: string
  /** How it begins. */
  readonly prefix: string
  readonly status: 'active' | 'expired' | 'revoked'
  readonly ipRanges: readonly string[]
  readonly createdAt: Time
  readonly expiresAt: Time | null
  readonly revokedAt: Time | null
  readonly replacedBy: string | null
  /** As far as the server's process knows, to the second. */
  readonly lastUsedAt: Time | null
  /** The whole key, in the first answer alone. */
  readonly secret?: string | null
  readonly dryRun?: true
}

export interface CreateKey {
  readonly principal: string
  /** `tk_live_…` or `tk_test_…`; nothing else depends on it. Default: live. */
  readonly mode?: 'live' | 'test'
  /** Default: never. */
  readonly expiresAt?: Moment | null
  /** Where it may be used from, like `10.0.0.0/8`; default: anywhere. */
  readonly ipRanges?: readonly string[]
}

export interface RotateKey {
  /** How long the old one goes on; default: a day. */
  readonly overlapSeconds?: number
  readonly expiresAt?: Moment | null
  /** Default: those of the old one. */
  readonly ipRanges?: readonly string[]
}

export interface Role {
  readonly object: 'role'
  readonly role: string
  readonly scopes: readonly Scope[]
  readonly builtIn: boolean
  readonly dryRun?: true
}

export interface Grant {
  readonly object: 'grant'
  readonly id: string
  readonly principal: string
  readonly role: string | null
  /** Besides those of the role. */
  readonly scopes: readonly Scope[]
  /** `*`, `partners:acme:*` with all below it, `partners:acme` alone. */
  readonly addresses: readonly string[]
  readonly createdAt: Time
  readonly revokedAt: Time | null
  readonly dryRun?: true
}

export interface CreateGrant {
  readonly principal: string
  readonly role?: string
  readonly scopes?: readonly Scope[]
  readonly addresses: readonly string[]
}

/** How much a principal may move out of the accounts that it names. */
export interface Ceiling {
  readonly object: 'ceiling'
  readonly id: string
  readonly principal: string
  /** The amount of each transfer, the amounts of a day of UTC together, or how many transfers there are in one. */
  readonly measure: 'transfer_amount' | 'daily_amount' | 'daily_count'
  /** null: any, which only a count can have. */
  readonly asset: AssetText | null
  /** Minor units, or transfers. */
  readonly limit: bigint
  readonly addresses: readonly string[]
  readonly used: bigint
  readonly available: bigint
  readonly resetsAt: Time | null
  readonly createdAt: Time
  readonly revokedAt: Time | null
  readonly dryRun?: true
}

export interface CreateCeiling {
  readonly principal: string
  readonly measure: 'transfer_amount' | 'daily_amount' | 'daily_count'
  readonly asset?: AssetText
  readonly limit: bigint
  /** Accounts that the money leaves; default: all. */
  readonly addresses?: readonly string[]
}

export interface CeilingsQuery {
  readonly principal?: string
  readonly limit?: number
}

/** Whose the tokens of an issuer are, for one of its subjects. */
export interface Identity {
  readonly object: 'identity'
  /** `keyId` of requests with its tokens. */
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly principal: string
  readonly boundAt: Time
}

export interface BindIdentity {
  /** Exactly as its tokens have it in `iss`. */
  readonly issuer: string
  readonly subject: string
  /** null: nobody any more. */
  readonly principal: string | null
}

export interface IdentitiesQuery {
  readonly principal?: string
  readonly limit?: number
}

/** Such actions wait for a second person. */
export interface ApprovalPolicy {
  readonly object: 'approval_policy'
  readonly policy: string
  readonly action: 'limits' | 'reversals' | 'rights'
  /** Of reversals; null: any. */
  readonly asset: AssetText | null
  readonly above: bigint
  readonly addresses: readonly string[]
  readonly expiresSeconds: number
  readonly createdAt: Time
  readonly dryRun?: true
}

export interface CreateApprovalPolicy {
  readonly policy: string
  readonly action: 'limits' | 'reversals' | 'rights'
  readonly asset?: AssetText
  /** Of reversals: only what is more than this, minor units. */
  readonly above?: bigint
  readonly addresses?: readonly string[]
  readonly expiresSeconds?: number
}

/** What waits for a second person, or did. */
export interface Approval {
  readonly object: 'approval'
  readonly id: string
  readonly status: 'awaiting_approval' | 'approved' | 'refused' | 'expired'
  readonly action: 'limits' | 'reversals' | 'rights'
  readonly operation: string
  readonly requestedBy: string
  readonly addresses: readonly string[]
  /** Of the commands: given when it is approved. */
  readonly digest: string
  /** What will be done; empty once it is decided. */
  readonly commands: readonly Readonly<Record<string, unknown>>[]
  readonly request: string
  readonly requestedAt: Time
  readonly expiresAt: Time
  readonly decidedBy: string | null
  readonly decidedAt: Time | null
  readonly decidedRequest: string | null
  /** In the answer that approves: what each command came to. */
  readonly results?: readonly string[]
  readonly dryRun?: true
}

export interface ApprovalsQuery {
  readonly status?: 'awaiting_approval' | 'approved' | 'refused' | 'expired'
  readonly requestedBy?: string
  readonly limit?: number
}

/** What was ended or switched. */
export interface AccessChange {
  readonly object: 'access_change'
  readonly control: string
  /** Of the principal, key, role or grant. */
  readonly name: string
  readonly timestamp: Time
  readonly dryRun?: true
}

export interface Whoami {
  readonly object: 'whoami'
  /** `root` with the root key. */
  readonly principal: string
  readonly keyId: string
  /** On whose behalf: the rights are those that both have. */
  readonly initiator: string | null
  readonly rights: readonly {
    readonly scope: Scope
    readonly addresses: readonly string[]
  }[]
}

export interface KeysQuery {
  readonly principal?: string
  /** How the key begins. */
  readonly prefix?: string
  readonly limit?: number
}

export interface GrantsQuery {
  readonly principal?: string
  readonly limit?: number
}

/** Who did or tried what: a change of rights, or attempts that were turned away, counted. */
export interface AuditRecord {
  readonly object: 'audit_record'
  readonly sequence: bigint
  readonly timestamp: Time
  readonly firstAt: Time
  readonly lastAt: Time
  /** null: nobody that is known. */
  readonly principal: string | null
  readonly keyId: string | null
  readonly initiator: string | null
  /** An address of the network; `*`: several. */
  readonly source: string
  /** The operation, like `createTransfer`; `*`: several. */
  readonly action: string
  /** `accepted`, or the code of the refusal. */
  readonly result: string
  readonly count: bigint
  readonly requestId: string
  /** Of a change: what was asked, as the log has it. */
  readonly control: Readonly<Record<string, unknown>> | null
}

export interface AuditQuery {
  /** Who, or on whose behalf. */
  readonly principal?: string
  readonly action?: string
  readonly result?: string
  readonly source?: string
  readonly from?: Moment
  readonly to?: Moment
  readonly limit?: number
}
