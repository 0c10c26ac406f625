/** Reads of access: who there is, and what they may do. They show the rights as they count for the next request. */
import { BUILT_IN_ROLES } from '@tallystick/access'
import {
  type CeilingsQuery,
  type GrantsQuery,
  type IdentitiesQuery,
  type KeysQuery,
  type PrincipalsQuery,
  type RolesQuery,
  SCOPES,
} from '@tallystick/contract'

import { refuse } from '../http/refused.ts'
import { identityId } from '../access/token.ts'
import {
  ceilingText,
  grantText,
  identityText,
  keyText,
  principalText,
  roleText,
} from '../render/access-text.ts'
import type { Service } from '../service.ts'
import { pageOf, pageText } from './pages.ts'
import type { Read } from './reading.ts'

const NS_PER_MS = 1_000_000n

interface Paged {
  readonly limit?: number
  readonly cursor?: string
}

/** A page of rows in order of their creation. @param placeOf its name: where the next page begins. */
export function paged<Row>(
  service: Service,
  { list, query }: { readonly list: string; readonly query: Paged },
  { rows, placeOf, text }: Rows<Row>,
): string {
  const { filters, after, limit } = pageOf(service, list, query)
  const all = [...rows(filters)]
  const from = after === undefined ? 0 : all.findIndex((row) => placeOf(row) === after) + 1
  if (after !== undefined && from === 0) {
    return refuse('invalid_cursor', 'cursor', 'It belongs to another list.')
  }
  const shown = all.slice(from, from + limit)
  const last = shown.at(-1)
  const isMore = last !== undefined && from + limit < all.length
  const next = isMore ? { filters, after: placeOf(last) } : undefined
  return pageText(service, list, shown.map(text), next)
}

interface Rows<Row> {
  readonly rows: (filters: object) => Iterable<Row>
  readonly placeOf: (row: Row) => string
  readonly text: (row: Row) => string
}

export const listPrincipals: Read = (service, _exchange, { query }) =>
  paged(
    service,
    { list: 'principals', query: query as PrincipalsQuery },
    {
      rows: () => service.ledger.access.principals,
      placeOf: ({ principal }) => principal,
      text: principalText,
    },
  )

export const listKeys: Read = (service, exchange, { query }) => {
  const now = BigInt(exchange.nowMs) * NS_PER_MS
  return paged(
    service,
    { list: 'keys', query: query as KeysQuery },
    {
      rows: (filters) => {
        const { principal, prefix = '' } = filters as Pick<KeysQuery, 'principal' | 'prefix'>
        return [...service.ledger.access.keys].filter(
          (key) =>
            (principal === undefined || key.principal === principal) &&
            // A whole key finds itself too, and no more of it is said than there is.
            (key.prefix.startsWith(prefix) || prefix.startsWith(key.prefix)),
        )
      },
      placeOf: ({ key }) => key,
      text: (key) => keyText(key, { now, lastUsed: service.door.lastUsed.of(key.key) }),
    },
  )
}

export const listRoles: Read = (service, _exchange, { query }) => {
  const builtIn = Object.entries(BUILT_IN_ROLES).map(([role, scopes]) => ({ role, scopes }))
  return paged(
    service,
    { list: 'roles', query: query as RolesQuery },
    {
      rows: () => [...builtIn, ...service.ledger.access.roles],
      placeOf: ({ role }) => role,
      text: ({ role, scopes }) => roleText(role, scopes, Object.hasOwn(BUILT_IN_ROLES, role)),
    },
  )
}

export const listGrants: Read = (service, _exchange, { query }) =>
  paged(
    service,
    { list: 'grants', query: query as GrantsQuery },
    {
      rows: (filters) => {
        const { principal } = filters as Pick<GrantsQuery, 'principal'>
        const { grants } = service.ledger.access
        if (principal === undefined) return grants
        return [...grants].filter((grant) => grant.principal === principal)
      },
      placeOf: ({ grant }) => grant,
      text: grantText,
    },
  )

export const listCeilings: Read = (service, exchange, { query }) => {
  const now = BigInt(exchange.nowMs) * NS_PER_MS
  return paged(
    service,
    { list: 'ceilings', query: query as CeilingsQuery },
    {
      rows: (filters) => {
        const { principal } = filters as Pick<CeilingsQuery, 'principal'>
        const all = [...service.ledger.access.ceilings.all]
        return principal === undefined ? all : all.filter((row) => row.principal === principal)
      },
      placeOf: ({ record }) => record.ceiling,
      text: (ceiling) => {
        const { limit, record } = ceiling
        return ceilingText(service.book, record, { limit, used: ceiling.usedAt(now), now })
      },
    },
  )
}
export const listIdentities: Read = (service, _exchange, { query }) =>
  paged(
    service,
    { list: 'identities', query: query as IdentitiesQuery },
    {
      rows: (filters) => {
        const { principal } = filters as Pick<IdentitiesQuery, 'principal'>
        const all = [...service.ledger.access.identities.all]
        return principal === undefined ? all : all.filter((row) => row.principal === principal)
      },
      placeOf: ({ issuer, subject }) => identityId(issuer, subject),
      text: identityText,
    },
  )

export const whoami: Read = (_service, { principal }) => {
  const everything = SCOPES.map((scope) => ({ scope, addresses: ['*'] }))
  const rights = principal?.rights?.list() ?? everything
  const initiator = principal?.initiator ?? null
  const whose = { principal: principal?.name ?? '', key_id: principal?.keyId ?? '', initiator }
  return JSON.stringify({ object: 'whoami', ...whose, rights })
}
