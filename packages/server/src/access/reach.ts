/** What a caller may see of what is found: looked at before anything is looked up where the request names it, else before it is shown. */
import type { Scope } from '@tallystick/contract'

import type { Exchange } from '../http/exchange.ts'
import { unseen } from '../http/refused.ts'
import { forbidden } from './door.ts'

/** The account of the path, for routes that name one. Not seen is not there. @throws Refused 403, 404 */
export function assertPath({ principal, route }: Exchange, params: unknown): void {
  const rights = principal?.rights
  if (rights === undefined || typeof params !== 'object' || params === null) return
  if (!('address' in params) || typeof params.address !== 'string') return
  const { address } = params
  if (!rights.reaches(address)) unseen('account', 'address')
  if (route.reach !== 'address' || typeof route.scope !== 'string') return
  if (!rights.hasAt(route.scope, address)) {
    throw forbidden(`This needs the right ${route.scope} on ${address}.`)
  }
}

/** All accounts below a prefix; empty: all there are. @throws Refused 403, whether there are any or not */
export function assertBelow({ principal }: Exchange, scope: Scope, prefix: string): void {
  const rights = principal?.rights
  if (rights === undefined) return
  const whole = prefix.replace(/:$/, '')
  if (whole === '' ? rights.hasEverywhere(scope) : rights.hasBelow(scope, whole)) return
  const reached = rights.list().find((row) => row.scope === scope)?.addresses ?? []
  const where = whole === '' ? 'all addresses' : `all below ${whole}`
  throw forbidden(
    `This needs the right ${scope} on ${where}; the key has it on ${reached.join(', ')}.`,
  )
}

/** Events of certain accounts, or of all below a prefix; of neither: all that the caller may hear of. @throws Refused 403 */
export function assertHears(
  exchange: Exchange,
  { accounts = [], prefix }: { accounts?: readonly string[]; prefix?: string | undefined },
): void {
  const rights = exchange.principal?.rights
  if (rights === undefined) return
  const foreign = accounts.find((address) => !rights.hasAt('events:read', address))
  if (foreign !== undefined) throw forbidden(`This needs the right events:read on ${foreign}.`)
  if (prefix !== undefined) assertBelow(exchange, 'events:read', prefix)
}

/** Patterns of the addresses that the caller has the right on; undefined: all there are. For questions whose answer has only such rows. */
export function reachOf({ principal }: Exchange, scope: Scope): readonly string[] | undefined {
  const rights = principal?.rights
  if (rights === undefined || rights.hasEverywhere(scope)) return undefined
  return rights.list().find((row) => row.scope === scope)?.addresses ?? []
}

/** Whether one of the two accounts of a movement is the caller's to see. */
export function seesOne(
  { principal }: Exchange,
  scope: Scope,
  addresses: readonly (string | undefined)[],
): boolean {
  const rights = principal?.rights
  if (rights === undefined) return true
  return addresses.some((address) => address !== undefined && rights.hasAt(scope, address))
}

/** What the caller asked for itself, on behalf of the same one if of any, or anybody's for who may see all of it. */
export function seesOf(
  { principal }: Exchange,
  scope: Scope,
  owner: { readonly principal: string; readonly initiator: string },
): boolean {
  if (principal?.rights === undefined || principal.rights.hasEverywhere(scope)) return true
  const { name, initiator = owner.initiator } = principal
  return owner.principal === name && owner.initiator === initiator
}
