/** Who may do what: principals, their keys, roles and grants. */
import { type Static, Type } from 'typebox'
import { SCOPES } from './scopes.ts'
import { Cursor, DryRun, PageLimit, Time } from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'

export const PrincipalName = Type.String({
  title: 'PrincipalName',
  description: 'Name of a person or a program, for ever: what it did is kept under it.',
  pattern: '^(?!root$)[a-z0-9][a-z0-9._@-]{0,63}$',
  examples: ['billing-service'],
})

export const PrincipalKind = Type.Enum(['person', 'service'], {
  title: 'PrincipalKind',
  description: 'A `service` is a program.',
})

export const KeyId = Type.String({
  title: 'KeyId',
  description: 'Names a key; not a secret.',
  pattern: '^key_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  examples: ['key_01KAHWAZ9EFH0SP3HZD99DG701'],
})

export const GrantId = Type.String({
  title: 'GrantId',
  description: 'Names a grant.',
  pattern: '^grant_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  examples: ['grant_01KAHWAZ9EFH0SP3HZD99DG702'],
})

export const RoleName = Type.String({
  title: 'RoleName',
  description: 'Built in: `viewer`, `cashier`, `operator`, `auditor`, `admin`. Others are put.',
  pattern: '^[a-z0-9][a-z0-9._@-]{0,63}$',
  examples: ['cashier'],
})

export const ScopeName = Type.Enum([...SCOPES], {
  title: 'ScopeName',
  description: 'One right by name.',
  examples: ['transfers:credit'],
})

const Scopes = Type.Array(ScopeName, { maxItems: 64, uniqueItems: true })

export const AddressPattern = Type.String({
  title: 'AddressPattern',
  description:
    'Which accounts: `*` all, `partners:acme:*` that address and all below it, `partners:acme` that one.',
  pattern: '^(\\*|[A-Za-z0-9_.-]{1,64}(:[A-Za-z0-9_.-]{1,64}){0,15}(:\\*)?)$',
  maxLength: 257,
  examples: ['partners:acme:*'],
})

const Addresses = Type.Array(AddressPattern, { minItems: 1, maxItems: 16, uniqueItems: true })

const IpRange = Type.String({
  description: 'An address, or a range of them: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.',
  pattern: '^[0-9a-fA-F:.]{2,45}(/[0-9]{1,3})?$',
  examples: ['10.0.0.0/8'],
})
const IpRanges = Type.Array(IpRange, {
  description: 'Where the key may be used from; empty: anywhere.',
  maxItems: 16,
  uniqueItems: true,
})

const Calls = Type.Integer({ minimum: 1, maximum: 1_000_000 })

export const CallRate = strict(
  {
    per_second: noted(Calls, { description: 'Calls a second, in the long run.', examples: [100] }),
    burst: noted(Calls, { description: 'Calls at once, after a rest.', examples: [200] }),
  },
  { title: 'CallRate', description: 'How often a principal may ask, whatever its keys.' },
)
export type CallRate = Static<typeof CallRate>

export const LimitCalls = strict({
  per_second: nullable(Calls, { description: 'null: the server’s own again.', examples: [100] }),
  burst: Type.Optional(noted(Calls, { description: 'Left out: twice `per_second`.' })),
})
export type LimitCalls = Static<typeof LimitCalls>

export const Principal = strict(
  {
    object: Type.Literal('principal'),
    principal: PrincipalName,
    kind: PrincipalKind,
    disabled: Type.Boolean({ description: 'It may do nothing as long as it is.' }),
    call_rate: nullable(CallRate, { description: 'null: the server’s own.' }),
    created_at: Time,
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Principal' },
)
export type Principal = Static<typeof Principal>

export const CreatePrincipal = strict(
  { principal: PrincipalName, kind: PrincipalKind },
  { title: 'CreatePrincipal' },
)
export type CreatePrincipal = Static<typeof CreatePrincipal>

export const Key = strict(
  {
    object: Type.Literal('key'),
    id: KeyId,
    principal: PrincipalName,
    prefix: Type.String({
      description: 'How the key begins, to find it again.',
      examples: ['tk_live_4fGh2K'],
    }),
    status: Type.Enum(['active', 'expired', 'revoked']),
    ip_ranges: IpRanges,
    created_at: Time,
    expires_at: nullable(Time),
    revoked_at: nullable(Time),
    replaced_by: nullable(KeyId, { description: 'The key that takes its place.' }),
    last_used_at: nullable(Time, {
      description: 'A kill of the server forgets the last minute; null: never, as far as is known.',
    }),
    secret: Type.Optional(
      nullable(Type.String(), {
        description: 'The whole key, in the first answer alone: only its hash is kept.',
        examples: ['tk_live_4fGh2KmmKc1b2gSxqXzVdTRJ0p7yBv3wN9aQeLsUfHi'],
      }),
    ),
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Key' },
)
export type Key = Static<typeof Key>

const newKey = {
  expires_at: Type.Optional(nullable(Time, { description: 'Default: never.' })),
  ip_ranges: Type.Optional(IpRanges),
}

export const CreateKey = strict(
  {
    principal: PrincipalName,
    mode: Type.Optional(
      Type.Enum(['live', 'test'], {
        description:
          'What the key begins with, `tk_live_` or `tk_test_`; nothing else depends on it.',
        default: 'live',
      }),
    ),
    ...newKey,
  },
  { title: 'CreateKey' },
)
export type CreateKey = Static<typeof CreateKey>

export const RotateKey = strict(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        description: 'How long the old key goes on; default: a day.',
        minimum: 0,
        maximum: 2_592_000,
        default: 86_400,
      }),
    ),
    ...newKey,
  },
  { title: 'RotateKey' },
)
export type RotateKey = Static<typeof RotateKey>

export const Role = strict(
  {
    object: Type.Literal('role'),
    role: RoleName,
    scopes: Scopes,
    built_in: Type.Boolean(),
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Role' },
)
export type Role = Static<typeof Role>

export const PutRole = strict(
  { scopes: Type.Array(ScopeName, { minItems: 1, maxItems: 64, uniqueItems: true }) },
  { title: 'PutRole' },
)
export type PutRole = Static<typeof PutRole>

export const Grant = strict(
  {
    object: Type.Literal('grant'),
    id: GrantId,
    principal: PrincipalName,
    role: nullable(RoleName),
    scopes: noted(Scopes, { description: 'Besides those of the role.' }),
    addresses: Addresses,
    created_at: Time,
    revoked_at: nullable(Time),
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Grant' },
)
export type Grant = Static<typeof Grant>

export const CreateGrant = strict(
  {
    principal: PrincipalName,
    role: Type.Optional(RoleName),
    scopes: Type.Optional(noted(Scopes, { description: 'Besides those of the role.' })),
    addresses: noted(Addresses, { description: 'What the rights reach. They reach nothing else.' }),
  },
  { title: 'CreateGrant' },
)
export type CreateGrant = Static<typeof CreateGrant>

const Issuer = Type.String({
  description: 'URL of the issuer, exactly as its tokens have it in `iss`.',
  pattern: '^https?://[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,247}$',
  examples: ['https://id.example/realms/finance'],
})
const Subject = Type.String({
  description: 'Who it is there: `sub` of its tokens.',
  pattern: '^[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1,255}$',
  examples: ['f1f6ba2c-86c9-4ba3-a3c8-0c4a2a9f6e5d'],
})

export const Identity = strict(
  {
    object: Type.Literal('identity'),
    id: Type.String({ description: '`key_id` of requests with its tokens.' }),
    issuer: Issuer,
    subject: Subject,
    principal: PrincipalName,
    bound_at: Time,
  },
  { title: 'Identity', description: 'Whose the tokens of an issuer are, for one of its subjects.' },
)
export type Identity = Static<typeof Identity>

export const BindIdentity = strict({
  issuer: Issuer,
  subject: Subject,
  principal: nullable(PrincipalName, { description: 'null: nobody any more.' }),
})
export type BindIdentity = Static<typeof BindIdentity>

export const IdentityList = page(Identity, 'IdentityList')

export const IdentitiesQuery = strict({
  principal: Type.Optional(PrincipalName),
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
})
export type IdentitiesQuery = Static<typeof IdentitiesQuery>

/** What was ended or switched: nothing else is to be said of it. */
export const AccessChange = strict(
  {
    object: Type.Literal('access_change'),
    control: Type.String({ examples: ['revoke_key'] }),
    name: Type.String({ description: 'Of the principal, key, role or grant.' }),
    timestamp: Time,
    dry_run: Type.Optional(DryRun),
  },
  { title: 'AccessChange' },
)
export type AccessChange = Static<typeof AccessChange>

export const Whoami = strict(
  {
    object: Type.Literal('whoami'),
    principal: Type.String({ description: '`root` with the root key.', examples: ['root'] }),
    key_id: Type.String({ examples: ['key_01KAHWAZ9EFH0SP3HZD99DG701'] }),
    initiator: nullable(Type.String(), {
      description: 'On whose behalf: the rights are those that both have.',
    }),
    rights: Type.Array(
      strict({
        scope: ScopeName,
        addresses: Type.Array(AddressPattern),
      }),
    ),
  },
  { title: 'Whoami' },
)
export type Whoami = Static<typeof Whoami>

export const PrincipalParams = strict({ principal: PrincipalName })
export type PrincipalParams = Static<typeof PrincipalParams>
export const KeyParams = strict({ id: KeyId })
export type KeyParams = Static<typeof KeyParams>
export const RoleParams = strict({ role: RoleName })
export type RoleParams = Static<typeof RoleParams>
export const GrantParams = strict({ id: GrantId })
export type GrantParams = Static<typeof GrantParams>

const paging = { limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) }
export const PrincipalsQuery = strict(paging)
export type PrincipalsQuery = Static<typeof PrincipalsQuery>
export const KeysQuery = strict({
  principal: Type.Optional(PrincipalName),
  prefix: Type.Optional(
    Type.String({
      description: 'How the key begins.',
      pattern: '^tk_[0-9A-Za-z_]{0,60}$',
      examples: ['tk_live_4fGh2K'],
    }),
  ),
  ...paging,
})
export type KeysQuery = Static<typeof KeysQuery>
export const RolesQuery = strict(paging)
export type RolesQuery = Static<typeof RolesQuery>
export const GrantsQuery = strict({ principal: Type.Optional(PrincipalName), ...paging })
export type GrantsQuery = Static<typeof GrantsQuery>

export const PrincipalList = page(Principal, 'PrincipalList')
export const KeyList = page(Key, 'KeyList')
export const RoleList = page(Role, 'RoleList')
export const GrantList = page(Grant, 'GrantList')
